-- What lies in the items about a matter follows the matter (laid after sharing's gate).
--
-- Whoever restricts a matter, hands it over or takes a record out of it need not see the items about it: one may be
-- kept from her, or be another hub's. So this function runs as gate. The actor comes from the settings, and what it
-- gives back are identifiers for the log, never words.

-- A record lies in an item as long as it lies in the item's matter, and the matter with the hub that met. Of a matter
-- that is restricted, those who are not named in it see no item either that was restricted itself. Gives each
-- act, the folder that it was done to, the folder of the item, and the interest that ended.
CREATE OR REPLACE FUNCTION gate.follow_items(matter bigint, why text)
  RETURNS TABLE (act text, folder text, item text, interest text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); level smallint; own_hub bigint; me text; done record;
BEGIN
  SELECT f.sensitivity, f.hub_id INTO level, own_hub
    FROM public.sharing_folder f JOIN gate.visible_folder v ON v.id = f.id
   WHERE f.id = follow_items.matter AND f.kind = 'matter';
  IF NOT FOUND OR NOT gate.entered() THEN
    RAISE EXCEPTION 'No matter that the actor sees in her own right';
  END IF;
  -- The item of a meeting without a hub goes to the hub that has the matter now, with what is kept about it.
  UPDATE public.sharing_folder f SET hub_id = own_hub
    FROM public.sharing_matter m
    JOIN public.meetings_item t ON t.matter_id = m.id
    JOIN public.meetings_meeting g ON g.id = t.meeting_id AND g.hub_id IS NULL
   WHERE m.folder_id = follow_items.matter AND f.hub_id IS DISTINCT FROM own_hub
     AND (f.id = t.folder_id OR f.id IN (SELECT k.folder_id FROM public.meetings_kept_from k WHERE k.item_id = t.id));
  SELECT u.public_id INTO me FROM public.accounts_user u WHERE u.id = gate.user_id();
  act := 'sharing.taken_out';
  FOR done IN
    UPDATE public.sharing_enclosure e
       SET ended_at = clock_timestamp(), ended_by = me, end_reason = follow_items.why
      FROM public.sharing_matter m
      JOIN public.meetings_item t ON t.matter_id = m.id
      JOIN public.sharing_folder o ON o.id = t.folder_id,
           public.sharing_folder i
     WHERE m.folder_id = follow_items.matter AND e.outer_id = o.id AND i.id = e.inner_id AND e.ended_at IS NULL
       AND (o.hub_id IS DISTINCT FROM own_hub
            OR NOT EXISTS (SELECT FROM public.sharing_enclosure w
                            WHERE w.inner_id = e.inner_id AND w.outer_id = follow_items.matter AND w.ended_at IS NULL))
    RETURNING i.public_id AS of_record, o.public_id AS of_item
  LOOP
    folder := done.of_record; item := done.of_item; interest := ''; RETURN NEXT;
  END LOOP;
  IF level = 0 THEN
    -- An item is as narrow as its matter was. It opens up with it, but where it is kept from somebody.
    act := 'sharing.opened_up';
    FOR done IN
      UPDATE public.sharing_folder f SET sensitivity = 0
        FROM public.sharing_matter m
       WHERE m.folder_id = follow_items.matter AND f.sensitivity > 0
         AND f.id IN (SELECT t.folder_id FROM public.meetings_item t WHERE t.matter_id = m.id)
         AND NOT EXISTS (SELECT FROM public.meetings_kept_from k JOIN public.meetings_item t ON t.id = k.item_id
                          WHERE t.folder_id = f.id AND k.lifted_on IS NULL)
      RETURNING f.public_id AS of_item
    LOOP
      folder := done.of_item; item := done.of_item; interest := ''; RETURN NEXT;
    END LOOP;
    RETURN;
  END IF;
  act := 'sharing.interest_ended';
  FOR done IN
    UPDATE public.sharing_interest x
       SET valid_until = greatest(now_is, x.valid_from), ended_by = me, ended_at = clock_timestamp(),
           end_reason = follow_items.why
      FROM public.sharing_matter m
      JOIN public.meetings_item t ON t.matter_id = m.id
      JOIN public.sharing_folder o ON o.id = t.folder_id
     WHERE m.folder_id = follow_items.matter AND x.folder_id = o.id AND o.sensitivity > 0
       AND (x.valid_until IS NULL OR x.valid_until > now_is)
       AND NOT EXISTS (SELECT FROM public.sharing_interest n
                        WHERE n.folder_id = follow_items.matter AND n.user_id = x.user_id AND n.sensitivity >= level
                          AND n.valid_from <= now_is AND (n.valid_until IS NULL OR n.valid_until > now_is))
    RETURNING o.public_id AS of_item, x.public_id AS of_interest
  LOOP
    folder := done.of_item; item := done.of_item; interest := done.of_interest; RETURN NEXT;
  END LOOP;
END
$$;

-- Those of these folders of items that are kept from somebody in a row that the actor does not see: whoever sends such
-- an item lets nobody in. Only of folders that she sees; that one is restricted she reads in the folder itself.
CREATE OR REPLACE FUNCTION gate.kept_unseen(folders bigint[])
  RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT t.folder_id
    FROM public.meetings_item t
    JOIN gate.visible_folder v ON v.id = t.folder_id
    JOIN public.meetings_kept_from k ON k.item_id = t.id AND k.lifted_on IS NULL
   WHERE t.folder_id = ANY (kept_unseen.folders)
     AND NOT EXISTS (SELECT FROM gate.visible_folder w WHERE w.id = k.folder_id)
$$;

-- The sight that a meeting gave ends some days after it, so it moves with the meeting, for the table and for guests:
-- also of items that are kept from whoever moves it. It gives nobody a sight that she has not got. Gives the folder of
-- each item, and the interest that has another end.
CREATE OR REPLACE FUNCTION gate.move_sight(meeting bigint, was timestamptz, ends timestamptz)
  RETURNS TABLE (item text, interest text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT gate.entered() OR NOT EXISTS (
    SELECT FROM public.meetings_meeting g
     WHERE g.id = move_sight.meeting AND g.partnership_id = gate.partnership()
       AND g.status IN ('planned', 'preparing', 'sent')) THEN
    RAISE EXCEPTION 'No meeting to come of the actor''s partnership';
  END IF;
  RETURN QUERY
    UPDATE public.sharing_interest x SET valid_until = move_sight.ends
      FROM public.sharing_folder o
     WHERE o.id = x.folder_id AND x.because IN ('meets', 'named')
       AND x.valid_until = move_sight.was AND x.valid_until > gate.instant() AND x.valid_from <= move_sight.ends
       AND x.ended_at IS NULL
       AND o.id IN (SELECT t.folder_id FROM public.meetings_item t WHERE t.meeting_id = move_sight.meeting)
    RETURNING o.public_id::text, x.public_id::text;
END
$$;

-- A meeting that is cancelled takes back the sight that it gave of its items, also of those that are kept from whoever
-- cancels it. An organiser's own has no end, and stays.
CREATE OR REPLACE FUNCTION gate.close_sight(meeting bigint, why text)
  RETURNS TABLE (item text, interest text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); me text;
BEGIN
  IF NOT gate.entered() OR NOT EXISTS (
    SELECT FROM public.meetings_meeting g
     WHERE g.id = close_sight.meeting AND g.partnership_id = gate.partnership() AND g.status = 'cancelled') THEN
    RAISE EXCEPTION 'No cancelled meeting of the actor''s partnership';
  END IF;
  SELECT u.public_id INTO me FROM public.accounts_user u WHERE u.id = gate.user_id();
  RETURN QUERY
    UPDATE public.sharing_interest x
       SET valid_until = greatest(now_is, x.valid_from), ended_by = me, ended_at = clock_timestamp(),
           end_reason = close_sight.why
      FROM public.sharing_folder o
     WHERE o.id = x.folder_id AND (x.because = 'meets' OR (x.because = 'named' AND x.valid_until IS NOT NULL))
       AND (x.valid_until IS NULL OR x.valid_until > now_is)
       AND o.id IN (SELECT t.folder_id FROM public.meetings_item t
                      JOIN public.meetings_meeting g ON g.id = t.meeting_id
                     WHERE g.id = close_sight.meeting AND t.folder_id IS DISTINCT FROM g.folder_id)
    RETURNING o.public_id::text, x.public_id::text;
END
$$;
