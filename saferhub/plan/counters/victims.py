"""The counter of people who were harmed again: a victim or complainant in a referral, and in another within a year.

Records that somebody has linked as the same person count as one, as the links stood at the end of the time.
"""

from __future__ import annotations

from datetime import date

from . import Counter, Part, register
from .addresses import listed
from .tallies import Kind, first_day, parts

# Codes of the section case_roles.
HARMED = ("victim", "complainant")
LOOKS_BACK = 365


def _since(using: str, partnership: int) -> date | None:
    statement = "SELECT min(sent_on) FROM casework_referral WHERE partnership_id = %(partnership)s"
    return first_day(using, statement, {"partnership": partnership})


def repeat_victims(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """People harmed in a referral sent in the time, of whom another was sent in the 365 days up to it and before it.

    A role that was taken away by the end of the time is none. It has no parts: somebody may be harmed in two hubs."""
    statement = """
        WITH RECURSIVE linked(a, b) AS (
          SELECT l.a_id, l.b_id FROM people_link_decision l
           WHERE l.partnership_id = %(partnership)s AND l.verdict = 'same' AND l."on" <= %(last)s
             AND (l.undone_on IS NULL OR l.undone_on > %(last)s)
        ), both_ways AS (
          SELECT a, b FROM linked UNION SELECT b, a FROM linked
        ), reached(id, other) AS (
          SELECT a, b FROM both_ways
          UNION
          SELECT r.id, w.b FROM reached r JOIN both_ways w ON w.a = r.other
        ), same AS (
          SELECT r.id, least(r.id, min(r.other)) AS person FROM reached r GROUP BY r.id
        ), harmed AS MATERIALIZED (
          SELECT DISTINCT coalesce(s.person, i.person_id) AS person, f.id AS referral, f.sent_on
            FROM casework_involved i
            JOIN casework_referral f ON f.matter_id = i.matter_id
            LEFT JOIN same s ON s.id = i.person_id
           WHERE i.partnership_id = %(partnership)s AND i.role = ANY(%(harmed)s) AND i.person_id IS NOT NULL
             AND (i.ended_on IS NULL OR i.ended_on > %(last)s)
             AND f.sent_on BETWEEN %(first)s::date - %(back)s AND %(last)s
        ), followed AS (
          SELECT h.person, h.referral, h.sent_on,
                 lag(h.sent_on) OVER (PARTITION BY h.person ORDER BY h.sent_on, h.referral) AS before
            FROM harmed h
        )
        SELECT p.person AS id,
               concat_ws('|', p.person, string_agg(concat_ws(',', p.referral, p.sent_on, p.before), ';'
                                                   ORDER BY p.referral)) AS line,
               bool_or(p.before IS NOT NULL AND p.before >= p.sent_on - %(back)s)::int AS num, 1 AS den, NULL AS val
          FROM followed p WHERE p.sent_on BETWEEN %(first)s AND %(last)s GROUP BY p.person"""
    given: dict[str, object] = {
        "partnership": partnership,
        "first": first,
        "last": last,
        "harmed": list(HARMED),
        "back": LOOKS_BACK,
    }
    return parts(using, Kind("share", "No victim was named in a referral in this time."), statement, given)


def _sent(first: date, last: date, split: str, code: str) -> str:
    return listed("referrals", split, code, sent_from=first, sent_to=last)


register(
    Counter(
        "repeat_victims",
        "Victims who had been named before within a year",
        "per_cent",
        True,
        repeat_victims,
        _sent,
        _since,
    )
)
