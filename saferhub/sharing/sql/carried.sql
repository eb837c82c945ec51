-- What an agreement carries, in counts, for whoever answers for it and may see nothing of what it carries.
--
-- Laid with the gate and owned by it, so it counts every row. Who asks is read from the transaction's
-- settings: the information governance lead of the agreement's partnership, or its manager. Anybody else,
-- and anybody of another partnership, gets no row. Counts and nothing else leave it.

CREATE OR REPLACE FUNCTION gate.answers_for_agreements(whose bigint) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT gate.entered() AND whose = gate.partnership() AND (
    whose = gate.governs() OR EXISTS (
      SELECT FROM public.partnership_membership m
       WHERE m.user_id = gate.user_id() AND m.partnership_id = whose AND m.role = 'partnership_manager'
         AND m.valid_from <= (gate.instant() AT TIME ZONE 'Europe/London')::date
         AND (m.valid_until IS NULL OR m.valid_until > (gate.instant() AT TIME ZONE 'Europe/London')::date
              OR (m.valid_until = (gate.instant() AT TIME ZONE 'Europe/London')::date AND NOT m.ended_at_once))))
$$;

-- `party` narrows to one agency's interests: what would stop if it withdrew. An interest is live where its
-- dates hold and its agreement binds its holder's agency today, asleep where only its dates hold. One that
-- the folder's sensitivity shuts out is neither. `lost_matters` and `lost_agencies` count what would see
-- no more if the agreement stopped: a holder with another live interest in the same folder loses nothing.
CREATE OR REPLACE FUNCTION gate.carried(agreement bigint, party bigint DEFAULT NULL)
  RETURNS TABLE (matters bigint, live bigint, asleep bigint, agencies bigint,
                 lost_matters bigint, lost_agencies bigint, hub_staff bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH today AS MATERIALIZED (
    SELECT gate.instant() AS now, (gate.instant() AT TIME ZONE 'Europe/London')::date AS day
  ), asked AS MATERIALIZED (
    SELECT a.*, (a.status = 'in_force' AND a.first_day <= t.day AND (a.last_day IS NULL OR a.last_day >= t.day))
             AS holds
      FROM public.sharing_agreement a, today t
     WHERE a.id = carried.agreement AND gate.answers_for_agreements(a.partnership_id)
  ), bound AS MATERIALIZED (
    SELECT p.agency_id FROM public.sharing_agreement_party p, asked a, today t
     WHERE p.agreement_id = a.id AND p.signed_on <= t.day
       AND (p.withdrawn_on IS NULL OR p.withdrawn_on > t.day)
  ), place AS (
    -- Each account's agency: the unit joined first, as gate.enter has it.
    SELECT DISTINCT ON (m.user_id) m.user_id, u.agency_id
      FROM public.partnership_membership m JOIN public.partnership_unit u ON u.id = m.unit_id, today t
     WHERE m.valid_from <= t.day
       AND (m.valid_until IS NULL OR m.valid_until > t.day OR (m.valid_until = t.day AND NOT m.ended_at_once))
     ORDER BY m.user_id, m.valid_from, m.id
  ), held AS MATERIALIZED (
    SELECT i.id, i.folder_id, i.holder, coalesce(u.agency_id, place.agency_id) AS agency_id,
           (a.holds AND coalesce(u.agency_id, place.agency_id) IN (SELECT b.agency_id FROM bound b)) AS is_live
      FROM asked a
      JOIN public.sharing_interest i ON i.agreement_id = a.id
      JOIN public.sharing_folder f ON f.id = i.folder_id AND i.sensitivity >= f.sensitivity
      LEFT JOIN public.partnership_unit u ON u.id = i.unit_id
      LEFT JOIN place ON place.user_id = i.user_id, today t
     WHERE i.valid_from <= t.now AND (i.valid_until IS NULL OR i.valid_until > t.now)
       AND (carried.party IS NULL OR coalesce(u.agency_id, place.agency_id) = carried.party)
  ), lost AS (
    SELECT h.* FROM held h, asked a, today t
     WHERE h.is_live AND NOT EXISTS (
       SELECT FROM public.sharing_interest o
         JOIN public.sharing_folder f ON f.id = o.folder_id AND o.sensitivity >= f.sensitivity
        WHERE o.folder_id = h.folder_id AND o.holder = h.holder AND o.agreement_id IS DISTINCT FROM a.id
          AND o.valid_from <= t.now AND (o.valid_until IS NULL OR o.valid_until > t.now)
          AND (o.agreement_id IS NULL
               OR o.agreement_id = ANY (gate.agreements_binding(h.agency_id, t.day))))
  )
  SELECT count(DISTINCT m.id), count(*) FILTER (WHERE h.is_live), count(*) FILTER (WHERE NOT h.is_live),
         count(DISTINCT h.agency_id),
         (SELECT count(DISTINCT l.folder_id) FROM lost l),
         (SELECT count(DISTINCT l.agency_id) FROM lost l),
         -- Those who work in a hub that this agreement opens to their agency. The lead authority's own
         -- need no agreement; another that opens the same hub may keep it open.
         (SELECT count(DISTINCT s.user_id)
            FROM asked a, today t, public.partnership_membership s
            JOIN public.partnership_unit u ON u.id = s.unit_id
            JOIN public.partnership_agency g ON g.id = u.agency_id
           WHERE a.opens_hubs AND a.holds AND s.partnership_id = a.partnership_id
             AND s.role = ANY (gate.hub_roles()) AND u.agency_id IN (SELECT b.agency_id FROM bound b)
             AND a.gateways ?| gate.gateways_naming(u.agency_id, t.day)
             AND (carried.party IS NULL OR u.agency_id = carried.party)
             AND s.valid_from <= t.day
             AND (s.valid_until IS NULL OR s.valid_until > t.day OR (s.valid_until = t.day AND NOT s.ended_at_once))
             AND (a.every_hub OR s.hub_id IS NULL OR EXISTS (
                   SELECT FROM public.sharing_agreement_hub ah WHERE ah.agreement_id = a.id AND ah.hub_id = s.hub_id))
             AND NOT EXISTS (
                   SELECT FROM public.partnership_entry e
                     JOIN public.partnership_entry_version v ON v.entry_id = e.id
                    WHERE e.partnership_id = a.partnership_id AND e.section = 'partnership'
                      AND v.withdrawn_in_id IS NULL AND (v.valid_from IS NULL OR v.valid_from <= t.day)
                      AND (v.valid_until IS NULL OR v.valid_until >= t.day)
                      AND v.payload ->> 'lead_agency' = g.code)
             AND NOT EXISTS (
                   SELECT FROM public.sharing_agreement o
                    WHERE o.id <> a.id AND o.opens_hubs
                      AND o.gateways ?| gate.gateways_naming(u.agency_id, t.day)
                      AND o.id = ANY (gate.agreements_binding(u.agency_id, t.day))
                      AND (o.every_hub OR EXISTS (
                            SELECT FROM public.sharing_agreement_hub oh
                             WHERE oh.agreement_id = o.id AND oh.hub_id = s.hub_id))))
    FROM held h LEFT JOIN public.sharing_matter m ON m.folder_id = h.folder_id
  HAVING EXISTS (SELECT FROM asked)
$$;
