"""Your work: the items of every provider, grouped by urgency on the actor's business day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.foundation.registries import WORK, WorkItem
from saferhub.partnership.access import Actor

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Row:
    """An item on the page; only the first of all gets the green button."""

    item: WorkItem
    is_first: bool


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    title: str
    rows: tuple[Row, ...]

    @property
    def count_words(self) -> str:
        return f"({len(self.rows)})"

    @property
    def is_late(self) -> bool:
        return self.code == "late"


@dataclass(frozen=True, slots=True)
class KindCount:
    kind: str
    words: str
    count: int
    current: bool


@dataclass(frozen=True, slots=True)
class Work:
    """`groups` in order of urgency, none of them empty; `total` counts all kinds."""

    groups: tuple[Group, ...]
    kinds: tuple[KindCount, ...]
    total: int
    kind: str


def urgency(due_on: date | None, on: date) -> str:
    """`late`, `today`, `week` (the next seven days), `later`, or `undated`."""
    if due_on is None:
        return "undated"
    if due_on < on:
        return "late"
    if due_on == on:
        return "today"
    return "week" if due_on <= on + _WEEK else "later"


# How far a band moves what is late up or down among the ranks: the routine of a Standard case waits behind a
# blocked action of a High one, however much older it is.
_BAND_MOVES = {"very_high": -5, "high": -4, "medium": -1, "standard": 2, "low": 3}


def weight(item: WorkItem) -> int:
    """How pressing something late is, by its rank and the band of what it is about: the lower first."""
    return item.rank + _BAND_MOVES.get(item.band, 0)


def _group(item: WorkItem, on: date) -> str:
    return "first" if item.comes_first else urgency(item.due_on, on)


def _place(item: WorkItem, on: date) -> tuple[object, ...]:
    """Where it stands in the list: what is late by its weight, then by its day; the rest by its day."""
    day = item.due_on or date.max
    group = _group(item, on)
    pressing = weight(item) if group == "late" else 0
    return (list(_TITLES).index(group), pressing, day, item.rank, item.title)


_TITLES = {
    "first": "Decide first",
    "late": "Overdue",
    "today": "Today",
    "week": "In the next seven days",
    "later": "Later",
    "undated": "Without a date",
}


def waiting_for(actor: Actor, *, kind: str = "") -> Work:
    """All that waits for this actor; `kind` narrows to one kind of item, and an unknown one to none."""
    found = [item for provider in WORK for item in provider(actor)]
    found.sort(key=lambda item: _place(item, actor.on))
    words = {item.kind: item.kind_words for item in found}
    kinds = tuple(
        KindCount(code, said, sum(item.kind == code for item in found), code == kind)
        for code, said in sorted(words.items(), key=lambda pair: pair[1])
    )
    shown = [item for item in found if not kind or item.kind == kind]
    groups = tuple(
        Group(code, title, rows)
        for code, title in _TITLES.items()
        if (rows := tuple(Row(i, i is shown[0]) for i in shown if _group(i, actor.on) == code))
    )
    return Work(groups, kinds, len(found), kind)
