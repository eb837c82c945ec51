"""What a measure tells on a day: its newest figure with its colour, its run, and whether it moved by more than chance.

Reads measures and observations and nothing that lies behind the second wall, so that a page of many measures costs a
few queries, however many cases were counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.db.models import Prefetch, Q

from saferhub.partnership.models import Partnership
from saferhub.plan import counters
from saferhub.plan.methods import xmr, xmr_words
from saferhub.plan.models import Area, Measure, MeasureVersion, Observation, Step
from saferhub.plan.rules import periods
from saferhub.plan.rules.colours import Aim, Colour, colour_of, rules_of
from saferhub.plan.rules.figures import figure_words
from saferhub.plan.rules.periods import Period
from saferhub.plan.rules.withholding import MARK, is_withheld

from .counted import version_on

_POLARITY = {
    "up": xmr_words.Polarity.UP_GOOD,
    "down": xmr_words.Polarity.DOWN_GOOD,
    "neither": xmr_words.Polarity.NEITHER,
}
_ARROWS = {"up": "↑", "down": "↓", "": "→"}


@dataclass(frozen=True, slots=True)
class Point:
    """One time of a run. `value` None: no figure, or one that is not shown (`is_withheld`)."""

    period: Period
    label: str
    observation: Observation | None
    value: Decimal | None
    is_withheld: bool
    words: str
    why_none: str


@dataclass(frozen=True, slots=True)
class Told:
    """One measure on a day."""

    measure: Measure
    version: MeasureVersion
    as_of: date
    due: Period
    points: tuple[Point, ...]
    chart: xmr.Chart
    reading: xmr_words.Reading
    colour: Colour

    @property
    def aim(self) -> Aim:
        return aim_of(self.version)

    @property
    def colours(self) -> list[Colour]:
        """Every colour it can have, with its rule."""
        return rules_of(self.aim)

    @property
    def newest(self) -> Point | None:
        """The newest time that has a figure, shown or not."""
        return next((one for one in reversed(self.points) if one.value is not None or one.is_withheld), None)

    @property
    def is_missing(self) -> bool:
        """Whether the newest time that is over has no figure."""
        return self.newest is None or self.newest.period != self.due

    @property
    def missing_words(self) -> str:
        """Why the newest time has no figure; "" where it has one."""
        if not self.is_missing:
            return ""
        last = self.points[-1] if self.points else None
        if last is not None and last.period == self.due and last.observation is not None:
            return f"{self.due.words}: {last.why_none}"
        verb = "counted" if self.version.counted_by else "entered"
        return f"No figure has been {verb} for {self.due.words}."

    @property
    def moved(self) -> str:
        """ "↓ Better since Jan to Mar 2018", "→ No real change"."""
        return moved_words(self.chart, self.reading)

    @property
    def may_mean(self) -> str:
        """What a rise may mean, where the newest figure rose by more than chance explains and neither is better."""
        is_up = any(one.direction is xmr.Direction.UP for one in self.reading.signals)
        if self.reading.verdict is not xmr_words.Verdict.CHANGED or not is_up:
            return ""
        return rise_words(self.version)


def aim_of(version: MeasureVersion) -> Aim:
    """What a version aims at."""
    return Aim(version.target, version.tolerance, version.polarity, version.unit, version.per)


def rise_words(version: MeasureVersion) -> str:
    """ "may mean more confidence to report, or more hate crime"; "" where nothing is said of it."""
    said = version.rise_may_mean.strip()
    return f"may mean {said[:1].lower()}{said[1:].rstrip('.')}" if said else ""


def is_not_shown(observation: Observation, version: MeasureVersion | None = None) -> bool:
    """Whether a figure by itself is too small to be shown, by the rule of its version."""
    meant = version or observation.version
    counter = counters.counter(meant.counted_by) if meant.counted_by else None
    return observation.value is not None and is_withheld(
        numerator=observation.numerator,
        denominator=observation.denominator,
        rows=observation.rows,
        threshold=meant.small,
        has_rest=meant.unit != "rate" and not (counter is not None and counter.passes_hundred),
    )


def measures_of(partnership: Partnership, as_of: date) -> list[Measure]:
    """The measures that are kept on a day, by area and place, with what a page needs of them. Two queries."""
    rows = (
        Measure.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=as_of), partnership=partnership)
        .select_related("area", "objective", "owner", "owner_agency")
        .prefetch_related(Prefetch("versions", queryset=MeasureVersion.objects.order_by("number")))
    )
    # What belongs to no area stands last.
    return sorted(
        rows, key=lambda one: (one.area is None, one.area.number if one.area else 0, one.order, one.pk)
    )


def told_of(partnership: Partnership, as_of: date, area: Area | None = None) -> list[Told]:
    """Every measure that is kept on a day, or those of one area, as it tells then. Four queries."""
    kept = measures_of(partnership, as_of)
    return tell([one for one in kept if area is None or one.area_id == area.pk], as_of)


def tell(measures: Sequence[Measure], as_of: date) -> list[Told]:
    """What these measures tell on a day; those without a version are left out. Two queries, and one for each measure
    whose versions were not read with it."""
    numbers = [one.pk for one in measures]
    observed: dict[int, list[Observation]] = {number: [] for number in numbers}
    rows = Observation.objects.filter(
        measure__in=numbers, is_newest=True, split="", part="", last_day__lt=as_of
    )
    for row in rows.order_by("first_day", "id"):
        observed[row.measure_id].append(row)
    steps: dict[int, list[Step]] = {number: [] for number in numbers}
    for step in Step.objects.filter(measure__in=numbers, taken_back_on__isnull=True).order_by("first_day"):
        steps[step.measure_id].append(step)
    return [
        told(one, list(one.versions.all()), observed[one.pk], steps[one.pk], as_of)
        for one in measures
        if one.versions.all()
    ]


def told(
    measure: Measure,
    versions: Sequence[MeasureVersion],
    observed: Sequence[Observation],
    steps: Iterable[Step],
    as_of: date,
) -> Told:
    """One measure on a day, from its rows. No query."""
    version = version_on(versions, as_of)
    by_number = {one.pk: one for one in versions}
    due = periods.newest_ended(version.every, as_of)
    if measure.ended_on is not None and measure.ended_on < due.last:
        due = periods.newest_ended(version.every, measure.ended_on)
    points = tuple(_points(version, by_number, observed, due))
    chart = xmr.chart(
        [xmr.Point(one.period.first, one.label, _float(one.value)) for one in points],
        settings=xmr.Settings(least=_least(version), most=_most(version)),
        baselines=_baselines(points, versions, steps),
    )
    reading = xmr_words.read(chart, xmr_words.Meaning(_POLARITY[version.polarity], rise=rise_words(version)))
    last = points[-1] if points and points[-1].period == due else None
    colour = colour_of(
        last.value if last else None, aim_of(version), is_withheld=last is not None and last.is_withheld
    )
    return Told(measure, version, as_of, due, points, chart, reading, colour)


def _points(
    version: MeasureVersion,
    by_number: dict[int, MeasureVersion],
    observed: Sequence[Observation],
    due: Period,
) -> Iterable[Point]:
    """Every time from the first that was looked at up to the newest that is over, those without a figure too.

    Times that were told in another unit, or were longer or shorter, cannot stand in one run with these."""
    alike = [
        one
        for one in observed
        if _scale(by_number.get(one.version_id, version)) == _scale(version)
        and periods.containing(version.every, one.first_day) == Period(one.first_day, one.last_day)
    ]
    if not alike:
        return
    standing = {one.first_day: one for one in alike}
    last = max(due.last, alike[-1].last_day)
    for period in periods.between(version.every, alike[0].first_day, last):
        row = standing.get(period.first)
        yield _point(period, row, by_number.get(row.version_id, version) if row else version)


def _point(period: Period, row: Observation | None, version: MeasureVersion) -> Point:
    label = period_label(period)
    if row is None:
        return Point(period, label, None, None, False, "", "Not recorded")
    if row.value is None:
        return Point(period, label, row, None, False, "", row.missing_why)
    if is_not_shown(row, version):
        return Point(period, label, row, None, True, MARK, "")
    return Point(period, label, row, row.value, False, figure_words(row.value, version.unit, version.per), "")


def period_label(period: Period) -> str:
    """ "Apr to Jun 2018", "May 2018", "2017-18": short enough for a chart.

    >>> period_label(Period(date(2018, 4, 1), date(2018, 6, 30)))
    'Apr to Jun 2018'
    """
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month
    if months == 0:
        return f"{period.first:%b %Y}"
    if months == 11 and period.first.year != period.last.year:
        return f"{period.first.year}-{period.last.year % 100:02}"
    return f"{period.first:%b} to {period.last:%b %Y}"


def _scale(version: MeasureVersion) -> tuple[object, ...]:
    return version.unit, version.per, version.every


def _least(version: MeasureVersion) -> float | None:
    return None if version.unit == "pounds" else 0.0


def _most(version: MeasureVersion) -> float | None:
    counter = counters.counter(version.counted_by) if version.counted_by else None
    can_pass = counter is not None and counter.passes_hundred
    return 100.0 if version.unit == "per_cent" and not can_pass else None


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _baselines(
    points: Sequence[Point], versions: Sequence[MeasureVersion], steps: Iterable[Step]
) -> list[xmr.Baseline]:
    """From when limits count anew: where somebody said so, and where what is counted was defined anew."""
    later = {one.period.first for one in points[1:]}
    found = {
        step.first_day: xmr.Baseline(step.first_day, step.why, step.by, step.on)
        for step in steps
        if step.first_day in later
    }
    ordered = sorted(versions, key=lambda one: one.number)
    for before, after in pairwise(ordered):
        is_other = (before.formula, before.counted_by) != (after.formula, after.counted_by)
        day = next((one for one in sorted(later) if one >= after.valid_from), None)
        if is_other and day is not None and day not in found:
            why = f"defined anew. {after.why}"
            found[day] = xmr.Baseline(day, why, after.made_by, after.made_on)
    return [found[day] for day in sorted(found)]


def moved_words(chart: xmr.Chart, reading: xmr_words.Reading) -> str:
    """Whether the newest figure moved, in a few words with an arrow: never by comparing two points."""
    verdict = reading.verdict
    if verdict is xmr_words.Verdict.NO_DATA:
        return "No figure yet"
    if verdict is xmr_words.Verdict.TOO_FEW:
        return "Too few figures to tell"
    if verdict is xmr_words.Verdict.NO_CHANGE:
        return f"{_ARROWS['']} No real change"
    directed = [one for one in reading.signals if one.direction is not xmr.Direction.NONE]
    directions = {one.direction for one in directed}
    direction = directions.pop().value if len(directions) == 1 else ""
    # A jump has no direction: it is of its later point.
    begun = [one.positions[0] for one in directed] or [one.positions[-1] for one in reading.signals]
    since = chart.points[min(begun)].label
    said = {xmr_words.Verdict.BETTER: "Better", xmr_words.Verdict.WORSE: "Worse"}.get(
        verdict, {"up": "Higher", "down": "Lower"}.get(direction, "Changed")
    )
    return f"{_ARROWS[direction]} {said} since {since}"
