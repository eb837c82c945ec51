"""Counters of cases: open on a day, how long until closed, reopened, and calls and incidents about their subjects.

Stock and flow come from dated moves, never from the status of today, each with the hub that had the case on that day.
"""

from __future__ import annotations

from datetime import date

from . import Counter, Part, register
from .addresses import earlier, listed
from .tallies import Kind, first_day, hub_on, hubs, parts

# A case that was reopened within so many days of its closing was closed too soon, or something new began.
REOPENED_WITHIN = 183
# Days before and after adoption over which calls and incidents are compared.
COMPARED = 182


def _given(partnership: int, first: date, last: date) -> dict[str, object]:
    return {"partnership": partnership, "first": first, "last": last}


def _since(using: str, partnership: int) -> date | None:
    statement = "SELECT min(adopted_on) FROM casework_case WHERE partnership_id = %(partnership)s"
    return first_day(using, statement, {"partnership": partnership})


def _since_closed(using: str, partnership: int) -> date | None:
    statement = """
        SELECT min("on") FROM casework_case_move WHERE partnership_id = %(partnership)s AND to_status = 'closed'"""
    return first_day(using, statement, {"partnership": partnership})


def _since_demand(using: str, partnership: int) -> date | None:
    statement = """
        SELECT min("on") FROM casework_demand_event WHERE partnership_id = %(partnership)s AND case_id IS NOT NULL"""
    return first_day(using, statement, {"partnership": partnership})


def cases_open(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Adopted up to the last day, less closings, plus reopenings up to it."""
    statement = f"""
        SELECT c.id, c.id::text AS line, 1 AS num, 0 AS den, NULL AS val,
               {hub_on("c.matter_id", "%(last)s::date", "c.hub_id")} AS hub
          FROM casework_case c
          LEFT JOIN (SELECT m.case_id, sum(CASE m.to_status WHEN 'closed' THEN 1 ELSE -1 END) AS closed
                       FROM casework_case_move m
                      WHERE m.partnership_id = %(partnership)s AND m."on" <= %(last)s
                        AND m.to_status IN ('closed', 'reopened')
                      GROUP BY m.case_id) ended ON ended.case_id = c.id
         WHERE c.partnership_id = %(partnership)s AND c.adopted_on <= %(last)s AND coalesce(ended.closed, 0) <= 0"""
    return parts(using, Kind("number"), statement, _given(partnership, first, last), [hubs(partnership)])


def closure_days(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Days from adoption to closing, of each closing in the time."""
    statement = f"""
        SELECT m.id, concat_ws('|', c.id, c.adopted_on, m."on") AS line, 0 AS num, 0 AS den,
               m."on" - c.adopted_on AS val, {hub_on("c.matter_id", 'm."on"', "c.hub_id")} AS hub
          FROM casework_case_move m JOIN casework_case c ON c.id = m.case_id
         WHERE m.partnership_id = %(partnership)s AND m.to_status = 'closed'
           AND m."on" BETWEEN %(first)s AND %(last)s"""
    none = "No case was closed in this time."
    return parts(
        using, Kind("median", none), statement, _given(partnership, first, last), [hubs(partnership)]
    )


def reopened_share(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Of the closings whose 183 days ended in the time, those followed by a reopening within them."""
    statement = f"""
        SELECT m.id, concat_ws('|', c.id, m."on", again."on") AS line, (again."on" IS NOT NULL)::int AS num, 1 AS den,
               NULL AS val, {hub_on("c.matter_id", 'm."on"', "c.hub_id")} AS hub
          FROM casework_case_move m JOIN casework_case c ON c.id = m.case_id
          LEFT JOIN LATERAL (
            SELECT n."on" FROM casework_case_move n
             WHERE n.case_id = m.case_id AND n.to_status = 'reopened' AND n.id > m.id
               AND n."on" BETWEEN m."on" AND m."on" + %(within)s
             ORDER BY n."on", n.id LIMIT 1) again ON true
         WHERE m.partnership_id = %(partnership)s AND m.to_status = 'closed'
           AND m."on" BETWEEN %(first)s::date - %(within)s AND %(last)s::date - %(within)s"""
    given = _given(partnership, first, last) | {"within": REOPENED_WITHIN}
    none = "No case was closed in the days that this looks back on."
    return parts(using, Kind("share", none), statement, given, [hubs(partnership)])


def demand_after(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Calls and incidents in days 1 to 182 after adoption, for each hundred in days 182 to 1 before, of cases whose 182
    days ended in the time and of which any are known. The day of adoption is in neither."""
    statement = f"""
        SELECT c.id, concat_ws('|', c.id, c.adopted_on, demand.after, demand.before) AS line,
               demand.after AS num, demand.before AS den, NULL AS val,
               {hub_on("c.matter_id", "c.adopted_on", "c.hub_id")} AS hub
          FROM casework_case c
          JOIN LATERAL (
            SELECT coalesce(sum(d.count) FILTER (WHERE d."on" > c.adopted_on), 0) AS after,
                   coalesce(sum(d.count) FILTER (WHERE d."on" < c.adopted_on), 0) AS before
              FROM casework_demand_event d
             WHERE d.case_id = c.id AND d."on" BETWEEN c.adopted_on - %(days)s AND c.adopted_on + %(days)s
               AND d."on" <> c.adopted_on
            HAVING count(*) > 0) demand ON true
         WHERE c.partnership_id = %(partnership)s
           AND c.adopted_on BETWEEN %(first)s::date - %(days)s AND %(last)s::date - %(days)s"""
    given = _given(partnership, first, last) | {"days": COMPARED}
    none = "No calls or incidents before adoption are kept for the cases that this looks back on."
    return parts(using, Kind("share", none), statement, given, [hubs(partnership)])


def _open(first: date, last: date, split: str, code: str) -> str:
    return listed("cases", split, code, open_on=last)


def _closed(first: date, last: date, split: str, code: str) -> str:
    return listed("cases", split, code, closed_from=first, closed_to=last)


def _closed_before(first: date, last: date, split: str, code: str) -> str:
    days = {"closed_from": earlier(first, REOPENED_WITHIN), "closed_to": earlier(last, REOPENED_WITHIN)}
    return listed("cases", split, code, **days)


def _adopted_before(first: date, last: date, split: str, code: str) -> str:
    return listed(
        "cases", split, code, adopted_from=earlier(first, COMPARED), adopted_to=earlier(last, COMPARED)
    )


register(Counter("cases_open", "Cases open on the last day", "count", False, cases_open, _open, _since))
register(
    Counter(
        "closure_days", "Days from adoption to closing, median", "days", False, closure_days, _closed, _since
    )
)
register(
    Counter(
        "reopened_share",
        "Closings followed by a reopening within 183 days",
        "per_cent",
        False,
        reopened_share,
        _closed_before,
        _since_closed,
    )
)
register(
    Counter(
        "demand_after",
        "Calls and incidents after adoption, of those before",
        "per_cent",
        False,
        demand_after,
        _adopted_before,
        _since_demand,
        passes_hundred=True,
    )
)
