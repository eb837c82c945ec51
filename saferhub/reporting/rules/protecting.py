"""Small numbers in a report: its tables of counts and the figures in its words, protected together.

A provider gives tables with every number in them. They are protected over the whole report at once, and over what was
published before, before anything is drawn: so a table, the chart beside it and the words above it show and withhold the
same. What counts are and what is promised: docs/methods/suppression.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saferhub.plan.methods.suppression import Cell as Held
from saferhub.plan.methods.suppression import Count, Release, Sum, protect
from saferhub.plan.methods.suppression import Table as HeldTable
from saferhub.publication.model import Cell, Column, Row, Table

from .runs import Run

WITHHELD = "not shown"
NOT_SHOWN = "a number that is not shown"
NOTE = "* Not shown, so that nobody can be told from a small number."


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as a table writes it. `rests_on`: the counts of people through which it could be told; where one of
    them is withheld, it is too. `figure`: the mark under which its provenance stands."""

    text: str
    rests_on: tuple[Count, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A row: words, or figures that may be withheld."""

    cells: tuple[str | Shown, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What another page tells of the counts of a table: `ask` gives it as a release, with the least number shown there,
    once the table is protected."""

    ask: Callable[[], tuple[Release, int] | None]

    def told(self, least: int) -> Release | None:
        """As a report holds itself against it: what is marked there is marked in the report too. Where the report has a
        greater threshold, what is open there binds it no further, for it could not withhold more."""
        asked = self.ask()
        if asked is None:
            return None
        found, threshold = asked
        cells = [
            cell
            for table in found.tables
            for cell in table.cells
            if cell.count in found.marked or threshold >= least
        ]
        alone = {cell.count: cell for cell in cells}
        return Release(found.name, (HeldTable(found.name, tuple(alone.values())),), found.marked)


@dataclass(frozen=True, slots=True)
class Counted:
    """A table that is protected before it is drawn. `holds`: its counts with their sums, as the method reads them.
    `threshold`: the least number shown; below 2 nothing is withheld. `chart`: the number of the column that is drawn
    as columns too, in a figure with `alt` as what it shows; `run`: how its figures are read over time, where its rows
    are times that follow each other; `beside`: other pages with the same counts."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[CountedRow, ...]
    holds: tuple[HeldTable, ...] = ()
    threshold: int = 5
    notes: tuple[str, ...] = ()
    chart: int | None = None
    alt: str = ""
    source: str = ""
    anchor: str = ""
    run: Run | None = None
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldAlone:
    """The counts of a figure that words cite, with their sums, and the least number of it that is shown."""

    holds: tuple[HeldTable, ...]
    threshold: int


@dataclass(frozen=True, slots=True)
class Protection:
    """Which counts of a report are not shown, and what is kept of it for later releases."""

    marked: frozenset[Count]
    tables: tuple[HeldTable, ...]
    threshold: int = 2
    known: frozenset[Count] = frozenset()

    def hides(self, counts: Iterable[Count]) -> bool:
        """Whether one of these is not shown. What was not protected is not shown either."""
        return any(one in self.marked or one not in self.known for one in counts)

    def kept(self) -> dict[str, Any]:
        """What a frozen version keeps: the counts as they were, and which of them were withheld."""
        return {
            "tables": [_plain(one) for one in self.tables],
            "marked": [_count(one) for one in sorted(self.marked, key=str)],
            "threshold": self.threshold,
        }


def protected(
    tables: Sequence[Counted],
    cited: Iterable[HeldAlone],
    *,
    earlier: Sequence[Release] = (),
) -> Protection:
    """Protect the tables of a report and the counts that its words cite.

    `cited`: what figures in words tell; what a table holds already is not held twice. The greatest of all thresholds
    counts for all. Raises CannotProtect where no marks are enough, with the reasons, and ValueError where two
    tables give one count two values.
    """
    small = [one for one in tables if one.threshold >= 2]
    held = [holding for one in small for holding in one.holds]
    known = {cell.count for one in held for cell in one.cells}
    least = max([one.threshold for one in small] + [2])
    for one in cited:
        alone = [table for table in one.holds if not table.values.keys() <= known]
        if alone:
            held += alone
            known |= {count for table in alone for count in table.values}
            least = max(least, one.threshold)
    if not held:
        return Protection(frozenset(), ())
    told = (each.told(least) for one in small for each in one.beside)
    pages = dict.fromkeys(page for page in told if page is not None)
    found = protect(held, least, earlier=[*earlier, *pages])
    return Protection(found.marked, tuple(held), least, frozenset(known))


def drawn(counted: Counted, protection: Protection, keys: Mapping[str, str]) -> Table:
    """The table with its marks. `keys`: of each figure's provenance, by its mark."""
    rows, hidden = [], False
    for row in counted.rows:
        cells = [_cell(one, protection, keys) for one in row.cells]
        hidden = hidden or any(cell.withheld for cell in cells)
        rows.append(Row(tuple(cells), row.is_total))
    notes = (*counted.notes, NOTE) if hidden else counted.notes
    return Table(counted.caption, counted.columns, tuple(rows), notes, anchor=counted.anchor)


def _cell(one: str | Shown, protection: Protection, keys: Mapping[str, str]) -> Cell:
    if isinstance(one, str):
        return Cell(one)
    if protection.hides(one.rests_on):
        return Cell(withheld=WITHHELD)
    return Cell(one.text, figure=keys.get(one.figure, ""))


# --- What a frozen version keeps ---------------------------------------------------------------------------------


def release_of(name: str, kept: Mapping[str, Any]) -> Release:
    """A frozen version's tables as the method reads an earlier release. Raises KeyError or ValueError for anything
    that `Protection.kept` does not write."""
    return Release(
        name,
        tuple(_table(one) for one in kept["tables"]),
        frozenset(_read_count(one) for one in kept["marked"]),
    )


def _plain(table: HeldTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "cells": [[_count(cell.count), cell.label, cell.value] for cell in table.cells],
        "sums": [[_count(one.total), [_count(part) for part in one.parts]] for one in table.sums],
        "always_shown": [_count(one) for one in sorted(table.always_shown, key=str)],
        "background": table.background,
    }


def _table(plain: Mapping[str, Any]) -> HeldTable:
    return HeldTable(
        plain["name"],
        tuple(Held(_read_count(count), label, value) for count, label, value in plain["cells"]),
        tuple(Sum(_read_count(total), tuple(map(_read_count, parts))) for total, parts in plain["sums"]),
        frozenset(_read_count(one) for one in plain["always_shown"]),
        plain["background"],
    )


def _count(count: Count) -> list[str]:
    return [count.what, *(day.isoformat() for day in count.period or ())]


def _read_count(plain: Sequence[str]) -> Count:
    what, *days = plain
    if not days:
        return Count(what)
    first, last = (date.fromisoformat(one) for one in days)
    return Count(what, (first, last))
