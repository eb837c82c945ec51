-- Searching and pointing (laid after sharing's gate.sql, see foundation.walls).
--
-- Under row-level security an index serves only comparisons that leak nothing, which trigrams and sounds
-- are not. So these functions run as gate, find by index, repeat the rule of sight, and give back numbers,
-- which the caller reads again under her own sight. The actor comes from the settings alone.

-- Called once so that its settings are known in this session; a function may name them only then.
SELECT public.similarity('', '');


-- Words of a name that may stand for one another: alike in letters or in sound, or one short for the other.
CREATE OR REPLACE FUNCTION gate.alike(a text, b text) RETURNS boolean
  LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT a <> '' AND b <> '' AND (
    lower(a) = lower(b)
    OR (length(a) > 1 AND length(b) > 1 AND (starts_with(lower(a), lower(b)) OR starts_with(lower(b), lower(a))))
    OR public.similarity(lower(a), lower(b)) >= 0.4
    OR (public.dmetaphone(a) <> '' AND public.dmetaphone(a) = public.dmetaphone(b)))
$$;

-- Records of persons that I may read and that match what is known of one, the best match first. A name finds
-- by its family part, and by its given part where nothing else was typed; a birth date narrows no further
-- than the order. `wanted_address`, `wanted_telephone`, `wanted_identifier`: keys as people.rules.keys makes
-- them; `wanted_lines`: an address in words. Sight is tested before anything is cut, so that records I may not
-- read never crowd out those I may.
CREATE OR REPLACE FUNCTION gate.find_persons(
    wanted_given text, wanted_family text, wanted_born date, wanted_address text, wanted_lines text,
    wanted_telephone text, wanted_identifier text)
  RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET pg_trgm.similarity_threshold = '0.45' AS $$
  WITH named AS MATERIALIZED (
    SELECT n.person_id, n.folder_id,
           public.similarity(lower(n.family), lower(wanted_family))
           + CASE WHEN wanted_given <> '' AND gate.alike(n.given, wanted_given) THEN 1.0
                  WHEN wanted_given <> '' AND lower(left(n.given, 1)) = lower(left(wanted_given, 1)) THEN 0.3
                  ELSE 0 END AS points
      FROM public.people_name n
     WHERE wanted_family <> '' AND (
           lower(n.family) OPERATOR(public.%) lower(wanted_family)
        OR (public.dmetaphone(wanted_family) <> '' AND public.dmetaphone(n.family) = public.dmetaphone(wanted_family))
        OR (wanted_given = '' AND lower(n.given) OPERATOR(public.%) lower(wanted_family)))
  ), found AS (
    SELECT person_id, folder_id, points FROM named
    UNION ALL
    SELECT i.person_id, i.folder_id, 3 FROM public.people_identifier i
     WHERE wanted_identifier <> '' AND i.key = wanted_identifier
    UNION ALL
    SELECT c.person_id, c.folder_id, 1.5 FROM public.people_contact_point c
     WHERE wanted_telephone <> '' AND c.key = wanted_telephone
    UNION ALL
    SELECT a.person_id, a.folder_id, 0.8 FROM public.people_address a
     WHERE wanted_address <> '' AND a.key = wanted_address AND a.person_id IS NOT NULL
    UNION ALL
    (SELECT a.person_id, a.folder_id, 0.4 FROM public.people_address a
      WHERE wanted_lines <> '' AND wanted_family = '' AND a.person_id IS NOT NULL
        AND lower(a.lines) OPERATOR(public.%>) lower(wanted_lines)
        AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = a.folder_id)
      LIMIT 5000)
    UNION ALL
    SELECT p.id, p.folder_id, 1 FROM public.people_person p
     WHERE wanted_born IS NOT NULL AND wanted_family = '' AND p.born_on = wanted_born
  ), best AS MATERIALIZED (
    SELECT person_id, folder_id, sum(points) AS points FROM found GROUP BY person_id, folder_id
  )
  SELECT b.person_id FROM best b JOIN public.people_person p ON p.id = b.person_id
   WHERE gate.entered() AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = b.folder_id)
   ORDER BY b.points + CASE WHEN wanted_born IS NULL OR p.born_on IS NULL THEN 0
                            WHEN p.born_on = wanted_born THEN 1.2
                            WHEN abs(p.born_on - wanted_born) < 800 THEN 0.2 ELSE -0.4 END DESC, b.person_id
   LIMIT 1000
$$;

-- Records of places that I may read, by name or by an address in words, or by the address's key.
CREATE OR REPLACE FUNCTION gate.find_places(wanted text, wanted_address text)
  RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET pg_trgm.word_similarity_threshold = '0.4' AS $$
  WITH found AS (
    SELECT p.id, p.folder_id, public.word_similarity(lower(wanted), lower(p.name)) AS points
      FROM public.people_place p WHERE wanted <> '' AND lower(p.name) OPERATOR(public.%>) lower(wanted)
    UNION ALL
    (SELECT a.place_id, a.folder_id, public.word_similarity(lower(wanted), lower(a.lines))
       FROM public.people_address a
      WHERE wanted <> '' AND a.place_id IS NOT NULL AND lower(a.lines) OPERATOR(public.%>) lower(wanted)
        AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = a.folder_id)
      LIMIT 5000)
    UNION ALL
    SELECT a.place_id, a.folder_id, 2 FROM public.people_address a
     WHERE wanted_address <> '' AND a.key = wanted_address AND a.place_id IS NOT NULL
  ), best AS MATERIALIZED (
    SELECT id, folder_id, max(points) AS points FROM found GROUP BY id, folder_id
  )
  SELECT b.id FROM best b
   WHERE gate.entered() AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = b.folder_id)
   ORDER BY b.points DESC, b.id LIMIT 1000
$$;

-- The words that a title has to hold, each roughly as it is spelled: those of three letters or more that say something.
-- Without any, what is wanted is compared as a whole.
CREATE OR REPLACE FUNCTION gate.words_of_title(wanted text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(word), '{}') FROM (
    SELECT DISTINCT word FROM regexp_split_to_table(lower(wanted), '[^[:alnum:]]+') word
     WHERE length(word) >= 3 AND ts_lexize('english_stem', word) IS DISTINCT FROM '{}'::text[] LIMIT 8) said
$$;

-- Matters that I may see, by their reference, by a part of it that has a digit, or by words of their title, wherever in
-- it each of them stands; of those that answer alike the newest first. Comparing letters is what costs, so the index is
-- asked for all words at once, and for somebody without a hub who holds few interests her folders are gathered first.
CREATE OR REPLACE FUNCTION gate.find_matters(wanted text)
  RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET pg_trgm.word_similarity_threshold = '0.55' AS $$
DECLARE
  words text[] := gate.words_of_title(wanted);
  folders bigint[];
  alike text := 'lower(m.title) OPERATOR(public.%>) lower($1)';
BEGIN
  IF NOT gate.entered() OR wanted = '' THEN
    RETURN;
  END IF;
  folders := gate.gathered();
  IF cardinality(words) > 1 THEN -- each of them narrows what the others find
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.5', true);
  END IF;
  IF cardinality(words) > 0 THEN
    alike := (SELECT string_agg(format('lower(m.title) OPERATOR(public.%%>) $2[%s]', n), ' AND ')
                FROM generate_subscripts(words, 1) n);
  END IF;
  RETURN QUERY EXECUTE format($found$
    WITH found AS MATERIALIZED (
      SELECT m.id, m.folder_id, public.word_similarity(lower($1), lower(m.title)) AS points
        FROM public.sharing_matter m WHERE %1$s %2$s
      UNION ALL
      SELECT m.id, m.folder_id, 2 FROM public.sharing_matter m
       WHERE m.reference = upper(replace($1, ' ', '')) %2$s
      UNION ALL
      SELECT m.id, m.folder_id, 1.5 FROM public.sharing_matter m
       WHERE $1 ~ '^[[:alnum:]-]{4,12}$' AND $1 ~ '[0-9]' AND m.reference LIKE '%%' || upper($1) || '%%' %2$s
    )
    SELECT b.id FROM (SELECT id, folder_id, max(points) AS points FROM found GROUP BY id, folder_id) b
     WHERE EXISTS (SELECT 1 FROM gate.visible_folder f WHERE f.id = b.folder_id)
     ORDER BY b.points DESC, b.id DESC LIMIT 1000
    $found$, alike, CASE WHEN folders IS NULL THEN '' ELSE 'AND m.folder_id = ANY ($3)' END)
    USING wanted, words, folders;
END
$$;

-- Write down one search, before it is made. Gives its number, or nothing where the actor has asked for
-- pointers as often as an hour allows: the lock makes that hold however many ask at once.
CREATE OR REPLACE FUNCTION gate.note_search(sort text, why text, hashes jsonb, asks boolean)
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  noted bigint; of_agency text;
BEGIN
  IF NOT gate.entered() THEN
    RAISE EXCEPTION 'Nobody has entered, so nobody searches';
  END IF;
  IF asks THEN
    PERFORM pg_advisory_xact_lock(7305512000000 + gate.user_id());
    IF (SELECT count(*) FROM public.sharing_search s
         WHERE s.user_id = gate.user_id() AND s.pointed AND s.at > clock_timestamp() - interval '1 hour')
       >= gate.pointers_an_hour() THEN
      RETURN NULL;
    END IF;
  END IF;
  SELECT a.code INTO of_agency FROM public.partnership_unit u
    JOIN public.partnership_agency a ON a.id = u.agency_id
   WHERE u.id = ANY (gate.holders()) LIMIT 1;
  INSERT INTO public.sharing_search (partnership_id, user_id, agency, kind, purpose, terms, pointed, at)
  VALUES (gate.partnership(), gate.user_id(), coalesce(of_agency, ''), sort, why, hashes, asks, clock_timestamp())
  RETURNING id INTO noted;
  RETURN noted;
END
$$;

-- Add to one search of mine how much it showed and how many pointers it gave. Each is said once: what the log
-- holds nobody changes, and no page's role may write to it.
CREATE OR REPLACE FUNCTION gate.finish_search(noted bigint, showed integer, gave integer) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.sharing_search s SET seen = coalesce(s.seen, showed), hits = coalesce(s.hits, gave)
   WHERE s.id = noted AND s.user_id = gate.user_id()
     AND (s.seen IS NULL AND showed IS NOT NULL OR s.hits IS NULL AND gave IS NOT NULL)
$$;

CREATE OR REPLACE FUNCTION gate.pointers_an_hour() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 60::bigint $$;

-- When the actor may ask for pointers again: nothing where she may now.
CREATE OR REPLACE FUNCTION gate.points_again_at() RETURNS timestamptz
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.at + interval '1 hour' FROM public.sharing_search s
   WHERE s.user_id = gate.user_id() AND s.pointed AND s.at > clock_timestamp() - interval '1 hour'
   ORDER BY s.at DESC OFFSET gate.pointers_an_hour() - 1 LIMIT 1
$$;

-- How a purpose of my partnership points today, and the post it names: ('hub' | 'coordinator' | 'none', post).
CREATE OR REPLACE FUNCTION gate.points_how(wanted text, OUT how text, OUT post text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.payload ->> 'pointer', coalesce(v.payload ->> 'contact', '')
    FROM public.partnership_entry e JOIN public.partnership_entry_version v ON v.entry_id = e.id,
         LATERAL (SELECT (gate.instant() AT TIME ZONE 'Europe/London')::date AS day) today
   WHERE e.section = 'purposes' AND e.code = wanted AND v.withdrawn_in_id IS NULL
     AND (e.partnership_id IS NULL OR e.partnership_id = gate.partnership())
     AND (v.valid_from IS NULL OR v.valid_from <= today.day) AND (v.valid_until IS NULL OR v.valid_until >= today.day)
   ORDER BY e.partnership_id NULLS LAST LIMIT 1
$$;

-- "Possibly known to …": at most five hubs of my partnership that hold a record I may not read and that matches
-- a name and one whole identifier. Each hub once, so that nothing is counted; a purpose that names no hub
-- gives one pointer at most. Vault records, and records in a vault matter, are as if they were not.
DROP FUNCTION IF EXISTS gate.point(text, text, date, text, text, text);
CREATE FUNCTION gate.point(
    wanted_given text, wanted_family text, wanted_born date, wanted_address text, wanted_telephone text, why text)
  RETURNS TABLE (token text, hub_id bigint, contact text, likely boolean)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  how text; post text; hit record; made text;
BEGIN
  IF NOT gate.entered() OR coalesce(cardinality(gate.holders()), 0) = 0 OR gate.partnership() IS NULL
     OR length(regexp_replace(wanted_given || wanted_family, '[^[:alpha:]]', '', 'g')) < 3
     OR (wanted_born IS NULL AND wanted_address = '' AND wanted_telephone = '') THEN
    RETURN;
  END IF;
  -- Asking is counted where it is written down; this refuses what was asked around it.
  IF (SELECT count(*) FROM public.sharing_search s
       WHERE s.user_id = gate.user_id() AND s.pointed AND s.at > clock_timestamp() - interval '1 hour')
     > gate.pointers_an_hour() THEN
    RETURN;
  END IF;
  SELECT p.how, p.post INTO how, post FROM gate.points_how(why) p;
  IF how IS NULL OR how = 'none' THEN
    RETURN;
  END IF;
  FOR hit IN
    WITH same AS MATERIALIZED (
      SELECT p.id AS person_id, 'born' AS by FROM public.people_person p
       WHERE wanted_born IS NOT NULL AND p.born_on = wanted_born AND p.born_precision = 'exact'
      UNION
      SELECT a.person_id, 'address' FROM public.people_address a
       WHERE wanted_address <> '' AND a.key = wanted_address AND a.person_id IS NOT NULL
      UNION
      SELECT c.person_id, 'telephone' FROM public.people_contact_point c
       WHERE wanted_telephone <> '' AND c.key = wanted_telephone
    ), matched AS (
      SELECT s.person_id, count(DISTINCT s.by) AS agree FROM same s GROUP BY s.person_id
    ), named AS (
      SELECT m.person_id, m.agree,
             bool_or(gate.alike(n.family, wanted_family) AND gate.alike(n.given, wanted_given)) AS both_parts
        FROM matched m JOIN public.people_name n ON n.person_id = m.person_id
       WHERE gate.alike(n.family, wanted_family)
          OR (wanted_given <> '' AND gate.alike(n.given, wanted_given) AND m.agree > 1)
          OR (wanted_given = '' AND gate.alike(n.given, wanted_family))
       GROUP BY m.person_id, m.agree
    ), held AS (
      SELECT DISTINCT ON (CASE WHEN how = 'hub' THEN o.hub_id ELSE 0 END)
             f.id AS record, o.id AS matter, o.hub_id AS hub,
             (n.both_parts AND n.agree > 0 AND (wanted_born IS NULL OR p.born_on IS NULL OR p.born_on = wanted_born))
               AS probable
        FROM named n
        JOIN public.people_person p ON p.id = n.person_id
        JOIN public.sharing_folder f ON f.id = p.folder_id
        JOIN public.sharing_enclosure e ON e.inner_id = f.id AND e.ended_at IS NULL
        -- To a matter, and not to an item of a meeting that speaks of it.
        JOIN public.sharing_folder o ON o.id = e.outer_id AND o.kind = 'matter'
       WHERE f.partnership_id = gate.partnership() AND o.partnership_id = gate.partnership()
         AND f.sensitivity < 2 AND o.sensitivity < 2 AND o.hub_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM gate.readable_folder r WHERE r.id = f.id)
         -- Nobody is pointed to a hub through one matter of a record whose other lies in the vault.
         AND NOT EXISTS (SELECT 1 FROM public.sharing_enclosure ve JOIN public.sharing_folder vo ON vo.id = ve.outer_id
                          WHERE ve.inner_id = f.id AND ve.ended_at IS NULL AND vo.sensitivity = 2)
       ORDER BY CASE WHEN how = 'hub' THEN o.hub_id ELSE 0 END, probable DESC, n.agree DESC, o.id
    )
    SELECT * FROM held ORDER BY probable DESC, hub LIMIT 5
  LOOP
    made := replace(gen_random_uuid()::text, '-', '');
    INSERT INTO public.sharing_pointer_hit (token, user_id, record_id, matter_id, hub_id, purpose, likely, at)
    VALUES (made, gate.user_id(), hit.record, hit.matter, hit.hub, why, hit.probable, clock_timestamp());
    token := made;
    hub_id := CASE WHEN how = 'hub' THEN hit.hub END;
    contact := CASE WHEN how = 'coordinator' THEN post ELSE '' END;
    likely := hit.probable;
    RETURN NEXT;
  END LOOP;
END
$$;
