"""Every counter restated as plain SQL: one line for each row that it should count, read off docs/rules/measures.md.

Nothing of the counters is used here. What packs say (which agencies are statutory, which boards report, which outcomes
are positive, which days are bank holidays) is read from their files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from django.db import connections

PACKS = Path(__file__).resolve().parents[3] / "packs"
PACK_OF = {"north_yorkshire": "north_yorkshire_2018", "wealdshire": "wealdshire"}
# What a line is: the codes of its hub, agency and area; what it adds to numerator and denominator; of what a median is
# taken.
_LINE = "hub, agency, area, num, den, val"
NUMBERS, MEDIANS = ("referrals_received", "cases_open", "trained"), ("decision_days", "closure_days")
# By what each is broken down, and whether a part without a line is shown.
SPLITS: dict[str, tuple[str, ...]] = {
    "repeat_victims": (), "boards_heard": (), "trained": ("area",), "plan_actions_on_track": ("area",),
    "adopted_share": ("hub", "agency"), "actions_on_time": ("hub", "agency"),
    "attendance_others": ("hub", "agency"), "attendance_statutory": ("hub", "agency"),
}  # fmt: skip
_SHOWN_WITHOUT_A_LINE = ("hub", "area")


def _hub(matter: str, day: str, now: str) -> str:
    """The hub that a matter was still to leave first after a day; where it left none, the hub that has it now."""
    return f"""(SELECT code FROM partnership_hub WHERE id = coalesce(
        (SELECT from_hub_id FROM sharing_handover WHERE matter_id = {matter} AND "on" > {day}
          ORDER BY "on", id LIMIT 1), {now}))"""


_ATTENDANCE = """
    SELECT h.code AS hub, a.code AS agency, NULL AS area, 1 AS den, NULL::int AS val,
           CASE WHEN 'present' = ANY(array_agg(t.came)) OR 'deputy' = ANY(array_agg(t.came)) THEN 1 ELSE 0 END AS num
      FROM meetings_attendance t
      JOIN meetings_meeting m ON m.id = t.meeting_id
      JOIN partnership_agency a ON a.id = t.agency_id
      JOIN partnership_hub h ON h.id = m.hub_id
     WHERE m.partnership_id = %(p)s AND m."on" >= %(first)s AND m."on" <= %(last)s
       AND m.status IN ('running', 'draft', 'approved') AND t.seat IN ('chair', 'deputy_chair', 'minutes', 'member')
       AND a.code {which} (%(statutory)s::text[])
     GROUP BY m.id, h.code, a.code"""

STATEMENTS = {
    "referrals_received": f"""
        SELECT {_hub("r.matter_id", "r.sent_on - 1", "r.hub_id")} AS hub, NULL AS agency, NULL AS area,
               1 AS num, 0 AS den, NULL AS val
          FROM casework_referral r
         WHERE partnership_id = %(p)s AND sent_on >= %(first)s AND sent_on <= %(last)s""",
    "decision_days": f"""
        SELECT {_hub("r.matter_id", "r.decided_on", "r.hub_id")} AS hub, NULL AS agency, NULL AS area,
               0 AS num, 0 AS den, (SELECT count(*) FROM generate_series(sent_on + 1, decided_on, interval '1 day') AS d
                 WHERE extract(isodow FROM d) < 6 AND d::date <> ALL(%(holidays)s::date[])) AS val
          FROM casework_referral r
         WHERE partnership_id = %(p)s AND decided_on >= %(first)s AND decided_on <= %(last)s""",
    "adopted_share": f"""
        SELECT {_hub("r.matter_id", "r.decided_on", "r.hub_id")} AS hub, a.code AS agency, NULL AS area,
               CASE WHEN r.status = 'adopted' THEN 1 ELSE 0 END AS num, 1 AS den, NULL AS val
          FROM casework_referral r, partnership_unit u, partnership_agency a
         WHERE u.id = r.unit_id AND a.id = u.agency_id AND r.partnership_id = %(p)s
           AND r.decided_on >= %(first)s AND r.decided_on <= %(last)s""",
    "cases_open": f"""
        SELECT {_hub("c.matter_id", "%(last)s", "c.hub_id")} AS hub, NULL AS agency, NULL AS area, 1 AS num, 0 AS den,
               NULL AS val
          FROM casework_case c
         WHERE partnership_id = %(p)s AND adopted_on <= %(last)s
           AND 'closed' IS DISTINCT FROM
               (SELECT to_status FROM casework_case_move m
                 WHERE m.case_id = c.id AND to_status IN ('closed', 'reopened') AND "on" <= %(last)s
                 ORDER BY "on" DESC, id DESC LIMIT 1)""",
    "closure_days": f"""
        SELECT {_hub("c.matter_id", 'm."on"', "c.hub_id")} AS hub, NULL AS agency, NULL AS area, 0 AS num, 0 AS den,
               m."on" - c.adopted_on AS val
          FROM casework_case c, casework_case_move m
         WHERE m.case_id = c.id AND c.partnership_id = %(p)s AND m.to_status = 'closed'
           AND m."on" >= %(first)s AND m."on" <= %(last)s""",
    "reopened_share": f"""
        SELECT {_hub("c.matter_id", 'm."on"', "c.hub_id")} AS hub, NULL AS agency, NULL AS area, 1 AS den, NULL AS val,
               CASE WHEN (SELECT min(n."on") FROM casework_case_move n
                           WHERE n.case_id = c.id AND n.to_status = 'reopened' AND n.id > m.id) - m."on" <= 183
                    THEN 1 ELSE 0 END AS num
          FROM casework_case c, casework_case_move m
         WHERE m.case_id = c.id AND c.partnership_id = %(p)s AND m.to_status = 'closed'
           AND m."on" + 183 >= %(first)s AND m."on" + 183 <= %(last)s""",
    "demand_after": f"""
        SELECT {_hub("c.matter_id", "c.adopted_on", "c.hub_id")} AS hub, NULL AS agency, NULL AS area,
               sum(CASE WHEN d."on" > c.adopted_on THEN d.count ELSE 0 END) AS num,
               sum(CASE WHEN d."on" < c.adopted_on THEN d.count ELSE 0 END) AS den, NULL AS val
          FROM casework_case c, casework_demand_event d
         WHERE d.case_id = c.id AND c.partnership_id = %(p)s AND d."on" <> c.adopted_on
           AND abs(d."on" - c.adopted_on) <= 182
           AND c.adopted_on + 182 >= %(first)s AND c.adopted_on + 182 <= %(last)s
         GROUP BY c.id""",
    "enforcement_share": f"""
        SELECT {_hub("c.matter_id", "x.known_on", "i.hub_id")} AS hub, NULL AS agency, NULL AS area,
               CASE WHEN i.kind = 'enforcement' THEN 1 ELSE 0 END AS num, 1 AS den, NULL AS val
          FROM casework_intervention i, casework_case c,
               (SELECT b.id, CASE WHEN b.starts_on < min(v."on") THEN min(v."on") ELSE b.starts_on END AS known_on
                  FROM casework_intervention b, casework_intervention_move v
                 WHERE v.intervention_id = b.id AND v.to_status = 'in_place' GROUP BY b.id) x
         WHERE c.id = i.case_id AND x.id = i.id AND i.partnership_id = %(p)s
           AND x.known_on >= %(first)s AND x.known_on <= %(last)s""",
    "contracts_positive": f"""
        SELECT {_hub("c.matter_id", "x.known_on", "i.hub_id")} AS hub, NULL AS agency, NULL AS area,
               CASE WHEN i.outcome = ANY(%(positive)s::text[]) THEN 1 ELSE 0 END AS num, 1 AS den, NULL AS val
          FROM casework_intervention i, casework_case c,
               (SELECT b.id, CASE WHEN b.ended_on < min(v."on") THEN min(v."on") ELSE b.ended_on END AS known_on
                  FROM casework_intervention b, casework_intervention_move v
                 WHERE v.intervention_id = b.id AND v.to_status = 'ended' GROUP BY b.id) x
         WHERE c.id = i.case_id AND x.id = i.id AND i.partnership_id = %(p)s
           AND i.power = 'acceptable_behaviour_contract' AND x.known_on >= %(first)s AND x.known_on <= %(last)s""",
    "actions_on_time": f"""
        SELECT {_hub("c.matter_id", "a.due_on", "a.hub_id")} AS hub, g.code AS agency, NULL AS area, 1 AS den,
               NULL AS val, CASE WHEN l.to_status = 'done' AND l."on" <= a.due_on THEN 1 ELSE 0 END AS num
          FROM casework_action a
          JOIN casework_case c ON c.id = a.case_id
          JOIN partnership_unit u ON u.id = a.owner_unit_id
          JOIN partnership_agency g ON g.id = u.agency_id
          LEFT JOIN (SELECT DISTINCT ON (action_id) action_id, to_status, "on" FROM casework_action_move
                      WHERE "on" <= %(last)s ORDER BY action_id, "on" DESC, id DESC) l ON l.action_id = a.id
         WHERE a.partnership_id = %(p)s AND a.due_on >= %(first)s AND a.due_on <= %(last)s
           AND (l.to_status IS NULL OR l.to_status <> 'dropped')""",
    "attendance_statutory": _ATTENDANCE.format(which="= ANY"),
    "attendance_others": _ATTENDANCE.format(which="<> ALL"),
    "repeat_victims": """
        WITH RECURSIVE pairs AS (
          SELECT a_id AS one, b_id AS other FROM people_link_decision
           WHERE partnership_id = %(p)s AND verdict = 'same' AND "on" <= %(last)s
             AND coalesce(undone_on, 'infinity') > %(last)s
        ), harmed AS (
          SELECT i.person_id, f.id AS referral, f.sent_on
            FROM casework_involved i, casework_referral f
           WHERE f.matter_id = i.matter_id AND f.partnership_id = %(p)s AND i.role IN ('victim', 'complainant')
             AND i.person_id IS NOT NULL AND coalesce(i.ended_on, 'infinity') > %(last)s AND f.sent_on <= %(last)s
        ), reached AS (
          SELECT DISTINCT person_id AS record, person_id AS other FROM harmed
          UNION
          SELECT r.record, CASE WHEN p.one = r.other THEN p.other ELSE p.one END
            FROM reached r JOIN pairs p ON r.other IN (p.one, p.other)
        ), people AS (
          SELECT record, min(other) AS person FROM reached GROUP BY record
        ), times AS (
          SELECT DISTINCT person, referral, sent_on FROM harmed JOIN people ON record = person_id
        )
        SELECT NULL AS hub, NULL AS agency, NULL AS area, 1 AS den, NULL AS val,
               CASE WHEN bool_or((SELECT count(*) FROM times e
                                   WHERE e.person = t.person AND (e.sent_on, e.referral) < (t.sent_on, t.referral)
                                     AND t.sent_on - e.sent_on <= 365) > 0) THEN 1 ELSE 0 END AS num
          FROM times t WHERE sent_on >= %(first)s GROUP BY person""",
    "trained": """
        SELECT NULL AS hub, NULL AS agency, a.code AS area, t.count AS num, 0 AS den, NULL AS val
          FROM plan_training t, plan_area a
         WHERE a.id = t.area_id AND t.partnership_id = %(p)s AND t."on" >= %(first)s AND t."on" <= %(last)s""",
    "plan_actions_on_track": """
        SELECT NULL AS hub, NULL AS agency, code AS area, 1 AS den, NULL AS val,
               CASE WHEN status IN ('on_track', 'done') THEN 1 ELSE 0 END AS num
          FROM (SELECT area.code, a.starts_on, coalesce(
                         (SELECT (array_agg(u.status ORDER BY u.id DESC))[1] FROM plan_action_update u
                           WHERE u.action_id = a.id AND u.status <> '' AND u."on" > %(last)s
                             AND u.quarter + interval '3 months' = %(last)s::date + 1),
                         (SELECT (array_agg(m.to_status ORDER BY m."on" DESC, m.id DESC))[1] FROM plan_action_move m
                           WHERE m.action_id = a.id AND m."on" <= %(last)s),
                         'not_started') AS status
                  FROM plan_action a, plan_objective o, plan_area area, plan_year y
                 WHERE o.id = a.objective_id AND area.id = o.area_id AND y.id = a.plan_id
                   AND a.partnership_id = %(p)s AND y.first_day <= %(last)s AND y.last_day >= %(last)s
                   AND (SELECT min("on") FROM plan_year_move m
                         WHERE m.plan_id = y.id AND m.to_status = 'in_force') <= %(last)s) one
         WHERE status <> 'stopped' AND (status <> 'not_started' OR starts_on <= %(last)s)""",
    "boards_heard": """
        SELECT NULL AS hub, NULL AS agency, NULL AS area, 1 AS den, NULL AS val,
               CASE WHEN EXISTS (SELECT FROM plan_connected_report r, partnership_board b
                                  WHERE b.id = r.board_id AND r.partnership_id = %(p)s AND b.code = said.code
                                    AND r."on" <= %(last)s AND r."on" + interval '12 months' > %(last)s)
                    THEN 1 ELSE 0 END AS num
          FROM unnest(%(boards)s::text[]) AS said(code)""",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """What a counter should give of one time: of the whole under ("", ""), of a part under its split and code."""

    numerator: int | None
    denominator: int | None
    value: float | None
    rows: int


def counted(
    using: str, code: str, partnership: Any, first: date, last: date
) -> dict[tuple[str, str], Figure]:
    """What a counter of this code should give for these days."""
    given = {"p": partnership.pk, "first": first, "last": last, **_said(partnership.code, last)}
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {_LINE} FROM ({STATEMENTS[code]}) lines", given)
        lines = cursor.fetchall()
    found = {("", ""): _figure(code, lines)}
    for place, split in enumerate(("hub", "agency", "area")):
        if split not in SPLITS.get(code, ("hub",)):
            continue
        parts: dict[str, list[Any]] = (
            {one: [] for one in _codes(using, split, partnership)} if split in _SHOWN_WITHOUT_A_LINE else {}
        )
        for line in lines:
            if line[place] is not None:
                parts.setdefault(line[place], []).append(line)
        found |= {(split, part): _figure(code, held) for part, held in parts.items()}
    return found


def _figure(code: str, lines: Sequence[Sequence[Any]]) -> Figure:
    numerator, denominator = sum(int(one[3]) for one in lines), sum(int(one[4]) for one in lines)
    if code in MEDIANS:
        return Figure(None, None, float(median(one[5] for one in lines)) if lines else None, len(lines))
    if code in NUMBERS:
        return Figure(numerator, None, numerator, len(lines))
    return Figure(numerator, denominator, 100 * numerator / denominator if denominator else None, len(lines))


def _codes(using: str, split: str, partnership: Any) -> list[str]:
    table = {"hub": "partnership_hub", "area": "plan_area"}[split]
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT code FROM {table} WHERE partnership_id = %s", [partnership.pk])
        return [code for (code,) in cursor.fetchall()]


def _said(partnership: str, day: date) -> Mapping[str, list[Any]]:
    pack = PACK_OF[partnership]
    return {
        "holidays": [one["day"] for one in _read("england", "bank_holidays")],
        "positive": [one["id"] for one in _read("england", "intervention_outcomes") if one["group"] == "positive"],
        "statutory": [one["id"] for one in _read(pack, "agencies") if one.get("statutory") and _stands(one, day)],
        "boards": [one["id"] for one in _read(pack, "boards") if one.get("reported_to_us") and _stands(one, day)],
    }  # fmt: skip


def _stands(one: Mapping[str, Any], day: date) -> bool:
    return one.get("from", date.min) <= day <= one.get("until", date.max)


@cache
def _read(pack: str, section: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((PACKS / pack / f"{section}.yaml").read_text(encoding="utf-8")))
