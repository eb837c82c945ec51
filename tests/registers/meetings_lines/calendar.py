"""What the addresses of groups and of when meetings take place answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import MAYA, OLIVIA, WORK_ON_MATTERS, Line, held_by, members, seen_by

# Selby's group, in which Chris and Priya sit: those of the hub prepare its meetings, and the partnership's manager.
PREPARE = frozenset({"colin.coordinator", "mina.minutes", "chris.chair", "maya.manager"})
SEE = PREPARE | {"priya.partner"}
MANAGERS = MAYA | OLIVIA


def _group(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.calendar.group import a_group

    return {"public_id": a_group(cast, "chris.chair", "priya.partner").public_id}


def _seat(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.calendar.group import a_group, a_seat

    group = a_group(cast, "priya.partner")
    return {"public_id": group.public_id, "seat_id": a_seat(cast, group, "chris.chair").public_id}


def _meeting(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.calendar.group import a_group, a_meeting

    return {"public_id": a_meeting(cast, a_group(cast, "chris.chair", "priya.partner")).public_id}


def _seat_at(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.calendar.group import a_group, a_meeting, a_seat

    group = a_group(cast, "priya.partner")
    seat = a_seat(cast, group, "chris.chair")
    return {"public_id": a_meeting(cast, group).public_id, "seat_id": seat.public_id}


PREPARED = seen_by(SEE, PREPARE)
DONE = seen_by(SEE, PREPARE, done=302)

LINES: dict[str, Line] = {
    "meetings": Line(held_by(WORK_ON_MATTERS), members(405)),
    "groups": Line(held_by(WORK_ON_MATTERS), members(405)),
    "groups-make": Line(held_by(MANAGERS), held_by(MANAGERS, 302)),
    "group": Line(seen_by(SEE), members(405), "meeting_group"),
    "group-end": Line(seen_by(SEE, MAYA), seen_by(SEE, MAYA), "meeting_group"),
    "group-resume": Line(members(405), seen_by(SEE, MAYA, done=302), "meeting_group"),
    "group-plan": Line(PREPARED, PREPARED, "meeting_group"),
    "group-call": Line(PREPARED, PREPARED, "meeting_group"),
    "group-invite": Line(PREPARED, PREPARED, "meeting_group"),
    "group-seat-add": Line(PREPARED, PREPARED, "meeting_group"),
    "group-seat": Line(PREPARED, PREPARED, "meeting_seat"),
    "group-seat-end": Line(PREPARED, PREPARED, "meeting_seat"),
    "meeting-when": Line(seen_by(SEE), members(405), "planned_meeting"),
    "meeting-change": Line(PREPARED, PREPARED, "planned_meeting"),
    "meeting-cancel": Line(PREPARED, PREPARED, "planned_meeting"),
    "meeting-invite": Line(members(405), DONE, "planned_meeting"),
    "meeting-ics": Line(seen_by(SEE), members(405), "planned_meeting"),
    "meeting-attendance": Line(seen_by(SEE), members(405), "planned_meeting"),
    # No answer is needed: to send apologies without a deputy is to press the button.
    "meeting-apologies": Line(PREPARED, DONE, "seat_at_meeting"),
    "meeting-apologies-back": Line(members(405), DONE, "seat_at_meeting"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "meeting_group": _group,
    "meeting_seat": _seat,
    "planned_meeting": _meeting,
    "seat_at_meeting": _seat_at,
}
