"""Figures of measures for reports: what was observed up to a day, and, for a command that sees the whole partnership,
what nobody has counted yet.

A figure belongs to a time that was over on the day of the report, and is over today: nothing is known of what is still
to come, and that is not nought. What was entered or counted afterwards counts too: the newest figure of a
time is the right one. A figure means, and withholds, what the version of its measure says by which it was counted; one
that was told in another unit, or of longer or shorter times, does not stand beside these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.plan import counters
from saferhub.plan.methods.suppression import Count
from saferhub.plan.methods.xmr import Baseline
from saferhub.plan.models import Measure, MeasureVersion, Observation
from saferhub.plan.queries import counted
from saferhub.plan.queries.measures import tell
from saferhub.plan.rules import periods
from saferhub.plan.rules.periods import Period
from saferhub.plan.rules.withholding import count_of, counts_told
from saferhub.reporting.rules.figure_words import in_table, in_words
from saferhub.reporting.rules.runs import Run
from saferhub.reporting.sections import Fact


@dataclass(frozen=True, slots=True)
class Kept:
    """A measure that the partnership keeps, with what it means on the day. `row`: None where only the pack says it."""

    code: str
    area: str
    order: int
    owner_post: str
    name: str
    definition: str
    formula: str
    source: str
    counted_by: str
    unit: str
    per: int
    every: str
    polarity: str
    rise_may_mean: str
    caveat: str
    small: int
    target: Decimal | None
    definition_version: int
    row: Measure | None

    @property
    def counts_people(self) -> bool:
        """Whether small numbers of it are withheld."""
        return self.small >= 2

    @property
    def scale(self) -> tuple[object, ...]:
        """What figures have alike that can stand side by side."""
        return self.unit, self.per, self.every


@dataclass(frozen=True, slots=True)
class Told:
    """A figure of a measure for a time: of the whole, or of one part. `measure`: as it was counted."""

    measure: Kept
    period: Period
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    rows: int | None
    rows_hash: str
    split: str = ""
    part: str = ""
    words: str = ""
    missing_why: str = ""
    observation: str = ""

    @property
    def counts(self) -> dict[str, tuple[Count, int]]:
        """The counts of people that it tells, as `plan.rules.withholding.counts_told` calls them and "" for a number of
        its own: by what name the protection of small numbers knows each, and its value. None where nothing of it is
        withheld."""
        one = self.measure
        if not one.counts_people or self.value is None:
            return {}
        if one.unit == "count":
            return {"": (self._count(""), int(self.value))}
        if self.numerator is None and self.rows is None:
            return {}
        counter = counters.counter(one.counted_by) if one.counted_by else None
        told = counts_told(
            unit=one.unit,
            numerator=self.numerator,
            denominator=self.denominator,
            rows=self.rows,
            has_rest=counter is None or not counter.passes_hundred,
        )
        return {name: (self._count(name), number) for name, number in told.items()}

    @property
    def held(self) -> Count | None:
        """By what name the protection of small numbers knows it; None where it is no count of people."""
        return self.counts[""][0] if "" in self.counts else None

    @property
    def rests_on(self) -> tuple[Count, ...]:
        """The counts that a share, a rate or a median would give away."""
        return tuple(count for name, (count, _) in self.counts.items() if name)

    def _count(self, name: str) -> Count:
        return count_of(
            self.measure.code, name, counted_by=self.measure.counted_by, first=self.period.first,
            last=self.period.last, split=self.split, part=self.part,
        )  # fmt: skip

    @property
    def number(self) -> int | None:
        """The value as a whole number, for a chart; None where there is none."""
        return None if self.value is None else int(self.value)

    def provenance(self) -> dict[str, Any]:
        """What a frozen version keeps of it."""
        one = self.measure
        return {
            "measure": one.code,
            "name": one.name,
            "definition": one.definition,
            "formula": one.formula,
            "source": one.source,
            "caveat": one.caveat,
            "definition_version": one.definition_version,
            "unit": one.unit,
            "period": self.period.words,
            "first_day": self.period.first.isoformat(),
            "last_day": self.period.last.isoformat(),
            "split": self.split,
            "part": self.part,
            "value": _plain(self.value),
            "numerator": _plain(self.numerator),
            "denominator": _plain(self.denominator),
            "rows": self.rows,
            "rows_hash": self.rows_hash,
            "observation": self.observation,
        }

    def fact(self, mark: str) -> Fact | None:
        """The figure for words; None where there is none."""
        if self.value is None:
            return None
        one = self.measure
        of = f", {self.words}" if self.words else ""
        return Fact(
            mark,
            in_words(self.value, one.unit, one.per),
            self.provenance(),
            int(self.value) if self.held is not None else None,
            f"{one.name}{of}, {self.period.words}",
            self.held,
            self.rests_on,
        )

    def in_table(self) -> str:
        return "–" if self.value is None else in_table(self.value, self.measure.unit)


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def measures_on(partnership: Partnership, day: date) -> list[Kept]:
    """The measures that the partnership keeps on a day, in their order: from its rows, and before it has any, from
    what the packs say that it keeps. Three queries at most."""
    rows = list(
        Measure.objects.filter(partnership=partnership)
        .exclude(ended_on__lt=day)
        .select_related("area", "partnership")
        .prefetch_related("versions")
        .order_by("area__number", "order", "id")
    )
    if rows:
        return [
            _of_row(row, counted.version_on(row.versions.all(), day)) for row in rows if row.versions.all()
        ]
    said = in_force.sections(partnership, ["measures", "plan_measures"], day)
    items = {one.code: one.item for one in said["measures"]}
    return [
        _of_pack(one.code, one.item, items[one.item.measure])
        for one in said["plan_measures"]
        if one.item.measure in items
    ]


def _of_row(row: Measure, version: MeasureVersion) -> Kept:
    return Kept(
        row.code, row.area.code if row.area else "", row.order, row.owner_post, version.name, version.definition,
        version.formula, version.source, version.counted_by, version.unit, version.per, version.every,
        version.polarity, version.rise_may_mean, version.caveat, version.small, version.target, version.number, row,
    )  # fmt: skip


def _of_pack(code: str, kept: Any, said: Any) -> Kept:
    return Kept(
        code, kept.priority or "", kept.order, kept.owner_post, said.name, said.definition, said.formula,
        said.taken_from, said.counted_by or "", said.unit, said.per, said.every, said.polarity,
        said.rise_may_mean or "", said.caveat or "", said.small, kept.target, 1, None,
    )  # fmt: skip


class Figures:
    """The figures of a partnership up to a day; asks for each measure's once.

    `using`: the steward's connection, to count what nobody has observed yet; "" for what was observed alone.
    """

    def __init__(self, partnership: Partnership, as_of: date, using: str = "") -> None:
        self.partnership, self.as_of, self._using = partnership, as_of, using
        self.until = min(as_of, clock.today())
        self.measures = measures_on(partnership, as_of)
        self._observed: dict[str, dict[tuple[str, str, date, date], Observation]] = {}
        self._counted: dict[tuple[str, Period], list[counters.Part]] = {}
        self._since: dict[str, date | None] = {}
        self._begun_anew: dict[int, tuple[Baseline, ...]] | None = None

    def of_area(self, code: str) -> list[Kept]:
        """The measures of an area, in their order."""
        return [one for one in self.measures if one.area == code]

    def counted_by(self, counter: str) -> Kept | None:
        """The measure that this counter counts, if one is kept."""
        return next((one for one in self.measures if one.counted_by == counter), None)

    def newest(self, measure: Kept) -> Told | None:
        """Of the newest time that was over and has a figure; of four at most, so that nothing old stands for new."""
        for period in periods.last_ended(measure.every, self.until, 4)[::-1]:
            found = self.told(measure, period)
            if found is not None and found.value is not None:
                return found
        return None

    def told(self, measure: Kept, period: Period) -> Told | None:
        """Of one time, of the whole; None where nobody has looked."""
        one = self._rows(measure).get(("", "", period.first, period.last))
        if one is not None:
            told = _of_observation(measure, period, one, self.until)
            return told if told.measure.scale == measure.scale else None
        measure = _as_meant(measure, period)
        found = self._parts(measure, period)
        counter = counters.counter(measure.counted_by) if found else None
        if counter is not None and counter.by_area and measure.area:
            # A measure of an area is that area's part, told as its whole, as the nightly counting keeps it.
            part = next((one for one in found if (one.split, one.code) == ("area", measure.area)), None)
            return (
                _of_part(measure, period, replace(part, split="", code="", words=""))
                if part is not None
                else None
            )
        part = next((one for one in found if not one.split), None)
        return _of_part(measure, period, part) if part is not None else None

    def year_before(self, told: Told) -> Told | None:
        """The same time of the year before."""
        measure = next((one for one in self.measures if one.code == told.measure.code), told.measure)
        first = told.period.first.replace(day=1)
        return self.told(measure, periods.containing(measure.every, first.replace(year=first.year - 1)))

    def series(self, measure: Kept, most: int = 16) -> list[Told]:
        """Of the newest times that were over, the earliest first; empty times before the first figure are left out, and
        those after it stand without one."""
        found = [
            self.told(measure, period) or Told(measure, period, None, None, None, None, "")
            for period in periods.last_ended(measure.every, self.until, most)
        ]
        begins = next((at for at, one in enumerate(found) if one.value is not None), len(found))
        return found[begins:]

    def run_of(self, measure: Kept, series: list[Told]) -> Run:
        """How a series of a measure is read over time: by its polarity, with limits begun anew where somebody said so.
        Four queries for the first measure that the partnership has taken on, none for the next."""
        counter = counters.counter(measure.counted_by) if measure.counted_by else None
        passes = counter is not None and counter.passes_hundred
        anew = self._baselines_of(measure.row) if measure.row is not None else ()
        return Run(
            tuple(one.period for one in series),
            measure.every,
            measure.polarity,
            measure.rise_may_mean,
            most=100.0 if measure.unit == "per_cent" and not passes else None,
            baselines=anew,
        )

    def _baselines_of(self, row: Measure) -> tuple[Baseline, ...]:
        if self._begun_anew is None:
            rows = [one.row for one in self.measures if one.row is not None]
            self._begun_anew = {
                one.measure.pk: tuple(
                    phase.baseline for phase in one.chart.phases if phase.baseline is not None
                )
                for one in tell(rows, self.until)
            }
        return self._begun_anew.get(row.pk, ())

    def parts(self, measure: Kept, split: str, period: Period) -> list[Told]:
        """Of the parts of one time, by their words."""
        rows = [
            _of_observation(measure, period, one, self.until)
            for (by, part, first, last), one in self._rows(measure).items()
            if by == split and part and (first, last) == (period.first, period.last)
        ]
        rows = [one for one in rows if one.measure.scale == measure.scale]
        if not rows:
            measure = _as_meant(measure, period)
            rows = [
                _of_part(measure, period, one)
                for one in self._parts(measure, period)
                if one.split == split and one.code
            ]
        return sorted(rows, key=lambda one: (one.words, one.part))

    def _rows(self, measure: Kept) -> dict[tuple[str, str, date, date], Observation]:
        if measure.code not in self._observed:
            found: Iterable[Observation] = ()
            if measure.row is not None:
                found = Observation.objects.filter(
                    measure=measure.row, is_newest=True, last_day__lt=self.as_of
                ).select_related("version")
            self._observed[measure.code] = {(o.split, o.part, o.first_day, o.last_day): o for o in found}
        return self._observed[measure.code]

    def _parts(self, measure: Kept, period: Period) -> list[counters.Part]:
        if not self._using or not measure.counted_by:
            return []
        key = (measure.counted_by, period)
        if key not in self._counted:
            counter = counters.counter(measure.counted_by)
            reaches = counter is not None and self._begins(counter, period)
            self._counted[key] = (
                counter.count(self._using, self.partnership.pk, period.first, period.last)
                if counter is not None and reaches
                else []
            )
        return self._counted[key]

    def _begins(self, counter: counters.Counter, period: Period) -> bool:
        """Whether the counter has rows of that time or of one before it: what was never kept is not nought."""
        if counter.code not in self._since:
            since = counter.since
            self._since[counter.code] = (
                since(self._using, self.partnership.pk) if since is not None else date.min
            )
        first = self._since[counter.code]
        return first is not None and first <= (period.first if counter.needs_whole else period.last)


def figures_of(partnership: Partnership, as_of: date, using: str = "") -> Figures:
    """The figures of a partnership up to a day, made once on a page: its sections ask for the same measures."""
    return once(
        ("reporting_figures", partnership.pk, as_of, using), lambda: Figures(partnership, as_of, using)
    )


def _as_meant(measure: Kept, period: Period) -> Kept:
    """A measure as it is counted for a time: by the version of its last day. One of another scale stays as it is asked
    for."""
    if measure.row is None:
        return measure
    meant = _of_row(measure.row, counted.version_on(measure.row.versions.all(), period.last))
    return meant if meant.scale == measure.scale else replace(measure, counted_by="")


def _of_observation(measure: Kept, period: Period, one: Observation, on: date) -> Told:
    meant = measure
    if measure.row is not None:
        meant = _of_row(measure.row, one.version)
        before = counted.threshold_of(measure.row.versions.all(), period.last, on)
        meant = replace(meant, small=max(meant.small, before))
    return Told(
        meant, period, one.value, one.numerator, one.denominator, one.rows, one.rows_hash, one.split, one.part,
        one.part_words, one.missing_why, one.public_id,
    )  # fmt: skip


def _of_part(measure: Kept, period: Period, one: counters.Part) -> Told:
    return Told(
        measure, period, one.value, one.numerator, one.denominator, one.rows, one.rows_hash, one.split, one.code,
        one.words, one.missing_why,
    )  # fmt: skip
