"""Explain a count in plain sentences: what was counted, what was not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from saferhub.partnership.rules.clock_values import Clock, Counting, Unit, add_months
from saferhub.partnership.rules.dates_in_words import day_in_words, days_in_words

OPEN_PAUSE = "open_pause"
PAUSED = "paused"
WEEKEND = "weekend"
ALL_DAYS = "All days count, weekends and bank holidays too."


@dataclass(frozen=True)
class Mark:
    """One day of the walk and why it does or does not count ('' means that it counts)."""

    day: date
    reason: str
    number: int


def opening(clock: Clock, start: date) -> str:
    """The first sentence: when the clock started, and what counts as day 1."""
    if clock.counting is Counting.SAME_DAY:
        return f"Started on {day_in_words(start)}. That day counts as day 1, if it is a day that counts."
    words = f"Started on {day_in_words(start)}. Counting begins with the day after."
    return f"{words} {ALL_DAYS}" if clock.unit in {Unit.DAYS, Unit.WEEKS} else words


def month_step(clock: Clock, start: date, end: date) -> str:
    """How the corresponding date was found."""
    corresponding = add_months(start, clock.months)
    length = clock.length_in_words
    if corresponding.day != start.day:
        return (
            f"{length} later there is no day {start.day} in the month, so the last day of the month is "
            f"taken: {day_in_words(end)}."
        )
    if clock.counting is Counting.SAME_DAY:
        return (
            f"{length} later the same date is {day_in_words(corresponding)}; with the first day counted "
            f"the time is over the day before: {day_in_words(end)}."
        )
    return f"{length} later the same date is {day_in_words(end)}."


def walk_in_words(clock: Clock, marks: Sequence[Mark], wanted: int) -> list[str]:
    """A sentence for each run of days of one kind. `wanted`: how many days have to count."""
    sentences: list[str] = []
    unit = Unit.WORKING_DAYS if clock.unit is Unit.WORKING_DAYS else Unit.DAYS
    shows_counted = unit is Unit.WORKING_DAYS or any(mark.reason for mark in marks)
    for reason, run in groupby(marks, key=lambda mark: mark.reason):
        days = list(run)
        named = days_in_words(days[0].day, days[-1].day)
        one = len(days) == 1
        if reason == OPEN_PAUSE:
            sentences.append(
                f"Paused from {day_in_words(days[0].day)} with {unit.words(wanted - days[0].number)} left: "
                "no date until the clock runs again."
            )
        elif reason == PAUSED:
            sentences.append(f"{named}: paused, {len(days)} day{'' if one else 's'} not counted.")
        elif reason == WEEKEND:
            sentences.append(f"{named}: weekend, not counted.")
        elif reason:
            sentences.append(f"{named}: {reason}, not counted.")
        elif shows_counted:
            joint = "and" if len(days) == 2 else "to"
            span = str(days[0].number) if one else f"{days[0].number} {joint} {days[-1].number}"
            sentences.append(f"{named}: {unit.noun}{'' if one else 's'} {span}.")
    return sentences
