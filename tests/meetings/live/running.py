"""A meeting of Selby's group that runs: today's, its agenda is sent, and Colin has begun it."""

from __future__ import annotations

from typing import Any

from saferhub.audit.models import Entry
from saferhub.meetings.models import Attendance
from saferhub.meetings.operations import keeping, live, sending
from saferhub.meetings.operations.live_attendance import Recorded, record_attendance
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, share_with
from tests.builders.meetings import (
    CHRIS,
    COLIN,
    MAYA,
    MINA,
    PRIYA,
    RACHEL,
    VICTOR,
    Cast,
    Made,
    a_meeting,
    act,
    read,
)

__all__ = ["CHRIS", "COLIN", "MAYA", "MINA", "PRIYA", "RACHEL", "Cast", "Running", "act", "read"]
SEATS = (CHRIS, MINA, PRIYA, VICTOR, RACHEL)
Running = Made


def a_running_meeting(cast: Cast, *, cases: int = 1, begun: bool = True, keep_from: str = "") -> Running:
    """Today's meeting about so many cases, to which Rachel's, Priya's and Victor's units contribute. `keep_from`: of
    the cast, from whom the first case's item is kept."""
    shares = [
        share_with(cast, RACHEL, "hubs_2018", "crime_and_disorder"),
        share_with(cast, PRIYA, "hubs_2018", "crime_and_disorder"),
        share_with(cast, VICTOR, "victim_support_2018", "victims_services"),
    ]
    run = a_meeting(cast, items=cases, days=0, members=SEATS, sent=False, shares=shares)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        if keep_from:
            kept = cast[keep_from].public_id
            keeping.keep_from(**run.at, why="Family of somebody in it.", user_id=kept, by=colin, on=colin.on)
        sending.send_agenda(meeting_id=run.meeting.public_id, by=colin, on=colin.on)
        if begun:
            live.begin_meeting(meeting_id=run.meeting.public_id, by=colin, on=colin.on)
    return run


def comes(cast: Cast, run: Running, *usernames: str, left: bool = False) -> None:
    """These people are there, or were and have left."""
    with entered(cast[COLIN]):
        rows = Attendance.objects.filter(meeting=run.meeting, user__in=[cast[one] for one in usernames])
        given = [Recorded(row.public_id, "present", True, left, row.version) for row in rows]
        record_attendance(meeting_id=run.meeting.public_id, given=given, by=actor(cast, COLIN))


def row_of(cast: Cast, run: Running, username: str) -> Attendance:
    with entered(cast[COLIN]):
        return Attendance.objects.get(meeting=run.meeting, user=cast[username])


def record(
    cast: Cast, run: Running, username: str, came: str, *, seen: int = 1, who: str = MINA, **more: Any
) -> Any:
    row = row_of(cast, run, username)
    given = Recorded(row.public_id, came, more.get("acknowledged", False), more.get("left", False), seen)
    return act(cast, who, record_attendance, meeting_id=run.meeting.public_id, given=[given])


def entries(event: str, subject: Any) -> int:
    return Entry.objects.filter(event=event, subject=subject.public_id).count()
