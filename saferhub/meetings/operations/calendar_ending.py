"""Ending a group that does not meet any more: its seats end with it, and what was only planned is cancelled."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Group, Meeting, MeetingStatus
from saferhub.partnership.access import Actor, Permission

from .calendar_inviting import TO_COME
from .calendar_moving import cancel_meeting


def meetings_after(group: Group, last_day: date) -> list[Meeting]:
    """What is to come after a day, the next first."""
    rows = group.meetings.filter(status__in=TO_COME, on__gt=last_day)
    return list(rows.order_by("on", "starts_at", "id"))


@transaction.atomic
def end_group(*, group_id: str, last_day: date, reason: str, by: Actor, on: date) -> int:
    """End a group with its last day: open seats end with it, and meetings planned for later are cancelled, each with
    the reason. Its past meetings stay as they are. Returns how many meetings were cancelled.

    Raises NotAllowed unless the actor keeps the partnership's meetings; Refusal without a reason, for a last day that
    has passed, for a group that has ended, and where the agenda of a later meeting is begun: that one is cancelled or
    moved by whoever prepares it.
    """
    group = _group(by, group_id)
    if group.ended_on is not None:
        raise Refusal("group_ended", "This group has its last day already.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why it ends.")
    if last_day < on:
        raise Refusal("day_passed", "Choose today or a day to come.")
    later = meetings_after(group, last_day)
    if any(one.status != MeetingStatus.PLANNED for one in later):
        raise Refusal(
            "agenda_begun",
            "The agenda of a meeting after that day is begun. Cancel that meeting first, or choose a later day.",
        )
    for one in later:
        cancel_meeting(meeting_id=one.public_id, reason=reason, by=by, on=on, seen=one.version)
    for seat in group.members.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=last_day)):
        seat.valid_until, seat.ended_why = max(last_day, seat.valid_from), reason.strip()
        seat.version += 1
        seat.save(update_fields=["valid_until", "ended_why", "version"])
    group.ended_on = last_day
    group.save(update_fields=["ended_on"])
    audit.record("meetings.group_ended", group, by=by, day=last_day, cancelled=len(later))
    return len(later)


@transaction.atomic
def resume_group(*, group_id: str, by: Actor) -> Group:
    """Let a group meet again that was ended. Its seats and meetings are given and planned anew. A second press changes
    nothing. Raises NotAllowed unless the actor keeps the partnership's meetings."""
    group = _group(by, group_id)
    if group.ended_on is not None:
        group.ended_on = None
        group.save(update_fields=["ended_on"])
        audit.record("meetings.group_resumed", group, by=by)
    return group


def _group(by: Actor, group_id: str) -> Group:
    """The group, locked. A group out of sight is not found, whoever asks."""
    group = access.get_group(by, group_id)
    by.check(Permission.PREPARE_MEETINGS)
    return Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
