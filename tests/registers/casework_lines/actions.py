"""What the addresses of actions answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import (
    SEE_MATTER,
    WORK_ON_MATTERS,
    Line,
    held_by,
    members,
    public,
    seen_by,
)

RUN_CASE = SEE_MATTER - {"priya.partner", "victor.voluntary"}
# The action that the addresses name is with Priya's unit: she does it, as do those who run the case.
DO_ACTION = RUN_CASE | {"priya.partner"}
PRIYA = frozenset({"priya.partner"})


def _case(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case

    return {"public_id": a_case(cast).matter.public_id}


def _action(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case
    from tests.builders.casework_actions import an_action

    return {"action_id": an_action(cast, a_case(cast), unit_of_username="priya.partner").public_id}


DOES = seen_by(SEE_MATTER, DO_ACTION)
RUNS = seen_by(SEE_MATTER, RUN_CASE)
# Asked of an action in another state, the page refuses before it shows a form.
RUNS_LATER = seen_by(SEE_MATTER, RUN_CASE, done=409)

LINES: dict[str, Line] = {
    "case-actions": Line(seen_by(SEE_MATTER), members(405), "case_of_actions"),
    "action": Line(seen_by(SEE_MATTER), members(405), "action"),
    "action-add": Line(RUNS, RUNS, "case_of_actions"),
    "action-change": Line(RUNS, RUNS, "action"),
    "action-take-over": Line(members(405), seen_by(SEE_MATTER, PRIYA, done=302), "action"),
    "action-progress": Line(DOES, DOES, "action"),
    "action-done": Line(DOES, DOES, "action"),
    "action-block": Line(DOES, DOES, "action"),
    # One that is open may be opened "again" too: the words are asked for, and the lifecycle answers.
    "action-unblock": Line(DOES, DOES, "action"),
    "action-drop": Line(RUNS, RUNS, "action"),
    "action-reopen": Line(RUNS_LATER, RUNS_LATER, "action"),
    "action-mine": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS, 404)),
    "action-feed": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "action-feed-ics": Line(public(404), public(405), "secret"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "case_of_actions": _case,
    "action": _action,
}
