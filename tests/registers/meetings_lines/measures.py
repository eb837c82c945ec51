"""What the addresses of figures of meetings answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import WORK_ON_MATTERS, Line, held_by, members, seen_by

# Selby's group, in which Chris and Priya sit; whoever works in the hub sees it, and the partnership's manager.
SEE = frozenset({"colin.coordinator", "mina.minutes", "chris.chair", "maya.manager", "priya.partner"})


def _group(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.calendar.group import a_group

    return {"public_id": a_group(cast, "chris.chair", "priya.partner").public_id}


def _file(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_group(cast), "what": "agencies"}


def _all(cast: dict[str, Any]) -> dict[str, Any]:
    return {"what": "meetings"}


LINES: dict[str, Line] = {
    "meeting-measures": Line(held_by(WORK_ON_MATTERS), members(405)),
    "meeting-measures-csv": Line(held_by(WORK_ON_MATTERS), members(405), "measures_file"),
    "group-measures": Line(seen_by(SEE), members(405), "measured_group"),
    "group-measures-csv": Line(seen_by(SEE), members(405), "measured_group_file"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "measures_file": _all,
    "measured_group": _group,
    "measured_group_file": _file,
}
