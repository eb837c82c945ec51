-- Words in what was written of referrals and cases (laid after sharing's gate.sql and people's lists.sql, see
-- foundation.walls).
--
-- A text index is dead under row-level security. So this function runs as gate, finds by index, repeats the rule of
-- sight, and gives back numbers, the newest first, which the caller reads again under her own sight. The actor comes
-- from the settings alone, and every piece of the query from here: the caller names a table and gives words.

-- What of one of these tables is searched. Letter for letter the expression of its index (migration 0002).
CREATE OR REPLACE FUNCTION gate.written_in(of_table text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT 'to_tsvector(''pg_catalog.english''::regconfig, ' || CASE of_table
    WHEN 'casework_case' THEN 'why || '' '' || wanted'
    WHEN 'casework_referral' THEN 'happened || '' '' || "where" || '' '' || tried || '' '' || asked_for'
      ' || '' '' || children_words || '' '' || wishes || '' '' || urgent_why || '' '' || reply'
    WHEN 'casework_action' THEN 'words || '' '' || evidence || '' '' || blocked_why'
    WHEN 'casework_note' THEN 'words' END || ')'
$$;

-- The rule of sight of such a table, as its wall has it. A listed one carries its folder's hub, unit and sensitivity
-- and is seen as its folder is in its own right. Of a note both folders are asked; a withdrawn one is not found.
CREATE OR REPLACE FUNCTION gate.written_mine(of_table text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN of_table = 'casework_note' THEN
    't.withdrawn_at IS NULL'
    ' AND EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = t.matter_folder_id OFFSET 0)'
    ' AND (t.folder_id = t.matter_folder_id'
    ' OR EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = t.folder_id OFFSET 0))'
  ELSE
    '(t.sensitivity = 0 AND t.hub_id = ANY ((SELECT gate.hubs())::bigint[]))'
    ' OR (t.sensitivity = 0 AND t.unit_id = ANY ((SELECT gate.holders())::bigint[]))'
    ' OR EXISTS (SELECT 1 FROM gate.sight s WHERE s.folder_id = t.folder_id AND s.sensitivity >= t.sensitivity)'
  END
$$;

-- Of each of these tables, the numbers of the rows that hold all these words and that I may read, the newest first,
-- `most` at most of each: sight is tested before anything is cut, so that what I may not read crowds out nothing. For
-- somebody without a hub who holds few interests her folders are gathered first, once for all the tables. Raises an
-- error for a table that is not searched.
DROP FUNCTION IF EXISTS gate.find_written(text, text, integer);
CREATE OR REPLACE FUNCTION gate.find_written(of_tables text[], wanted text, most integer)
  RETURNS TABLE (of_table text, number bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked tsquery := websearch_to_tsquery('pg_catalog.english'::regconfig, wanted);
  one text;
  folders bigint[];
BEGIN
  FOREACH one IN ARRAY of_tables LOOP
    IF gate.written_in(one) IS NULL THEN
      RAISE EXCEPTION 'No table whose words are searched';
    END IF;
  END LOOP;
  IF NOT gate.entered() OR numnode(asked) = 0 THEN
    RETURN;
  END IF;
  folders := gate.gathered();
  FOREACH one IN ARRAY of_tables LOOP
    RETURN QUERY EXECUTE format(
      'SELECT %L::text, t.id FROM public.%I t WHERE %s @@ $1 %s AND (%s) ORDER BY t.id DESC LIMIT $2',
      one, one, gate.written_in(one),
      CASE WHEN folders IS NULL THEN '' WHEN one = 'casework_note' THEN 'AND t.matter_folder_id = ANY ($3)'
           ELSE 'AND t.folder_id = ANY ($3)' END,
      gate.written_mine(one))
      USING asked, most, folders;
  END LOOP;
END
$$;
