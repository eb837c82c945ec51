-- What lies in a restricted matter is restricted with it (laid after gate.sql).
--
-- An item of a meeting in which a record lies too is no other matter: it follows its own (sql/items.sql of meetings).
-- Whoever restricts a matter seldom sees the records in it in her own right: they are other agencies'. So these
-- functions run as gate and see every record and every matter it lies in. The actor comes from the settings.

-- The records that lie in a matter, and whether each lies in it alone. Only for whoever sees the matter in her own
-- right; of what else a record lies in, nothing is told but that it does.
CREATE OR REPLACE FUNCTION gate.lying_in(matter bigint)
  RETURNS TABLE (folder bigint, alone boolean)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.inner_id, NOT EXISTS (
           SELECT FROM public.sharing_enclosure o JOIN public.sharing_folder f ON f.id = o.outer_id AND f.kind = 'matter'
            WHERE o.inner_id = e.inner_id AND o.outer_id <> e.outer_id AND o.ended_at IS NULL)
    FROM public.sharing_enclosure e
   WHERE e.outer_id = lying_in.matter AND e.ended_at IS NULL
     AND EXISTS (SELECT FROM gate.visible_folder v WHERE v.id = lying_in.matter)
$$;

-- Make the records that lie in this matter alone follow it, whatever has just been done to it: restricted, somebody
-- named or named no longer, a record added or taken out, handed over, opened up. Gives each act and what it was done
-- to, so that the caller can write it into the log.
--
-- In a restricted matter such a record is as narrow as the matter, and each live interest in somebody's own name is
-- repeated on it with its agreement and its end; one that the matter no longer has ends. An emergency's is not
-- repeated: it opens what was pointed to and no more. In a normal matter, and once taken out, a restricted
-- record is normal again and what was repeated ends. A record that lies in another matter too is left as it is,
-- also where the actor does not see that other matter.
CREATE OR REPLACE FUNCTION gate.follow_matter(matter bigint, why text)
  RETURNS TABLE (act text, folder text, interest text, named text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); level smallint; me text; inside record; done record;
BEGIN
  SELECT f.sensitivity INTO level
    FROM public.sharing_folder f JOIN gate.visible_folder v ON v.id = f.id
   WHERE f.id = follow_matter.matter AND f.kind = 'matter';
  IF NOT FOUND OR NOT gate.entered() THEN
    RAISE EXCEPTION 'No matter that the actor sees in her own right';
  END IF;
  SELECT u.public_id INTO me FROM public.accounts_user u WHERE u.id = gate.user_id();
  FOR inside IN
    SELECT f.id, f.public_id, f.sensitivity,
           EXISTS (SELECT FROM public.sharing_enclosure e
                    WHERE e.inner_id = f.id AND e.outer_id = follow_matter.matter AND e.ended_at IS NULL) AS lies_in_it
      FROM public.sharing_folder f
     WHERE f.kind <> 'matter'
       AND f.id IN (SELECT e.inner_id FROM public.sharing_enclosure e WHERE e.outer_id = follow_matter.matter)
       AND NOT EXISTS (SELECT FROM public.sharing_enclosure o JOIN public.sharing_folder m ON m.id = o.outer_id
                        WHERE o.inner_id = f.id AND o.outer_id <> follow_matter.matter AND o.ended_at IS NULL
                          AND m.kind = 'matter')
     ORDER BY f.id FOR UPDATE OF f
  LOOP
    CONTINUE WHEN inside.sensitivity > greatest(level, 1::smallint)
      -- Asked again under the lock: it may have been put into another matter while this one waited.
      OR EXISTS (SELECT FROM public.sharing_enclosure o JOIN public.sharing_folder m ON m.id = o.outer_id
                  WHERE o.inner_id = inside.id AND o.outer_id <> follow_matter.matter AND o.ended_at IS NULL
                    AND m.kind = 'matter');
    folder := inside.public_id;
    IF inside.lies_in_it AND level > 0 THEN
      -- What the matter no longer has.
      act := 'sharing.interest_ended';
      FOR done IN
        UPDATE public.sharing_interest i
           SET valid_until = greatest(now_is, i.valid_from), ended_by = me, ended_at = clock_timestamp(),
               end_reason = follow_matter.why
          FROM public.accounts_user u
         WHERE i.folder_id = inside.id AND u.id = i.user_id AND i.sensitivity > 0 AND i.because <> 'emergency'
           AND (i.valid_until IS NULL OR i.valid_until > now_is)
           AND NOT EXISTS (
             SELECT FROM public.sharing_interest o
              WHERE o.folder_id = follow_matter.matter AND o.user_id = i.user_id AND o.sensitivity >= level
                AND o.purpose = i.purpose AND o.gateway = i.gateway
                AND o.agreement_id IS NOT DISTINCT FROM i.agreement_id
                AND o.valid_until IS NOT DISTINCT FROM i.valid_until)
        RETURNING i.public_id AS of_interest, u.public_id AS of_account
      LOOP
        interest := done.of_interest; named := done.of_account; RETURN NEXT;
      END LOOP;
      -- What it has and the record has not.
      act := 'sharing.interest_given';
      FOR done IN
        INSERT INTO public.sharing_interest (public_id, created_at, folder_id, user_id, sensitivity, purpose, gateway,
            agreement_id, because, valid_from, valid_until, given_by, ended_by, end_reason)
        SELECT gate.new_public_id(), clock_timestamp(), inside.id, o.user_id, level, o.purpose, o.gateway,
               o.agreement_id, CASE WHEN o.because = 'handed_over' THEN o.because ELSE 'named' END,
               greatest(now_is, o.valid_from), o.valid_until, me, '', ''
          FROM public.sharing_interest o
         WHERE o.folder_id = follow_matter.matter AND o.user_id IS NOT NULL AND o.sensitivity >= level
           AND (o.valid_until IS NULL OR o.valid_until > now_is) AND o.because <> 'emergency'
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
      IF inside.sensitivity < level THEN
        UPDATE public.sharing_folder f SET sensitivity = level WHERE f.id = inside.id;
        act := 'sharing.restricted'; interest := ''; named := ''; RETURN NEXT;
      END IF;
    ELSIF inside.sensitivity = 1 THEN
      UPDATE public.sharing_folder f SET sensitivity = 0 WHERE f.id = inside.id;
      act := 'sharing.opened_up'; interest := ''; named := ''; RETURN NEXT;
      act := 'sharing.interest_ended';
      FOR done IN
        UPDATE public.sharing_interest i
           SET valid_until = greatest(now_is, i.valid_from), ended_by = me, ended_at = clock_timestamp(),
               end_reason = follow_matter.why
          FROM public.accounts_user u
         WHERE i.folder_id = inside.id AND u.id = i.user_id AND i.sensitivity > 0 AND i.because <> 'emergency'
           AND (i.valid_until IS NULL OR i.valid_until > now_is)
        RETURNING i.public_id AS of_interest, u.public_id AS of_account
      LOOP
        interest := done.of_interest; named := done.of_account; RETURN NEXT;
      END LOOP;
    END IF;
  END LOOP;
END
$$;
