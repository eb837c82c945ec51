"""What the addresses of measures answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import MAYA, Line, local, local_to, members

KEEPS = MAYA | {"ana.analyst"}
KEPT = local_to(KEEPS, 200)


def _measure(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.measured import a_measure

    return {"public_id": a_measure(cast, [31, 35]).public_id}


def _figure(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.measured import a_measure

    measure = a_measure(cast, [31], name="Visits with a figure")
    return {"public_id": measure.public_id, "figure_id": measure.observations.get().public_id}


def _time(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.measured import a_measure, quarters

    measure = a_measure(cast, name="Visits to enter")
    return {"public_id": measure.public_id, "first": quarters(cast, 1)[0].first.isoformat()}


def _quarter(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.measured import a_measure, quarters

    measure = a_measure(cast, [31], name="Visits to comment on")
    return {"public_id": measure.public_id, "quarter": quarters(cast, 1)[0].first.isoformat()}


def _step(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.plan.operations.measures import begin_limits_anew
    from tests.plan.measured import ANA, a_measure, act, quarters

    measure = a_measure(cast, [31, 35], name="Visits before and after")
    first = quarters(cast, 1)[0].first
    step = act(cast, ANA, begin_limits_anew, measure_id=measure.public_id, first_day=first, why="A new room")
    return {"public_id": measure.public_id, "step_id": step.public_id}


LINES: dict[str, Line] = {
    "measure": Line(local(200), members(405), "a_measure"),
    "measure-csv": Line(local(200), members(405), "a_measure"),
    "measure-figure": Line(local(200), members(405), "a_figure"),
    "measure-enter": Line(KEPT, KEPT, "time_of_a_measure"),
    "measure-comment": Line(KEPT, KEPT, "quarter_of_a_measure"),
    # Without the version that it was drawn from, a form is answered with what is missing in it.
    "measure-define": Line(KEPT, KEPT, "a_measure"),
    "measure-owner": Line(KEPT, KEPT, "a_measure"),
    "measure-end": Line(KEPT, KEPT, "a_measure"),
    "measure-limits": Line(KEPT, KEPT, "a_measure"),
    "measure-limits-back": Line(KEPT, KEPT, "a_step"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a_measure": _measure,
    "a_figure": _figure,
    "time_of_a_measure": _time,
    "quarter_of_a_measure": _quarter,
    "a_step": _step,
}
