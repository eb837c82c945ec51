"""What the run of a measure says, for the figure of a report: whether it changed by more than chance explains.

Judged by XmR limits (docs/methods/xmr.md) on the very figures that the report shows: what is withheld is a gap, so that
no sentence tells what no table does. Two figures by themselves are never compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from saferhub.plan.methods import xmr
from saferhub.plan.methods.xmr import Baseline, Chart, Direction, Point, Settings
from saferhub.plan.methods.xmr_words import Meaning, Polarity, Reading, Verdict, read
from saferhub.plan.rules.periods import Period

from .figure_words import joined, number_word

HOW_JUDGED = (
    "Change over time is judged on the whole run of figures that is shown, never on two of them, by the limits of an"
    " XmR chart: the average, and 2.66 times the average step from one figure to the next either side of it. A figure"
    " beyond a limit, eight in a row on one side of the average, or three of four in a row nearer to a limit than to"
    " the average are more than chance explains. Fewer than 12 figures have no limits."
)
_POLARITY = {"up": Polarity.UP_GOOD, "down": Polarity.DOWN_GOOD, "neither": Polarity.NEITHER}
_MANY = {"month": "months", "quarter": "quarters", "year": "years"}


@dataclass(frozen=True, slots=True)
class Run:
    """The times of a chart, the earliest first, and how their figures are read. `rise`: what a rise may mean, where
    neither direction is better; `least`, `most`: bounds that the figure cannot pass; `baselines`: from when limits
    begin anew."""

    times: tuple[Period, ...]
    every: str
    polarity: str
    rise: str = ""
    least: float | None = 0.0
    most: float | None = None
    baselines: tuple[Baseline, ...] = ()


def said_of(run: Run, values: Sequence[float | None]) -> str:
    """Whether the newest figure changed, in a sentence or two for members. `values`: as they are shown, None for a
    figure that is not; "" where none is."""
    points = [Point(one.first, one.words, value) for one, value in zip(run.times, values, strict=True)]
    later = {one.period for one in points[1:]}
    chart = xmr.chart(
        points,
        settings=Settings(least=run.least, most=run.most),
        baselines=[one for one in run.baselines if one.starts in later],
    )
    reading = read(chart, Meaning(_POLARITY[run.polarity]))
    return " ".join(part for part in (_judged(run, chart, reading), _begun_anew(chart)) if part)


def _judged(run: Run, chart: Chart, reading: Reading) -> str:
    if reading.verdict is Verdict.NO_DATA:
        return ""
    if reading.verdict is Verdict.TOO_FEW:
        return _too_few(run, chart)
    latest = chart.points[chart.last_recorded or 0].label
    if reading.verdict is Verdict.NO_CHANGE:
        return f"The figure of {latest} lies within what chance explains: there is no sign of a real change."
    directed = [one for one in reading.signals if one.direction is not Direction.NONE]
    directions = {one.direction for one in directed}
    if len(directions) != 1:
        return f"The figures of {latest} differ from those before by more than chance explains."
    is_up = directions == {Direction.UP}
    since = chart.points[min(one.positions[0] for one in directed)].label
    from_then = f"Since {since} the figures have been" if since != latest else f"The figure of {latest} is"
    judged = {Verdict.BETTER: ", which is an improvement", Verdict.WORSE: ", which is for the worse"}
    words = (
        f"{from_then} {'higher' if is_up else 'lower'} than chance explains{judged.get(reading.verdict, '')}."
    )
    return f"{words}{_may_mean(run, is_up=is_up)}" if reading.verdict is Verdict.CHANGED else words


def _may_mean(run: Run, *, is_up: bool) -> str:
    said = run.rise.strip().rstrip(".")
    if is_up and said:
        return f" A rise may mean {said[:1].lower()}{said[1:]}."
    return " The figures alone do not say whether that is good or bad."


def _too_few(run: Run, chart: Chart) -> str:
    last = chart.phases[-1]
    shown = sum(one.value is not None for one in chart.points[last.start : last.stop])
    needed, many = chart.settings.minimum_points, _MANY[run.every]
    if shown >= needed:
        return f"Too many {many} lie beside a gap for a real change to be told from chance."
    since = f" since {chart.points[last.start].label}" if last.baseline is not None else ""
    there = f"{number_word(shown)} {'is' if shown == 1 else 'are'} shown{since}"
    return f"It takes {needed} {many} to tell a real change from chance; {there}."


def _begun_anew(chart: Chart) -> str:
    """From when limits begin anew, and why."""
    found = [
        f"{chart.points[one.start].label} ({one.baseline.reason.strip().rstrip('.')})"
        for one in chart.phases
        if one.baseline is not None
    ]
    return f"The limits begin anew from {joined(found)}." if found else ""
