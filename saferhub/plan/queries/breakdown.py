"""A figure of one time by its parts, such as hubs or agencies, with small numbers and what would tell them withheld.

The whole stands in the measure's run and is open there, so only parts are hidden to protect parts. All ways in which
a time is broken down are protected together, by hub and by agency add up to the same whole, and beside what has been
published of it. A report takes over what is marked here: see `page_release`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from saferhub.partnership.models import Partnership
from saferhub.plan import counters
from saferhub.plan.methods.suppression import CannotProtect, Cell, Count, Release, Sum, Table, protect
from saferhub.plan.models import Measure, MeasureVersion, Observation
from saferhub.plan.registries import PUBLISHED
from saferhub.plan.rules.figures import figure_words, plain_number
from saferhub.plan.rules.periods import Period
from saferhub.plan.rules.withholding import MARK, count_of, counts_told, in_none

from .counted import observation_rows_url
from .measures import is_not_shown

SPLIT_WORDS = {"hub": "hub", "agency": "agency", "area": "area of the plan"}


@dataclass(frozen=True, slots=True)
class Line:
    """One part. `value` is the mark where it is withheld; `of`: the numbers that it was made of, in words."""

    words: str
    value: str
    of: str
    is_withheld: bool
    url: str
    observation: Observation | None
    number: Decimal | None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One time of a measure by its parts. `refused`: why no part is shown."""

    split: str
    period: Period
    whole: Line
    lines: tuple[Line, ...]
    is_withheld: bool
    refused: str = ""

    @property
    def words(self) -> str:
        return SPLIT_WORDS.get(self.split, self.split)


def breakdown(measure: Measure, split: str, period: Period) -> Breakdown | None:
    """One time by the parts of one split; None where it has none. One query.

    Where no choice of what to withhold protects the small numbers, no part is shown and `refused` says so."""
    rows = _rows(measure, period)
    whole = next((one for one in rows if not one.split), None)
    parts = [one for one in rows if one.split == split]
    if whole is None or not parts:
        return None
    protected = _protected(measure, whole, [one for one in rows if one.split])
    hidden = {one.pk for one in parts if protected.hides(_counts(measure, one, whole.version))}
    return Breakdown(
        split=split,
        period=period,
        whole=_line(whole, "All together", is_not_shown(whole)),
        lines=tuple(_line(one, one.part_words or one.part, one.pk in hidden) for one in parts),
        is_withheld=any(one.pk in hidden for one in parts),
        refused=protected.refused,
    )


def page_release(measure: Measure, period: Period) -> tuple[Release, int] | None:
    """What the page of a measure tells of a time by its parts, as one more release that a report of the same counts is
    held against, with the least number shown there: what is marked there is marked in the report. None where nothing of
    it is withheld. One query, and what was published."""
    rows = _rows(measure, period)
    whole, parts = next((one for one in rows if not one.split), None), [one for one in rows if one.split]
    if whole is None or not parts:
        return None
    found = _protected(measure, whole, parts)
    name = f"the page of the measure {whole.version.name}, {period.words}"
    return (Release(name, found.tables, found.marked), whole.version.small) if found.tables else None


def _rows(measure: Measure, period: Period) -> list[Observation]:
    return list(
        Observation.objects.filter(
            measure=measure, is_newest=True, first_day=period.first, last_day=period.last
        )
        .select_related("version")
        .order_by("part_words", "id")
    )


def _line(row: Observation, words: str, is_withheld: bool) -> Line:
    version = row.version
    if is_withheld:
        return Line(words, MARK, "", True, observation_rows_url(row), row, None)
    if row.value is None:
        return Line(words, "", row.missing_why, False, observation_rows_url(row), row, None)
    value = figure_words(row.value, version.unit, version.per)
    return Line(words, value, of_words(row), False, observation_rows_url(row), row, row.value)


def of_words(row: Observation) -> str:
    """The numbers that a figure was made of: "12 of 30", "of 30 counted"; "" for a number."""
    if row.numerator is not None and row.denominator is not None:
        return f"{plain_number(row.numerator)} of {plain_number(row.denominator)}"
    if row.numerator is None and row.rows:
        return f"of {row.rows:,} counted"
    return ""


@dataclass(frozen=True, slots=True)
class _Protected:
    """What is withheld of one time, by the names of its counts. `refused`: why no part is shown."""

    tables: tuple[Table, ...] = ()
    marked: frozenset[Count] = frozenset()
    refused: str = ""

    def hides(self, counts: Mapping[Count, int]) -> bool:
        return not self.marked.isdisjoint(counts)


def _protected(measure: Measure, whole: Observation, parts: Sequence[Observation]) -> _Protected:
    version = whole.version
    if version.small < 2:
        return _Protected()
    tables = tuple(
        _table(measure, split, whole, [one for one in parts if one.split == split], version)
        for split in dict.fromkeys(one.split for one in parts)
    )
    everything = frozenset(count for one in parts for count in _counts(measure, one, version))
    if is_not_shown(whole):
        small = everything.union(_counts(measure, whole, version))
        return _Protected(tables, small, "The whole is a small number, so no part is shown.")
    try:
        found = protect(tables, version.small, earlier=_published(measure.partnership, tables))
    except CannotProtect:
        return _Protected(
            tables,
            everything,
            "Small numbers cannot be protected here, whatever else is withheld, so no part is shown.",
        )
    return _Protected(tables, found.marked)


def _published(partnership: Partnership, tables: Sequence[Table]) -> list[Release]:
    """What has been published of these counts, in its order: what is marked there stays marked, and what is open there
    hides nothing."""
    ours = {count for table in tables for count in table.values}
    found = []
    for provider in PUBLISHED:
        for release in provider(partnership):
            told = tuple(one for one in release.tables if not ours.isdisjoint(one.values))
            if told:
                found.append(Release(release.name, told, release.marked))
    return found


def _counts(measure: Measure, row: Observation, version: MeasureVersion) -> dict[Count, int]:
    """The counts that a figure tells, with their values."""
    return {_count(measure, name, row, version): value for name, value in _told(row, version).items()}


def _count(measure: Measure, name: str, row: Observation, version: MeasureVersion) -> Count:
    return count_of(
        measure.code, name, counted_by=version.counted_by, first=row.first_day, last=row.last_day,
        split=row.split, part=row.part,
    )  # fmt: skip


def _told(row: Observation, version: MeasureVersion) -> dict[str, int]:
    counter = counters.counter(version.counted_by) if version.counted_by else None
    return counts_told(
        unit=version.unit,
        numerator=row.numerator,
        denominator=row.denominator,
        rows=row.rows,
        has_rest=counter is None or not counter.passes_hundred,
    )


def _table(
    measure: Measure, split: str, whole: Observation, parts: Sequence[Observation], version: MeasureVersion
) -> Table:
    cells: list[Cell] = []
    sums: list[Sum] = []
    known: set[Count] = set()
    total = _told(whole, version)
    told = [(one, _told(one, version)) for one in parts]
    for name, value in total.items():
        top = _count(measure, name, whole, version)
        cells.append(Cell(top, "All together", value))
        known.add(top)
        inner = [_count(measure, name, one, version) for one, _ in told]
        cells += [
            Cell(count, one.part_words or one.part, found.get(name, 0))
            for count, (one, found) in zip(inner, told, strict=True)
        ]
        left = value - sum(found.get(name, 0) for _, found in told)
        if left > 0:
            # It stands in no table, and whoever adds up knows that it is there.
            inner.append(in_none(top, split))
            cells.append(Cell(inner[-1], "In no part", left))
        if left >= 0:
            sums.append(Sum(top, tuple(inner)))
    for one, found in ((whole, total), *told):
        if "rest" in found and found["part"] + found["rest"] == found["whole"]:
            part, rest, both = (_count(measure, name, one, version) for name in ("part", "rest", "whole"))
            sums.append(Sum(both, (part, rest)))
    return Table(f"By {split}", tuple(cells), tuple(sums), frozenset(known))
