"""The items of a running meeting as its rail shows them: in order, numbered for this reader, with how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from saferhub.casework.access import cases_visible_to
from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.pack_sections import MeetingDecision
from saferhub.meetings.rules import live as rules
from saferhub.meetings.rules.agenda import numbered
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce

SHOWN = (ItemStatus.ON, ItemStatus.DONE, ItemStatus.DEFERRED)


def items_of(actor: Actor, meeting: Meeting) -> list[Item]:
    """What stands on the agenda, as far as the actor sees it, in order. What was put off keeps its place and number, as
    on the agenda and in the minutes. One query."""
    found = list(
        access.parts_readable_by(actor, Item)
        .filter(meeting=meeting, status__in=SHOWN)
        .select_related("folder")
        .order_by("order", "id")
    )
    for one in found:
        one.meeting = meeting
    return found


def is_heading(item: Item) -> bool:
    """Whether it only stands above what it gathers: nothing is spoken of under it by itself."""
    return bool(item.code) and item.minutes == 0


def numbers_of(items: Sequence[Item]) -> dict[int, str]:
    """Each item's number for whoever sees these items, without a gap."""
    return numbered([one.pk for one in items], frozenset(one.pk for one in items if one.code))


def decisions_in_force(actor: Actor) -> list[InForce]:
    """What meetings can decide on her day. One query, asked once on a page."""
    return once(
        ("meeting_decisions", actor.on),
        lambda: in_force.entries(actor.partnership, "meeting_decisions", actor.on),
    )


def decisions_for(actor: Actor, item: Item) -> list[InForce]:
    """What a meeting can decide on an item of its kind."""
    return [one for one in decisions_in_force(actor) if item.kind in _kinds(one.item)]


def _kinds(decision: MeetingDecision) -> list[str]:
    return [str(one) for one in decision.for_kinds]


def decision_words(actor: Actor, code: str) -> str:
    """What a decision is called; its code where no pack in force knows it any more."""
    if not code:
        return ""
    return next(
        (str(one.item.name) for one in decisions_in_force(actor) if one.code == code), code.replace("_", " ")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the rail. `state`: done, now, to_come, put_off or heading."""

    item: Item
    number: str
    state: str
    words: str
    note: str
    band: str
    url: str
    is_shown: bool


def rail(actor: Actor, meeting: Meeting, items: Sequence[Item], shown: Item | None) -> list[Line]:
    """The rail of whoever sees these items; `shown` is the one on her page. Two queries."""
    numbers = numbers_of(items)
    matters = [one.matter_id for one in items if one.matter_id is not None]
    bands = (
        dict(cases_visible_to(actor).filter(matter__in=matters).values_list("matter", "band"))
        if matters
        else {}
    )
    return [
        Line(
            item=one,
            number=numbers[one.pk],
            state=_state(meeting, one),
            words=_STATES[_state(meeting, one)],
            note=_note(actor, one),
            band=(bands.get(one.matter_id) if one.matter_id else "") or "",
            url=reverse("item-run", args=[meeting.public_id, one.public_id]),
            is_shown=shown is not None and shown.pk == one.pk,
        )
        for one in items
    ]


_STATES = {"done": "Done", "now": "Spoken of now", "to_come": "", "put_off": "Put off", "heading": ""}


def _state(meeting: Meeting, item: Item) -> str:
    if is_heading(item):
        return "heading"
    if item.status == ItemStatus.DONE:
        return "done"
    if item.status == ItemStatus.DEFERRED:
        return "put_off"
    return "now" if meeting.focus == item.public_id else "to_come"


def _note(actor: Actor, item: Item) -> str:
    """What stands below its title: the decision of one that is done, else that it is urgent and its time."""
    if item.status == ItemStatus.DONE and not is_heading(item):
        return decision_words(actor, item.decision) or ("" if item.code else "No decision recorded")
    if is_heading(item) or item.status == ItemStatus.DEFERRED:
        return ""
    parts = ["urgent" if item.is_urgent else "", f"{item.minutes}\u00a0min" if item.minutes else ""]
    return " · ".join(one for one in parts if one)


@dataclass(frozen=True, slots=True)
class Time:
    """How the time stands, in words. `item`: of the item in focus, none where the reader sees none in focus."""

    left: tuple[str, str]
    item: tuple[str, str] | None
    ends_at: datetime
    late: int
    to_go: int


def time_of(meeting: Meeting, items: Sequence[Item]) -> Time | None:
    """The time of a meeting that runs, for whoever sees these items; None for any other. No query."""
    if meeting.status != MeetingStatus.RUNNING or meeting.began_at is None:
        return None
    now = clock.now()
    current = next((one for one in items if one.public_id == meeting.focus), None)
    coming = [
        one for one in items if one.status == ItemStatus.ON and one is not current and not is_heading(one)
    ]
    in_focus = None
    if current is not None:
        in_focus = (current.minutes, rules.seconds_in_focus(current.spent, meeting.focus_since, now))
    pace = rules.pace(
        planned=meeting.minutes,
        began_at=meeting.began_at,
        now=now,
        in_focus=in_focus,
        to_come=[one.minutes for one in coming],
    )
    return Time(
        left=rules.left_words(pace.left),
        item=None if pace.item_left is None else rules.left_words(pace.item_left),
        ends_at=timezone.localtime(meeting.began_at + timedelta(minutes=meeting.minutes)),
        late=rules.whole_minutes(pace.late) if pace.late else 0,
        to_go=len(coming) + (current is not None),
    )
