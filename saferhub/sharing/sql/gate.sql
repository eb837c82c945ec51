-- The gate: who acts, and what that lets them see. Laid afresh after every migration (foundation.walls).
--
-- `gate.enter` alone derives anything; the rest reads what it wrote for this transaction. After a
-- transaction a setting reads '' and not NULL, hence nullif throughout.

CREATE OR REPLACE FUNCTION gate.entered() RETURNS boolean LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.user', true), '') IS NOT NULL $$;
CREATE OR REPLACE FUNCTION gate.user_id() RETURNS bigint LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.user', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION gate.partnership() RETURNS bigint LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.partnership', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION gate.governs() RETURNS bigint LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.governs', true), '')::bigint $$;
CREATE OR REPLACE FUNCTION gate.hubs() RETURNS bigint[] LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.hubs', true), '')::bigint[] $$;
CREATE OR REPLACE FUNCTION gate.deciding() RETURNS bigint[] LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.deciding', true), '')::bigint[] $$;
CREATE OR REPLACE FUNCTION gate.holders() RETURNS bigint[] LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.holders', true), '')::bigint[] $$;
CREATE OR REPLACE FUNCTION gate.agreements() RETURNS bigint[] LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('saferhub.agreements', true), '')::bigint[] $$;

-- The roles that work on matters, those that see all that their hub works on, and those that decide who else
-- does. What a role is, is decided in partnership.access; a test holds these lists to it.
CREATE OR REPLACE FUNCTION gate.working_roles() RETURNS text[] LANGUAGE sql IMMUTABLE
  AS $$ SELECT ARRAY['partner', 'hub_coordinator', 'meeting_chair', 'minute_taker', 'partnership_manager'] $$;
CREATE OR REPLACE FUNCTION gate.hub_roles() RETURNS text[] LANGUAGE sql IMMUTABLE
  AS $$ SELECT ARRAY['hub_coordinator', 'meeting_chair', 'minute_taker', 'partnership_manager'] $$;
CREATE OR REPLACE FUNCTION gate.deciding_roles() RETURNS text[] LANGUAGE sql IMMUTABLE
  AS $$ SELECT ARRAY['hub_coordinator', 'partnership_manager'] $$;
CREATE OR REPLACE FUNCTION gate.governing_roles() RETURNS text[] LANGUAGE sql IMMUTABLE
  AS $$ SELECT ARRAY['information_governance'] $$;

-- Agreements in force on a day that bind an agency.
CREATE OR REPLACE FUNCTION gate.agreements_binding(agency bigint, day date) RETURNS bigint[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(a.id), '{}') FROM public.sharing_agreement a
    JOIN public.sharing_agreement_party p ON p.agreement_id = a.id
   WHERE p.agency_id = agency
     AND a.status = 'in_force' AND a.first_day <= day AND (a.last_day IS NULL OR a.last_day >= day)
     AND p.signed_on <= day AND (p.withdrawn_on IS NULL OR p.withdrawn_on > day)
$$;

-- The legal gateways that name the kind of an agency, as the packs say it on a day. A gateway that names nobody has
-- to be weighed case by case, so it opens no hub's work as a whole.
CREATE OR REPLACE FUNCTION gate.gateways_naming(agency bigint, day date) RETURNS text[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(g.code::text), '{}')
    FROM public.partnership_agency a
    JOIN public.partnership_entry k ON k.section = 'agencies' AND k.partnership_id = a.partnership_id AND k.code = a.code
    JOIN public.partnership_entry_version kv ON kv.entry_id = k.id
    JOIN public.partnership_entry g ON g.section = 'gateways' AND g.partnership_id IS NULL
    JOIN public.partnership_entry_version gv ON gv.entry_id = g.id
   WHERE a.id = agency AND gv.payload -> 'reaches' ? (kv.payload ->> 'kind')
     AND kv.withdrawn_in_id IS NULL AND (kv.valid_from IS NULL OR kv.valid_from <= day)
     AND (kv.valid_until IS NULL OR kv.valid_until >= day)
     AND gv.withdrawn_in_id IS NULL AND (gv.valid_from IS NULL OR gv.valid_from <= day)
     AND (gv.valid_until IS NULL OR gv.valid_until >= day)
$$;

-- A unit and those above it, up to the whole agency.
CREATE OR REPLACE FUNCTION gate.units_above(unit bigint) RETURNS bigint[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE up (id, parent_id) AS (
    SELECT u.id, u.parent_id FROM public.partnership_unit u WHERE u.id = unit
    UNION ALL
    SELECT u.id, u.parent_id FROM public.partnership_unit u JOIN up ON u.id = up.parent_id
  )
  SELECT array_agg(id) FROM up
$$;

-- Say who acts in this transaction. One account acts for one unit: the one joined first, as
-- partnership.access.actor_for has it. Another system acts for the unit of its key (gate.unit_of_token, which the
-- app that keeps keys lays): as its unit does, in no hub and without a role.
CREATE OR REPLACE FUNCTION gate.enter(account bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  day date := (gate.instant() AT TIME ZONE 'Europe/London')::date;
  own_unit bigint; own_agency bigint; own_partnership bigint; agency_code text;
  roles text[]; holders bigint[]; hubs bigint[]; deciding bigint[]; agreements bigint[]; naming text[];
  leads boolean; by_key boolean := false;
BEGIN
  SELECT m.unit_id, u.agency_id, a.partnership_id, a.code
    INTO own_unit, own_agency, own_partnership, agency_code
    FROM public.partnership_membership m
    JOIN public.partnership_unit u ON u.id = m.unit_id
    JOIN public.partnership_agency a ON a.id = u.agency_id
    JOIN public.accounts_user who ON who.id = m.user_id AND who.status = 'active' AND who.kind = 'person'
   WHERE m.user_id = account AND m.valid_from <= day
     AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once))
   ORDER BY m.valid_from, m.id LIMIT 1;
  IF own_unit IS NULL THEN
    SELECT u.id, u.agency_id, a.partnership_id, a.code INTO own_unit, own_agency, own_partnership, agency_code
      FROM public.partnership_unit u JOIN public.partnership_agency a ON a.id = u.agency_id
     WHERE u.id = gate.unit_of_token(account, day);
    by_key := own_unit IS NOT NULL;
  END IF;
  SELECT array_agg(m.role) INTO roles
    FROM public.partnership_membership m
   WHERE NOT by_key AND m.user_id = account AND m.unit_id = own_unit AND m.valid_from <= day
     AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once));
  IF by_key OR roles && gate.working_roles() THEN
    holders := gate.units_above(own_unit) || (-account);
    agreements := gate.agreements_binding(own_agency, day);
  END IF;
  IF roles && gate.hub_roles() THEN
    SELECT EXISTS (
      SELECT FROM public.partnership_entry e
        JOIN public.partnership_entry_version v ON v.entry_id = e.id
       WHERE e.partnership_id = own_partnership AND e.section = 'partnership' AND v.withdrawn_in_id IS NULL
         AND (v.valid_from IS NULL OR v.valid_from <= day) AND (v.valid_until IS NULL OR v.valid_until >= day)
         AND v.payload ->> 'lead_agency' = agency_code
    ) INTO leads;
    IF NOT leads THEN
      naming := gate.gateways_naming(own_agency, day);
    END IF;
    SELECT array_agg(h.id) INTO hubs FROM public.partnership_hub h
     WHERE h.partnership_id = own_partnership
       AND EXISTS (
         SELECT FROM public.partnership_membership m
          WHERE m.user_id = account AND m.unit_id = own_unit AND m.role = ANY (gate.hub_roles())
            AND (m.hub_id IS NULL OR m.hub_id = h.id) AND m.valid_from <= day
            AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once)))
       AND (leads OR EXISTS (
         SELECT FROM public.sharing_agreement a
          WHERE a.id = ANY (agreements) AND a.opens_hubs AND a.gateways ?| naming
            AND (a.every_hub OR EXISTS (
              SELECT FROM public.sharing_agreement_hub ah WHERE ah.agreement_id = a.id AND ah.hub_id = h.id))));
    SELECT array_agg(h) INTO deciding FROM unnest(hubs) h
     WHERE EXISTS (
       SELECT FROM public.partnership_membership m
        WHERE m.user_id = account AND m.unit_id = own_unit AND m.role = ANY (gate.deciding_roles())
          AND (m.hub_id IS NULL OR m.hub_id = h) AND m.valid_from <= day
          AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once)));
  END IF;
  PERFORM set_config('saferhub.user', CASE WHEN own_unit IS NULL THEN '' ELSE account::text END, true),
          set_config('saferhub.partnership', coalesce(own_partnership::text, ''), true),
          set_config('saferhub.holders', coalesce(holders, '{}')::text, true),
          set_config('saferhub.agreements', coalesce(agreements, '{}')::text, true),
          set_config('saferhub.hubs', coalesce(hubs, '{}')::text, true),
          set_config('saferhub.deciding', coalesce(deciding, '{}')::text, true),
          set_config('saferhub.governs',
            CASE WHEN roles && gate.governing_roles() THEN own_partnership::text ELSE '' END, true);
END
$$;

-- Take back who acts, for the rest of this transaction.
CREATE OR REPLACE FUNCTION gate.leave() RETURNS void LANGUAGE sql AS $$
  SELECT set_config(name, '', true) FROM unnest(ARRAY['saferhub.user', 'saferhub.partnership',
    'saferhub.holders', 'saferhub.agreements', 'saferhub.hubs', 'saferhub.deciding', 'saferhub.governs']) name;
$$;

DROP VIEW IF EXISTS gate.readable_folder, gate.enclosed, gate.visible_folder, gate.sight CASCADE;

-- EXISTS with OFFSET 0, here and in the policies, is planned once: without it the planner makes a second plan beside
-- the first, in which the whole is gathered, and at each level of nesting it does so again.

-- My live interests. These views belong to gate, which may read every row, and read my settings: no
-- recursion, and unlike a function the planner sees through them.
CREATE VIEW gate.sight AS
  SELECT i.folder_id, i.sensitivity FROM public.sharing_interest i
   WHERE i.holder = ANY ((SELECT gate.holders())::bigint[])
     AND (i.agreement_id IS NULL OR i.agreement_id = ANY ((SELECT gate.agreements())::bigint[]))
     AND i.valid_from <= (SELECT gate.instant())
     AND (i.valid_until IS NULL OR i.valid_until > (SELECT gate.instant()));

-- Folders I see in their own right: (1) my hub's, (2) my unit's own, (3) those I hold a live interest in. One of
-- kind work is its hub's alone, whoever of the hub opened it and for which unit.
CREATE VIEW gate.visible_folder AS
  SELECT f.id, f.sensitivity FROM public.sharing_folder f
   WHERE (f.sensitivity = 0 AND f.hub_id = ANY ((SELECT gate.hubs())::bigint[]))
      OR (f.sensitivity = 0 AND f.kind <> 'work' AND f.unit_id = ANY ((SELECT gate.holders())::bigint[]))
      OR EXISTS (SELECT 1 FROM gate.sight s WHERE s.folder_id = f.id AND s.sensitivity >= f.sensitivity);

-- What lies in one of those today.
CREATE VIEW gate.enclosed AS
  SELECT e.inner_id FROM public.sharing_enclosure e JOIN gate.visible_folder o ON o.id = e.outer_id
   WHERE e.ended_at IS NULL;

-- And (4) normal ones that lie in one of those.
CREATE VIEW gate.readable_folder AS
  SELECT f.id FROM public.sharing_folder f
   WHERE (f.sensitivity = 0 AND f.hub_id = ANY ((SELECT gate.hubs())::bigint[]))
      OR (f.sensitivity = 0 AND f.kind <> 'work' AND f.unit_id = ANY ((SELECT gate.holders())::bigint[]))
      OR EXISTS (SELECT 1 FROM gate.sight s WHERE s.folder_id = f.id AND s.sensitivity >= f.sensitivity)
      OR (f.sensitivity = 0 AND EXISTS (SELECT 1 FROM gate.enclosed e WHERE e.inner_id = f.id OFFSET 0));

-- A listed table carries its folder's hub, unit and sensitivity.
CREATE OR REPLACE FUNCTION gate.copies_folder() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  of_kind text;
BEGIN
  SELECT f.hub_id, f.unit_id, f.sensitivity, f.kind INTO NEW.hub_id, NEW.unit_id, NEW.sensitivity, of_kind
    FROM public.sharing_folder f WHERE f.id = NEW.folder_id;
  -- Its policy cannot tell such a folder, and would show the row to the unit that opened it.
  IF of_kind = 'work' THEN
    RAISE EXCEPTION 'A row of a listed table does not lie in a folder that is its hub''s alone';
  END IF;
  RETURN NEW;
END
$$;
CREATE OR REPLACE FUNCTION gate.tells_listed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('UPDATE public.%I SET hub_id = $2, unit_id = $3, sensitivity = $4 WHERE folder_id = $1', TG_ARGV[0])
    USING NEW.id, NEW.hub_id, NEW.unit_id, NEW.sensitivity;
  RETURN NULL;
END
$$;
