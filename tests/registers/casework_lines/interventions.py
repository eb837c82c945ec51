"""What the addresses of interventions answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import SEE_MATTER, Line, members, seen_by

from .actions import RUN_CASE

RUNS = seen_by(SEE_MATTER, RUN_CASE)


def _case(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case

    return {"public_id": a_case(cast).matter.public_id}


def _power(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_case(cast), "power": "warning_letter"}


def _planned(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case
    from tests.builders.casework_interventions import planned

    return {"intervention_id": planned(cast, a_case(cast)).public_id}


def _in_place(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case
    from tests.builders.casework_interventions import in_place

    return {"intervention_id": in_place(cast, a_case(cast)).public_id}


LINES: dict[str, Line] = {
    "case-interventions": Line(seen_by(SEE_MATTER), members(405), "case_of_interventions"),
    "intervention-add": Line(RUNS, members(405), "case_of_interventions"),
    "intervention-plan": Line(RUNS, RUNS, "case_and_power"),
    "intervention": Line(seen_by(SEE_MATTER), members(405), "intervention_in_place"),
    "intervention-put-in-place": Line(RUNS, RUNS, "intervention_planned"),
    "intervention-breach": Line(RUNS, RUNS, "intervention_in_place"),
    "intervention-answer": Line(RUNS, RUNS, "intervention_in_place"),
    "intervention-review": Line(RUNS, RUNS, "intervention_in_place"),
    # A form without the version it was drawn from overwrites nothing: both versions are shown.
    "intervention-change": Line(RUNS, seen_by(SEE_MATTER, RUN_CASE, done=409), "intervention_in_place"),
    "intervention-watch": Line(RUNS, RUNS, "intervention_in_place"),
    "intervention-end": Line(RUNS, RUNS, "intervention_in_place"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "case_of_interventions": _case,
    "case_and_power": _power,
    "intervention_planned": _planned,
    "intervention_in_place": _in_place,
}
