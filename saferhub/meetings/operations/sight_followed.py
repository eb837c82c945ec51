"""The sight that a meeting gave of its items follows the meeting, whoever moves or cancels it.

She need not see each of them: one may be kept from her. So both are done by the gate (see sql/items.sql), and what was
done is written down here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from saferhub.audit import operations as audit
from saferhub.meetings.models import Meeting
from saferhub.partnership.access import Actor

CANCELLED = "The meeting is cancelled"


def move_sight(meeting: Meeting, *, was: datetime, ends: datetime, by: Actor) -> None:
    """Let the sight that ended at one moment (business time) end at another: the table's and its guests'. The caller
    has moved the meeting, which is still to come."""
    if was == ends:
        return
    for item, interest in _by_gate("move_sight(%s, %s, %s)", [meeting.pk, was, ends]):
        audit.record(
            "sharing.interest_limited", ("sharing.folder", item), by=by, interest=interest, day=ends.date()
        )


def close_sight(meeting: Meeting, *, by: Actor) -> None:
    """End the sight that a meeting gave of its items, guests' too. Its organisers keep theirs. The caller has cancelled
    it."""
    for item, interest in _by_gate("close_sight(%s, %s)", [meeting.pk, CANCELLED]):
        audit.record("sharing.interest_ended", ("sharing.folder", item), by=by, interest=interest)


def _by_gate(call: str, values: list[int | str | datetime]) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT item, interest FROM gate.{call}", values)
        return [(item, interest) for item, interest in cursor.fetchall()]
