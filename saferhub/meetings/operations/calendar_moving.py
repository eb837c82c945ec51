"""Moving a meeting to another day, time or place, and cancelling it: with a reason, and never in silence.

Whoever was invited is sent the entry as it stands from now on; the reason stays on the meeting's page.
"""

from __future__ import annotations

from datetime import date, time

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Meeting, MeetingStatus
from saferhub.meetings.queries.sending import sight_until
from saferhub.meetings.rules.when import hours
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.operations.folders import check_seen

from .calendar_inviting import check_to_come, raise_sequence, send_entries, withdraw_entries
from .planning import check_meets, check_when, kind_of, move_meeting
from .sight_followed import close_sight, move_sight


def values_of(meeting: Meeting) -> dict[str, object]:
    """What a change may touch, by field of its form."""
    return {
        "day": meeting.on,
        "starts_at": f"{meeting.starts_at:%H:%M}",
        "minutes": meeting.minutes,
        "place": meeting.place,
        "online": meeting.online,
    }


@transaction.atomic
def change_meeting(
    *,
    meeting_id: str,
    day: date,
    starts_at: time,
    minutes: int,
    place: str,
    online: str,
    reason: str,
    by: Actor,
    on: date,
    seen: int,
) -> tuple[Meeting, int]:
    """Move a meeting to another day, time or place; the sight of what stands on it moves with its day. Returns it, and
    how many were told by a new calendar entry.

    Raises NotAllowed unless the actor prepares it; Conflict unless `seen` is its newest version; Refusal without a
    reason, for a day that lies after the group's last or that the rules of its kind do not cover, for a clash with
    another meeting of the group, once it has begun, and as `check_when` does.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    check_to_come(meeting)
    check_seen(meeting, seen)
    before = (meeting.on, meeting.starts_at, meeting.minutes, meeting.place, meeting.online)
    after = (day, starts_at, minutes, place.strip(), online.strip())
    if before == after:
        return meeting, 0
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is moved.")
    check_when(day, starts_at, minutes, on=on)
    check_meets(meeting.group, day)
    kind_of(meeting.group, day)
    others = meeting.group.meetings.exclude(status=MeetingStatus.CANCELLED).exclude(pk=meeting.pk)
    if others.filter(on=day, starts_at=starts_at).exists():
        raise Refusal("meets_then", "This group meets at that time already.")
    said = f"{_what_changed(meeting, after)}. {reason.strip()}"
    sight = sight_until(meeting)
    if day != meeting.on:
        # The cycle does not plan its own day a second time.
        given = meeting.moved_from or meeting.on
        meeting.moved_from = None if given == day else given
    meeting.on, meeting.starts_at, meeting.minutes, meeting.place, meeting.online = after
    meeting.version += 1
    meeting.save(update_fields=["on", "starts_at", "minutes", "place", "online", "moved_from", "version"])
    raise_sequence(meeting)
    move_meeting(meeting, meeting.status, meeting.status, by=by, on=on, reason=said)
    move_sight(meeting, was=sight, ends=sight_until(meeting), by=by)
    told = send_entries(meeting, by=by, on=on, is_change=True)
    audit.record("meetings.moved", meeting, by=by, day=day, version=meeting.version, people=told)
    return meeting, told


def _what_changed(meeting: Meeting, after: tuple[date, time, int, str, str]) -> str:
    """How it stood before, in words, as far as it changes."""
    day, starts_at, minutes, place, online = after
    said = []
    if day != meeting.on:
        said.append(f"was on {date_in_words(meeting.on)}")
    if (starts_at, minutes) != (meeting.starts_at, meeting.minutes):
        said.append(f"was from {hours(meeting.starts_at, meeting.minutes)}")
    if place != meeting.place:
        said.append(f"was at {meeting.place}" if meeting.place else "had no place")
    if online != meeting.online:
        said.append("had another video link" if meeting.online else "had no video link")
    words = ", ".join(said)
    return words[:1].upper() + words[1:]


@transaction.atomic
def cancel_meeting(*, meeting_id: str, reason: str, by: Actor, on: date, seen: int) -> tuple[Meeting, int]:
    """Cancel a meeting. Its day is not planned again, its entry is taken back, and nobody sees its items through it any
    more. Returns it, and how many were told.

    Raises NotAllowed unless the actor prepares it; Conflict unless `seen` is its newest version; Refusal without a
    reason and once it has begun.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    check_to_come(meeting)
    check_seen(meeting, seen)
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is cancelled.")
    before, meeting.status = meeting.status, MeetingStatus.CANCELLED
    meeting.cancelled_why = reason.strip()
    meeting.version += 1
    meeting.save(update_fields=["status", "cancelled_why", "version"])
    raise_sequence(meeting)
    move_meeting(meeting, before, MeetingStatus.CANCELLED, by=by, on=on, reason=reason.strip())
    close_sight(meeting, by=by)
    told = withdraw_entries(meeting, by=by, on=on)
    audit.record("meetings.cancelled", meeting, by=by, people=told)
    return meeting, told
