"""The clocks and duties of the national pack, read by the rules, and held against an independent calendar."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import holidays
import pytest
import yaml

from saferhub.partnership.packs.national import BankHoliday, Clock, Duty
from saferhub.partnership.rules.clocks import LONDON, Unit, due
from saferhub.partnership.rules.from_packs import calendar_from, clock_from, duty_from

ENGLAND = Path(__file__).resolve().parents[3] / "packs" / "england"


def items(section: str) -> list[dict[str, object]]:
    return yaml.safe_load((ENGLAND / f"{section}.yaml").read_text(encoding="utf-8"))


BANK_HOLIDAYS = calendar_from(
    (one.day, one.name) for one in (BankHoliday.model_validate(raw) for raw in items("bank_holidays"))
)
CLOCKS = {str(raw["id"]): Clock.model_validate(raw) for raw in items("clocks")}
DUTIES = {str(raw["id"]): Duty.model_validate(raw) for raw in items("duties")}


def test_the_packs_working_days_are_those_of_an_independent_calendar() -> None:
    oracle = holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2031))
    weekdays = {day for day in oracle if day.weekday() < 5}
    assert {day for day in BANK_HOLIDAYS.names if day.weekday() < 5} == weekdays
    assert (BANK_HOLIDAYS.first_year, BANK_HOLIDAYS.last_year) == (2010, 2030)


@pytest.mark.parametrize("code", sorted(CLOCKS))
def test_every_clock_counts_and_cites_its_source(code: str) -> None:
    clock = clock_from(CLOCKS[code])
    assert clock.source
    assert clock.stops_on
    start = datetime(2018, 12, 21, 16, 0, tzinfo=LONDON)
    found = due(clock, start, bank_holidays=BANK_HOLIDAYS)
    assert found.day is not None
    assert found.day > start.date() or (isinstance(found.on, datetime) and found.on > start)
    assert found.steps


@pytest.mark.parametrize(
    ("code", "start", "expected"),
    [
        ("scrutiny_response", date(2018, 9, 3), date(2018, 10, 1)),
        ("freedom_of_information", date(2018, 12, 10), date(2019, 1, 10)),
        ("freedom_of_information", date(2026, 12, 1), date(2026, 12, 31)),
        ("subject_access", date(2019, 1, 31), date(2019, 2, 28)),
        ("subject_access", date(2019, 3, 22), date(2019, 4, 23)),
        ("rectification", date(2018, 11, 25), date(2018, 12, 27)),
        ("domestic_homicide_review_decision", date(2018, 3, 31), date(2018, 4, 30)),
        ("domestic_homicide_review_report", date(2018, 8, 31), date(2019, 2, 28)),
        ("domestic_homicide_review_report", date(2019, 8, 31), date(2020, 2, 29)),
    ],
)
def test_due_dates_of_the_national_clocks(code: str, start: date, expected: date) -> None:
    assert due(clock_from(CLOCKS[code]), start, bank_holidays=BANK_HOLIDAYS).on == expected


def test_a_breach_is_reported_within_seventy_two_hours() -> None:
    clock = clock_from(CLOCKS["breach_notification"])
    assert (clock.length, clock.unit) == (72, Unit.HOURS)
    start = datetime(2018, 10, 26, 17, 30, tzinfo=LONDON)
    expected = datetime(2018, 10, 29, 16, 30, tzinfo=LONDON)
    assert due(clock, start, bank_holidays=BANK_HOLIDAYS).on == expected


@pytest.mark.parametrize("code", sorted(DUTIES))
def test_every_duty_is_read_with_its_clock(code: str) -> None:
    item = DUTIES[code]
    duty = duty_from(item, clock=CLOCKS[item.clock] if item.clock else None)
    assert duty.recurrence.in_words
    assert (duty.clock is None) == (item.clock is None)
    assert duty.falls_on_agencies == (item.falls_on == "agency")
