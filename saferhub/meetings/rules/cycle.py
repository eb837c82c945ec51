"""On which days a group meets: a year ahead, over weekends and bank holidays; and by when what must have happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.partnership.rules.working_days import BankHolidays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Sits:
    """A day on which the group meets, and the day that the cycle gave, where that was no working day."""

    on: date
    moved_from: date | None = None


def why_moved(one: Sits, holidays: BankHolidays) -> str:
    """Why a meeting is not on the day that the cycle gave, in words; nothing where it is."""
    if one.moved_from is None:
        return ""
    if name := holidays.name_of(one.moved_from):
        return name
    return "The group meets on that day already"


def days(
    *,
    every: int,
    unit: str,
    weekday: str,
    first: date,
    week_of_month: int | None,
    start: date,
    end: date,
    holidays: BankHolidays,
) -> list[Sits]:
    """The meetings from `start` to `end`, both inclusive, in order.

    Weeks count from the week of `first`; months from its month, on the `week_of_month`-th such weekday (5: the last).
    A day that is no working day moves to the next that is, and never onto another meeting's. Raises ValueError for a
    span over 400 days or before its start, and Refusal `bank_holidays_unknown` beyond the calendar.
    """
    if not start <= end <= start + LONGEST:
        raise ValueError("from a day to one within 400 days")
    found: list[Sits] = []
    for day in (
        _weeks(first, every, weekday, end)
        if unit == "weeks"
        else _months(first, every, weekday, week_of_month or 1, end)
    ):
        on = day
        while not holidays.is_working(on) or any(on == one.on for one in found):
            on += timedelta(days=1)
        if start <= on <= end:
            found.append(Sits(on, day if on != day else None))
    return found


def _weeks(first: date, every: int, weekday: str, end: date) -> Iterator[date]:
    day = first + timedelta(days=(WEEKDAYS.index(weekday) - first.weekday()) % 7)
    while day <= end:
        yield day
        day += timedelta(weeks=every)


def _months(first: date, every: int, weekday: str, week: int, end: date) -> Iterator[date]:
    year, month = first.year, first.month
    while (day := nth_weekday(year, month, WEEKDAYS.index(weekday), week)) <= end:
        if day >= first:
            yield day
        month += every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1


def nth_weekday(year: int, month: int, weekday: int, week: int) -> date:
    """The `week`-th such weekday of a month; the last one where there are fewer. Monday is 0."""
    day = date(year, month, 1)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    for _ in range(week - 1):
        if (day + timedelta(days=7)).month != month:
            break
        day += timedelta(days=7)
    return day


def before(on: date, working_days: int, holidays: BankHolidays) -> date:
    """The day so many working days before a meeting: 1 is the working day before it, 0 the day itself.

    Raises Refusal `bank_holidays_unknown` beyond the calendar.
    """
    day = on
    for _ in range(working_days):
        day -= timedelta(days=1)
        while not holidays.is_working(day):
            day -= timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class CutOffDays:
    """By when what must have happened, each the last day in time."""

    referrals: date
    asks: date
    answers: date
    agenda: date

    def are_short_of(self, called_on: date | None) -> bool:
        """Whether a meeting was called at short notice: its agenda would have been closed before it was called."""
        return called_on is not None and self.agenda < called_on


def cut_off_days(
    on: date, *, referrals: int, asks: int, answers: int, agenda: int, holidays: BankHolidays
) -> CutOffDays:
    """The cut-offs of a meeting, from working days before it."""
    return CutOffDays(
        before(on, referrals, holidays),
        before(on, asks, holidays),
        before(on, answers, holidays),
        before(on, agenda, holidays),
    )
