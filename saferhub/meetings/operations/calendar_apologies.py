"""Apologies before a meeting, and who comes instead: said by whoever has the seat, or recorded for her."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import Http404

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Condition, NotAllowed, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Apology, Attendance, Came, Meeting, MeetingStatus, Member
from saferhub.meetings.queries.table import members_on
from saferhub.partnership.access import Actor

from .calendar_inviting import check_to_come, send_entries
from .calendar_seats import people_of_agency
from .opening import expect_members


def get_seat_at(meeting: Meeting, seat_id: str) -> Member:
    """A seat of the group on the meeting's day. Raises Http404."""
    found = next((one for one in members_on(meeting) if one.public_id == seat_id), None)
    if found is None:
        raise Http404
    return found


def check_can_apologise(actor: Actor, meeting: Meeting, member: Member) -> None:
    """Raise NotAllowed unless the seat is hers, she is its deputy or of its unit where it names nobody, or she prepares
    the meeting."""
    if access.seats_of(actor).filter(pk=member.pk).exists() or access.can_prepare(actor, meeting.group):
        return
    raise NotAllowed(
        "not_your_seat",
        "Whoever has the seat says whether she comes, or whoever prepares the meeting records it.",
        conditions=[Condition("The seat is yours, or you prepare this meeting")],
    )


def deputies_on_offer(member: Member, on: date) -> list[User]:
    """Who can come instead: the seat's own deputy first, then everybody of its agency but whoever has the seat."""
    others = [one for one in people_of_agency(member.unit, on) if one.pk != member.user_id]
    return sorted(others, key=lambda one: one.pk != member.deputy_id)


@transaction.atomic
def apologise(*, meeting_id: str, seat_id: str, deputy: str, by: Actor, on: date) -> Apology:
    """Record that whoever has the seat will not come. `deputy`: public_id of who comes instead, "" for nobody. Said
    again with another deputy, the later counts; said again alike, nothing changes.

    A deputy is invited where others were. Raises Http404 for a seat that is not there, NotAllowed, and Refusal for a
    deputy of another agency and once the meeting has begun.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    member = get_seat_at(meeting, seat_id)
    check_can_apologise(by, meeting, member)
    check_to_come(meeting)
    known = {one.public_id: one for one in deputies_on_offer(member, on)}
    if deputy and deputy not in known:
        raise Refusal("deputy_not_of_agency", "Choose a deputy who works in that agency.")
    instead = known.get(deputy)
    stands = _standing(meeting, member)
    if stands is not None:
        if stands.deputy_id == (instead.pk if instead else None):
            return stands
        _end(stands, by=by, on=on)
    made = Apology.objects.create(
        partnership_id=meeting.partnership_id,
        meeting=meeting,
        member=member,
        deputy=instead,
        on=on,
        by=by.public_id,
    )
    _write(meeting, member, Came.APOLOGIES, by=by)
    send_entries(meeting, by=by, on=on, is_change=True)
    audit.record("meetings.apologies", meeting, by=by, seat=member.public_id, deputy=deputy)
    return made


@transaction.atomic
def take_back(*, meeting_id: str, seat_id: str, by: Actor, on: date) -> None:
    """Record that she comes after all. Nothing happens where no apologies stand. Raises as `apologise`."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    member = get_seat_at(meeting, seat_id)
    check_can_apologise(by, meeting, member)
    check_to_come(meeting)
    stands = _standing(meeting, member)
    if stands is None:
        return
    _end(stands, by=by, on=on)
    _write(meeting, member, Came.EXPECTED, by=by)
    send_entries(meeting, by=by, on=on, is_change=True)
    audit.record("meetings.apologies_taken_back", meeting, by=by, seat=member.public_id)


def apologies_of(meeting: Meeting) -> dict[int, Apology]:
    """The apologies that stand, by the number of the seat."""
    rows = Apology.objects.filter(meeting=meeting, taken_back_on__isnull=True).select_related("deputy")
    return {row.member_id: row for row in rows}


def expect(meeting: Meeting, *, by: Actor) -> None:
    """Take over into the attendance what was said before: apologies, and once the meeting runs the deputies who come
    instead. Called when the agenda is sent and when the meeting begins; again, it changes nothing, and never what
    somebody recorded there. Whoever was given a seat meanwhile is expected too."""
    expect_members(meeting)
    sent = apologies_of(meeting)
    for member in members_on(meeting):
        stands = sent.get(member.pk)
        if stands is None:
            continue
        _write(meeting, member, Came.APOLOGIES, by=by)
        if stands.deputy is None or meeting.status != MeetingStatus.RUNNING:
            continue
        Attendance.objects.get_or_create(
            meeting=meeting,
            folder=meeting.folder,
            user=stands.deputy,
            defaults={
                "partnership_id": meeting.partnership_id,
                "agency": member.agency,
                "unit": member.unit,
                "seat": member.seat,
                "instead_of": member.user,
                "by": by.public_id,
            },
        )


def _standing(meeting: Meeting, member: Member) -> Apology | None:
    rows = Apology.objects.filter(meeting=meeting, member=member, taken_back_on__isnull=True)
    return rows.select_related("deputy").first()


def _end(apology: Apology, *, by: Actor, on: date) -> None:
    apology.taken_back_on, apology.taken_back_by = on, by.public_id
    apology.save(update_fields=["taken_back_on", "taken_back_by"])


def _write(meeting: Meeting, member: Member, came: Came, *, by: Actor) -> None:
    """Into the attendance, where the actor sees it: before the agenda is sent a member does not."""
    if meeting.folder_id is None or member.user_id is None:
        return
    row = (
        access.parts_readable_by(by, Attendance)
        .filter(meeting=meeting, folder=meeting.folder_id, user=member.user_id)
        .first()
    )
    if row is None or row.came not in (Came.EXPECTED, Came.APOLOGIES) or row.came == came:
        return
    row.came, row.by = came, by.public_id
    row.version += 1
    row.save(update_fields=["came", "by", "version"])
