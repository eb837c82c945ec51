-- What a hub writes about a referral lies in folders of kind work, the hub's alone (laid after sharing's gate): its
-- reasons in one, which is never put into a case, and its scores in another, which lies in the case once there is one.
--
-- A referral is restricted, opened up and redirected by people who see these folders no longer, or not yet, once it is
-- done. So this function runs as gate. The actor comes from the settings, and what it gives back are identifiers for
-- the log, never words.

-- Make the hub's folders of a referral follow it: its hub, and as narrow as it is. In a restricted referral each person
-- named there who works in its hub is named in them too, on the same terms and until the same moment; whoever else was
-- named in them is named no longer, a referrer never. Scores that lie in a case follow that case instead, also into
-- its hub when it is handed over.
CREATE OR REPLACE FUNCTION gate.follow_work(matter bigint, why text)
  RETURNS TABLE (act text, folder text, interest text, named text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); day date := (now_is AT TIME ZONE 'Europe/London')::date;
  level smallint; own_hub bigint; me text; inside record; done record; staff bigint[];
BEGIN
  SELECT f.sensitivity, f.hub_id INTO level, own_hub
    FROM public.sharing_folder f JOIN gate.visible_folder v ON v.id = f.id
   WHERE f.id = follow_work.matter AND f.kind = 'matter';
  IF NOT FOUND OR NOT gate.entered() THEN
    RAISE EXCEPTION 'No matter that the actor sees in her own right';
  END IF;
  -- Scores that lie in this case.
  UPDATE public.sharing_folder f SET hub_id = own_hub
   WHERE f.kind = 'work' AND f.hub_id IS DISTINCT FROM own_hub AND own_hub IS NOT NULL
     AND f.id IN (SELECT e.inner_id FROM public.sharing_enclosure e
                   WHERE e.outer_id = follow_work.matter AND e.ended_at IS NULL);
  IF NOT EXISTS (SELECT FROM public.casework_referral r
                  WHERE r.folder_id = follow_work.matter
                    AND (r.work_folder_id IS NOT NULL OR r.score_folder_id IS NOT NULL)) THEN
    RETURN;
  END IF;
  SELECT u.public_id INTO me FROM public.accounts_user u WHERE u.id = gate.user_id();
  -- Of those named in the referral, who works in its hub today, as gate.enter has it.
  SELECT array_agg(DISTINCT own.user_id) INTO staff
    FROM (SELECT DISTINCT ON (m.user_id) m.user_id, m.unit_id, a.id AS agency_id, a.code, a.partnership_id
            FROM public.partnership_membership m
            JOIN public.accounts_user u ON u.id = m.user_id AND u.status = 'active'
            JOIN public.partnership_unit w ON w.id = m.unit_id
            JOIN public.partnership_agency a ON a.id = w.agency_id
           WHERE m.user_id IN (SELECT i.user_id FROM public.sharing_interest i
                                WHERE i.folder_id = follow_work.matter AND i.user_id IS NOT NULL)
             AND m.valid_from <= day
             AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once))
           ORDER BY m.user_id, m.valid_from, m.id) own
    JOIN public.partnership_membership m ON m.user_id = own.user_id AND m.unit_id = own.unit_id
   WHERE m.role = ANY (gate.hub_roles()) AND coalesce(m.hub_id, own_hub) = own_hub AND m.valid_from <= day
     AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once))
     AND (EXISTS (
            SELECT FROM public.partnership_entry e
              JOIN public.partnership_entry_version v ON v.entry_id = e.id
             WHERE e.partnership_id = own.partnership_id AND e.section = 'partnership' AND v.withdrawn_in_id IS NULL
               AND (v.valid_from IS NULL OR v.valid_from <= day) AND (v.valid_until IS NULL OR v.valid_until >= day)
               AND v.payload ->> 'lead_agency' = own.code)
          OR EXISTS (
            SELECT FROM public.sharing_agreement a
             WHERE a.id = ANY (gate.agreements_binding(own.agency_id, day)) AND a.opens_hubs
               AND a.gateways ?| gate.gateways_naming(own.agency_id, day)
               AND (a.every_hub OR EXISTS (
                 SELECT FROM public.sharing_agreement_hub ah WHERE ah.agreement_id = a.id AND ah.hub_id = own_hub))));
  FOR inside IN
    SELECT f.id, f.public_id, f.sensitivity, f.hub_id FROM public.sharing_folder f
     WHERE f.kind = 'work' AND f.id IN (
       SELECT r.work_folder_id FROM public.casework_referral r WHERE r.folder_id = follow_work.matter
       UNION ALL
       SELECT r.score_folder_id FROM public.casework_referral r WHERE r.folder_id = follow_work.matter)
       AND NOT EXISTS (SELECT FROM public.sharing_enclosure e WHERE e.inner_id = f.id AND e.ended_at IS NULL)
     ORDER BY f.id FOR UPDATE OF f
  LOOP
    folder := inside.public_id;
    -- What the referral no longer has, or had only because of its restriction.
    act := 'sharing.interest_ended';
    FOR done IN
      UPDATE public.sharing_interest i
         SET valid_until = greatest(now_is, i.valid_from), ended_by = me, ended_at = clock_timestamp(),
             end_reason = follow_work.why
        FROM public.accounts_user u
       WHERE i.folder_id = inside.id AND u.id = i.user_id AND (i.valid_until IS NULL OR i.valid_until > now_is)
         AND (level = 0 OR i.user_id <> ALL (coalesce(staff, '{}')) OR NOT EXISTS (
           SELECT FROM public.sharing_interest o
            WHERE o.folder_id = follow_work.matter AND o.user_id = i.user_id AND o.sensitivity >= level
              AND o.because NOT IN ('emergency', 'handed_over')
              AND o.purpose = i.purpose AND o.gateway = i.gateway
              AND o.agreement_id IS NOT DISTINCT FROM i.agreement_id
              AND o.valid_until IS NOT DISTINCT FROM i.valid_until))
      RETURNING i.public_id AS of_interest, u.public_id AS of_account
    LOOP
      interest := done.of_interest; named := done.of_account; RETURN NEXT;
    END LOOP;
    IF level > 0 THEN
      act := 'sharing.interest_given';
      FOR done IN
        INSERT INTO public.sharing_interest (public_id, created_at, folder_id, user_id, sensitivity, purpose, gateway,
            agreement_id, because, valid_from, valid_until, given_by, ended_by, end_reason)
        SELECT gate.new_public_id(), clock_timestamp(), inside.id, o.user_id, level, o.purpose, o.gateway,
               o.agreement_id, 'named', greatest(now_is, o.valid_from), o.valid_until, me, '', ''
          FROM public.sharing_interest o
         WHERE o.folder_id = follow_work.matter AND o.user_id = ANY (staff) AND o.sensitivity >= level
           AND (o.valid_until IS NULL OR o.valid_until > now_is)
           AND o.because NOT IN ('emergency', 'handed_over')
           AND NOT EXISTS (
             SELECT FROM public.sharing_interest i
              WHERE i.folder_id = inside.id AND i.user_id = o.user_id AND i.sensitivity >= level
                AND i.purpose = o.purpose AND i.gateway = o.gateway
                AND i.agreement_id IS NOT DISTINCT FROM o.agreement_id
                AND i.valid_until IS NOT DISTINCT FROM o.valid_until)
            ON CONFLICT (folder_id, holder, purpose, agreement_id) WHERE valid_until IS NULL
            DO UPDATE SET sensitivity = excluded.sensitivity
        RETURNING public_id AS of_interest, user_id AS of_user
      LOOP
        interest := done.of_interest;
        SELECT u.public_id INTO named FROM public.accounts_user u WHERE u.id = done.of_user;
        RETURN NEXT;
      END LOOP;
    END IF;
    IF inside.sensitivity <> level OR inside.hub_id IS DISTINCT FROM own_hub THEN
      UPDATE public.sharing_folder f SET sensitivity = level, hub_id = own_hub WHERE f.id = inside.id;
    END IF;
    IF inside.sensitivity <> level THEN
      act := CASE WHEN level > 0 THEN 'sharing.restricted' ELSE 'sharing.opened_up' END;
      interest := ''; named := ''; RETURN NEXT;
    END IF;
  END LOOP;
END
$$;
