"""Which days are working days, and that an unknown year is refused."""

from datetime import date

import pytest

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.working_days import BankHolidays, DayKind

from .england import ENGLAND


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2018, 12, 24), DayKind.WORKING),
        (date(2018, 12, 25), DayKind.BANK_HOLIDAY),
        (date(2018, 12, 26), DayKind.BANK_HOLIDAY),
        (date(2018, 12, 29), DayKind.WEEKEND),
        (date(2019, 1, 1), DayKind.BANK_HOLIDAY),
        (date(2018, 3, 30), DayKind.BANK_HOLIDAY),  # Good Friday
        (date(2018, 4, 2), DayKind.BANK_HOLIDAY),  # Easter Monday
        (date(2019, 4, 19), DayKind.BANK_HOLIDAY),
        (date(2019, 4, 22), DayKind.BANK_HOLIDAY),
        (date(2020, 5, 8), DayKind.BANK_HOLIDAY),  # moved from 4 May for Victory in Europe Day
        (date(2020, 5, 4), DayKind.WORKING),
        (date(2022, 9, 19), DayKind.BANK_HOLIDAY),  # the State Funeral
        (date(2026, 12, 28), DayKind.BANK_HOLIDAY),  # Boxing Day in lieu of Saturday 26 December
        (date(2026, 12, 26), DayKind.WEEKEND),
    ],
)
def test_a_day_is_working_weekend_or_bank_holiday(day: date, kind: DayKind) -> None:
    assert ENGLAND.kind_of(day) is kind
    assert ENGLAND.is_working(day) is (kind is DayKind.WORKING)


def test_the_next_working_day_after_christmas_eve_at_a_weekend() -> None:
    assert ENGLAND.next_working_day(date(2026, 12, 25)) == date(2026, 12, 29)
    assert ENGLAND.previous_working_day(date(2026, 12, 28)) == date(2026, 12, 24)
    assert ENGLAND.next_working_day(date(2026, 12, 24)) == date(2026, 12, 24)


def test_a_weekday_of_an_unknown_year_is_refused_and_says_which_years_are_known() -> None:
    with pytest.raises(Refusal) as refused:
        ENGLAND.kind_of(date(2029, 1, 2))
    assert refused.value.code == "bank_holidays_unknown"
    assert "2029" in refused.value.sentence
    assert "2017 to 2028" in refused.value.sentence


def test_a_calendar_that_counts_on_takes_an_unknown_year_to_have_no_bank_holidays() -> None:
    counts = ENGLAND.counting_on()
    assert counts.kind_of(date(2029, 1, 1)) is DayKind.WORKING  # a New Year that nobody has loaded
    assert counts.next_working_day(date(2028, 12, 30)) == date(2029, 1, 1)
    assert (ENGLAND.knows(date(2028, 12, 31)), ENGLAND.knows(date(2029, 1, 1))) == (True, False)
    # What it knows it counts as before.
    assert counts.kind_of(date(2018, 12, 25)) is DayKind.BANK_HOLIDAY
    with pytest.raises(Refusal):
        ENGLAND.kind_of(date(2029, 1, 1))


def test_a_weekend_needs_no_calendar() -> None:
    assert ENGLAND.kind_of(date(2040, 1, 1)) is DayKind.WEEKEND


def test_the_years_come_from_the_days_when_none_are_stated() -> None:
    calendar = BankHolidays.of([(date(2018, 12, 25), "Christmas Day"), (date(2019, 1, 1), "New Year")])
    assert (calendar.first_year, calendar.last_year) == (2018, 2019)
    assert calendar.name_of(date(2018, 12, 25)) == "Christmas Day"
    assert calendar.name_of(date(2018, 12, 24)) == ""


def test_an_empty_calendar_without_years_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="needs bank holidays"):
        BankHolidays.of([])
    with pytest.raises(ValueError, match="first_year"):
        BankHolidays.of([], first_year=2019, last_year=2018)
