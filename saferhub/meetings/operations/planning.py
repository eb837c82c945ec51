"""Making the groups that the packs describe, and planning their meetings a year ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.conf import settings
from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.ids import new_public_id
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Group, Meeting, MeetingMove, MeetingStatus
from saferhub.meetings.pack_sections import MeetingKind
from saferhub.meetings.rules import cycle
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Board, Hub
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.dates_in_words import date_in_words

AHEAD = timedelta(days=366)
# No meeting is called or moved to a day further off: some thirteen months.
FARTHEST = timedelta(days=400)


def kind_of(group: Group, on: date) -> MeetingKind:
    """What the packs say of a group's kind on a day. Raises Refusal where they say nothing."""
    found = in_force.entry(group.partnership, "meeting_kinds", group.kind, on)
    if found is None:
        raise Refusal(
            "kind_not_in_force", "The rules of this kind of meeting do not cover that day. Load them first."
        )
    kind: MeetingKind = found.item
    return kind


@dataclass(frozen=True, slots=True)
class Described:
    """A group that a kind in force describes: its kind, for which hub or board, what it is called."""

    kind: str
    hub: Hub | None
    board: Board | None
    name: str


def groups_described(actor: Actor, on: date) -> list[Described]:
    """Every group that the kinds in force describe: one for each hub, one for a board, one for the partnership."""
    hubs = {one.code: one for one in Hub.objects.filter(partnership=actor.partnership)}
    boards = {one.code: one for one in Board.objects.filter(partnership=actor.partnership)}
    here = {one.code for one in in_force.entries(actor.partnership, "hubs", on)}
    found = []
    for entry in in_force.entries(actor.partnership, "meeting_kinds", on):
        kind = entry.item
        if kind.sits_for == "hub":
            called = kind.short_name or kind.name
            found += [
                Described(entry.code, hub, None, f"{called}, {hub.name}"[:200])
                for code, hub in hubs.items()
                if code in here
            ]
        else:
            found.append(Described(entry.code, None, boards.get(kind.board or ""), str(kind.name)[:200]))
    return found


def groups_to_make(actor: Actor, on: date) -> list[Described]:
    """Those of them that do not stand yet."""
    there = set(Group.objects.filter(partnership=actor.partnership).values_list("kind", "hub", "board"))
    return [
        one
        for one in groups_described(actor, on)
        if (one.kind, one.hub.pk if one.hub else None, one.board.pk if one.board else None) not in there
    ]


@transaction.atomic
def make_groups(*, by: Actor, on: date) -> list[Group]:
    """One group for each hub, board or partnership that the kinds in force describe. Those that stand already stay.

    Raises NotAllowed unless the actor keeps the partnership's meetings.
    """
    by.check(Permission.PREPARE_MEETINGS)
    assert by.partnership is not None
    made = []
    for one in groups_described(by, on):
        group, is_new = Group.objects.get_or_create(
            partnership=by.partnership,
            kind=one.kind,
            hub=one.hub,
            board=one.board,
            defaults={"name": one.name},
        )
        if is_new:
            audit.record(
                "meetings.group_made", group, by=by, kind=one.kind, hub=one.hub.code if one.hub else ""
            )
            made.append(group)
    return made


@dataclass(frozen=True, slots=True)
class Proposed:
    """A day that the cycle gives. `moved_from`: its own day where that one cannot be, and `why`. `stands`: the group
    meets on it already, or did until its meeting was moved or cancelled, so it is not planned again. `was_cancelled`:
    a meeting of that day was cancelled and no other took its place."""

    on: date
    moved_from: date | None
    why: str
    stands: bool
    was_cancelled: bool


def proposed(
    group: Group, kind: MeetingKind, *, until: date, on: date, cancelled_too: bool = False
) -> list[Proposed]:
    """The days that the group's cycle gives from tomorrow to `until`, the earliest first. `cancelled_too`: days whose
    meeting was cancelled are planned anew.

    Raises Refusal for a kind without a cycle, beyond a year, and where the bank holidays are not known.
    """
    if kind.cycle is None:
        raise Refusal("no_cycle", "This group meets when it is called. Call a meeting on a day.")
    if not on < until <= on + AHEAD:
        raise Refusal("too_far", "Plan from tomorrow to a day within a year.")
    there: set[date] = set()
    cancelled: set[date] = set()
    for day, moved_from, status in group.meetings.values_list("on", "moved_from", "status"):
        days = {day} if moved_from is None else {day, moved_from}
        if status == MeetingStatus.CANCELLED:
            cancelled |= days
        else:
            there |= days
    cancelled -= there
    stand = there if cancelled_too else there | cancelled
    holidays = bank_holidays()
    given = kind.cycle
    found = cycle.days(
        every=given.every,
        unit=given.unit,
        weekday=given.weekday,
        first=date.fromisoformat(given.first),
        week_of_month=given.week_of_month,
        start=on + timedelta(days=1),
        end=until,
        holidays=holidays,
    )
    return [
        Proposed(
            one.on,
            one.moved_from,
            cycle.why_moved(one, holidays),
            not stand.isdisjoint(own := {one.on, one.moved_from or one.on}),
            not cancelled.isdisjoint(own),
        )
        for one in found
    ]


@transaction.atomic
def plan_ahead(
    *, group_id: str, until: date, by: Actor, on: date, place: str = "", cancelled_too: bool = False
) -> list[Meeting]:
    """Plan the group's meetings by its cycle from tomorrow to `until`, at most a year ahead. Days that are planned
    already stay as they are; one whose meeting was moved is not planned again, nor, unless `cancelled_too`, one whose
    meeting was cancelled.

    Raises NotAllowed unless the actor prepares them; Refusal for a group that ends before that day, and as
    `proposed` does.
    """
    group = access.get_group(by, group_id)
    access.check_can_prepare(by, group)
    check_meets(group, on)
    check_meets(group, until)
    kind = kind_of(group, on)
    group = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    days = proposed(group, kind, until=until, on=on, cancelled_too=cancelled_too)
    assert kind.cycle is not None
    starts_at, minutes = time.fromisoformat(kind.cycle.starts_at), kind.cycle.minutes
    return [
        _plan(group, one.on, starts_at, minutes, by=by, on=on, moved_from=one.moved_from, place=place)
        for one in days
        if not one.stands
    ]


def check_meets(group: Group, on: date) -> None:
    """Raise Refusal for a group that has ended."""
    if group.ended_on is not None and group.ended_on < on:
        raise Refusal("group_ended", "This group does not meet then any more.")


def check_when(day: date, starts_at: time, minutes: int, *, on: date) -> None:
    """Raise Refusal for a day that has passed or lies more than 400 days ahead, and for a meeting that would not end
    on the day on which it begins."""
    if day < on:
        raise Refusal("day_passed", "Choose today or a day to come.")
    if day > on + FARTHEST:
        raise Refusal(
            "too_far", f"Choose a day until {date_in_words(on + FARTHEST)}: nothing is called further ahead."
        )
    if starts_at.hour * 60 + starts_at.minute + minutes > 24 * 60:
        raise Refusal(
            "past_midnight", "It would run past midnight. Let it begin earlier, or make it shorter."
        )


@transaction.atomic
def call_meeting(
    *,
    group_id: str,
    day: date,
    starts_at: time,
    minutes: int,
    by: Actor,
    on: date,
    place: str = "",
    online: str = "",
) -> Meeting:
    """Call a meeting outside the cycle. Raises NotAllowed, and Refusal for a clash and as `check_when` does."""
    group = access.get_group(by, group_id)
    access.check_can_prepare(by, group)
    check_meets(group, day)
    check_when(day, starts_at, minutes, on=on)
    group = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if group.meetings.exclude(status=MeetingStatus.CANCELLED).filter(on=day, starts_at=starts_at).exists():
        raise Refusal("meets_then", "This group meets at that time already.")
    return _plan(group, day, starts_at, minutes, by=by, on=on, place=place, online=online)


def _plan(
    group: Group,
    day: date,
    starts_at: time,
    minutes: int,
    *,
    by: Actor,
    on: date,
    moved_from: date | None = None,
    place: str = "",
    online: str = "",
) -> Meeting:
    last = group.meetings.order_by("-number").values_list("number", flat=True).first() or 0
    meeting = Meeting.objects.create(
        partnership_id=group.partnership_id,
        group=group,
        hub_id=group.hub_id,
        number=last + 1,
        on=day,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        online=online,
        moved_from=moved_from,
        uid=f"{new_public_id().lower()}@{settings.CALENDAR_DOMAIN}",
    )
    move_meeting(meeting, "", MeetingStatus.PLANNED, by=by, on=on)
    audit.record("meetings.planned", meeting, by=by, group=group.public_id, day=day)
    return meeting


def called_on(meeting: Meeting) -> date | None:
    """The day on which a meeting was planned or called. One query, asked once on a page."""

    def find() -> date | None:
        return meeting.moves.order_by("id").values_list("on", flat=True).first()

    return once(("meeting_called", meeting.pk), find)


def move_meeting(meeting: Meeting, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    """Keep one move of a meeting's status. The caller has changed it and checked that it may."""
    MeetingMove.objects.create(
        partnership_id=meeting.partnership_id,
        meeting=meeting,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )
