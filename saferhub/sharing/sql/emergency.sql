-- What a pointer stands for, and opening it in an emergency (laid before people's search.sql, which points).

-- The hub to which a request goes that follows a pointer: mine, and given within the last hour.
DROP FUNCTION IF EXISTS gate.pointed_hub(text);
CREATE FUNCTION gate.pointed_hub(pointer text, OUT hub_id bigint, OUT why text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT h.hub_id, h.purpose FROM public.sharing_pointer_hit h
   WHERE h.token = pointer AND h.user_id = gate.user_id() AND h.at > clock_timestamp() - interval '1 hour'
$$;

-- Hours for which an emergency opens a record: what the packs' clock says, four without one.
CREATE OR REPLACE FUNCTION gate.emergency_hours() RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((
    SELECT (v.payload -> 'length' ->> 'n')::integer
      FROM public.partnership_entry e JOIN public.partnership_entry_version v ON v.entry_id = e.id
     WHERE e.section = 'clocks' AND e.code = 'emergency_sight' AND v.withdrawn_in_id IS NULL
       AND v.payload -> 'length' ->> 'unit' = 'hours' AND (v.payload -> 'length' ->> 'n')::integer BETWEEN 1 AND 24
       AND (e.partnership_id IS NULL OR e.partnership_id = gate.partnership())
       AND (v.valid_from IS NULL OR v.valid_from <= (gate.instant() AT TIME ZONE 'Europe/London')::date)
       AND (v.valid_until IS NULL OR v.valid_until >= (gate.instant() AT TIME ZONE 'Europe/London')::date)
     ORDER BY e.partnership_id NULLS LAST LIMIT 1), 4)
$$;

-- A random identifier as foundation.ids makes it: 16 characters, 80 bits.
CREATE OR REPLACE FUNCTION gate.new_public_id() RETURNS text
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + get_byte(bytes, i) % 32, 1), '')
    FROM (SELECT decode(replace(gen_random_uuid()::text, '-', '') || replace(gen_random_uuid()::text, '-', ''), 'hex')
                 AS bytes) made,
         -- Bytes 6 and 8 of such a number are not wholly random.
         unnest(ARRAY[0, 1, 2, 3, 4, 5, 7, 9, 16, 17, 18, 19, 20, 21, 23, 25]) i
$$;

-- Open what a pointer stands for to me, by name, for some hours: the matter and the record I was pointed to.
-- Writes the emergency and its entry in the log in the same breath. Gives the emergency's identifier, or
-- nothing where the pointer is not mine, is older than an hour, has opened the record once already, or stands
-- for something in the vault.
DROP FUNCTION IF EXISTS gate.break_glass(text, text, text, text, boolean, text);
CREATE FUNCTION gate.break_glass(
    pointer text, who_is_in_danger text, why text, incident_number text, was_tried boolean, of_request text)
  RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hit record; own_unit bigint; lies_in bigint; emergency bigint; made text := gate.new_public_id(); opened text;
  now_is timestamptz := gate.instant();
  ends timestamptz := now_is + make_interval(hours => gate.emergency_hours());
  me text; of_agency text; of_partnership text;
BEGIN
  IF NOT gate.entered() OR coalesce(cardinality(gate.holders()), 0) = 0 OR btrim(why) = '' THEN
    RETURN NULL;
  END IF;
  SELECT h.record_id, h.matter_id, h.at, m.hub_id, m.partnership_id, m.public_id AS matter,
         m.sensitivity AS of_matter, r.sensitivity AS of_record
    INTO hit
    FROM public.sharing_pointer_hit h
    JOIN public.sharing_folder m ON m.id = h.matter_id
    JOIN public.sharing_folder r ON r.id = h.record_id
   WHERE h.token = pointer AND h.user_id = gate.user_id() AND h.at > clock_timestamp() - interval '1 hour'
     AND m.partnership_id = gate.partnership() AND m.sensitivity < 2 AND r.sensitivity < 2;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  -- One pointer opens once: after "I am done" she searches again. The lock makes it hold for two at once.
  PERFORM pg_advisory_xact_lock(7305513000000 + gate.user_id());
  IF EXISTS (SELECT FROM public.sharing_interest i
              WHERE i.folder_id = hit.record_id AND i.user_id = gate.user_id() AND i.because = 'emergency'
                AND i.created_at >= hit.at) THEN
    RETURN NULL;
  END IF;
  -- Of the units I stand for, my own is the one below which there is none of them.
  SELECT u.id INTO own_unit FROM public.partnership_unit u
   WHERE u.id = ANY (gate.holders()) AND NOT EXISTS (
     SELECT FROM public.partnership_unit c WHERE c.parent_id = u.id AND c.id = ANY (gate.holders()));
  SELECT u.public_id, a.code, p.code INTO me, of_agency, of_partnership
    FROM public.accounts_user u, public.partnership_unit n
    JOIN public.partnership_agency a ON a.id = n.agency_id
    JOIN public.partnership_partnership p ON p.id = a.partnership_id
   WHERE u.id = gate.user_id() AND n.id = own_unit;
  INSERT INTO public.sharing_interest (public_id, created_at, folder_id, user_id, sensitivity, purpose, gateway,
      because, valid_from, valid_until, given_by, ended_by, end_reason)
  SELECT gate.new_public_id(), clock_timestamp(), o.folder, gate.user_id(), o.level, 'emergency', 'vital_interests',
         'emergency', now_is, ends, me, '', ''
    FROM (VALUES (hit.matter_id, hit.of_matter), (hit.record_id, hit.of_record)) o (folder, level);
  INSERT INTO public.sharing_folder (public_id, created_at, partnership_id, hub_id, unit_id, kind, sensitivity)
  VALUES (gate.new_public_id(), clock_timestamp(), hit.partnership_id, hit.hub_id, own_unit, 'emergency', 0)
  RETURNING id INTO lies_in;
  INSERT INTO public.sharing_emergency (public_id, created_at, partnership_id, folder_id, user_id, opened_id, tried,
      opened_at, until, reviewed_by)
  VALUES (made, clock_timestamp(), hit.partnership_id, lies_in, gate.user_id(), hit.matter_id, was_tried, now_is, ends,
      '')
  RETURNING id INTO emergency;
  INSERT INTO public.sharing_emergency_reason (partnership_id, folder_id, emergency_id, user_id, danger, reason,
      incident, findings)
  VALUES (hit.partnership_id, lies_in, emergency, gate.user_id(), who_is_in_danger, why, incident_number, '');
  SELECT m.public_id INTO opened FROM public.sharing_matter m WHERE m.folder_id = hit.matter_id;
  INSERT INTO public.audit_entry (kind, event, actor, agency, partnership, subject_kind, subject, purpose, request, codes)
  VALUES
    ('write', 'sharing.emergency_opened', me, of_agency, of_partnership, 'sharing.emergency', made, 'emergency',
      of_request, jsonb_build_object('emergency', made, 'danger', who_is_in_danger)),
    -- Once more as a sight of what was opened, so that its own page says so.
    ('sight', 'sharing.opened_in_emergency', me, of_agency, of_partnership, 'sharing.matter', coalesce(opened, hit.matter),
      'emergency', of_request, jsonb_build_object('emergency', made));
  RETURN made;
END
$$;

-- End what I opened in this emergency, now. Here and not by the page's own role, because what was restricted
-- since is out of my sight, and a row out of sight would stay open without a word. Gives the moment of the end,
-- or nothing where the emergency is not mine or is over.
CREATE OR REPLACE FUNCTION gate.end_emergency(wanted text) RETURNS timestamptz
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_is timestamptz := gate.instant(); opened timestamptz; me text;
BEGIN
  IF NOT gate.entered() THEN
    RETURN NULL;
  END IF;
  SELECT e.opened_at, u.public_id INTO opened, me
    FROM public.sharing_emergency e JOIN public.accounts_user u ON u.id = e.user_id
   WHERE e.public_id = wanted AND e.user_id = gate.user_id() AND e.until > now_is;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE public.sharing_interest i
     SET valid_until = now_is, ended_by = me, ended_at = clock_timestamp(), end_reason = 'No longer needed'
   WHERE i.user_id = gate.user_id() AND i.because = 'emergency' AND i.valid_from = opened AND i.valid_until > now_is;
  RETURN now_is;
END
$$;

-- What one may know of what was opened: its reference and the hub that holds it, for the opener, for whoever decides
-- for that hub and for information governance, which reads neither folder and so learns these here. The opener's
-- colleagues learn her unit and no more: a purpose may not name the hub to them.
DROP FUNCTION IF EXISTS gate.emergency_facts(bigint[]);
CREATE FUNCTION gate.emergency_facts(wanted bigint[])
  RETURNS TABLE (emergency bigint, reference text, hub bigint, unit bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.id, CASE WHEN told.all_of_it THEN m.reference::text END, CASE WHEN told.all_of_it THEN f.hub_id END, f.unit_id
    FROM public.sharing_emergency e
    JOIN public.sharing_folder f ON f.id = e.folder_id
    LEFT JOIN public.sharing_matter m ON m.folder_id = e.opened_id,
         LATERAL (SELECT coalesce(e.user_id = gate.user_id() OR e.partnership_id = gate.governs()
                                  OR f.hub_id = ANY (gate.deciding()), false) AS all_of_it) told
   WHERE e.id = ANY (wanted) AND gate.entered()
     AND (e.partnership_id = gate.governs() OR EXISTS (SELECT 1 FROM gate.readable_folder r WHERE r.id = e.folder_id))
$$;
