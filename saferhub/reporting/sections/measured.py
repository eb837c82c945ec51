"""What measures say, for any section: a table of an area's measures, one measure by its parts, one over time.

A measure without a figure is not in the table: an empty cell says less than nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan.queries.breakdown import page_release
from saferhub.publication.model import Column
from saferhub.reporting.queries.counts import holds, least_of, shown
from saferhub.reporting.queries.figures import Figures, Kept, Told
from saferhub.reporting.rules.figure_words import in_table
from saferhub.reporting.rules.protecting import Beside, Counted, CountedRow, Shown

from . import Fact
from .reading import without_what_is_common

_LEAST_FOR_A_CHART = 3
# Units that a chart of columns can draw.
_DRAWN = ("count", "per_cent")


@dataclass
class Said:
    """What a section says of its measures: tables, and the marks that its words may hold."""

    blocks: list[Counted] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)

    def add(self, mark: str, told: Told | None) -> bool:
        """Make a figure citable. Whether there was one."""
        fact = told.fact(mark) if told is not None else None
        if fact is not None and told is not None:
            self.facts[mark] = replace(fact, holds=holds(told), threshold=told.measure.small)
        return fact is not None


def of_measures(figures: Figures, measures: list[Kept], *, caption: str, anchor: str) -> Said:
    """A table of these measures: the newest figure, the same time a year before, the target. What is the same for all
    of them, or there for none, has no column."""
    said = Said()
    told = [(one, newest) for one in measures if (newest := figures.newest(one)) is not None]
    if not told:
        return said
    before = {one.code: figures.year_before(newest) for one, newest in told}
    for one, newest in told:
        said.told[one.code] = newest
        said.add(one.code, newest)
        said.add(f"{one.code}_year_before", before[one.code])
    times = list(dict.fromkeys(newest.period.words for _, newest in told))
    columns = [Column("Measure"), Column("Time"), Column("Figure", "right"), Column("A year before", "right")]
    columns.append(Column("Target", "right"))
    there = [True, len(times) > 1, True]
    there += [any(one is not None and one.value is not None for one in before.values())]
    there += [any(one.target is not None for one, _ in told)]
    rows: list[tuple[str | Shown, ...]] = [
        (
            one.name,
            newest.period.words,
            shown(newest, one.code),
            shown(before[one.code], f"{one.code}_year_before"),
            in_table(one.target, one.unit) if one.target is not None else "None set",
        )
        for one, newest in told
    ]
    held = [table for one, newest in told for table in (*holds(newest), *holds(before[one.code]))]
    day = date_in_words(figures.until)
    note = f"The latest times that had ended by {day}. The appendix says what each measure means."
    said.blocks.append(
        Counted(
            f"{caption}, {times[0]}" if len(times) == 1 else caption,
            tuple(one for one, is_there in zip(columns, there, strict=True) if is_there),
            tuple(
                CountedRow(tuple(cell for cell, is_there in zip(row, there, strict=True) if is_there))
                for row in rows
            ),
            tuple(held),
            least_of([*(newest for _, newest in told), *before.values()]),
            (note,) if len(times) > 1 else ("The appendix says what each measure means.",),
            anchor=anchor,
        )
    )
    return said


def by_part(
    said: Said, figures: Figures, measures: list[Kept], split: str, *, caption: str, first: str, anchor: str
) -> None:
    """Add a table of measures by their parts (hubs, agencies), for the newest time of the first that has parts."""
    chosen: list[tuple[Kept, Told, dict[str, Told]]] = []
    words: dict[str, str] = {}
    for one in measures:
        whole = said.told.get(one.code)
        if whole is None or (chosen and whole.period != chosen[0][1].period):
            continue
        parts = figures.parts(one, split, whole.period)
        if parts:
            chosen.append((one, whole, {part.part: part for part in parts}))
            words |= {part.part: part.words for part in parts}
    if not chosen:
        return
    order = sorted(words, key=lambda code: (words[code], code))
    short, common = without_what_is_common([words[code] for code in order])
    if len(common.split()) > 1:
        words = dict(zip(order, short, strict=True))
    rows = []
    for code in order:
        cells = []
        for one, _, parts_of in chosen:
            mark = f"{one.code}_{code}"
            said.add(mark, parts_of.get(code))
            cells.append(shown(parts_of.get(code), mark))
        rows.append(CountedRow((words[code], *cells)))
    rows.append(CountedRow(("All", *(shown(whole, one.code) for one, whole, _ in chosen)), True))
    held = [table for _, whole, parts_of in chosen for table in holds(whole, list(parts_of.values()))]
    least = least_of(one for _, whole, parts_of in chosen for one in (whole, *parts_of.values()))
    columns = (Column(first), *(Column(one.name, "right") for one, _, _ in chosen))
    period = chosen[0][1].period.words
    beside = tuple(
        Beside(partial(page_release, one.row, whole.period))
        for one, whole, _ in chosen
        if one.row is not None and whole.observation
    )
    said.blocks.append(
        Counted(
            f"{caption}, {period}", columns, tuple(rows), tuple(held), least, anchor=anchor, beside=beside
        )
    )


def over_time(said: Said, figures: Figures, measure: Kept, *, anchor: str) -> bool:
    """Add a chart of a measure told in whole numbers, over the times that were over, where there are enough of them.
    Whether there were."""
    series = figures.series(measure)
    if measure.unit not in _DRAWN or sum(one.value is not None for one in series) < _LEAST_FOR_A_CHART:
        return False
    rows = []
    for one in series:
        mark = f"{measure.code}_{one.period.last:%Y_%m}"
        said.add(mark, one)
        rows.append(CountedRow((one.period.words, shown(one, mark))))
    held = [table for one in series for table in holds(one)]
    said.blocks.append(
        Counted(
            f"{measure.name}, by {measure.every}",
            (Column(measure.every.capitalize()), Column(measure.name, "right")),
            tuple(rows),
            tuple(held),
            least_of(series),
            chart=1,
            alt=f"{measure.name} in each {measure.every}",
            source=f"{measure.source}.",
            anchor=anchor,
            run=figures.run_of(measure, series),
        )
    )
    return True
