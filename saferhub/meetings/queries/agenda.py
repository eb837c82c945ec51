"""The agenda as one reader sees it: her numbers, under the standing headings, with what she can do.

Numbers, counts and times come from what she sees and from nothing else: where an item is kept from her there is no gap,
no count and no minute that tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from saferhub.casework import access as casework
from saferhub.casework.models import OPEN_ACTIONS, WAITING, Action, CaseStatus
from saferhub.casework.queries.actions import Row, row_of
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.meetings import access
from saferhub.meetings.models import (
    Item,
    ItemAction,
    ItemKind,
    ItemMove,
    ItemStatus,
    KeptFrom,
    Meeting,
    MeetingStatus,
)
from saferhub.meetings.rules.agenda import Budget, budget, numbered, sections_of
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of

from .sending import SHOWN

MOST_ACTIONS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One item as its reader sees it. `place`: among those below its heading, counted from 1; 0 for a heading. `band`:
    of its case, where she sees that."""

    item: Item
    number: str
    place: int = 0
    tags: tuple[tuple[str, str], ...] = ()
    band: str = ""

    @property
    def is_heading(self) -> bool:
        return bool(self.item.code)

    @property
    def why(self) -> str:
        """Why it is on the agenda. Beside the chip of its band the words do not say the band once more."""
        said = f"{RISK_BANDS[self.band][0]}; " if self.band in RISK_BANDS else ""
        if said and self.item.why.startswith(said):
            return self.item.why[len(said) :][:1].upper() + self.item.why[len(said) + 1 :]
        return self.item.why

    @property
    def words(self) -> str:
        """How a row cites it: reference and title, or its title alone."""
        return f"{self.item.reference} {self.item.title}" if self.item.reference else self.item.title


@dataclass(frozen=True, slots=True)
class Section:
    """A standing item with what stands below it; `heading` none for items before the first one that the reader sees."""

    heading: Line | None
    lines: tuple[Line, ...]

    @property
    def takes(self) -> str:
        return self.heading.item.code if self.heading is not None else ""

    @property
    def minutes(self) -> int:
        """The time set aside for what stands below the heading."""
        return sum(line.item.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class Agenda:
    """What one reader sees of an agenda. `off`: what was taken off or put off, for whoever prepares it."""

    sections: tuple[Section, ...]
    budget: Budget
    off: tuple[Line, ...] = ()

    @property
    def lines(self) -> list[Line]:
        return [
            line
            for section in self.sections
            for line in ([section.heading, *section.lines] if section.heading is not None else section.lines)
        ]

    @property
    def count(self) -> int:
        """Items about something, without the headings."""
        return sum(len(section.lines) for section in self.sections)


def agenda_of(actor: Actor, meeting: Meeting, *, prepares: bool) -> Agenda:
    """The agenda of a meeting as the actor sees it. Two queries; four for whoever prepares it."""
    if meeting.folder_id is None:
        return Agenda((), budget(meeting.minutes, []))
    rows = list(access.parts_readable_by(actor, Item).filter(meeting=meeting).order_by("order", "id"))
    standing = standing_in(meeting)
    shown = [one for one in rows if one.status in standing]
    kept = kept_in(actor, meeting) if prepares else set()
    cases = _cases(actor, shown)
    over: set[int] = set()
    if prepares:
        over = {matter for matter, (_, status) in cases.items() if status == CaseStatus.CLOSED}
        over |= _decided(actor, shown)
    by_number = {one.pk: one for one in shown}
    order, headings = [one.pk for one in shown], frozenset(one.pk for one in shown if one.code)
    numbers = numbered(order, headings)
    sections = [
        Section(
            Line(by_number[heading], numbers[heading]) if heading is not None else None,
            tuple(
                Line(
                    by_number[one],
                    numbers[one],
                    place,
                    _tags(by_number[one], kept, over),
                    cases.get(by_number[one].matter_id or 0, ("", ""))[0],
                )
                for place, one in enumerate(below, 1)
            ),
        )
        for heading, below in sections_of(order, headings)
    ]
    off = [one for one in rows if one.status not in standing] if prepares else []
    needed = [one.minutes for one in shown if one.status in SHOWN]
    return Agenda(
        tuple(sections),
        budget(meeting.minutes, needed),
        tuple(Line(one, "", 0, _tags(one, kept, over)) for one in off),
    )


def standing_in(meeting: Meeting) -> tuple[str, ...]:
    """What stands on the agenda. Once the meeting has begun an item that is put off keeps its place and its number, as
    in the meeting itself and in the minutes."""
    begun = meeting.status in (MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED)
    return (*SHOWN, ItemStatus.DEFERRED) if begun else SHOWN


def numbers_for(actor: Actor, meeting: Meeting) -> dict[int, str]:
    """The number of each item on the agenda that the actor sees, by its number in the table. One query."""
    rows = access.parts_readable_by(actor, Item).filter(meeting=meeting, status__in=standing_in(meeting))
    shown = list(rows.order_by("order", "id").values_list("pk", "code"))
    return numbered([pk for pk, _ in shown], frozenset(pk for pk, code in shown if code))


def _cases(actor: Actor, items: Iterable[Item]) -> dict[int, tuple[str, str]]:
    """Band and status of each item's case, by the number of its matter, as far as the reader sees those cases."""
    matters = [one.matter_id for one in items if one.matter_id is not None]
    if not matters:
        return {}
    rows = casework.cases_visible_to(actor).filter(matter__in=matters).order_by()
    return {
        matter: (band, status) for matter, band, status in rows.values_list("matter_id", "band", "status")
    }


def _decided(actor: Actor, items: Iterable[Item]) -> set[int]:
    """The matters of those referrals among the items that are decided or withdrawn meanwhile."""
    matters = [one.matter_id for one in items if one.kind == ItemKind.REFERRAL]
    if not matters:
        return set()
    rows = casework.referrals_visible_to(actor).filter(matter__in=matters).exclude(status__in=WAITING)
    return set(rows.order_by().values_list("matter_id", flat=True))


def kept_in(actor: Actor, meeting: Meeting) -> set[int]:
    """The items of a meeting that are kept from somebody, by number, as far as the actor sees that. One query."""
    rows = access.parts_readable_by(actor, KeptFrom).filter(item__meeting=meeting, lifted_on__isnull=True)
    return set(rows.values_list("item_id", flat=True))


def _tags(item: Item, kept: set[int], over: set[int]) -> tuple[tuple[str, str], ...]:
    """`over`: the matters that are closed or decided meanwhile."""
    found = [("Urgent", "red")] if item.is_urgent else []
    if item.pk in kept:
        found.append(("Not for everybody", "violet"))
    if item.status == ItemStatus.ON and item.matter_id in over:
        found.append(("Decided meanwhile" if item.kind == ItemKind.REFERRAL else "Closed meanwhile", "amber"))
    if item.status == ItemStatus.DONE:
        found.append(("Done", "good"))
    if item.status == ItemStatus.DEFERRED:
        found.append(("Put off", "plain"))
    return tuple(found)


# --- What stands under the headings that every meeting has ----------------------------------------------------------


def last_meeting(actor: Actor, meeting: Meeting) -> Meeting | None:
    """The meeting of the group before this one that took place; its minutes are agreed now. One query."""
    return (
        access.meetings_of(actor, meeting.group_id)
        .filter(
            on__lt=meeting.on,
            status__in=[MeetingStatus.RUNNING, MeetingStatus.DRAFT, MeetingStatus.APPROVED],
        )
        .order_by("-on", "-id")
        .first()
    )


@dataclass(frozen=True, slots=True)
class Earlier:
    """An action that an earlier meeting of the group agreed, and on which day it met."""

    row: Row
    agreed_on: date
    reference: str


def earlier_actions(actor: Actor, meeting: Meeting, since: date | None) -> list[Earlier]:
    """Actions of earlier meetings that are open, and those that ended since the last one; of cases that the actor sees.
    Late ones first. Two queries."""
    joined = {
        one.action: one
        for one in access.parts_readable_by(actor, ItemAction)
        .filter(item__meeting__group=meeting.group_id, item__meeting__on__lt=meeting.on)
        .select_related("item__meeting")
        .order_by("-id")[: MOST_ACTIONS * 5]
    }
    if not joined:
        return []
    rows = (
        casework.actions_visible_to(actor)
        .filter(public_id__in=joined)
        .select_related("owner", "owner_unit__agency", "case__matter")
        .order_by("due_on", "id")
    )
    found = [
        Earlier(row_of(one, actor.on), joined[one.public_id].item.meeting.on, one.case.matter.reference)
        for one in rows
        if _is_reviewed(one, since)
    ]
    found.sort(key=lambda one: (not one.row.action.is_open, one.row.action.due_on))
    return found[:MOST_ACTIONS]


def _is_reviewed(action: Action, since: date | None) -> bool:
    return action.status in OPEN_ACTIONS or (
        action.ended_on is not None and (since is None or action.ended_on >= since)
    )


# --- How the agenda came about ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the agenda's history: what became of an item, on which day, by whom, why."""

    item: Item
    words: str
    on: date
    who: str
    reason: str
    kind: str = "contact"


_MOVED = {
    ("", ItemStatus.ON): "Put on the agenda",
    (ItemStatus.PROPOSED, ItemStatus.ON): "Put on the agenda",
    (ItemStatus.REMOVED, ItemStatus.ON): "Put back",
    (ItemStatus.DEFERRED, ItemStatus.ON): "Put back",
    (ItemStatus.DONE, ItemStatus.ON): "Opened again",
}
_BECAME = {
    ItemStatus.REMOVED: "Taken off",
    ItemStatus.DEFERRED: "Put off to the next meeting",
    ItemStatus.DONE: "Done",
}


def history(actor: Actor, meeting: Meeting, item: Item | None = None) -> list[Moved]:
    """Why items were put on, taken off and put off, the newest first; standing ones left out. Two queries."""
    rows = access.parts_readable_by(actor, ItemMove).filter(item__meeting=meeting)
    rows = rows.filter(item=item) if item is not None else rows.filter(item__code="")
    moves = list(rows.select_related("item").order_by("-id"))
    names = names_of((one.by for one in moves), actor)
    return [
        Moved(
            one.item,
            _MOVED.get((one.from_status, ItemStatus(one.to_status)))
            or _BECAME.get(ItemStatus(one.to_status), "Changed"),
            one.on,
            names.get(one.by, ""),
            one.reason,
            "decision" if one.to_status in (ItemStatus.REMOVED, ItemStatus.DEFERRED) else "contact",
        )
        for one in moves
    ]


def with_reasons(off: Iterable[Line], moved: Iterable[Moved]) -> list[tuple[Line, str]]:
    """What was taken off or put off, each with why: from the history of the agenda, the newest first."""
    reasons: dict[int, str] = {}
    for one in moved:
        reasons.setdefault(one.item.pk, one.reason)
    return [(line, reasons.get(line.item.pk, "")) for line in off]


def headings_of(items: Iterable[Item]) -> list[tuple[str, str]]:
    """Standing items as choices: code and title."""
    return [(one.code, one.title) for one in items if one.code]


def item_url(item: Item, meeting: Meeting) -> str:
    return reverse("item", args=[meeting.public_id, item.public_id])
