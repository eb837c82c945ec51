"""What the addresses of actions and milestones of the plan answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import MAYA, Line, local, local_to, members

# The police lead it and name nobody, so whoever works there on matters keeps it, with the manager.
LEADS = MAYA | {"chris.chair"}
KEPT, LED = local_to(MAYA, 200), local_to(LEADS, 200)


def _year(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import the_draft

    return {"public_id": the_draft(cast).public_id}


def _action(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import the_year

    action = the_year(cast).actions.get()
    return {"public_id": action.public_id}


def _milestone(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import a_milestone, the_year

    return {"public_id": a_milestone(cast, the_year(cast).actions.get()).public_id}


LINES: dict[str, Line] = {
    "plan-actions": Line(members(200), members(405)),
    "plan-actions-csv": Line(members(200), members(405)),
    "plan-actions-xlsx": Line(members(200), members(405)),
    "plan-action-add": Line(KEPT, KEPT, "year_to_plan"),
    "plan-action": Line(local(200), members(405), "agreed_action"),
    # Without the version that it was drawn from, the form is answered with what is missing in it.
    "plan-action-change": Line(KEPT, KEPT, "agreed_action"),
    "plan-action-stop": Line(KEPT, KEPT, "agreed_action"),
    "plan-action-take-up": Line(KEPT, KEPT, "agreed_action"),
    "plan-milestone-add": Line(LED, LED, "agreed_action"),
    "plan-milestone-change": Line(LED, LED, "plan_milestone"),
    "plan-milestone-reached": Line(LED, LED, "plan_milestone"),
    "plan-milestone-drop": Line(LED, LED, "plan_milestone"),
    "plan-milestone-open": Line(members(405), local_to(LEADS, 409), "plan_milestone"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "year_to_plan": _year,
    "agreed_action": _action,
    "plan_milestone": _milestone,
}
