"""What a clock is, as the rules see it, and the arithmetic of months."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Unit(StrEnum):
    """What a clock's length is measured in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"

    @property
    def noun(self) -> str:
        """One of it in words: "working day"."""
        return self.value.removesuffix("s").replace("_", " ")

    def words(self, count: int) -> str:
        """`count` with the unit in words: "1 working day", "28 days"."""
        return f"{count} {self.noun}" if count == 1 else f"{count} {self.noun}s"


class Counting(StrEnum):
    """Whether the day on which a clock starts is counted."""

    DAY_AFTER = "day_after"
    SAME_DAY = "same_day"


class IfNotWorking(StrEnum):
    """What happens when the last day is no working day."""

    STAY = "stay"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Span:
    """A length of time: so many of a unit."""

    n: int
    unit: Unit

    def __str__(self) -> str:
        return self.unit.words(self.n)


@dataclass(frozen=True)
class Clock:
    """One clock of a pack. A length of nothing means: at once, on the day it starts.

    `warn_before` counts in the clock's own unit; a clock of weeks, months or years warns in days.
    """

    id: str
    title: str
    length: int
    unit: Unit
    counting: Counting = Counting.DAY_AFTER
    if_not_working: IfNotWorking = IfNotWorking.STAY
    pauses_on: tuple[str, ...] = ()
    stops_on: tuple[str, ...] = ()
    warn_before: tuple[int, ...] = ()
    source: str = ""
    verify: bool = False

    def __post_init__(self) -> None:
        if self.length < 0:
            raise ValueError(f"clock {self.id} cannot run backwards")
        if self.unit is Unit.HOURS and self.if_not_working is not IfNotWorking.STAY:
            raise ValueError(f"clock {self.id} counts hours, which run through weekends")

    @property
    def length_in_words(self) -> str:
        """The length for the reader: "20 working days"."""
        return self.unit.words(self.length) if self.length else "at once"

    @property
    def months(self) -> int:
        """The length in months, of a clock of months or years; else nothing."""
        return {Unit.MONTHS: self.length, Unit.YEARS: 12 * self.length}.get(self.unit, 0)

    @property
    def days(self) -> int:
        """How many days have to count, of a clock of working days, days or weeks; else nothing."""
        whole = {Unit.WORKING_DAYS: self.length, Unit.DAYS: self.length, Unit.WEEKS: 7 * self.length}
        return whole.get(self.unit, 0)


def add_months(day: date, months: int) -> date:
    """The corresponding date `months` later, or the last day of a month too short to have it."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, _days_in_month(year, month + 1)))


def _days_in_month(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return 31 if following is None else (following - timedelta(days=1)).day
