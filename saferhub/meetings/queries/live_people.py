"""Who is in the room: the quorum and what it lacks, who must leave for an item, who is bidden to one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Came, Item, KeptFrom, Meeting, MeetingStatus, Seat
from saferhub.meetings.queries.meeting_facts import kind_or_none
from saferhub.meetings.queries.table import unit_name, units_below
from saferhub.meetings.rules.attending import Here, QuorumState, quorum
from saferhub.meetings.rules.live import Sits, lacks_words, must_leave
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force

IN_THE_ROOM = (Came.PRESENT, Came.DEPUTY)
GUEST = "guest"
_UNLESS_CALLED = timedelta(days=14)


def attendances_of(actor: Actor, meeting: Meeting) -> list[Attendance]:
    """Who is expected, came or did not, as far as the actor sees it, guests of items included. One query."""
    return list(
        access.parts_readable_by(actor, Attendance)
        .filter(meeting=meeting)
        .select_related("agency", "unit", "user", "instead_of")
        .order_by("agency__name", "id")
    )


def name_of(row: Attendance) -> str:
    return row.user.name if row.user is not None else row.name


def in_the_room(rows: Sequence[Attendance]) -> list[Attendance]:
    """Those who came and have not left."""
    return [one for one in rows if one.came in IN_THE_ROOM and one.left_at is None]


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, guests aside. `lacks`: what a quorum lacks in words, "" where there is one or none is asked for."""

    here: list[Attendance]
    agencies: int
    of_agencies: int
    acknowledged: int
    is_quorate: bool
    lacks: str

    @property
    def words(self) -> str:
        return f"{self.agencies} of {self.of_agencies} agencies here"

    @property
    def all_acknowledged(self) -> bool:
        return bool(self.here) and self.acknowledged == len(self.here)


def presence(actor: Actor, meeting: Meeting, rows: Sequence[Attendance]) -> Presence:
    """How the room stands. Two queries, asked once on a page."""
    expected = [one for one in rows if one.seat != GUEST]
    here = in_the_room(expected)
    state = _quorum(actor, meeting, here)
    kinds = {
        one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "agency_kinds", actor.on)
    }
    return Presence(
        here=here,
        agencies=len({one.agency_id for one in here}),
        of_agencies=len({one.agency_id for one in expected}),
        acknowledged=sum(one.acknowledged_at is not None for one in here),
        is_quorate=state.met,
        lacks=lacks_words(state.lacks, kinds),
    )


@dataclass(frozen=True, slots=True)
class Sitting:
    """Some of those at the table, in words: "Here" and their names with agencies."""

    words: str
    names: list[str]


_ROOM = (
    ("Here", IN_THE_ROOM),
    ("Apologies", (Came.APOLOGIES,)),
    ("Did not come", (Came.ABSENT,)),
    ("Not recorded yet", (Came.EXPECTED,)),
)


def room(rows: Sequence[Attendance]) -> list[Sitting]:
    """Who is there and who is not, guests of single items aside; no group without anybody."""
    found = []
    for words, states in _ROOM:
        names = [
            f"{name_of(one)}, {one.agency.name}" + (" (has left)" if one.left_at is not None else "")
            for one in rows
            if one.came in states and one.seat != GUEST
        ]
        if names:
            found.append(Sitting(words, names))
    return found


def day_of_next(meeting: Meeting) -> date:
    """The day of the group's next meeting, by which most actions are due; two weeks on where none is called. That a
    group meets is no secret from whoever prepares it. One query."""
    found = (
        Meeting.objects.filter(group=meeting.group_id, on__gt=meeting.on)
        .exclude(status=MeetingStatus.CANCELLED)
        .order_by("on", "id")
        .values_list("on", flat=True)
        .first()
    )
    return found or meeting.on + _UNLESS_CALLED


def _quorum(actor: Actor, meeting: Meeting, here: Sequence[Attendance]) -> QuorumState:
    """Observers make no quorum. Where no rules cover the day, none is asked for."""
    kind = kind_or_none(meeting.group, meeting.on)
    if kind is None:
        return QuorumState(True, ())
    known = {one.code: one.item for one in in_force.entries(actor.partnership, "agencies", actor.on)}
    found = []
    for one in here:
        if one.seat == Seat.OBSERVER:
            continue
        item = known.get(one.agency.code)
        found.append(Here(one.agency.code, item.kind if item else "", bool(item and item.statutory)))
    return quorum(found, agencies=kind.quorum.agencies, of_kinds=kind.quorum.of_kinds)


def kept_from(actor: Actor, item: Item) -> list[KeptFrom]:
    """From whom an item is kept now, and who declared an interest. The actor sees the item. One query."""
    return list(
        access.parts_readable_by(actor, KeptFrom)
        .filter(item=item, lifted_on__isnull=True)
        .select_related("unit__agency", "user")
        .order_by("id")
    )


def leaving(actor: Actor, rows: Sequence[Attendance], kept: Sequence[KeptFrom]) -> list[str]:
    """Names of those in the room who must leave for an item from whom it is kept. A query for each unit."""
    units = {below for one in kept if one.unit_id is not None for below in units_below(actor, one.unit_id)}
    users = {one.user_id for one in kept if one.user_id is not None}
    room = [Sits(name_of(one), one.user_id, one.unit_id) for one in in_the_room(rows)]
    return must_leave(room, users=users, units=units)


def must_leave_for(actor: Actor, item: Item) -> list[str]:
    """The same, asked of the database. Two queries, and one where it is kept from nobody."""
    kept = kept_from(actor, item)
    return leaving(actor, attendances_of(actor, item.meeting), kept) if kept else []


@dataclass(frozen=True, slots=True)
class Kept:
    """From whom an item is kept, as the page says it. `declared`: an interest of her own."""

    who: str
    declared: bool


def kept_words(kept: Sequence[KeptFrom]) -> list[Kept]:
    """From whom, by agency or by name."""
    found = []
    for one in kept:
        who = unit_name(one.unit) if one.unit is not None else one.user.name if one.user is not None else ""
        found.append(Kept(who, one.is_conflict))
    return found
