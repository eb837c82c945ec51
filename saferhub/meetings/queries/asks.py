"""What is asked before a meeting: one page for each unit, and the board on which the organiser sees who answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.access.asks import asks_of, asks_visible_to
from saferhub.meetings.models import Answered, Ask, Item, KeptFrom, Meeting
from saferhub.meetings.operations.asking import values_of
from saferhub.meetings.operations.sight import Kept
from saferhub.meetings.rules.asks import Given, Standing, standing
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import names_of
from saferhub.people.models import Person
from saferhub.sharing.access import folders_readable_by
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Agreement, Enclosure, Interest, Revision

from .agenda import numbers_for
from .agenda_item import Returned, returned
from .table import unit_name


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a unit is asked, with the number of its item on the reader's own agenda and who is in it."""

    ask: Ask
    item: Item
    number: str
    people: tuple[str, ...]
    by: str

    @property
    def title(self) -> str:
        return f"{self.item.reference} {self.item.title}"

    @property
    def url(self) -> str:
        return reverse("item", args=[self.item.meeting.public_id, self.item.public_id])


def asked_of(actor: Actor, meeting: Meeting) -> list[Asked]:
    """Everything that the actor's unit is asked for a meeting, in the order of her agenda. Six queries."""
    asks = {
        one.pk: one
        for one in asks_of(actor, meeting).filter(person__isnull=True).select_related("unit__agency")
    }
    if not asks:
        return []
    rows = access.parts_readable_by(actor, Item).filter(pk__in={one.item_id for one in asks.values()})
    items = {one.pk: one for one in rows}
    numbers = numbers_for(actor, meeting)
    people = _people(actor, items)
    names = names_of((one.answered_by for one in asks.values()), actor)
    found = []
    for one in asks.values():
        item = items[one.item_id]
        item.meeting = meeting
        found.append(
            Asked(
                one,
                item,
                numbers.get(item.pk, ""),
                people.get(item.folder_id, ()),
                names.get(one.answered_by, ""),
            )
        )
    return sorted(found, key=lambda one: (one.item.order, one.item.pk, unit_name(one.ask.unit)))


def values_at(ask: Ask, version: int) -> dict[str, str]:
    """What an answer said in one of its versions, by field of its form; the first says nothing. One query where that is
    not the newest."""
    if version == ask.version:
        return {name: str(value) for name, value in values_of(ask).items()}
    kept = Revision.objects.filter(
        folder=ask.folder_id, kind=ask._meta.label_lower, subject=ask.public_id, number=version
    ).first()
    found = kept.values if kept is not None else {}
    return {name: str(found.get(name, "")) for name in values_of(ask)}


def _people(actor: Actor, items: dict[int, Item]) -> dict[int, tuple[str, ...]]:
    """The names of those in each item whose records the reader may see, by the item's folder. Three queries."""
    lying = list(
        Enclosure.objects.filter(
            outer__in=[one.folder_id for one in items.values()], ended_at__isnull=True
        ).values_list("outer_id", "inner_id")
    )
    readable = set(
        folders_readable_by(actor)
        .filter(pk__in={inner for _, inner in lying}, kind="person")
        .values_list("pk", flat=True)
    )
    names = dict(Person.objects.filter(folder__in=readable).values_list("folder_id", "name"))
    found: dict[int, list[str]] = {}
    for outer, inner in lying:
        if inner in names:
            found.setdefault(outer, []).append(names[inner])
    return {outer: tuple(sorted(people)) for outer, people in found.items()}


@dataclass(frozen=True, slots=True)
class UnitAnswers:
    """How the answers of one unit stand, and when it last answered."""

    name: str
    standing: Standing
    last: date | None
    reminded: date | None
    closed: int  # of what it has not answered, what it does not see any more


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """What was returned about one item."""

    item: Item
    number: str
    url: str
    rows: tuple[Returned, ...]
    unseen: frozenset[int] = frozenset()

    @property
    def said(self) -> list[Returned]:
        """What was answered, that something is held first."""
        return sorted(
            (one for one in self.rows if not one.is_silent),
            key=lambda one: one.ask.answer == Answered.NOTHING,
        )

    @property
    def quiet(self) -> list[str]:
        """Who has not answered."""
        return [one.who for one in self.rows if one.is_silent and one.ask.pk not in self.unseen]

    @property
    def cannot(self) -> list[str]:
        """Who was asked, did not answer and does not see the item any more."""
        return [one.who for one in self.rows if one.is_silent and one.ask.pk in self.unseen]


@dataclass(frozen=True, slots=True)
class Board:
    """Who answered, who is silent, who is late; and item by item what was returned."""

    units: tuple[UnitAnswers, ...]
    items: tuple[ItemAnswers, ...]

    @property
    def silent(self) -> int:
        return sum(bool(one.standing.waiting) for one in self.units)


def _unseen(actor: Actor, meeting: Meeting, asks: list[Ask]) -> frozenset[int]:
    """What was asked and cannot be answered any more: the item is kept from the unit since, or the agreement that
    carried it there is suspended or over. That is no silence. Three queries at most."""
    waiting = [one for one in asks if not one.answer]
    if not waiting:
        return frozenset()
    rows = access.parts_readable_by(actor, KeptFrom).filter(
        item__in={one.item_id for one in waiting}, unit__isnull=False, lifted_on__isnull=True
    )
    kept: dict[int, list[KeptFrom]] = {}
    for row in rows:
        kept.setdefault(row.item_id, []).append(row)
    held = set(Agreement.objects.in_force_on(actor.on).values_list("pk", flat=True))
    grounds: dict[tuple[int, int | None], list[bool]] = {}
    given = Interest.objects.filter(
        interests_live_on(clock.now()), folder__in={one.folder_id for one in waiting}, unit__isnull=False
    )
    for folder, unit, agreement in given.values_list("folder_id", "unit_id", "agreement_id"):
        grounds.setdefault((folder, unit), []).append(agreement is None or agreement in held)
    return frozenset(
        one.pk
        for one in waiting
        if one.unit_id in Kept.of(kept.get(one.item_id, ()), actor).units
        or not any(grounds.get((one.folder_id, one.unit_id), [True]))
    )


def board_of(actor: Actor, meeting: Meeting) -> Board:
    """The board of a meeting, of what the actor sees. Six queries."""
    asks = list(
        asks_visible_to(actor, meeting)
        .filter(person__isnull=True)
        .select_related("unit__agency")
        .order_by("unit__agency__name", "id")
    )
    rows = access.parts_readable_by(actor, Item).filter(pk__in={one.item_id for one in asks})
    items = {one.pk: one for one in rows.order_by("order", "id")}
    numbers = numbers_for(actor, meeting)
    unseen = _unseen(actor, meeting, asks)
    by_unit: dict[int, list[Ask]] = {}
    by_item: dict[int, list[Ask]] = {}
    for one in asks:
        by_unit.setdefault(one.unit_id, []).append(one)
        by_item.setdefault(one.item_id, []).append(one)
    units = [
        UnitAnswers(
            unit_name(found[0].unit),
            standing((Given(one.answer, one.due_on) for one in found if one.pk not in unseen), actor.on),
            max((localdate(one.answered_at) for one in found if one.answered_at is not None), default=None),
            max((one.reminded_on for one in found if one.reminded_on is not None), default=None),
            sum(one.pk in unseen for one in found),
        )
        for found in by_unit.values()
    ]
    return Board(
        tuple(sorted(units, key=lambda one: (not one.standing.late, not one.standing.waiting, one.name))),
        tuple(
            ItemAnswers(
                item,
                numbers.get(pk, ""),
                reverse("item", args=[meeting.public_id, item.public_id]),
                tuple(returned(one, actor.on) for one in by_item[pk]),
                unseen,
            )
            for pk, item in items.items()
            if pk in by_item
        ),
    )
