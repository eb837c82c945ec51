"""Figures of a hub: what each counts, and how. Defined in docs/rules/hub-figures.md, with worked examples."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# A case open for longer wants a reason to stay open.
SIX_MONTHS = timedelta(days=182)
# Ages of open cases in days from adoption, the first bound inclusive: "up to 91 days" and so on.
AGES: tuple[tuple[str, str, int, int | None], ...] = (
    ("under_3", "Up to three months", 0, 91),
    ("under_6", "Three to six months", 92, 182),
    ("under_12", "Six to twelve months", 183, 365),
    ("over_12", "Over a year", 366, None),
)
LENGTHS = (1, 3, 6, 12, 24, 36)  # months that a reader may choose
FEW = 5  # Below so many a median says little


def median(values: Iterable[float]) -> float | None:
    """The middle value, or the mean of the two middle ones; None of nothing.

    >>> median([3, 1, 8])
    3
    >>> median([3, 1, 8, 4])
    3.5
    """
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def centile(values: Iterable[float], share: int) -> float | None:
    """The smallest value that at least `share` per cent of all do not exceed (nearest rank); None of nothing.

    >>> centile([1, 2, 3, 4, 5, 6, 7, 8, 9, 30], 90)
    9

    Raises ValueError unless `share` lies from 1 to 100.
    """
    if not 1 <= share <= 100:
        raise ValueError(f"{share} is not a share of a hundred")
    ordered = sorted(values)
    return ordered[-(-len(ordered) * share // 100) - 1] if ordered else None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something took, in days: of how many, the median and the ninetieth centile."""

    n: int
    median: float | None
    ninetieth: float | None

    @property
    def is_few(self) -> bool:
        return self.n < FEW


def wait(pairs: Iterable[tuple[date, date]]) -> Wait:
    """Days from the first of each pair to the second; decided on the day it came is nought.

    >>> wait([(date(2018, 9, 3), date(2018, 9, 7)), (date(2018, 9, 3), date(2018, 9, 3))])
    Wait(n=2, median=2.0, ninetieth=4)
    """
    days = [(end - start).days for start, end in pairs]
    return Wait(len(days), median(days), centile(days, 90))


def percent(part: int, whole: int) -> int | None:
    """A share in whole per cent, halves rounded up; None where there is no whole."""
    return None if whole == 0 else (200 * part + whole) // (2 * whole)


def stock(opened: int, closed: int, reopened: int, came: int = 0, went: int = 0) -> int:
    """How many are open on a day: adopted up to it, less closings, plus reopenings up to it; in a hub, also what came
    open from another hub, less what went open to one. A case that was closed and opened again counts in all three,
    and so once."""
    return opened - closed + reopened + came - went


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, or its part up to the reader's day."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """Whole calendar months up to `last`, which is the end of a month or the reader's day."""

    months: tuple[Month, ...]

    @property
    def first(self) -> date:
        return self.months[0].first

    @property
    def last(self) -> date:
        return self.months[-1].last


def month_before(day: date, months: int) -> date:
    """The first of the month so many months before the day's own."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def period(until: date, length: int, on: date) -> Period:
    """`length` months, the last of them `until`'s; nothing after the reader's day.

    >>> period(date(2018, 9, 1), 3, date(2018, 9, 11)).first
    datetime.date(2018, 7, 1)
    """
    until = min(until, on)
    firsts = [month_before(until, back) for back in reversed(range(length))]
    return Period(tuple(Month(first, min(month_end(first), on)) for first in firsts))


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went in one month, and how many were open at its end."""

    month: Month
    opened: int
    closed: int
    reopened: int
    stock: int
    came: int = 0
    went: int = 0


def flows(
    months: Sequence[Month],
    opened: Mapping[date, int],
    closed: Mapping[date, int],
    reopened: Mapping[date, int],
    *,
    came: Mapping[date, int] | None = None,
    went: Mapping[date, int] | None = None,
) -> list[Flow]:
    """The months with their flows and the stock at the end of each. The mappings hold counts of every month there has
    been, by its first day, so that what was open before the first month is in its stock."""
    kinds = (opened, closed, reopened, came or {}, went or {})
    started = stock(*(_before(counts, months[0].first) for counts in kinds)) if months else 0
    found = []
    for month in months:
        adopted, shut, again, came_in, went_on = (counts.get(month.first, 0) for counts in kinds)
        started += stock(adopted, shut, again, came_in, went_on)
        found.append(Flow(month, adopted, shut, again, started, came_in, went_on))
    return found


def _before(counts: Mapping[date, int], first: date) -> int:
    return sum(number for day, number in counts.items() if day < first)


def age_bounds(last: date) -> list[tuple[str, str, date | None, date]]:
    """The ages as spans of days of adoption, for cases open on `last`: code, words, first day, last day."""
    return [
        (
            code,
            words,
            last - timedelta(days=most) if most is not None else None,
            last - timedelta(days=least),
        )
        for code, words, least, most in AGES
    ]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What an agency agreed to do by days within a period, and what came of it."""

    code: str
    name: str
    total: int
    on_time: int
    late: int
    open: int
    dropped: int

    @property
    def share(self) -> int | None:
        """Per cent done by the day, of those that were still needed."""
        return percent(self.on_time, self.total - self.dropped)


@dataclass(frozen=True, slots=True)
class Adoption:
    """Referrals of an agency that were decided in a period, and how many were adopted or added to a case."""

    code: str
    name: str
    decided: int
    adopted: int
    attached: int

    @property
    def share(self) -> int | None:
        return percent(self.adopted, self.decided)
