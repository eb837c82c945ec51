"""What a measure may say and be changed to. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from saferhub.foundation.refusals import Refusal

from .figures import MOST
from .periods import containing


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a version of a measure says; as the fields of MeasureVersion."""

    name: str
    definition: str
    formula: str
    source: str
    unit: str
    polarity: str
    every: str = "quarter"
    per: int = 1
    counted_by: str = ""
    rise_may_mean: str = ""
    target: Decimal | None = None
    tolerance: Decimal | None = None
    target_why: str = ""
    baseline: Decimal | None = None
    baseline_words: str = ""
    comparator: str = ""
    small: int = 5
    caveat: str = ""


def meaning_refusals(meaning: Meaning, *, counter_unit: str | None) -> Iterator[Refusal]:
    """Why a measure cannot mean this. `counter_unit`: the unit of the counter of `counted_by`; None: there is none."""
    for name, words in (
        ("name", "Name the measure."),
        ("definition", "Say in plain words what it measures."),
        ("formula", "Say what is counted, or divided by what."),
        ("source", "Say where the figures come from."),
    ):
        if not getattr(meaning, name).strip():
            yield Refusal(f"no_{name}", words)
    if meaning.counted_by and counter_unit is None:
        yield Refusal("unknown_counter", "Choose one of the ways of counting.")
    if meaning.counted_by and counter_unit not in (None, meaning.unit):
        yield Refusal("not_its_unit", "What is chosen to be counted has another unit. Choose that unit.")
    if meaning.unit == "rate" and meaning.per < 2:
        yield Refusal("no_per", "Say for how many the rate is told, such as 1,000.")
    if meaning.polarity == "neither":
        if meaning.target is not None:
            yield Refusal(
                "target_without_direction",
                "A target needs a direction. Say whether more or less is better first.",
            )
    elif meaning.rise_may_mean.strip():
        yield Refusal(
            "rise_with_direction",
            "What a rise may mean is for a measure of which neither direction is better.",
        )
    if meaning.tolerance is not None and meaning.target is None:
        yield Refusal("tolerance_without_target", "A tolerance belongs to a target. Give the target too.")
    if meaning.tolerance is not None and meaning.tolerance < 0:
        yield Refusal("negative_tolerance", "Enter nought or more.")
    if meaning.target is not None and not meaning.target_why.strip():
        yield Refusal("no_target_why", "Say why this target: who asked for it, or what it rests on.")
    if any(number is not None and abs(number) > MOST for number in (meaning.target, meaning.baseline)):
        yield Refusal("great_number", f"Enter a number up to {MOST:,}.")


def version_refusals(
    *, before: Meaning, after: Meaning, began: date, valid_from: date | None, why: str
) -> Iterator[Refusal]:
    """Why a new version cannot follow the one before: it begins with a time of the measure, later, with a reason."""
    if after == before:
        yield Refusal("nothing_changed", "Nothing is different from the version that stands.")
    if not why.strip():
        yield Refusal("no_reason", "Say why it changes. Whoever compares old figures with new ones asks.")
    if valid_from is None:
        yield Refusal("no_first_day", "Give the first day for which the new version counts.")
    elif valid_from <= began:
        yield Refusal("too_early", "The new version begins after the day on which the one before began.")
    elif containing(after.every, valid_from).first != valid_from:
        yield Refusal(
            "not_a_first_day",
            f"Begin with the first day of a {after.every}, so that no figure is of two versions: for instance"
            f" {_first_of(after.every, valid_from)}.",
        )


def end_refusals(*, ended_on: date | None, last_day: date | None, why: str) -> Iterator[Refusal]:
    """Why a measure cannot be ended so."""
    if ended_on is not None:
        yield Refusal("measure_ended", "This measure has its last day already.")
    if last_day is None:
        yield Refusal("no_last_day", "Give the last day on which it is kept.")
    if not why.strip():
        yield Refusal("no_reason", "Say why it is not kept any more.")


def step_refusals(
    *, first_day: date | None, every: str, shown: list[date], standing: list[date], why: str
) -> Iterator[Refusal]:
    """Why limits cannot be calculated anew from a day: it begins a time of the chart, other than the first.

    `shown`: first days of the times of the chart; `standing`: from which they are calculated anew already."""
    if not why.strip():
        yield Refusal(
            "no_reason", "Say what is known to have changed. Figures that moved are no reason by themselves."
        )
    if first_day is None:
        yield Refusal("no_first_day", "Choose the first time after the change.")
    elif first_day not in shown[1:]:
        yield Refusal("not_in_chart", f"Choose a {every} that the chart shows, other than its first.")
    elif first_day in standing:
        yield Refusal("step_stands", "Limits are calculated anew from that time already.")


def _first_of(every: str, day: date) -> str:
    found = containing(every, day)
    following = containing(every, date.fromordinal(found.last.toordinal() + 1)).first
    return f"{following.day} {following:%B %Y}"
