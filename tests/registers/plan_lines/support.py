"""What the addresses of what stands beside the plan answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import MAYA, OLIVIA, WORK_ON_MATTERS, Line, held_by, local, local_to, members

MANAGERS = MAYA | OLIVIA
KEPT = local_to(MAYA, 200)
# The police's training: whoever works there on matters, and the manager.
TRAINERS = MAYA | {"chris.chair"}


def _of(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def made(cast: dict[str, Any]) -> dict[str, Any]:
        from tests.plan.support import supporting

        return {"public_id": getattr(supporting, name)(cast).public_id}

    return made


LINES: dict[str, Line] = {
    "plan-funding": Line(members(200), members(405)),
    "plan-funding-add": Line(held_by(MANAGERS), held_by(MANAGERS)),
    "plan-funding-one": Line(local(200), members(405), "plan_funding"),
    "plan-funding-change": Line(KEPT, KEPT, "plan_funding"),
    "plan-funding-move": Line(KEPT, KEPT, "plan_funding"),
    "plan-funding-report": Line(KEPT, KEPT, "plan_funding"),
    "plan-training": Line(members(200), members(405)),
    "plan-training-add": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "plan-training-change": Line(local_to(TRAINERS, 200), local_to(TRAINERS, 200), "plan_training"),
    "plan-reports-received": Line(members(200), members(405)),
    "plan-report-received-add": Line(held_by(MANAGERS), held_by(MANAGERS)),
    "plan-report-received-change": Line(KEPT, KEPT, "plan_report_received"),
    "plan-consultations": Line(members(200), members(405)),
    "plan-consultation-add": Line(held_by(MANAGERS), held_by(MANAGERS)),
    "plan-consultation": Line(local(200), members(405), "plan_consultation"),
    "plan-consultation-change": Line(KEPT, KEPT, "plan_consultation"),
    "plan-group-add": Line(KEPT, KEPT, "plan_consultation"),
    "plan-group-change": Line(KEPT, KEPT, "plan_group"),
    "plan-group-remove": Line(KEPT, KEPT, "plan_group"),
    "plan-crime-notes": Line(members(200), members(405)),
    "plan-crime-note-add": Line(held_by(WORK_ON_MATTERS), held_by(WORK_ON_MATTERS)),
    "plan-crime-note-change": Line(local_to(TRAINERS, 200), local_to(TRAINERS, 200), "plan_crime_note"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "plan_funding": _of("a_funding"),
    "plan_training": _of("a_training"),
    "plan_report_received": _of("a_report"),
    "plan_consultation": _of("a_consultation"),
    "plan_group": _of("a_group"),
    "plan_crime_note": _of("a_note"),
}
