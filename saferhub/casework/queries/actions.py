"""Actions as pages show them: those of a case, one with its history, those that are mine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from saferhub.casework import access
from saferhub.casework.access import actions as object_rules
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import (
    OPEN_ACTIONS,
    OPEN_STATUSES,
    Action,
    ActionMove,
    ActionStatus,
    Case,
    Chase,
)
from saferhub.casework.rules.actions import state_of
from saferhub.foundation.one_page import once
from saferhub.foundation.templatetags.words import count_words
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access.sight import sight_of

MOST_ENDED = 50
MOST_MINE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """An action as a list shows it: who has it, how it stands (a status mark and its words), who was told."""

    action: Action
    who: str
    mark: str
    mark_words: str
    told: str = ""

    @property
    def url(self) -> str:
        return reverse("action", args=[self.action.public_id])


def who_words(action: Action) -> str:
    """Who is to do it: "Priya Nair, Tees Valley trust", or the unit where nobody is named."""
    agency = action.owner_unit.agency.name
    if action.owner is not None:
        return f"{action.owner.name}, {agency}"
    if action.owner_unit.is_whole_agency:
        return f"{agency} (nobody named yet)"
    return f"{action.owner_unit.name}, {agency} (nobody named yet)"


def row_of(action: Action, on: date, steps: dict[int, str] | None = None) -> Row:
    """The action as a row on a day. `steps`: names of the ladder by level."""
    mark, words = state_of(action.status, action.due_on, on)
    told = (steps or {}).get(action.level, "") if action.is_open and action.level > 1 else ""
    return Row(action, who_words(action), mark, words, told)


def steps_in_words(partnership: Partnership, on: date) -> dict[int, str]:
    """The ladder's names by level. One query."""
    return {
        one.item.level: str(one.item.name) for one in in_force.entries(partnership, "escalation_steps", on)
    }


@dataclass(frozen=True, slots=True)
class OfCase:
    """The actions of a case: the open ones by day, then the newest of those that ended."""

    open: list[Row]
    ended: list[Row]


def of_case(actor: Actor, case: Case) -> OfCase:
    """Every open action of a case that the actor sees, and the fifty that ended last. Three queries."""
    rows = access.actions_visible_to(actor).filter(case=case).select_related("owner_unit__agency", "owner")
    steps = steps_in_words(case.partnership, actor.on)
    return OfCase(
        open=[
            row_of(one, actor.on, steps)
            for one in rows.filter(status__in=OPEN_ACTIONS).order_by("due_on", "id")
        ],
        ended=[
            row_of(one, actor.on)
            for one in rows.exclude(status__in=OPEN_ACTIONS).order_by("-ended_on", "-id")[:MOST_ENDED]
        ],
    )


def open_of_case(actor: Actor, case: Case) -> list[Action]:
    """Its open actions, the earliest first. Asked once for each page, whichever parts of it want them."""
    rows = [one for one in rows_in(actor, case, Action) if one.is_open]
    return sorted(rows, key=lambda one: (one.due_on, one.pk))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an action's history."""

    title: str
    on: date
    at: datetime
    who: str
    words: str = ""
    kind: str = "contact"


_MOVED = {
    ActionStatus.OPEN: "The way is clear",
    ActionStatus.BLOCKED: "Blocked",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "No longer needed",
}


def move_title(move: ActionMove) -> str:
    """What a move was, in words."""
    if not move.from_status:
        return "Agreed"
    if move.from_status == move.to_status:
        return "Update"
    if move.from_status in (ActionStatus.DONE, ActionStatus.DROPPED):
        return "Opened again"
    return _MOVED.get(ActionStatus(move.to_status), move.to_status)


def history(actor: Actor, action: Action) -> list[Step]:
    """Its moves and whom it was chased with, the newest first. Four queries."""
    moves = list(access.parts_readable_by(actor, ActionMove).filter(action=action))
    chases = list(access.parts_readable_by(actor, Chase).filter(action=action))
    names = names_of([one.by for one in moves] + [one.to for one in chases], actor)
    steps = steps_in_words(action.case.partnership, actor.on) if chases else {}
    found = [
        Step(
            move_title(move),
            move.on,
            at_business(move.on, move.at),
            names.get(move.by, ""),
            move.reason,
            "decision" if move.from_status != move.to_status else "contact",
        )
        for move in moves
    ]
    found += [
        Step(
            steps.get(one.level, "Reminder"),
            one.on,
            at_business(one.on, one.created_at),
            "",
            f"{names.get(one.to, 'Somebody')} was told by mail, with the reference only.",
        )
        for one in chases
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def at_business(day: date, at: datetime) -> datetime:
    """A moment on its business day: real time tells the order within a day, and the demonstration's days lie
    behind."""
    return at.replace(year=day.year, month=day.month, day=day.day)


@dataclass(frozen=True, slots=True)
class Mine:
    """My actions, one at a time: `current` with what comes after it, and those of my unit that nobody has."""

    rows: list[Row]
    current: Row | None
    next: Row | None
    number: int
    unit_rows: list[Row]

    @property
    def late(self) -> int:
        return sum(row.mark_words.endswith("late") for row in self.rows)

    @property
    def words(self) -> str:
        """How many are open, and how many of them late."""
        if not self.rows:
            return ""
        said = count_words(len(self.rows), "open action")
        return f"{said}, {self.late} late" if self.late else said

    @property
    def unit_words(self) -> str:
        """What waits for somebody of her unit: "1 with your unit, nobody has it yet, 1 late"."""
        if not self.unit_rows:
            return ""
        late = sum(row.mark_words.endswith("late") for row in self.unit_rows)
        whom = "nobody has it yet" if len(self.unit_rows) == 1 else "nobody has them yet"
        return f"{len(self.unit_rows)} with your unit, {whom}{f', {late} late' if late else ''}"


def mine(actor: Actor, chosen: str = "") -> Mine:
    """The open actions that are the actor's by name; `chosen` (a public_id) is the one in hand, else the first.
    Two queries."""
    found = list(
        object_rules.my_actions(actor).select_related("owner_unit__agency", "owner", "case__matter")[
            :MOST_MINE
        ]
    )
    rows = [row_of(one, actor.on) for one in found]
    place = next((n for n, row in enumerate(rows) if row.action.public_id == chosen), 0)
    return Mine(
        rows=rows,
        current=rows[place] if rows else None,
        next=rows[place + 1] if place + 1 < len(rows) else None,
        number=place + 1,
        unit_rows=[row_of(one, actor.on) for one in of_unit(actor)],
    )


def cases_led_by(actor: Actor) -> list[int]:
    """Numbers of the open cases that the actor leads and sees. One query, asked once for each page."""

    def ask() -> list[int]:
        led = access.cases_visible_to(actor).filter(matter__lead=actor.user, status__in=OPEN_STATUSES)
        return list(led.order_by("-id").values_list("pk", flat=True)[:500])

    return once(("cases_led_by", actor), ask)


def of_unit(actor: Actor) -> Iterable[Action]:
    """Open actions of the actor's unit, or one above it, that nobody has by name."""
    units = [one for one in sight_of(actor).holders if one > 0]
    return (
        access.actions_visible_to(actor)
        .filter(owner__isnull=True, owner_unit__in=units, status__in=OPEN_ACTIONS)
        .select_related("owner_unit__agency", "owner", "case__matter")
        .order_by("due_on", "id")[:MOST_MINE]
    )
