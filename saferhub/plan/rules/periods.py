"""The times for which measures are kept: calendar months, calendar quarters, and years from 1 April.

Years are those of public accounts, so that four quarters make a year, and a year of the plan is a year of figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Months in one time of each kind.
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
_YEAR_BEGINS = 4


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From one day up to and with another."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """ "May 2018", "April to June 2018", "April 2018 to March 2019"."""
        if (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.last:%B %Y}"
        if self.first.year == self.last.year:
            return f"{self.first:%B} to {self.last:%B %Y}"
        return f"{self.first:%B %Y} to {self.last:%B %Y}"


def containing(every: str, day: date) -> Period:
    """The month, quarter or year that a day lies in.

    >>> containing("quarter", date(2018, 8, 28)).words
    'July to September 2018'
    >>> containing("year", date(2018, 3, 31)).words
    'April 2017 to March 2018'

    Raises KeyError for another kind of time.
    """
    length = LENGTHS[every]
    months = day.year * 12 + day.month - 1
    months -= (months - (_YEAR_BEGINS - 1)) % length
    return Period(_first_of(months), _first_of(months + length) - timedelta(days=1))


def newest_ended(every: str, on: date) -> Period:
    """The last one that was over on a day: its last day lies before it.

    >>> newest_ended("quarter", date(2018, 8, 28)).words
    'April to June 2018'
    >>> newest_ended("month", date(2018, 7, 31)).words
    'June 2018'
    """
    return before(every, containing(every, on))


def before(every: str, period: Period) -> Period:
    """The one before it."""
    return containing(every, period.first - timedelta(days=1))


def last_ended(every: str, on: date, count: int) -> list[Period]:
    """So many that were over on a day, the earliest first."""
    found = [newest_ended(every, on)]
    while len(found) < count:
        found.append(before(every, found[-1]))
    return found[:count][::-1]


def between(every: str, first: date, last: date) -> Iterator[Period]:
    """All that lie wholly within these days, the earliest first."""
    period = containing(every, first)
    while period.last <= last:
        if period.first >= first:
            yield period
        period = containing(every, period.last + timedelta(days=1))


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
