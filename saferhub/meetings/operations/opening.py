"""Beginning the preparation of a meeting: its two folders, its standing items, who is expected."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Item, ItemKind, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.queries.table import NO_MATTER
from saferhub.meetings.queries.table import members_on as members_on
from saferhub.partnership.access import Actor

from .items import move_item
from .organising import organisers_folder
from .planning import kind_of, move_meeting


@transaction.atomic
def begin_preparing(*, meeting_id: str, by: Actor, on: date) -> Meeting:
    """Open a planned meeting's agenda: its folder, which opens to the members when the agenda is sent, the organisers'
    own folder, its standing items, and who is expected. A second press changes nothing.

    Both folders are of the kind that counts no unit as its own, so that nobody sees them as a colleague of whoever
    opened them. Raises NotAllowed unless the actor prepares the group's meetings; Refusal for one that is over.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status != MeetingStatus.PLANNED:
        if meeting.folder_id is not None:
            return meeting
        raise Refusal("meeting_over", "This meeting was cancelled.")
    kind = kind_of(meeting.group, meeting.on)
    meeting.folder = organisers_folder(meeting, meeting.hub, purpose=kind.purpose or NO_MATTER, by=by)
    meeting.work_folder = organisers_folder(meeting, meeting.hub, purpose=kind.purpose or NO_MATTER, by=by)
    meeting.status = MeetingStatus.PREPARING
    meeting.version += 1
    meeting.save(update_fields=["folder", "work_folder", "status", "version"])
    move_meeting(meeting, MeetingStatus.PLANNED, MeetingStatus.PREPARING, by=by, on=on)
    for order, standing in enumerate(kind.standing_items, start=1):
        item = Item.objects.create(
            partnership_id=meeting.partnership_id,
            folder=meeting.folder,
            meeting=meeting,
            kind=ItemKind.ACTIONS if standing.takes == "actions" else ItemKind.STANDING,
            code=standing.id,
            title=standing.title,
            status=ItemStatus.ON,
            order=order * 100,
            minutes=standing.minutes if standing.takes in ("nothing", "last_minutes", "actions") else 0,
            by=by.public_id,
        )
        move_item(item, "", ItemStatus.ON, by=by, on=on)
    expect_members(meeting)
    audit.record("meetings.preparing", meeting, by=by, group=meeting.group.public_id)
    return meeting


def expect_members(meeting: Meeting) -> None:
    """A row for everybody who has a seat and a name, where none stands yet."""
    assert meeting.folder is not None
    known = set(
        Attendance.objects.filter(meeting=meeting, folder=meeting.folder_id).values_list("user", flat=True)
    )
    for member in members_on(meeting):
        if member.user_id is not None and member.user_id not in known:
            known.add(member.user_id)
            Attendance.objects.create(
                partnership_id=meeting.partnership_id,
                folder=meeting.folder,
                meeting=meeting,
                agency=member.agency,
                unit=member.unit,
                user=member.user,
                seat=member.seat,
            )
