"""What the addresses of a running meeting answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import DECIDE_MATTER, SEE_MATTER, Line, members, seen_by

# Those with a seat know of the meeting; its co-ordinator, chair and minute-taker and the manager run it.
RECORD = DECIDE_MATTER | {"chris.chair", "mina.minutes"}


def _running(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.live.running import a_running_meeting

    return {"public_id": a_running_meeting(cast, cases=0).meeting.public_id}


def _item(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.meetings.live.running import a_running_meeting

    run = a_running_meeting(cast)
    return {"public_id": run.meeting.public_id, "item_id": run.items[0].public_id}


RUNS = seen_by(SEE_MATTER, RECORD)
DOES = seen_by(SEE_MATTER, RECORD, done=302)
LINES: dict[str, Line] = {
    "meeting-run": Line(RUNS, members(405), "running"),
    "meeting-screen": Line(RUNS, members(405), "running"),
    "meeting-begin": Line(DOES, DOES, "running"),
    "meeting-not-begun": Line(members(405), DOES, "running"),
    "meeting-end": Line(RUNS, RUNS, "running"),
    # It runs, so going on with it changes nothing.
    "meeting-resume": Line(members(405), DOES, "running"),
    "meeting-present": Line(RUNS, RUNS, "running"),
    "meeting-present-add": Line(DOES, RUNS, "running"),
    # A form without anything in it is saved, for nothing has been written.
    "item-run": Line(RUNS, DOES, "running_item"),
    "item-words": Line(members(405), DOES, "running_item"),
    "item-now": Line(RUNS, members(405), "running_item"),
    "item-focus": Line(members(405), DOES, "running_item"),
    "item-defer": Line(RUNS, RUNS, "running_item"),
    "item-back": Line(members(405), DOES, "running_item"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "running": _running,
    "running_item": _item,
}
