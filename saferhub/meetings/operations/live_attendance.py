"""Who came to a meeting, who acknowledged what is confidential, who left, who came instead of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Came, Meeting, MeetingStatus, Seat
from saferhub.meetings.queries.live_people import IN_THE_ROOM, in_the_room, name_of
from saferhub.meetings.queries.table import members_on
from saferhub.partnership.access import Actor
from saferhub.sharing.access.emergencies import check_not_only_emergency

from .live import wait_for

OPEN = (MeetingStatus.SENT, MeetingStatus.RUNNING, MeetingStatus.DRAFT)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is to be recorded of one person. `seen`: the version of the row that the form was drawn with."""

    attendance: str
    came: str
    acknowledged: bool
    left: bool
    seen: int


def _open(by: Actor, meeting_id: str) -> Meeting:
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status not in OPEN:
        raise Refusal(
            "attendance_closed",
            "Who came is recorded from the sending of the agenda until the minutes are approved.",
        )
    return meeting


def stands(row: Attendance) -> tuple[str, bool, bool]:
    """What is recorded of somebody: came, acknowledged, left."""
    return row.came, row.acknowledged_at is not None, row.left_at is not None


@transaction.atomic
def record_attendance(*, meeting_id: str, given: Sequence[Recorded], by: Actor) -> int:
    """Record who came. Returns for how many something changed. Whoever is not there has acknowledged nothing.
    Where somebody comes in from whom the item in focus is kept, the meeting waits at none.

    Raises NotAllowed unless the actor prepares the meeting; Refusal before its agenda is sent and once its minutes are
    approved; Conflict `changed_meanwhile`, changing nothing, where somebody else recorded another thing of somebody.
    """
    meeting = _open(by, meeting_id)
    rows = {
        one.public_id: one
        for one in access.parts_readable_by(by, Attendance)
        .select_for_update(of=("self",))
        .filter(meeting=meeting, public_id__in=[one.attendance for one in given])
        .select_related("folder", "user")
    }
    changed = 0
    came: list[Attendance] = []
    for one in given:
        row = rows.get(one.attendance)
        if row is None or one.came not in Came.values:
            raise Refusal("nobody_expected", "Choose somebody who is expected, and whether she or he came.")
        here = one.came in IN_THE_ROOM
        wanted = (one.came, one.acknowledged and here, one.left and here)
        if wanted == stands(row):
            continue
        check_not_only_emergency(by, row.folder)
        if row.version != one.seen:
            said = f"Somebody else recorded of {name_of(row)} meanwhile: {row.get_came_display().lower()}."
            raise Conflict("changed_meanwhile", f"{said} Save again if yours is right.")
        was_there, now = bool(in_the_room([row])), clock.now()
        row.came = one.came
        row.acknowledged_at = (row.acknowledged_at or now) if wanted[1] else None
        row.left_at = (row.left_at or now) if wanted[2] else None
        row.by = by.public_id
        row.version += 1
        row.save(update_fields=["came", "acknowledged_at", "left_at", "by", "version"])
        changed += 1
        if not was_there:
            came += in_the_room([row])
        audit.record(
            "meetings.attendance_recorded",
            row,
            by=by,
            meeting=meeting.public_id,
            came=row.came,
            acknowledged=wanted[1],
            left=wanted[2],
            version=row.version,
        )
    wait_for(meeting, came, by=by)
    return changed


@transaction.atomic
def add_present(
    *, meeting_id: str, unit_id: str, by: Actor, name: str = "", user_id: str = "", instead_of: str = ""
) -> Attendance:
    """Add somebody who came and was not expected: a deputy with an account (`user_id`), or by name alone.

    `unit_id`: a unit with a seat; `instead_of`: public_id of the attendance of whoever sent her, who has apologies
    then. Raises Refusal for a unit without a seat, for an account that is no deputy of it, for nobody, and for
    somebody twice.
    """
    meeting = _open(by, meeting_id)
    seats = [one for one in members_on(meeting) if one.unit.public_id == unit_id]
    if not seats:
        raise Refusal("no_seat", "Choose an agency that has a seat in this meeting.")
    unit = seats[0].unit
    user = None
    if user_id:
        deputies = {one.deputy.public_id: one.deputy for one in seats if one.deputy is not None}
        user = deputies.get(user_id)
        if user is None:
            raise Refusal("no_deputy", "Choose a deputy of that agency, or write a name.")
    elif not name.strip():
        raise Refusal("nobody_named", "Say who came.")
    rows = access.parts_readable_by(by, Attendance).filter(meeting=meeting, folder=meeting.folder)
    there = (
        rows.filter(user=user)
        if user
        else rows.filter(user__isnull=True, name__iexact=name.strip(), unit=unit)
    )
    if there.exists():
        raise Refusal("there_already", "She or he is on the list already.")
    sender = None
    if instead_of:
        sender = rows.select_for_update(of=("self",)).filter(public_id=instead_of, user__isnull=False).first()
        if sender is None:
            raise Refusal("nobody_expected", "Choose whom she or he came for from the list.")
    assert meeting.folder is not None
    made = Attendance.objects.create(
        partnership_id=meeting.partnership_id,
        folder=meeting.folder,
        meeting=meeting,
        agency=unit.agency,
        unit=unit,
        user=user,
        name="" if user else name.strip()[:200],
        instead_of=sender.user if sender else None,
        seat=sender.seat if sender else Seat.MEMBER,
        came=Came.DEPUTY if sender else Came.PRESENT,
        by=by.public_id,
    )
    if sender is not None and sender.came == Came.EXPECTED:
        sender.came, sender.by, sender.version = Came.APOLOGIES, by.public_id, sender.version + 1
        sender.save(update_fields=["came", "by", "version"])
    audit.record("meetings.attendance_added", made, by=by, meeting=meeting.public_id, came=made.came)
    wait_for(meeting, in_the_room([made]), by=by)
    return made
