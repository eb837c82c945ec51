"""Meetings in somebody's calendar feed, and one meeting as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.models import Meeting
from saferhub.meetings.operations.calendar_inviting import entry_of, organiser_of
from saferhub.meetings.queries.calendar_lists import sat_in
from saferhub.meetings.rules import calendar_entries
from saferhub.partnership.access import Actor

# A feed holds so much that has been, so that an entry is not lost on the evening of its day.
_BACK, _AHEAD = timedelta(days=31), timedelta(days=400)
MOST = 200


def feed_entries(actor: Actor) -> Iterator[Any]:
    """The meetings at which she sits, as components of her feed; a cancelled one says so. Two queries."""
    rows = list(
        access.meetings_visible_to(actor)
        .filter(sat_in(actor), on__range=(actor.on - _BACK, actor.on + _AHEAD))
        .select_related("group", "partnership")
        .order_by("on", "starts_at", "id")[:MOST]
    )
    if not rows:
        return
    yield calendar_entries.zone()
    stamp = clock.real_now()
    for meeting in rows:
        yield calendar_entries.event(
            entry_of(meeting), organiser=organiser_of(meeting.partnership), stamp=stamp
        )


def file_of(meeting: Meeting) -> bytes:
    """One meeting as a file that a calendar program takes over."""
    return calendar_entries.calendar(
        calendar_entries.PUBLISH,
        [entry_of(meeting)],
        organiser=organiser_of(meeting.partnership),
        stamp=clock.real_now(),
    )
