"""XmR charts: whether a series of figures changed by more than chance explains. Values in, values out.

XmR means individual values (X) and moving ranges (mR, the difference from one value to the next). The
method, its sources and a worked example stand in docs/methods/xmr.md. What a signal says of good or bad
is put in words by `xmr_words`; who decides a new baseline, and with which reason, is the caller's.

Formulas and constants: NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2; D. J. Wheeler,
"Understanding Variation" (1993), whose rounded constants 2.66 and 3.268 we use. Rules: Western
Electric, "Statistical Quality Control Handbook" (1956); Wheeler for "three of four near a limit".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

NAME, VERSION = "XmR", "1"

# Three standard deviations, these estimated from the mean moving range of two: 3 / d2 with d2 = 1.128.
NATURAL_LIMIT = 2.66
# D4 for ranges of two. The lower limit of the ranges is always zero.
RANGE_LIMIT = 3.268


class Rule(StrEnum):
    """Why a point, or several together, are more than chance."""

    OUTSIDE = "outside"  # one point beyond a limit
    RUN = "run"  # so many one after another on one side of the mean
    NEAR_LIMIT = "near_limit"  # three of four one after another nearer to a limit than to the mean
    TREND = "trend"  # so many one after another, each above (or each below) the one before
    JUMP = "jump"  # a moving range beyond its own limit: it has no direction that would last


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series. `value` is None where nothing was recorded: a gap, never a zero."""

    period: date
    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The decision to calculate anew from a period on, because the process itself changed."""

    starts: date
    reason: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Settings:
    """What a measure may choose. Raises ValueError where a number makes no chart.

    minimum_points: so many values without a gap between them, or as many moving ranges as these would
        give, before any limit is shown. Below it limits move with every new value.
    run_length: how many on one side of the mean make a run.
    trend_length: how many rising or falling values make a trend; 0 leaves the rule out (Wheeler: it adds
        false alarms and finds little that the others miss).
    least, most: bounds that the figure cannot pass, such as 0 for a count and 100 for a percentage. A
        limit beyond one is drawn at it, and no signal is read from that side.
    fixed_after: take the limits from the first so many values of a phase, so that later ones are judged
        by limits they did not move; None takes all values of the phase.
    """

    minimum_points: int = 12
    run_length: int = 8
    trend_length: int = 0
    least: float | None = 0.0
    most: float | None = None
    fixed_after: int | None = None

    def __post_init__(self) -> None:
        if self.minimum_points < 3:
            raise ValueError("Limits need at least three points.")
        if self.run_length < 5:
            raise ValueError("A run of fewer than five on one side happens by chance too often.")
        if self.trend_length and self.trend_length < 5:
            raise ValueError("A trend of fewer than five values happens by chance too often.")
        if self.least is not None and self.most is not None and self.least >= self.most:
            raise ValueError("The least possible value must be below the most.")
        if self.fixed_after is not None and self.fixed_after < self.minimum_points:
            raise ValueError("Limits cannot be fixed before they may be shown.")


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines of one phase, in the unit of the figure.

    natural_lower and natural_upper are as calculated, lower and upper as drawn: within the bounds.
    """

    mean: float
    mean_range: float
    natural_lower: float
    natural_upper: float
    lower: float
    upper: float
    range_upper: float

    @property
    def has_lower(self) -> bool:
        """Whether a value can be below the lower limit at all."""
        return self.lower == self.natural_lower

    @property
    def has_upper(self) -> bool:
        return self.upper == self.natural_upper


@dataclass(frozen=True, slots=True)
class Signal:
    """More than chance: which rule, at which positions of the series (all of them), to which side."""

    rule: Rule
    positions: tuple[int, ...]
    direction: Direction


@dataclass(frozen=True, slots=True)
class Phase:
    """The positions `start` to `stop` (exclusive) judged by one set of limits, or by none and why."""

    start: int
    stop: int
    recorded: int
    limits: Limits | None
    why_none: str
    baseline: Baseline | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A series judged. `ranges` stand at the later of their two points; None beside a gap."""

    points: tuple[Point, ...]
    ranges: tuple[float | None, ...]
    phases: tuple[Phase, ...]
    settings: Settings
    method: str = f"{NAME} {VERSION}"

    @property
    def signals(self) -> tuple[Signal, ...]:
        return tuple(signal for phase in self.phases for signal in phase.signals)

    @property
    def last_recorded(self) -> int | None:
        """The position of the latest value; None where there is none."""
        return next(
            (at for at in reversed(range(len(self.points))) if self.points[at].value is not None), None
        )


def chart(
    points: Sequence[Point], *, settings: Settings | None = None, baselines: Sequence[Baseline] = ()
) -> Chart:
    """The chart of a series. Every period of it is given, also those without a value.

    Raises ValueError where periods are not in order, a value is no finite number, or a baseline has no
    reason, starts at no later period of the series, or repeats another.
    """
    settings = settings or Settings()
    points = tuple(points)
    if any(earlier.period >= later.period for earlier, later in pairwise(points)):
        raise ValueError("The periods of a series must follow each other.")
    if any(point.value is not None and not math.isfinite(point.value) for point in points):
        raise ValueError("A value of a series must be a finite number, or None where none was recorded.")
    starts = _starts(points, baselines)
    stops = [*[start for start, _ in starts[1:]], len(points)]
    ranges: list[float | None] = [None] * len(points)
    phases = []
    for (start, baseline), stop in zip(starts, stops, strict=True):
        for at in range(start + 1, stop):
            before, here = points[at - 1].value, points[at].value
            if before is not None and here is not None:
                ranges[at] = abs(here - before)
        phases.append(_phase(points, ranges, start, stop, baseline, settings))
    return Chart(points, tuple(ranges), tuple(phases), settings)


def limits_of(values: Sequence[float], ranges: Sequence[float], settings: Settings) -> Limits:
    """Mean ± 2.66 × mean moving range, drawn within the bounds; upper range limit 3.268 × the same."""
    mean = math.fsum(values) / len(values)
    mean_range = math.fsum(ranges) / len(ranges)
    natural_lower, natural_upper = mean - NATURAL_LIMIT * mean_range, mean + NATURAL_LIMIT * mean_range
    lower = natural_lower if settings.least is None else max(natural_lower, settings.least)
    upper = natural_upper if settings.most is None else min(natural_upper, settings.most)
    return Limits(mean, mean_range, natural_lower, natural_upper, lower, upper, RANGE_LIMIT * mean_range)


def _starts(points: Sequence[Point], baselines: Sequence[Baseline]) -> list[tuple[int, Baseline | None]]:
    positions = {point.period: at for at, point in enumerate(points)}
    starts: list[tuple[int, Baseline | None]] = [(0, None)]
    for baseline in sorted(baselines, key=lambda each: each.starts):
        if not baseline.reason.strip():
            raise ValueError("A new baseline needs its reason.")
        at = positions.get(baseline.starts)
        if not at:  # neither missing nor the first, which starts the series anyway
            raise ValueError("A new baseline must start at a later period of the series.")
        if at == starts[-1][0]:
            raise ValueError("Two baselines cannot start at one period.")
        starts.append((at, baseline))
    return starts


def _phase(
    points: Sequence[Point],
    ranges: Sequence[float | None],
    start: int,
    stop: int,
    baseline: Baseline | None,
    settings: Settings,
) -> Phase:
    recorded = [at for at in range(start, stop) if points[at].value is not None]
    base = recorded[: settings.fixed_after]
    values = [value for at in base if (value := points[at].value) is not None]
    steps = [step for at in base if (step := ranges[at]) is not None]
    limits, why_none = None, ""
    if len(values) < settings.minimum_points:
        there = "is" if len(values) == 1 else "are"
        why_none = f"Limits need {settings.minimum_points} recorded values; there {there} {len(values)}."
    elif len(steps) < settings.minimum_points - 1:
        # Values that stand alone between gaps say nothing of how one follows the other.
        why_none = (
            f"Limits need {settings.minimum_points - 1} pairs of recorded values that follow each other; "
            f"because of gaps there are {len(steps)}."
        )
    else:
        limits = limits_of(values, steps, settings)
    signals = tuple(_signals(points, ranges, start, stop, limits, settings)) if limits else ()
    return Phase(start, stop, len(recorded), limits, why_none, baseline, signals)


def _signals(
    points: Sequence[Point],
    ranges: Sequence[float | None],
    start: int,
    stop: int,
    limits: Limits,
    settings: Settings,
) -> Iterator[Signal]:
    # Equal values may differ from their mean in the last binary digit: that is no side and no signal.
    near = 1e-9 * max(1.0, abs(limits.mean), limits.mean_range)
    for stretch in _stretches(points, start, stop):
        yield from _outside(stretch, limits, near)
        sides = [_sign(value - limits.mean, near) for _, value in stretch]
        yield from _runs(Rule.RUN, stretch, sides, settings.run_length)
        yield from _near_limit(stretch, sides, limits, near)
        if settings.trend_length:
            yield from _trends(stretch, settings.trend_length, near)
    for at in range(start, stop):
        step = ranges[at]
        if step is not None and step > limits.range_upper + near:
            yield Signal(Rule.JUMP, (at - 1, at), Direction.NONE)


def _stretches(points: Sequence[Point], start: int, stop: int) -> Iterator[list[tuple[int, float]]]:
    """Recorded values that follow each other. A gap ends one: nobody knows on which side it lay."""
    stretch: list[tuple[int, float]] = []
    for at in range(start, stop):
        value = points[at].value
        if value is not None:
            stretch.append((at, value))
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _sign(difference: float, near: float) -> int:
    return 0 if abs(difference) <= near else 1 if difference > 0 else -1


def _direction(side: int) -> Direction:
    return Direction.UP if side > 0 else Direction.DOWN


def _outside(stretch: list[tuple[int, float]], limits: Limits, near: float) -> Iterator[Signal]:
    for at, value in stretch:
        if limits.has_upper and value > limits.upper + near:
            yield Signal(Rule.OUTSIDE, (at,), Direction.UP)
        elif limits.has_lower and value < limits.lower - near:
            yield Signal(Rule.OUTSIDE, (at,), Direction.DOWN)


def _runs(
    rule: Rule, stretch: list[tuple[int, float]], sides: Sequence[int], length: int
) -> Iterator[Signal]:
    """Each longest run of at least `length` on one side; a value on the mean itself ends it."""
    begin = 0
    for here in range(1, len(sides) + 1):
        if here < len(sides) and sides[here] == sides[begin]:
            continue
        if sides[begin] and here - begin >= length:
            yield Signal(rule, tuple(at for at, _ in stretch[begin:here]), _direction(sides[begin]))
        begin = here


def _near_limit(
    stretch: list[tuple[int, float]], sides: Sequence[int], limits: Limits, near: float
) -> Iterator[Signal]:
    half = (limits.natural_upper - limits.mean) / 2
    for side, applies in ((1, limits.has_upper), (-1, limits.has_lower)):
        if not applies or half <= near:
            continue
        close = [
            sides[here] == side and abs(value - limits.mean) > half + near
            for here, (_, value) in enumerate(stretch)
        ]
        joined: list[int] = []  # windows that share points are one signal
        for begin in range(len(stretch) - 3):
            window = [here for here in range(begin, begin + 4) if close[here]]
            if len(window) < 3:
                continue
            if joined and window[0] > joined[-1]:
                yield Signal(Rule.NEAR_LIMIT, tuple(stretch[here][0] for here in joined), _direction(side))
                joined = []
            joined = sorted({*joined, *window})
        if joined:
            yield Signal(Rule.NEAR_LIMIT, tuple(stretch[here][0] for here in joined), _direction(side))


def _trends(stretch: list[tuple[int, float]], length: int, near: float) -> Iterator[Signal]:
    steps = [_sign(later - earlier, near) for (_, earlier), (_, later) in pairwise(stretch)]
    begin = 0
    for here in range(1, len(steps) + 1):
        if here < len(steps) and steps[here] == steps[begin]:
            continue
        if steps and steps[begin] and here - begin + 1 >= length:
            positions = tuple(at for at, _ in stretch[begin : here + 1])
            yield Signal(Rule.TREND, positions, _direction(steps[begin]))
        begin = here
