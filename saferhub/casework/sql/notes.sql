-- Notes and files for named agencies, or for one unit alone, lie in folders of their own beside their case's
-- (laid after sharing's gate). A row needs both folders; what history keeps of it lies in its own alone, so that
-- folder has to follow who sees the case.
--
-- Whoever ends an agency's sight, or restricts the case, sees few of these folders in her own right: they are other
-- agencies'. So this function runs as gate. The actor comes from the settings, and what it gives back are
-- identifiers for the log, never words.

-- Make the folders of a matter's narrower notes and files follow it, whatever has just been done to it. An interest
-- in one ends when its holder no longer has one in the matter. In a restricted matter such a folder is as narrow as
-- the matter, and open to those named there who saw it before; when the restriction is lifted, those names end.
CREATE OR REPLACE FUNCTION gate.follow_notes(matter bigint, why text)
  RETURNS TABLE (act text, folder text, interest text, named text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); day date := (now_is AT TIME ZONE 'Europe/London')::date;
  level smallint; own_unit bigint; own_hub bigint; me text; inside record; done record;
  who bigint[]; holds bigint[]; staff bigint[]; staff_hub bigint[];
BEGIN
  SELECT f.sensitivity, f.unit_id, f.hub_id INTO level, own_unit, own_hub
    FROM public.sharing_folder f JOIN gate.visible_folder v ON v.id = f.id
   WHERE f.id = follow_notes.matter AND f.kind = 'matter';
  IF NOT FOUND OR NOT gate.entered() THEN
    RAISE EXCEPTION 'No matter that the actor sees in her own right';
  END IF;
  SELECT u.public_id INTO me FROM public.accounts_user u WHERE u.id = gate.user_id();
  -- Of those named here or beside, the units that each stands for and herself below zero, as gate.enter has it; and
  -- the hubs in which each works, none standing for all.
  WITH RECURSIVE named_here (user_id) AS (
    SELECT DISTINCT i.user_id FROM public.sharing_interest i
     WHERE i.user_id IS NOT NULL AND (i.folder_id = follow_notes.matter OR i.folder_id IN (
       SELECT n.folder_id FROM public.casework_note n WHERE n.matter_folder_id = follow_notes.matter
       UNION ALL
       SELECT a.folder_id FROM public.casework_attachment a WHERE a.matter_folder_id = follow_notes.matter))
  ), own (user_id, unit_id) AS (
    SELECT DISTINCT ON (m.user_id) m.user_id, m.unit_id
      FROM public.partnership_membership m
      JOIN named_here n ON n.user_id = m.user_id
      JOIN public.accounts_user u ON u.id = m.user_id AND u.status = 'active'
     WHERE m.valid_from <= day
       AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once))
     ORDER BY m.user_id, m.valid_from, m.id
  ), up (user_id, id, parent_id) AS (
    SELECT own.user_id, u.id, u.parent_id FROM own JOIN public.partnership_unit u ON u.id = own.unit_id
    UNION ALL
    SELECT up.user_id, u.id, u.parent_id FROM up JOIN public.partnership_unit u ON u.id = up.parent_id
  ), every (user_id, holder) AS (
    SELECT up.user_id, up.id FROM up UNION ALL SELECT own.user_id, -own.user_id FROM own
  )
  SELECT (SELECT array_agg(e.user_id ORDER BY e.user_id, e.holder) FROM every e),
         (SELECT array_agg(e.holder ORDER BY e.user_id, e.holder) FROM every e),
         array_agg(m.user_id ORDER BY m.id), array_agg(m.hub_id ORDER BY m.id)
    INTO who, holds, staff, staff_hub
    FROM own JOIN public.partnership_membership m ON m.user_id = own.user_id AND m.unit_id = own.unit_id
   WHERE m.role = ANY (gate.hub_roles()) AND m.valid_from <= day
     AND (m.valid_until IS NULL OR m.valid_until > day OR (m.valid_until = day AND NOT m.ended_at_once));
  FOR inside IN
    SELECT f.id, f.public_id, f.sensitivity, f.unit_id, f.hub_id FROM public.sharing_folder f
     WHERE f.kind = 'note' AND f.id IN (
       SELECT n.folder_id FROM public.casework_note n WHERE n.matter_folder_id = follow_notes.matter
       UNION ALL
       SELECT a.folder_id FROM public.casework_attachment a WHERE a.matter_folder_id = follow_notes.matter)
     ORDER BY f.id FOR UPDATE OF f
  LOOP
    folder := inside.public_id;
    IF level > 0 AND inside.sensitivity <= level THEN
      act := 'sharing.interest_given';
      FOR done IN
        INSERT INTO public.sharing_interest (public_id, created_at, folder_id, user_id, sensitivity, purpose, gateway,
            agreement_id, because, valid_from, valid_until, given_by, ended_by, end_reason)
        SELECT gate.new_public_id(), clock_timestamp(), inside.id, o.user_id, level, o.purpose, o.gateway,
               o.agreement_id, 'named', greatest(now_is, o.valid_from), o.valid_until, me, '', ''
          FROM public.sharing_interest o
         WHERE o.folder_id = follow_notes.matter AND o.user_id IS NOT NULL AND o.sensitivity >= level
           AND (o.valid_until IS NULL OR o.valid_until > now_is)
           AND o.because NOT IN ('emergency', 'handed_over')
           -- She saw it while it was normal: her unit's, shared with her unit or her, or her hub's.
           AND (EXISTS (
                  SELECT FROM unnest(who, holds) h (user_id, holder)
                   WHERE h.user_id = o.user_id AND (h.holder = inside.unit_id OR EXISTS (
                     SELECT FROM public.sharing_interest i
                      WHERE i.folder_id = inside.id AND i.holder = h.holder AND i.valid_from <= now_is
                        AND (i.valid_until IS NULL OR i.valid_until > now_is))))
                OR EXISTS (
                  SELECT FROM unnest(staff, staff_hub) w (user_id, hub_id)
                   WHERE w.user_id = o.user_id AND inside.hub_id IS NOT NULL
                     AND coalesce(w.hub_id, inside.hub_id) = inside.hub_id))
           AND NOT EXISTS (
             SELECT FROM public.sharing_interest i
              WHERE i.folder_id = inside.id AND i.user_id = o.user_id AND i.sensitivity >= level
                AND (i.valid_until IS NULL OR i.valid_until > now_is))
            ON CONFLICT (folder_id, holder, purpose, agreement_id) WHERE valid_until IS NULL
            DO UPDATE SET sensitivity = excluded.sensitivity
        RETURNING public_id AS of_interest, user_id AS of_user
      LOOP
        interest := done.of_interest;
        SELECT u.public_id INTO named FROM public.accounts_user u WHERE u.id = done.of_user;
        RETURN NEXT;
      END LOOP;
      IF inside.sensitivity < level THEN
        UPDATE public.sharing_folder f SET sensitivity = level WHERE f.id = inside.id;
        act := 'sharing.restricted'; interest := ''; named := ''; RETURN NEXT;
      END IF;
    ELSIF level = 0 AND inside.sensitivity = 1 THEN
      UPDATE public.sharing_folder f SET sensitivity = 0 WHERE f.id = inside.id;
      act := 'sharing.opened_up'; interest := ''; named := ''; RETURN NEXT;
      -- Whoever was named by the writer keeps it; whoever was named because of the restriction sees it anyway.
      act := 'sharing.interest_ended';
      FOR done IN
        UPDATE public.sharing_interest i
           SET valid_until = greatest(now_is, i.valid_from), ended_by = me, ended_at = clock_timestamp(),
               end_reason = follow_notes.why
          FROM public.accounts_user u
         WHERE i.folder_id = inside.id AND u.id = i.user_id AND i.because = 'named'
           AND (i.valid_until IS NULL OR i.valid_until > now_is)
        RETURNING i.public_id AS of_interest, u.public_id AS of_account
      LOOP
        interest := done.of_interest; named := done.of_account; RETURN NEXT;
      END LOOP;
    END IF;
    -- Whoever has lost the matter. A unit that a restriction shuts out has not: its interest is there still.
    act := 'sharing.interest_ended';
    FOR done IN
      UPDATE public.sharing_interest i
         SET valid_until = greatest(now_is, i.valid_from), ended_by = me, ended_at = clock_timestamp(),
             end_reason = follow_notes.why
       WHERE i.folder_id = inside.id AND (i.valid_until IS NULL OR i.valid_until > now_is)
         AND NOT EXISTS (
           SELECT FROM public.sharing_interest o
            WHERE o.folder_id = follow_notes.matter AND (o.valid_until IS NULL OR o.valid_until > now_is)
              AND (o.holder = i.holder OR EXISTS (
                     SELECT FROM unnest(who, holds) h (user_id, holder)
                      WHERE h.user_id = i.user_id AND h.holder = o.holder))
              AND (i.unit_id IS NOT NULL OR o.sensitivity >= level))
         -- Somebody who sees the matter as one of its hub or of its own unit is named in it by a restriction alone.
         AND NOT (level = 0 AND i.user_id IS NOT NULL AND (
           EXISTS (SELECT FROM unnest(who, holds) h (user_id, holder)
                    WHERE h.user_id = i.user_id AND h.holder = own_unit)
           OR EXISTS (SELECT FROM unnest(staff, staff_hub) w (user_id, hub_id)
                       WHERE w.user_id = i.user_id AND own_hub IS NOT NULL
                         AND coalesce(w.hub_id, own_hub) = own_hub)))
      RETURNING i.public_id AS of_interest, i.user_id AS of_user
    LOOP
      interest := done.of_interest;
      SELECT coalesce(max(u.public_id), '') INTO named FROM public.accounts_user u WHERE u.id = done.of_user;
      RETURN NEXT;
    END LOOP;
    -- What was written for the hub is for the hub that has the matter now, and no longer for the one before.
    IF inside.hub_id IS NOT NULL AND inside.hub_id IS DISTINCT FROM own_hub THEN
      UPDATE public.sharing_folder f SET hub_id = own_hub WHERE f.id = inside.id;
      act := 'casework.note_moved'; interest := ''; named := ''; RETURN NEXT;
    END IF;
  END LOOP;
END
$$;
