"""What the addresses of the plan, its areas and its years answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.registers.answers import MAYA, OLIVIA, Line, held_by, local, local_to, members

MANAGERS = MAYA | OLIVIA
KEPT = local_to(MAYA, 200)


def _strategy(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import a_plan

    return {"public_id": a_plan(cast).public_id}


def _area(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import a_plan, an_area

    return {"public_id": an_area(a_plan(cast)).public_id}


def _objective(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import a_plan, an_objective

    return {"public_id": an_objective(a_plan(cast)).public_id}


def _year(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import the_draft

    return {"public_id": the_draft(cast).public_id}


def _planned(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import an_action, the_draft

    return {"public_id": an_action(cast, the_draft(cast), due_on=date(2020, 12, 31)).public_id}


LINES: dict[str, Line] = {
    "plan": Line(members(200), members(405)),
    "plan-begin": Line(held_by(MANAGERS), held_by(MANAGERS, 302)),
    "plan-strategy-add": Line(held_by(MANAGERS), held_by(MANAGERS)),
    "plan-strategy-agree": Line(KEPT, KEPT, "plan_strategy"),
    "plan-area-add": Line(KEPT, KEPT, "plan_strategy"),
    "plan-year-draft": Line(KEPT, KEPT, "plan_strategy"),
    "plan-area": Line(local(200), members(405), "plan_area"),
    "plan-area-change": Line(KEPT, KEPT, "plan_area"),
    "plan-area-end": Line(KEPT, KEPT, "plan_area"),
    "plan-objective-add": Line(KEPT, KEPT, "plan_area"),
    "plan-objective-words": Line(KEPT, KEPT, "plan_objective"),
    "plan-objective-end": Line(KEPT, KEPT, "plan_objective"),
    "plan-year": Line(local(200), members(405), "plan_year"),
    "plan-year-agree": Line(KEPT, KEPT, "plan_year"),
    "plan-year-review": Line(KEPT, members(405), "plan_year"),
    "plan-year-close": Line(KEPT, KEPT, "plan_year"),
    "plan-year-reopen": Line(KEPT, KEPT, "plan_year"),
    "plan-year-compare": Line(local(200), members(405), "plan_year"),
    "plan-action-decide": Line(KEPT, KEPT, "drafted_action"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "plan_strategy": _strategy,
    "plan_area": _area,
    "plan_objective": _objective,
    "plan_year": _year,
    "drafted_action": _planned,
}
