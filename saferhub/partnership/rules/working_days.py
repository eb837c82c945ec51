"""Decide which days are working days in England.

A working day is Monday to Friday and not a bank holiday in England and Wales (Banking and Financial
Dealings Act 1971; Freedom of Information Act 2000 s.10(6) is the usual wording). The calendar knows the
bank holidays of certain years only, because bank holidays are proclaimed and moved. Asked about a day
outside those years it refuses: a wrong date looks the same as a right one. Only a calendar that was told to count on
(`counting_on`) takes those years to have none, for a day that is shown as provisional.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from saferhub.foundation.refusals import Refusal

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """What a calendar day is, for counting."""

    WORKING = "working"
    WEEKEND = "weekend"
    BANK_HOLIDAY = "bank_holiday"


@dataclass(frozen=True)
class BankHolidays:
    """The named bank holidays of the years `first_year` to `last_year`, both complete. `counts_on`: outside them
    every day from Monday to Friday counts as working."""

    names: Mapping[date, str] = field(hash=False)
    first_year: int
    last_year: int
    counts_on: bool = False

    def __post_init__(self) -> None:
        if self.first_year > self.last_year:
            raise ValueError("first_year must not be after last_year")
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))

    @classmethod
    def of(
        cls,
        days: Iterable[tuple[date, str]],
        *,
        first_year: int | None = None,
        last_year: int | None = None,
    ) -> "BankHolidays":
        """Build the calendar; without stated years it covers the years that the days span.

        Raises ValueError when there are neither days nor years: an empty calendar knows nothing.
        """
        names = dict(days)
        if not names and (first_year is None or last_year is None):
            raise ValueError("a calendar needs bank holidays or the years it covers")
        return cls(
            names=names,
            first_year=first_year if first_year is not None else min(names).year,
            last_year=last_year if last_year is not None else max(names).year,
        )

    def counting_on(self) -> "BankHolidays":
        """The same, which counts on outside the years it knows, as if they had no bank holidays. What it finds there
        is at most some days too early: show it as provisional (`knows`)."""
        return replace(self, counts_on=True)

    def knows(self, day: date) -> bool:
        """Whether the bank holidays of that day's year are known."""
        return self.first_year <= day.year <= self.last_year

    def kind_of(self, day: date) -> DayKind:
        """Say what `day` is. A weekend needs no calendar; any other day must lie in the known years.

        Raises Refusal `bank_holidays_unknown` for a weekday outside the known years, unless it counts on.
        """
        if day.weekday() >= SATURDAY:
            return DayKind.WEEKEND
        if not self.knows(day) and not self.counts_on:
            raise Refusal(
                "bank_holidays_unknown",
                f"The bank holidays of {day.year} are not known, so the date cannot be worked out. "
                f"The calendar covers {self.first_year} to {self.last_year}. "
                "Load a pack with the bank holidays of that year.",
            )
        return DayKind.BANK_HOLIDAY if day in self.names else DayKind.WORKING

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day. Raises Refusal as `kind_of` does."""
        return self.kind_of(day) is DayKind.WORKING

    def name_of(self, day: date) -> str:
        """The bank holiday's name, or an empty string when `day` is none."""
        return self.names.get(day, "")

    def next_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, else the first working day after it."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """`day` itself when it is a working day, else the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day
