"""Counters of the plan itself: training, actions on track, reports heard. Their rows lie behind no wall."""

from __future__ import annotations

from datetime import date

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.plan.models import Area
from saferhub.plan.rules.updates import last_of, quarter_of

from . import Counter, Part, register
from .tallies import AREA, Kind, Split, first_day, parts


def _given(partnership: int, first: date, last: date) -> dict[str, object]:
    return {"partnership": partnership, "first": first, "last": last}


def areas(partnership: int) -> Split:
    """By area of the plan, by its code, so that a later plan goes on with it. One query."""
    rows = Area.objects.filter(partnership=partnership).order_by("number", "id").values_list("code", "name")
    return Split(AREA, {code: (code, name) for code, name in rows}, every=True)


def _since_trained(using: str, partnership: int) -> date | None:
    statement = 'SELECT min("on") FROM plan_training WHERE partnership_id = %(partnership)s'
    return first_day(using, statement, {"partnership": partnership})


def _since_planned(using: str, partnership: int) -> date | None:
    statement = """
        SELECT min(m."on") FROM plan_year_move m JOIN plan_year y ON y.id = m.plan_id
         WHERE y.partnership_id = %(partnership)s AND m.to_status = 'in_force'"""
    return first_day(using, statement, {"partnership": partnership})


def _since_heard(using: str, partnership: int) -> date | None:
    statement = 'SELECT min("on") FROM plan_connected_report WHERE partnership_id = %(partnership)s'
    return first_day(using, statement, {"partnership": partnership})


def trained(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """How many came to training, by its day and by the area that it was for. Somebody who came twice counts twice."""
    statement = """
        SELECT t.id, concat_ws('|', t.id, t."on", t.count) AS line, t.count AS num, 0 AS den, NULL AS val,
               a.code AS area
          FROM plan_training t JOIN plan_area a ON a.id = t.area_id
         WHERE t.partnership_id = %(partnership)s AND t."on" BETWEEN %(first)s AND %(last)s"""
    return parts(using, Kind("number"), statement, _given(partnership, first, last), [areas(partnership)])


def actions_on_track(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """On track or done on the last day, of the actions of years that were agreed by then and hold the day: those that
    had begun, or whose start had passed, and were not stopped.

    How an action stood is its last move up to the day; of a quarter, what its lead told of that quarter once it was
    over, for she is asked only then."""
    statement = """
        SELECT a.id, concat_ws('|', a.id, coalesce(stood.status, 'not_started'), a.starts_on) AS line,
               (stood.status IN ('on_track', 'done') AND stood.status IS NOT NULL)::int AS num, 1 AS den,
               NULL AS val, area.code AS area
          FROM plan_action a
          JOIN plan_year y ON y.id = a.plan_id
          JOIN plan_objective o ON o.id = a.objective_id
          JOIN plan_area area ON area.id = o.area_id
          LEFT JOIN LATERAL (
            SELECT u.status FROM plan_action_update u
             WHERE u.action_id = a.id AND u.quarter = %(quarter)s::date AND u."on" > %(last)s AND u.status <> ''
             ORDER BY u.id DESC LIMIT 1) told ON true
          LEFT JOIN LATERAL (
            SELECT m.to_status FROM plan_action_move m WHERE m.action_id = a.id AND m."on" <= %(last)s
             ORDER BY m."on" DESC, m.id DESC LIMIT 1) moved ON true
          CROSS JOIN LATERAL (SELECT coalesce(told.status, moved.to_status) AS status) stood
         WHERE a.partnership_id = %(partnership)s AND %(last)s BETWEEN y.first_day AND y.last_day
           AND EXISTS (SELECT FROM plan_year_move m
                        WHERE m.plan_id = y.id AND m.to_status = 'in_force' AND m."on" <= %(last)s)
           AND coalesce(stood.status, '') <> 'stopped'
           AND (coalesce(stood.status, 'not_started') <> 'not_started' OR a.starts_on <= %(last)s)"""
    quarter = quarter_of(last)
    given = _given(partnership, first, last) | {"quarter": quarter if last_of(quarter) == last else None}
    none = "No action of an agreed plan had begun or was to have begun by the last day."
    return parts(using, Kind("share", none), statement, given, [areas(partnership)])


def boards_heard(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Of the boards that report to the partnership, as the packs say on the last day, those heard in the twelve months
    up to it."""
    said = in_force.entries(Partnership.objects.get(pk=partnership), "boards", last)
    codes = sorted(one.code for one in said if one.item.reported_to_us)
    statement = """
        SELECT row_number() OVER (ORDER BY b.code COLLATE "C") AS id,
               concat_ws('|', b.code, string_agg(concat_ws(',', r.id, r."on"), ';' ORDER BY r.id)) AS line,
               (count(r.id) > 0)::int AS num, 1 AS den, NULL AS val
          FROM unnest(%(codes)s::text[]) AS b(code)
          LEFT JOIN (plan_connected_report r JOIN partnership_board pb ON pb.id = r.board_id)
            ON pb.code = b.code AND r.partnership_id = %(partnership)s
           AND r."on" > (%(last)s::date - interval '12 months')::date AND r."on" <= %(last)s
         GROUP BY b.code"""
    none = "No board reports to the partnership in the packs of the last day."
    given = _given(partnership, first, last) | {"codes": codes}
    return parts(using, Kind("share", none), statement, given)


def _nowhere(first: date, last: date, split: str, code: str) -> str:
    return ""


register(
    Counter(
        "trained",
        "People who came to training",
        "count",
        False,
        trained,
        _nowhere,
        _since_trained,
        needs_whole=False,
        by_area=True,
    )
)
register(
    Counter(
        "plan_actions_on_track",
        "Actions of the plan on track or done",
        "per_cent",
        False,
        actions_on_track,
        _nowhere,
        _since_planned,
    )
)
register(
    Counter(
        "boards_heard",
        "Connected partnerships heard within twelve months",
        "per_cent",
        False,
        boards_heard,
        _nowhere,
        _since_heard,
    )
)
