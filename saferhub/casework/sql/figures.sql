-- What a hub had before it went to another one (laid after sharing's gate).
--
-- Figures count a case with the hub that had it on that day. Whoever works in a hub does not see any more what went to
-- another one, and yet its past must not change. So these functions run as gate. They give numbers by day, never a
-- reference, of hubs that the caller sees; nothing of what is held narrowly and that she does not see; and of what she
-- does not see no band, which may have changed since. Number below nought: what a count by today's hub has too many of.

-- Turns of the cases that went from one hub to another, up to a day: adopted, closed, reopened, and came and went,
-- which are counted only of a case that was open then.
CREATE OR REPLACE FUNCTION gate.hub_turns(hubs bigint[], last date)
  RETURNS TABLE (hub bigint, turn text, on_day date, adopted_on date, band text, subject text, number bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH mine AS MATERIALIZED (
    SELECT h AS id FROM unnest(hub_turns.hubs) h WHERE gate.entered() AND h = ANY (gate.hubs())
  ), cases AS MATERIALIZED (
    SELECT c.* FROM (
      SELECT c.id, c.matter_id, c.hub_id, c.adopted_on, c.band, c.subject_kind, c.sensitivity,
             EXISTS (SELECT FROM gate.visible_folder v WHERE v.id = c.folder_id) AS is_seen
        FROM public.casework_case c
       WHERE c.matter_id IN (
         SELECT h.matter_id FROM public.sharing_handover h
          WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
            AND (h.from_hub_id IN (SELECT m.id FROM mine m) OR h.to_hub_id IN (SELECT m.id FROM mine m)))) c
     WHERE c.is_seen OR c.sensitivity = 0
  ), steps AS (
    SELECT c.id, h."on" AS on_day, h.created_at AS at, true AS goes, h.from_hub_id, h.to_hub_id, '' AS turn, 0 AS opens
      FROM cases c JOIN public.sharing_handover h ON h.matter_id = c.matter_id
     WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
    UNION ALL
    SELECT c.id, m."on", m.at, false, NULL, NULL, m.to_status, CASE m.to_status WHEN 'closed' THEN -1 ELSE 1 END
      FROM cases c JOIN public.casework_case_move m ON m.case_id = c.id
     WHERE m.to_status IN ('closed', 'reopened')
  ), ordered AS (
    SELECT s.*, count(*) FILTER (WHERE s.goes) OVER w AS gone, 1 + sum(s.opens) OVER w AS is_open,
           first_value(s.from_hub_id) OVER (PARTITION BY s.id ORDER BY s.goes DESC, s.on_day, s.at) AS first_hub
      FROM steps s WINDOW w AS (PARTITION BY s.id ORDER BY s.on_day, s.at, s.goes)
  ), placed AS (
    SELECT o.*, coalesce(max(o.to_hub_id) OVER (PARTITION BY o.id, o.gone),
                         CASE WHEN o.gone = 0 THEN o.first_hub END) AS at_hub
      FROM ordered o
  ), turns AS (
    SELECT DISTINCT p.id, p.first_hub AS hub, 'adopted' AS turn, c.adopted_on AS on_day, 1 AS number
      FROM placed p JOIN cases c ON c.id = p.id
    UNION ALL SELECT p.id, p.at_hub, p.turn, p.on_day, 1 FROM placed p WHERE NOT p.goes
    UNION ALL SELECT p.id, p.from_hub_id, 'went', p.on_day, 1 FROM placed p WHERE p.goes AND p.is_open = 1
    UNION ALL SELECT p.id, p.to_hub_id, 'came', p.on_day, 1 FROM placed p WHERE p.goes AND p.is_open = 1
    UNION ALL SELECT c.id, c.hub_id, 'adopted', c.adopted_on, -1 FROM cases c WHERE c.is_seen
    UNION ALL SELECT c.id, c.hub_id, p.turn, p.on_day, -1
      FROM placed p JOIN cases c ON c.id = p.id WHERE c.is_seen AND NOT p.goes
  )
  SELECT t.hub, t.turn::text, t.on_day, c.adopted_on, CASE WHEN c.is_seen THEN c.band ELSE '' END::text,
         c.subject_kind::text, sum(t.number)::bigint
    FROM turns t JOIN cases c ON c.id = t.id
   WHERE t.hub IN (SELECT m.id FROM mine m) AND t.on_day <= hub_turns.last
   GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(t.number) <> 0
$$;

-- How many referrals of those that went from one hub to another came to each hub within the days, and how many waited
-- there at the end of the last.
CREATE OR REPLACE FUNCTION gate.hub_referrals(hubs bigint[], first date, last date)
  RETURNS TABLE (hub bigint, received bigint, waiting bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH mine AS MATERIALIZED (
    SELECT h AS id FROM unnest(hub_referrals.hubs) h WHERE gate.entered() AND h = ANY (gate.hubs())
  ), referrals AS MATERIALIZED (
    SELECT r.* FROM (
      SELECT r.id, r.matter_id, r.hub_id, r.sent_on, r.sensitivity,
             EXISTS (SELECT FROM gate.visible_folder v WHERE v.id = r.folder_id) AS is_seen,
             least(r.decided_on, (SELECT min(m."on") FROM public.casework_referral_move m
                                   WHERE m.referral_id = r.id AND m.to_status = 'withdrawn')) AS ended_on
        FROM public.casework_referral r
       WHERE r.sent_on IS NOT NULL AND r.matter_id IN (
         SELECT h.matter_id FROM public.sharing_handover h
          WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
            AND (h.from_hub_id IN (SELECT m.id FROM mine m) OR h.to_hub_id IN (SELECT m.id FROM mine m)))) r
     WHERE r.is_seen OR r.sensitivity = 0
  ), went AS (
    SELECT r.id, h.from_hub_id, h.to_hub_id, h."on" AS on_day,
           row_number() OVER w AS nth, lead(h."on") OVER w AS next_on
      FROM referrals r JOIN public.sharing_handover h ON h.matter_id = r.matter_id
     WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
    WINDOW w AS (PARTITION BY r.id ORDER BY h."on", h.created_at)
  ), stays AS (
    SELECT r.id, w.from_hub_id AS hub, r.sent_on AS came_on, least(w.on_day, r.ended_on) AS left_on, 1 AS number
      FROM went w JOIN referrals r ON r.id = w.id WHERE w.nth = 1
    UNION ALL
    SELECT r.id, w.to_hub_id, w.on_day, least(w.next_on, r.ended_on), 1 FROM went w JOIN referrals r ON r.id = w.id
    UNION ALL
    SELECT r.id, r.hub_id, r.sent_on, r.ended_on, -1 FROM referrals r WHERE r.is_seen
  )
  SELECT s.hub, coalesce(sum(s.number) FILTER (WHERE s.came_on >= hub_referrals.first), 0)::bigint,
         coalesce(sum(s.number) FILTER (WHERE s.left_on IS NULL OR s.left_on > hub_referrals.last), 0)::bigint
    FROM stays s
   WHERE s.hub IN (SELECT m.id FROM mine m) AND s.came_on <= hub_referrals.last
   GROUP BY s.hub
$$;

-- What was agreed and used in those cases: actions whose day lies within the days, by the agency that agreed to do them
-- (`code`, `name`), and tools that began or ended then (`code`: the power), with the hub that had the case at the end of
-- that day. Whatever the reader sees, an action counts with a hub that the case left as it stood then (`came_of`): what
-- became of it later is the other hub's, as in a month that is over.
CREATE OR REPLACE FUNCTION gate.hub_work(hubs bigint[], first date, last date)
  RETURNS TABLE (hub bigint, what text, code text, name text, came_of text, number bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH mine AS MATERIALIZED (
    SELECT h AS id FROM unnest(hub_work.hubs) h WHERE gate.entered() AND h = ANY (gate.hubs())
  ), cases AS MATERIALIZED (
    SELECT c.id, c.matter_id FROM public.casework_case c
     WHERE c.matter_id IN (
       SELECT h.matter_id FROM public.sharing_handover h
        WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
          AND (h.from_hub_id IN (SELECT m.id FROM mine m) OR h.to_hub_id IN (SELECT m.id FROM mine m)))
  ), went AS (
    SELECT c.id, h.from_hub_id, h.to_hub_id, h."on" AS on_day,
           row_number() OVER w AS nth, lead(h."on") OVER w AS next_on
      FROM cases c JOIN public.sharing_handover h ON h.matter_id = c.matter_id
     WHERE h.from_hub_id IS DISTINCT FROM h.to_hub_id
    WINDOW w AS (PARTITION BY c.id ORDER BY h."on", h.created_at)
  ), stays AS (
    SELECT w.id, w.from_hub_id AS hub, '-infinity'::date AS since, w.on_day AS until FROM went w WHERE w.nth = 1
    UNION ALL
    SELECT w.id, w.to_hub_id, w.on_day, coalesce(w.next_on, 'infinity'::date) FROM went w
  ), done AS MATERIALIZED (
    SELECT a.case_id, a.hub_id, a.folder_id, a.sensitivity, 'action' AS what, a.due_on AS on_day, a.ended_on,
           g.code, g.name, CASE WHEN a.status = 'dropped' THEN 'dropped' WHEN a.status <> 'done' THEN 'open'
                                WHEN a.ended_on <= a.due_on THEN 'on_time' ELSE 'late' END AS came_of
      FROM public.casework_action a
      JOIN public.partnership_unit u ON u.id = a.owner_unit_id
      JOIN public.partnership_agency g ON g.id = u.agency_id
     WHERE a.case_id IN (SELECT c.id FROM cases c) AND a.due_on BETWEEN hub_work.first AND hub_work.last
    UNION ALL
    SELECT i.case_id, i.hub_id, i.folder_id, i.sensitivity, 'began', i.starts_on, NULL, i.power, '', i.kind
      FROM public.casework_intervention i
     WHERE i.case_id IN (SELECT c.id FROM cases c) AND i.starts_on BETWEEN hub_work.first AND hub_work.last
    UNION ALL
    SELECT i.case_id, i.hub_id, i.folder_id, i.sensitivity, 'ended', i.ended_on, NULL, i.power, '', i.outcome
      FROM public.casework_intervention i
     WHERE i.case_id IN (SELECT c.id FROM cases c) AND i.ended_on BETWEEN hub_work.first AND hub_work.last
  ), seen AS (
    SELECT d.*, EXISTS (SELECT FROM gate.visible_folder v WHERE v.id = d.folder_id) AS is_seen FROM done d
  ), counted AS (
    SELECT s.hub, d.what, d.code, d.name,
           CASE WHEN d.ended_on >= s.until THEN 'open' ELSE d.came_of END AS came_of, 1 AS number
      FROM seen d JOIN stays s ON s.id = d.case_id AND d.on_day >= s.since AND d.on_day < s.until
     WHERE d.is_seen OR d.sensitivity = 0
    UNION ALL
    SELECT d.hub_id, d.what, d.code, d.name, d.came_of, -1 FROM seen d WHERE d.is_seen
  )
  SELECT t.hub, t.what::text, t.code::text, t.name::text, t.came_of::text, sum(t.number)::bigint
    FROM counted t
   WHERE t.hub IN (SELECT m.id FROM mine m)
   GROUP BY 1, 2, 3, 4, 5 HAVING sum(t.number) <> 0
$$;
