-- Whether something that the actor may not see keeps persons of a matter apart from an addressee. It answers
-- yes or no and nothing else, so that what is held elsewhere can stop a letter without being told.
--
-- `matter`: the folder of a matter of the actor's own unit or hub; for any other the answer is always no.
-- `persons`, `addressee`: numbers of people's records, of which only those count that the actor may read.
-- `keys`: keys of the address it goes to (people.rules.keys). `kinds`: the kinds of relationship that protect.
-- Vault records are left out: they give no sign of themselves, this one neither.
-- The operation that calls it counts the calls (releases.operations.release).
CREATE OR REPLACE FUNCTION gate.kept_apart_elsewhere(
  matter bigint, persons bigint[], addressee bigint, keys text[], kinds text[]
) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE allowed AS (
    SELECT 1 FROM public.sharing_folder f JOIN gate.visible_folder v ON v.id = f.id
     WHERE f.id = matter AND gate.entered()
       AND (f.hub_id = ANY (gate.hubs()) OR f.unit_id = ANY (gate.holders()))
  ), given AS (
    SELECT p.id FROM public.people_person p
     WHERE p.id = ANY (persons || addressee) AND EXISTS (SELECT 1 FROM allowed)
       AND EXISTS (SELECT 1 FROM gate.readable_folder r WHERE r.id = p.folder_id)
  ), same (start, id) AS (
    SELECT g.id, g.id FROM given g
    UNION
    SELECT s.start, CASE WHEN l.a_id = s.id THEN l.b_id ELSE l.a_id END
      FROM same s
      JOIN public.people_link_decision l ON l.a_id = s.id OR l.b_id = s.id
      JOIN public.sharing_folder fa ON fa.id = l.a_folder_id AND fa.sensitivity < 2
      JOIN public.sharing_folder fb ON fb.id = l.b_folder_id AND fb.sensitivity < 2
     WHERE l.verdict = 'same' AND l.undone_at IS NULL
  ), concerned AS (
    SELECT id FROM same WHERE start = ANY (persons)
  ), apart AS (
    SELECT CASE WHEN r.person_id = c.id THEN r.other_id ELSE r.person_id END AS id
      FROM concerned c
      JOIN public.people_relationship r ON r.person_id = c.id OR r.other_id = c.id
      JOIN public.sharing_folder f ON f.id = r.folder_id AND f.sensitivity < 2
     WHERE r.other_id IS NOT NULL
       AND (r."group" = 'adversary' OR r.must_not_know OR r.kind = ANY (kinds))
       AND (r.valid_until IS NULL OR r.valid_until >= (gate.instant() AT TIME ZONE 'Europe/London')::date)
  ), apart_same (id) AS (
    SELECT id FROM apart
    UNION
    SELECT CASE WHEN l.a_id = s.id THEN l.b_id ELSE l.a_id END
      FROM apart_same s
      JOIN public.people_link_decision l ON l.a_id = s.id OR l.b_id = s.id
      JOIN public.sharing_folder fa ON fa.id = l.a_folder_id AND fa.sensitivity < 2
      JOIN public.sharing_folder fb ON fb.id = l.b_folder_id AND fb.sensitivity < 2
     WHERE l.verdict = 'same' AND l.undone_at IS NULL
  )
  SELECT EXISTS (SELECT 1 FROM same s JOIN apart_same a ON a.id = s.id WHERE s.start = addressee)
      OR EXISTS (
           SELECT 1 FROM apart_same a
             JOIN public.people_address d ON d.person_id = a.id
             JOIN public.sharing_folder f ON f.id = d.folder_id AND f.sensitivity < 2
            WHERE d.key = ANY (keys) AND d.key <> ''
              AND (d.valid_until IS NULL OR d.valid_until >= (gate.instant() AT TIME ZONE 'Europe/London')::date))
$$;
