-- Long lists of records (laid after sharing's gate.sql, see foundation.walls).
--
-- A list is sorted, and cut after its first few hundred. These functions run as gate and repeat the rule of sight;
-- they give back numbers, in order, and the caller reads again under her own sight those that a page shows.

-- The folders I may read, gathered, where that is the quicker way: for somebody without a hub who holds few
-- interests. Nothing for whoever works in a hub: she walks a list in its order, where every few rows are hers.
-- Each step looks folders up one by one, since the planner cannot know how few of them are mine.
CREATE OR REPLACE FUNCTION gate.gathered() RETURNS bigint[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seen bigint[];
BEGIN
  IF cardinality(gate.hubs()) > 0 OR (SELECT count(*) FROM (SELECT FROM gate.sight LIMIT 20001) held) > 20000 THEN
    RETURN NULL;
  END IF;
  seen := ARRAY(
    SELECT f.id FROM public.sharing_folder f
     WHERE f.sensitivity = 0 AND f.kind <> 'work' AND f.unit_id = ANY (gate.holders())
    UNION
    SELECT s.folder_id FROM gate.sight s
     WHERE s.sensitivity >= (SELECT f.sensitivity FROM public.sharing_folder f WHERE f.id = s.folder_id));
  RETURN seen || ARRAY(
    SELECT e.inner_id FROM unnest(seen) o (id)
      JOIN public.sharing_enclosure e ON e.outer_id = o.id AND e.ended_at IS NULL
     WHERE (SELECT f.sensitivity FROM public.sharing_folder f WHERE f.id = e.inner_id) = 0);
END
$$;

-- Numbers of persons that I may read, sorted; `sorted_by`: name or recorded. `of_agency`: '' for every agency.
CREATE OR REPLACE FUNCTION gate.list_persons(of_agency text, sorted_by text, backwards boolean, most integer)
  RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  folders bigint[];
BEGIN
  IF NOT gate.entered() THEN
    RETURN;
  END IF;
  folders := gate.gathered();
  RETURN QUERY EXECUTE format(
    'SELECT p.id FROM public.people_person p WHERE %s AND ($1 = '''' OR p.agency = $1) ORDER BY %s LIMIT $2',
    gate.listed_where(folders), gate.listed_order(sorted_by, backwards))
    USING of_agency, most, folders, gate.partnership();
END
$$;

-- The same of places. `of_kind`: '' for every kind.
CREATE OR REPLACE FUNCTION gate.list_places(
    of_agency text, of_kind text, sorted_by text, backwards boolean, most integer)
  RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  folders bigint[];
BEGIN
  IF NOT gate.entered() THEN
    RETURN;
  END IF;
  folders := gate.gathered();
  RETURN QUERY EXECUTE format(
    'SELECT p.id FROM public.people_place p WHERE %s AND ($1 = '''' OR p.agency = $1)'
    ' AND ($5 = '''' OR p.kind = $5) ORDER BY %s LIMIT $2',
    gate.listed_where(folders), gate.listed_order(sorted_by, backwards))
    USING of_agency, most, folders, gate.partnership(), of_kind;
END
$$;

-- Pieces of the two queries above: which of the records `p` are mine, and in which order they come. A list is of one
-- partnership, whichever way it is gathered.
CREATE OR REPLACE FUNCTION gate.listed_where(folders bigint[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN folders IS NULL
    THEN 'p.partnership_id = $4 AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = p.folder_id OFFSET 0)'
    ELSE 'p.partnership_id = $4 AND p.folder_id = ANY ($3)' END
$$;
CREATE OR REPLACE FUNCTION gate.listed_order(sorted_by text, backwards boolean) RETURNS text
  LANGUAGE sql IMMUTABLE AS $$
  SELECT format('p.%1$I %2$s, p.id %2$s', CASE sorted_by WHEN 'recorded' THEN 'given_on' ELSE 'name' END,
                CASE WHEN backwards THEN 'DESC' ELSE 'ASC' END)
$$;
