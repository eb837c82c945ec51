"""What an XmR chart says in words, by the polarity of its measure.

Nothing here compares two values: a sentence about change rests on a signal of the chart, or says that
there is none. Up is called better only where the measure says that up is good.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .xmr import Chart, Direction, Rule, Signal


class Polarity(StrEnum):
    UP_GOOD = "up_good"
    DOWN_GOOD = "down_good"
    NEITHER = "neither"


class Verdict(StrEnum):
    NO_DATA = "no_data"  # nothing was ever recorded
    TOO_FEW = "too_few"  # no limits, so no verdict
    NO_CHANGE = "no_change"  # nothing beyond chance at the latest value
    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"  # beyond chance, and the measure does not say whether that is good


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a measure wants its changes read.

    `rise` and `fall` finish the sentence "A rise …" and "A fall …", for example "may mean that more people
    have the confidence to report". Reports of hate have polarity NEITHER and such a `rise`.
    """

    polarity: Polarity
    rise: str = ""
    fall: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The state of the series at its latest value, with the signals that this rests on."""

    verdict: Verdict
    sentence: str
    signals: tuple[Signal, ...] = ()


def read(chart: Chart, meaning: Meaning) -> Reading:
    """What may be said of the latest value, and no more."""
    latest = chart.last_recorded
    if latest is None:
        return Reading(Verdict.NO_DATA, "Nothing has been recorded.")
    phase = next(phase for phase in chart.phases if phase.start <= latest < phase.stop)
    current = chart.phases[-1]
    gap = _gap(chart, latest)
    if current.limits is None or phase is not current:
        sentence = f"{current.why_none} Until then change cannot be told from chance.{gap}"
        return Reading(Verdict.TOO_FEW, sentence)
    label = chart.points[latest].label
    signals = tuple(signal for signal in current.signals if latest in signal.positions)
    if not signals:
        return Reading(Verdict.NO_CHANGE, f"{label}: no change beyond what chance explains.{gap}", ())
    directions = {signal.direction for signal in signals} - {Direction.NONE}
    direction = directions.pop() if len(directions) == 1 else Direction.NONE
    why = "; ".join(signal_words(chart, signal) for signal in signals)
    sentence = f"{label}: {_judged(direction, meaning)} ({why}).{_may_mean(direction, meaning)}{gap}"
    return Reading(_verdict(direction, meaning.polarity), sentence, signals)


def signal_words(chart: Chart, signal: Signal) -> str:
    """Why one signal stands, for the caption of a chart and its text alternative."""
    up = signal.direction is Direction.UP
    first, last = (chart.points[at].label for at in (signal.positions[0], signal.positions[-1]))
    count = len(signal.positions)
    match signal.rule:
        case Rule.OUTSIDE:
            return f"{first} is {'above the upper' if up else 'below the lower'} limit"
        case Rule.RUN:
            return f"{count} values in a row {'above' if up else 'below'} the mean, {first} to {last}"
        case Rule.NEAR_LIMIT:
            limit = "upper" if up else "lower"
            return f"three of four in a row nearer to the {limit} limit than to the mean, {first} to {last}"
        case Rule.TREND:
            return f"{count} values in a row {'rising' if up else 'falling'}, {first} to {last}"
        case Rule.JUMP:
            return f"the step from {first} to {last} is greater than the steps before explain"


def phase_words(chart: Chart) -> tuple[str, ...]:
    """A sentence for each part of the chart: from when its limits count, or why it has none."""
    sentences = []
    for phase in chart.phases:
        if phase.start == phase.stop:
            continue
        first = chart.points[phase.start].label
        said = []
        if phase.baseline is not None:
            one = phase.baseline
            said.append(
                f"Calculated anew from {first}: {one.reason.strip().rstrip('.')} "
                f"(decided by {one.decided_by} on {one.decided_on.day} {one.decided_on:%B %Y})."
            )
        if phase.limits is None:
            said.append(phase.why_none)
        sentences.append(" ".join(said))
    return tuple(sentence for sentence in sentences if sentence)


def _gap(chart: Chart, latest: int) -> str:
    missing = [point.label for point in chart.points[latest + 1 :]]
    return f" Not recorded since: {', '.join(missing)}." if missing else ""


def _judged(direction: Direction, meaning: Meaning) -> str:
    if direction is Direction.NONE:
        return "changed by more than chance explains"
    higher = "higher" if direction is Direction.UP else "lower"
    words = {Verdict.BETTER: ", which is better", Verdict.WORSE: ", which is worse"}
    return f"{higher} than chance explains{words.get(_verdict(direction, meaning.polarity), '')}"


def _may_mean(direction: Direction, meaning: Meaning) -> str:
    if direction is Direction.UP and meaning.rise:
        return f" A rise {meaning.rise}."
    if direction is Direction.DOWN and meaning.fall:
        return f" A fall {meaning.fall}."
    if direction is not Direction.NONE and meaning.polarity is Polarity.NEITHER:
        return " This measure does not say whether that is better or worse."
    return ""


def _verdict(direction: Direction, polarity: Polarity) -> Verdict:
    if direction is Direction.NONE or polarity is Polarity.NEITHER:
        return Verdict.CHANGED
    good = (direction is Direction.UP) == (polarity is Polarity.UP_GOOD)
    return Verdict.BETTER if good else Verdict.WORSE
