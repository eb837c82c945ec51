"""Counters of what agencies do: interventions by their class, contracts and how they ended, actions done on time."""

from __future__ import annotations

from datetime import date

from saferhub.casework.queries.oversight_figures import CONTRACT
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force

from . import Counter, Part, register
from .addresses import listed
from .tallies import Kind, agencies, first_day, hub_on, hubs, parts

POSITIVE = "positive"  # group of intervention_outcomes


def _given(partnership: int, first: date, last: date) -> dict[str, object]:
    return {"partnership": partnership, "first": first, "last": last}


def _since_begun(using: str, partnership: int) -> date | None:
    statement = "SELECT min(starts_on) FROM casework_intervention WHERE partnership_id = %(partnership)s"
    return first_day(using, statement, {"partnership": partnership})


def _since_contracts(using: str, partnership: int) -> date | None:
    statement = """
        SELECT min(starts_on) FROM casework_intervention
         WHERE partnership_id = %(partnership)s AND power = %(contract)s"""
    return first_day(using, statement, {"partnership": partnership, "contract": CONTRACT})


def _since_due(using: str, partnership: int) -> date | None:
    statement = "SELECT min(due_on) FROM casework_action WHERE partnership_id = %(partnership)s"
    return first_day(using, statement, {"partnership": partnership})


def _told_on(own: str, status: str) -> str:
    """SQL: the day of an intervention, or the day on which it was recorded where that came later, as `told.day`. So a
    row that is recorded late changes no figure of a time that was over; it counts when it became known."""
    return f"""
          JOIN LATERAL (
            SELECT greatest({own}, min(m."on")) AS day FROM casework_intervention_move m
             WHERE m.intervention_id = i.id AND m.to_status = '{status}'
            HAVING count(*) > 0) told ON true"""


def enforcement_share(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Enforcement among interventions by their first day, or the day they were recorded to be in place where that came
    later. One that never came into place has begun nowhere."""
    statement = f"""
        SELECT i.id, concat_ws('|', i.id, i.starts_on, i.kind) AS line, (i.kind = 'enforcement')::int AS num, 1 AS den,
               NULL AS val, {hub_on("c.matter_id", "told.day", "i.hub_id")} AS hub
          FROM casework_intervention i JOIN casework_case c ON c.id = i.case_id {_told_on("i.starts_on", "in_place")}
         WHERE i.partnership_id = %(partnership)s AND i.starts_on IS NOT NULL
           AND told.day BETWEEN %(first)s AND %(last)s"""
    none = "No intervention was begun in this time."
    return parts(using, Kind("share", none), statement, _given(partnership, first, last), [hubs(partnership)])


def contracts_positive(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Contracts by the day they ended, or the day that was recorded where it came later: a positive outcome, in the
    pack's words of the last day."""
    outcomes = in_force.entries(Partnership.objects.get(pk=partnership), "intervention_outcomes", last)
    statement = f"""
        SELECT i.id, concat_ws('|', i.id, i.ended_on, i.outcome) AS line,
               (i.outcome = ANY(%(positive)s))::int AS num, 1 AS den, NULL AS val,
               {hub_on("c.matter_id", "told.day", "i.hub_id")} AS hub
          FROM casework_intervention i JOIN casework_case c ON c.id = i.case_id {_told_on("i.ended_on", "ended")}
         WHERE i.partnership_id = %(partnership)s AND i.power = %(contract)s AND i.ended_on IS NOT NULL
           AND told.day BETWEEN %(first)s AND %(last)s"""
    given = _given(partnership, first, last) | {
        "contract": CONTRACT,
        "positive": [one.code for one in outcomes if one.item.group == POSITIVE],
    }
    return parts(
        using, Kind("share", "No contract ended in this time."), statement, given, [hubs(partnership)]
    )


def actions_on_time(using: str, partnership: int, first: date, last: date) -> list[Part]:
    """Actions by the day agreed last: done on or before it, of those not dropped by the end of the time. How an action
    stood then is its last move up to that day."""
    statement = f"""
        SELECT a.id, concat_ws('|', a.id, a.due_on, stood.to_status, stood."on") AS line,
               (coalesce(stood.to_status, '') = 'done' AND stood."on" <= a.due_on)::int AS num, 1 AS den, NULL AS val,
               {hub_on("c.matter_id", "a.due_on", "a.hub_id")} AS hub, u.agency_id::text AS agency
          FROM casework_action a
          JOIN casework_case c ON c.id = a.case_id
          JOIN partnership_unit u ON u.id = a.owner_unit_id
          LEFT JOIN LATERAL (
            SELECT m.to_status, m."on" FROM casework_action_move m
             WHERE m.action_id = a.id AND m."on" <= %(last)s
             ORDER BY m."on" DESC, m.id DESC LIMIT 1) stood ON true
         WHERE a.partnership_id = %(partnership)s AND a.due_on BETWEEN %(first)s AND %(last)s
           AND coalesce(stood.to_status, '') <> 'dropped'"""
    splits = [hubs(partnership), agencies(partnership)]
    none = "No action fell due in this time."
    return parts(using, Kind("share", none), statement, _given(partnership, first, last), splits)


def _begun(first: date, last: date, split: str, code: str) -> str:
    return listed("interventions", split, code, starts_from=first, starts_to=last)


def _ended(first: date, last: date, split: str, code: str) -> str:
    return listed("interventions", split, code, power=CONTRACT, ended_from=first, ended_to=last)


def _due(first: date, last: date, split: str, code: str) -> str:
    return listed("actions", split, code, due_from=first, due_to=last)


register(
    Counter(
        "enforcement_share",
        "Enforcement among interventions begun",
        "per_cent",
        False,
        enforcement_share,
        _begun,
        _since_begun,
    )
)
register(
    Counter(
        "contracts_positive",
        "Contracts with a positive outcome, of those that ended",
        "per_cent",
        True,
        contracts_positive,
        _ended,
        _since_contracts,
    )
)
register(
    Counter(
        "actions_on_time",
        "Actions done by their day, of those due",
        "per_cent",
        False,
        actions_on_time,
        _due,
        _since_due,
    )
)
