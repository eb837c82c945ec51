"""What was recorded at a meeting, as its minutes take it: read at once for all its items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from saferhub.casework.access import actions_visible_to, cases_visible_to
from saferhub.casework.access import parts_readable_by as parts_of_cases
from saferhub.casework.models import Action, Assessment, Case
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.meetings import access
from saferhub.meetings.models import (
    Attendance,
    Came,
    Item,
    ItemAction,
    ItemKind,
    ItemMove,
    ItemStatus,
    KeptFrom,
    Meeting,
    Seat,
    Words,
)
from saferhub.meetings.operations.planning import kind_of
from saferhub.meetings.rules import minutes as rules
from saferhub.meetings.rules.attending import Here, QuorumState, quorum
from saferhub.meetings.rules.when import held, hours
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force

HERE = (Came.PRESENT, Came.DEPUTY)
_HOW = {
    Came.PRESENT: "Present",
    Came.DEPUTY: "Came as deputy",
    Came.APOLOGIES: "Sent apologies",
    Came.ABSENT: "Did not come",
    Came.EXPECTED: "Did not come",
}
_PANEL = {True: " The panel agrees.", False: " The panel does not agree.", None: ""}


@dataclass(frozen=True)
class AtTheMeeting:
    """Everybody in the list of attendance that the reader may read, guests apart by the folder of their item."""

    members: list[Attendance]
    guests: dict[int, list[Attendance]]


def attendance(actor: Actor, meeting: Meeting) -> AtTheMeeting:
    """Who came and who did not. One query."""
    rows = (
        access.parts_readable_by(actor, Attendance)
        .filter(meeting=meeting)
        .select_related("agency", "unit", "user", "instead_of")
        .order_by("agency__name", "id")
    )
    members: list[Attendance] = []
    guests: dict[int, list[Attendance]] = defaultdict(list)
    for row in rows:
        if row.folder_id == meeting.folder_id:
            members.append(row)
        else:
            guests[row.folder_id].append(row)
    return AtTheMeeting(members, guests)


def name_of(row: Attendance) -> str:
    return row.user.name if row.user is not None else row.name


def came_in_words(members: Sequence[Attendance]) -> list[rules.Came]:
    """The list of attendance, those who were there first."""
    ordered = sorted(members, key=lambda one: one.came not in HERE)
    return [rules.Came(name_of(one), one.agency.name, _how(one)) for one in ordered]


def _how(row: Attendance) -> str:
    said = _HOW[Came(row.came)]
    if row.came == Came.DEPUTY and row.instead_of is not None:
        said = f"Came as deputy for {row.instead_of.name}"
    if row.seat in (Seat.CHAIR, Seat.DEPUTY_CHAIR, Seat.MINUTES, Seat.OBSERVER):
        said = f"{Seat(row.seat).label}. {said}"
    if row.left_at is not None and row.came in HERE:
        said += f", left at {timezone.localtime(row.left_at):%H:%M}"
    return said


def head_of(meeting: Meeting, members: Sequence[Attendance] = ()) -> rules.Head:
    """What every paper of a meeting says of it. The chair is whoever came in that seat, else her deputy."""

    def in_seat(*seats: str) -> str:
        found = [one for one in members if one.seat in seats and one.came in HERE]
        return ", ".join(name_of(one) for one in found)

    return rules.Head(
        group=meeting.group.name,
        kind=meeting.group.kind,
        key=meeting.public_id,
        on=meeting.on,
        hours=hours(meeting.starts_at, meeting.minutes),
        place=meeting.place,
        chair=in_seat(Seat.CHAIR) or in_seat(Seat.DEPUTY_CHAIR),
        taken_by=in_seat(Seat.MINUTES),
        held=held(meeting.on, meeting.began_at, meeting.ended_at),
    )


def quorum_words(meeting: Meeting, members: Sequence[Attendance]) -> str:
    """Whether there was a quorum, in a sentence. Where the packs have no rule for that day it says how many came."""
    here = {one.agency_id: one.agency for one in members if one.came in HERE}
    came = f"{len(here)} {'agency was' if len(here) == 1 else 'agencies were'} there."
    state = _quorum(meeting, [one.code for one in here.values()])
    if state is None:
        return came
    if state.met:
        return f"{came} The meeting had its quorum."
    kinds = {
        one.code: str(one.item.name)
        for one in in_force.entries(meeting.partnership, "agency_kinds", meeting.on)
    }
    lacks = []
    for one in state.lacks:
        what, _, which = one.partition(":")
        lacks.append(
            f"{which} more" if what == "agencies" else f"one of the kind “{kinds.get(which, which)}”"
        )
    return f"{came} The meeting had no quorum: it lacked {' and '.join(lacks)}. What it decided is advice."


def _quorum(meeting: Meeting, codes: Collection[str]) -> QuorumState | None:
    try:
        rule = kind_of(meeting.group, meeting.on).quorum
    except Refusal:
        return None
    known = agencies_on(meeting.partnership, meeting.on)
    here = [
        Here(code, known[code].kind if code in known else "", bool(code in known and known[code].statutory))
        for code in codes
    ]
    return quorum(here, agencies=rule.agencies, of_kinds=rule.of_kinds)


def agencies_on(partnership: Partnership, on: Any) -> dict[str, Any]:
    """What the packs say of the agencies on a day, by their code."""
    return {one.code: one.item for one in in_force.entries(partnership, "agencies", on)}


def acknowledged_words(members: Sequence[Attendance]) -> str:
    """Who acknowledged the confidentiality, in a sentence."""
    there = [one for one in members if one.came in HERE]
    without = [name_of(one) for one in there if one.acknowledged_at is None]
    if not there:
        return "Nobody is recorded as there."
    if not without:
        return "Everybody who was there acknowledged it."
    return f"Everybody who was there acknowledged it, but for {', '.join(without)}."


def items_of(actor: Actor, meeting: Meeting) -> list[Item]:
    """The items of a meeting that the reader sees, in the order of the agenda; what was taken off is not among them."""
    found = list(
        access.parts_readable_by(actor, Item)
        .filter(meeting=meeting, status__in=[ItemStatus.ON, ItemStatus.DONE, ItemStatus.DEFERRED])
        .select_related("folder", "matter")
        .order_by("order", "id")
    )
    for one in found:
        one.meeting = meeting
    return found


def is_heading(item: Item) -> bool:
    """Whether it is a standing item: the others stand below one."""
    return bool(item.code)


def said_at(actor: Actor, items: Collection[Item]) -> dict[int, list[rules.Said]]:
    """What the minute-takers wrote, by item, the earliest first. One query."""
    rows = (
        access.parts_readable_by(actor, Words)
        .filter(item__in=[one.pk for one in items])
        .select_related("author")
        .order_by("began_at", "id")
    )
    found: dict[int, list[rules.Said]] = defaultdict(list)
    for row in rows:
        found[row.item_id].append(
            rules.Said(
                row.public_id,
                row.author.name,
                timezone.localtime(row.began_at),
                timezone.localtime(row.at),
                row.text,
            )
        )
    return found


def actions_at(actor: Actor, items: Collection[Item]) -> dict[int, list[Action]]:
    """The actions agreed at these items that the reader sees, in the order in which they were agreed. Two queries."""
    joins = list(
        access.parts_readable_by(actor, ItemAction).filter(item__in=[one.pk for one in items]).order_by("id")
    )
    if not joins:
        return {}
    seen = {
        one.public_id: one
        for one in actions_visible_to(actor)
        .filter(public_id__in=[one.action for one in joins])
        .select_related("owner_unit__agency", "owner", "case__matter")
    }
    found: dict[int, list[Action]] = defaultdict(list)
    for join in joins:
        if join.action in seen:
            found[join.item_id].append(seen[join.action])
    return found


def unseen_at(actor: Actor, items: Collection[Item]) -> list[str]:
    """The items (public_ids) whose case the reader does not see, and so neither actions nor scores: it went to another
    hub after it was spoken of. Two queries; an item about something else may be among them."""
    matters = {one.matter_id for one in items if one.matter_id is not None}
    listed = cases_visible_to(actor).filter(matter__in=matters).values_list("matter", flat=True)
    read = parts_of_cases(actor, Case).filter(matter__in=matters).values_list("matter", flat=True)
    seen = {*listed} & {*read}
    return [one.public_id for one in items if one.matter_id is not None and one.matter_id not in seen]


def who_words(action: Action) -> str:
    """ "Priya Nair, Mental health trust"; the agency alone where nobody is named."""
    agency = action.owner_unit.agency.name
    return f"{action.owner.name}, {agency}" if action.owner is not None else agency


def _scores(actor: Actor, meeting: Meeting, items: Collection[Item]) -> dict[int, list[str]]:
    """How the band or score of each case changed at the meeting, in words. One query. What a hub scores of a referral
    is the hub's alone, so it stands in no minutes."""
    matters = {one.matter_id for one in items if one.kind in (ItemKind.CASE, ItemKind.CLOSURE)}
    if not matters or meeting.began_at is None:
        return {}
    rows = (
        parts_of_cases(actor, Assessment)
        .filter(matter__in=matters, person__isnull=True, on__lte=meeting.on)
        .only(
            "matter_id",
            "folder_id",
            "score",
            "band",
            "judged_band",
            "is_complete",
            "panel_agrees",
            "on",
            "at",
        )
        .order_by("on", "id")
    )
    before: dict[int, Assessment] = {}
    said: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        at_the_meeting = row.on == meeting.on and row.at >= meeting.began_at
        if at_the_meeting and (meeting.ended_at is None or row.at <= meeting.ended_at):
            was = f", before {_score(before[row.matter_id])}" if row.matter_id in before else ""
            said[row.matter_id].append(f"{rules.RISK}{_score(row)}{was}.{_PANEL[row.panel_agrees]}")
        before[row.matter_id] = row
    return said


def _score(row: Assessment) -> str:
    if not row.standing_band:
        return "incomplete"
    word = RISK_BANDS.get(row.standing_band, (row.standing_band.capitalize(), 0))[0]
    return f"{word} ({row.score})" if row.score is not None else word


def _left(actor: Actor, items: Collection[Item]) -> dict[int, list[str]]:
    """Who declared an interest of her own and left for an item. Whom it was kept from otherwise stands nowhere."""
    rows = (
        access.parts_readable_by(actor, KeptFrom)
        .filter(
            item__in=[one.pk for one in items], is_conflict=True, user__isnull=False, lifted_on__isnull=True
        )
        .select_related("user")
        .order_by("id")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        assert row.user is not None
        found[row.item_id].append(row.user.name)
    return found


def _put_off(actor: Actor, items: Sequence[Item]) -> dict[int, str]:
    """Why items were put off, in the words of whoever put them off. One query; none where none was."""
    off = [one.pk for one in items if one.status == ItemStatus.DEFERRED]
    if not off:
        return {}
    rows = access.parts_readable_by(actor, ItemMove).filter(item__in=off, to_status=ItemStatus.DEFERRED)
    return dict(rows.order_by("id").values_list("item_id", "reason"))


def recorded(
    actor: Actor, meeting: Meeting, items: Sequence[Item], there: AtTheMeeting
) -> dict[int, rules.Recorded]:
    """Everything that was recorded at these items, as far as the reader sees it. Seven queries."""
    left, why = _left(actor, items), _put_off(actor, items)
    said, actions, scores = said_at(actor, items), actions_at(actor, items), _scores(actor, meeting, items)
    decisions = {
        one.code: str(one.item.name)
        for one in in_force.entries(meeting.partnership, "meeting_decisions", meeting.on)
    }
    return {
        one.pk: rules.Recorded(
            item=one.public_id,
            title=one.title.strip() or one.get_kind_display(),
            reference=one.reference,
            said=tuple(said.get(one.pk, ())),
            decision=decisions.get(one.decision, one.decision),
            decision_words=one.decision_words,
            agreed=one.agreed,
            scores=tuple(scores.get(one.matter_id or 0, ())),
            actions=tuple(
                rules.Agreed(action.words, who_words(action), action.due_on)
                for action in actions.get(one.pk, ())
            ),
            guests=tuple(
                f"{name_of(row)}, {row.agency.name}"
                for row in there.guests.get(one.folder_id, ())
                if row.came in HERE
            ),
            left=tuple(left.get(one.pk, ())),
            # What stands on every agenda is not put off to the next one.
            put_off=one.status == ItemStatus.DEFERRED and not is_heading(one),
            put_off_why=why.get(one.pk, "").strip(),
        )
        for one in items
    }
