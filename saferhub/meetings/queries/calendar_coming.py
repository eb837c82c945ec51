"""Who comes to a meeting: expected, apologies, deputies, guests; and whether that makes a quorum."""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.meetings import access
from saferhub.meetings.models import Apology, Attendance, Came, Meeting, MeetingStatus, Member, Seat
from saferhub.meetings.operations.calendar_apologies import apologies_of
from saferhub.meetings.operations.calendar_inviting import TO_COME
from saferhub.meetings.queries.calendar_groups import kinds_of_agency
from saferhub.meetings.queries.meeting_facts import kind_or_none
from saferhub.meetings.queries.table import members_on
from saferhub.meetings.rules.attending import Here, quorum
from saferhub.meetings.rules.group_words import lacks_words
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force

# What counts as being there once it has begun.
_HERE = (Came.PRESENT, Came.DEPUTY)
_SEATS = dict(Seat.choices)
_MARKS = {
    Came.PRESENT: "done",
    Came.DEPUTY: "done",
    Came.EXPECTED: "not_started",
    Came.APOLOGIES: "at_risk",
    Came.ABSENT: "off_track",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """A seat on the day: whether it is the reader's, what was said, and whether the reader may say it."""

    member: Member
    apology: Apology | None
    is_mine: bool
    can_say: bool


@dataclass(frozen=True, slots=True)
class CameRow:
    """What somebody did, as it was recorded in the meeting, and in which seat."""

    row: Attendance
    mark: str
    seat: str


@dataclass(frozen=True, slots=True)
class Coming:
    """Before the meeting the `seats`, from its beginning what was `recorded`. `agencies`: of how many somebody comes;
    `lacks`: in words what a quorum lacks, "" where it is made, None where the rules do not say."""

    seats: list[Expected]
    guests: list[Attendance]
    recorded: list[CameRow]
    has_begun: bool
    agencies: int
    lacks: str | None


def coming_to(actor: Actor, meeting: Meeting) -> Coming:
    """About eight queries, however many come."""
    rows = list(
        access.parts_readable_by(actor, Attendance)
        .filter(meeting=meeting)
        .select_related("agency", "unit", "user", "instead_of")
        .order_by("agency__name", "id")
    )
    guests = [one for one in rows if one.seat == "guest"]
    has_begun = meeting.status in (MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED)
    if has_begun:
        own = [one for one in rows if one.seat != "guest"]
        codes = {one.agency.code for one in own if one.came in _HERE}
        recorded = [CameRow(one, _MARKS[Came(one.came)], _SEATS.get(one.seat, one.seat)) for one in own]
        return Coming([], guests, recorded, True, len(codes), _lacks(meeting, codes))
    sent = apologies_of(meeting)
    may_say = meeting.status in TO_COME
    prepares = access.can_prepare(actor, meeting.group)
    mine = set(access.seats_of(actor).filter(group=meeting.group_id).values_list("pk", flat=True))
    seats = [
        Expected(one, sent.get(one.pk), one.pk in mine, may_say and (prepares or one.pk in mine))
        for one in members_on(meeting)
    ]
    codes = {
        one.member.agency.code for one in seats if one.apology is None or one.apology.deputy_id is not None
    }
    return Coming(seats, guests, [], False, len(codes), _lacks(meeting, codes))


def _lacks(meeting: Meeting, codes: set[str]) -> str | None:
    kind = kind_or_none(meeting.group, meeting.on)
    if kind is None:
        return None
    partnership = meeting.group.partnership
    kinds = {one.code: one.item.kind for one in in_force.entries(partnership, "agencies", meeting.on)}
    here = [Here(code, str(kinds.get(code, "")), statutory=False) for code in codes]
    state = quorum(here, agencies=kind.quorum.agencies, of_kinds=kind.quorum.of_kinds)
    return lacks_words(state.lacks, kinds_of_agency(partnership, meeting.on))
