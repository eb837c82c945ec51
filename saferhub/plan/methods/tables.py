"""Tables of counts as the suppression of small numbers reads them: what is counted, and what adds up.

A count is named by what it counts and in which period. The same name in two tables or two releases is
the same count: so a hub's total in a table by route and in a table by age is one number, and what a
reader learns of it in one table she knows in the other. Rates, medians and averages are no counts: whoever
publishes one beside its parts publishes these too, and must give them here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import NamedTuple

ALL = "*"  # in place of a category: the total over its dimension


class Count(NamedTuple):
    """What is counted, as a code, and from which day to which (both included); None: of no period.

    A number that stands on a day, such as open cases, has that day in its code and no period, because
    such numbers do not add up over time.
    """

    what: str
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table, with the words by which a reader finds it there."""

    count: Count
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A relation that everybody knows to hold: the total is its parts together."""

    total: Count
    parts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells and their sums. `always_shown` are counts that are public anyhow, such as an impossible
    combination's zero: they are never marked, and never count as small numbers. `background`: the table
    is not published, and a reader knows that its counts exist. Three tables of hub by route, hub by age and
    route by age are all drawn from one of hub by route by age, and she may reason through that.

    Raises ValueError where a count stands twice with two values, a value is negative, a sum names a
    count that the table does not hold, or does not add up.
    """

    name: str
    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...] = ()
    always_shown: frozenset[Count] = frozenset()
    background: bool = False
    values: Mapping[Count, int] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        values: dict[Count, int] = {}
        for cell in self.cells:
            if cell.value < 0:
                raise ValueError(f"{self.name}, {cell.label}: a count cannot be negative.")
            if values.setdefault(cell.count, cell.value) != cell.value:
                raise ValueError(f"{self.name}, {cell.label}: one count stands there with two values.")
            if cell.count.period and cell.count.period[0] > cell.count.period[1]:
                raise ValueError(f"{self.name}, {cell.label}: the period ends before it begins.")
        for each in self.sums:
            missing = [count for count in (each.total, *each.parts) if count not in values]
            if missing or not each.parts:
                raise ValueError(f"{self.name}: a sum names what the table does not hold.")
            if values[each.total] != sum(values[part] for part in each.parts):
                raise ValueError(f"{self.name}: {each.total.what} is not the sum of its parts.")
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, slots=True)
class Release:
    """What was published once and stays as it is: the tables as counted then, and which cells were marked."""

    name: str
    tables: tuple[Table, ...]
    marked: frozenset[Count] = frozenset()


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to divide rows: a code, and its categories as code and words. Each row is in exactly one."""

    code: str
    categories: tuple[tuple[str, str], ...]
    total_label: str = "Total"


def table_of(
    name: str,
    measure: str,
    dimensions: Sequence[Dimension],
    counts: Mapping[tuple[str, ...], int],
    *,
    period: tuple[date, date] | None = None,
    impossible: Sequence[tuple[str, ...]] = (),
    background: bool = False,
) -> Table:
    """The table of a measure by any number of dimensions, with every total and sum.

    counts: the innermost cells, by one category code for each dimension; what is not named is zero.
    impossible: cells that everybody knows to be zero. Raises ValueError for an unknown category.
    """
    codes = [[code for code, _ in dimension.categories] for dimension in dimensions]
    for key in (*counts, *impossible):
        if len(key) != len(dimensions) or any(code not in codes[at] for at, code in enumerate(key)):
            raise ValueError(f"{name}: {key} is no cell of this table.")
    words = [dict(dimension.categories) | {ALL: dimension.total_label} for dimension in dimensions]
    cells, sums = [], []
    for place in product(*[[*each, ALL] for each in codes]):
        value = sum(counts.get(inner, 0) for inner in product(*_inner(place, codes)))
        label = ", ".join(words[at][code] for at, code in enumerate(place)) or name
        cells.append(Cell(_count(measure, dimensions, place, period), label, value))
        for at, code in enumerate(place):
            if code == ALL and codes[at]:
                parts = [(*place[:at], each, *place[at + 1 :]) for each in codes[at]]
                total = _count(measure, dimensions, place, period)
                sums.append(Sum(total, tuple(_count(measure, dimensions, part, period) for part in parts)))
    shown = frozenset(_count(measure, dimensions, place, period) for place in impossible)
    return Table(name, tuple(cells), tuple(sums), shown, background)


def _inner(place: tuple[str, ...], codes: list[list[str]]) -> Iterator[list[str]]:
    for at, code in enumerate(place):
        yield codes[at] if code == ALL else [code]


def _count(
    measure: str,
    dimensions: Sequence[Dimension],
    place: tuple[str, ...],
    period: tuple[date, date] | None,
) -> Count:
    """Named by what divides it and not by its table: totals of two tables over the same rows are one count."""
    parts = sorted(
        f"{dimension.code}={code}" for dimension, code in zip(dimensions, place, strict=True) if code != ALL
    )
    return Count("|".join([measure, *parts]), period)
