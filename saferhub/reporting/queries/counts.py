"""Figures as the protection of small numbers reads them: counts by name, and what adds up to what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from saferhub.plan.methods.suppression import Cell, Sum, Table
from saferhub.plan.rules.withholding import in_none
from saferhub.reporting.rules.protecting import Shown

from .figures import Told

# What a count of a figure is called to a reader, by its name in `Told.counts`.
_CALLED = {
    "": "",
    "part": ", counted in it",
    "rest": ", not counted in it",
    "whole": ", all",
    "rows": ", how many were counted",
}


def shown(told: Told | None, mark: str = "", none: str = "–") -> Shown:
    """A figure for a cell, with the counts that it rests on."""
    if told is None or told.value is None:
        return Shown(none)
    return Shown(told.in_table(), tuple(count for count, _ in told.counts.values()), mark)


def least_of(told: Iterable[Told | None]) -> int:
    """The least number that a table of these figures shows: the greatest of their thresholds; 0 where none has one."""
    return max((one.measure.small for one in told if one is not None and one.counts), default=0)


def holds(whole: Told | None, parts: Sequence[Told] = ()) -> tuple[Table, ...]:
    """The counts behind a figure and its parts, with their sums. Nothing for a measure that counts no people.

    Parts add up to the whole where they do: rows that lie in no part make one more, which is not published and of
    which a reader knows; parts that overlap add up to nothing."""
    told = [one for one in (whole, *parts) if one is not None and one.value is not None]
    found = [
        _of_numbers([one for one in told if name in one.counts], name, whole)
        for name in dict.fromkeys(name for one in told for name in one.counts)
    ]
    return (*found, *(_share(one) for one in told if "rest" in one.counts))


def _share(told: Told) -> Table:
    """What a share is made of. More than the whole is no part of it: events, not people."""
    names = ("part", "rest", "whole")
    (part, _), (rest, _), (whole, _) = (told.counts[name] for name in names)
    numbers = {name: number for name, (_, number) in told.counts.items()}
    cells = tuple(Cell(told.counts[name][0], _label(told, name), numbers[name]) for name in names)
    adds_up = numbers["part"] + numbers["rest"] == numbers["whole"]
    return Table(_label(told), cells, (Sum(whole, (part, rest)),) if adds_up else ())


def _of_numbers(told: list[Told], name: str, whole: Told | None) -> Table:
    label = f"{told[0].measure.name}, {told[0].period.words}"
    cells = [Cell(count, _label(one, name), value) for one in told for count, value in (one.counts[name],)]
    below = [one for one in told if one is not whole]
    sums: tuple[Sum, ...] = ()
    if len(below) < len(told) and below and whole is not None:
        top, all_told = whole.counts[name]
        rest = all_told - sum(one.counts[name][1] for one in below)
        inner = [one.counts[name][0] for one in below]
        if rest > 0:
            nowhere = in_none(top, below[0].split)
            cells.append(Cell(nowhere, f"{label}, in none of them", rest))
            inner.append(nowhere)
        if rest >= 0:
            sums = (Sum(top, tuple(inner)),)
    return Table(label, tuple(cells), sums)


def _label(told: Told, name: str = "") -> str:
    of = f"{told.words}, " if told.words else ""
    return f"{told.measure.name}, {of}{told.period.words}{_CALLED[name]}"
