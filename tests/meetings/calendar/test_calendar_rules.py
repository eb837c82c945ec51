"""On which days a group meets, by when what must have happened, and both in words."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from saferhub.foundation.refusals import Refusal
from saferhub.meetings.rules import cycle
from saferhub.meetings.rules.group_words import before_words, cycle_words, lacks_words, quorum_words
from saferhub.meetings.rules.when import hours, length, span
from saferhub.partnership.rules.working_days import BankHolidays

HOLIDAYS = BankHolidays.of(
    [
        (date(2018, 3, 30), "Good Friday"),
        (date(2018, 4, 2), "Easter Monday"),
        (date(2018, 12, 25), "Christmas Day"),
        (date(2018, 12, 26), "Boxing Day"),
        (date(2019, 1, 1), "New Year’s Day"),
        (date(2025, 12, 25), "Christmas Day"),
        (date(2025, 12, 26), "Boxing Day"),
        (date(2026, 1, 1), "New Year’s Day"),
    ]
)


def days(start: date, end: date, holidays: BankHolidays = HOLIDAYS, **given: Any) -> list[cycle.Sits]:
    given = {
        "every": 1,
        "unit": "weeks",
        "weekday": "thursday",
        "week_of_month": None,
        "first": start,
        **given,
    }
    return cycle.days(start=start, end=end, holidays=holidays, **given)


@pytest.mark.parametrize(
    ("weekday", "start", "end", "found"),
    [
        # Christmas Day is a Thursday, so the next working day is the Monday; and so is New Year’s Day.
        ("thursday", date(2025, 12, 18), date(2026, 1, 2), [(18, None), (29, 25), (2, 1)]),
        # Christmas 2018 is a Tuesday, and so is New Year’s Day.
        ("tuesday", date(2018, 12, 18), date(2019, 1, 4), [(18, None), (27, 25), (2, 1)]),
        # From Good Friday over the weekend and Easter Monday.
        ("friday", date(2018, 3, 23), date(2018, 4, 6), [(23, None), (3, 30), (6, None)]),
        ("monday", date(2018, 3, 26), date(2018, 4, 9), [(26, None), (3, 2), (9, None)]),
    ],
)
def test_a_bank_holiday_moves_a_meeting_to_the_next_working_day(
    weekday: str, start: date, end: date, found: list[tuple[int, int | None]]
) -> None:
    sits = days(start, end, weekday=weekday)
    assert [(one.on.day, one.moved_from.day if one.moved_from else None) for one in sits] == found


def test_why_a_day_is_moved_is_said_by_the_name_of_the_bank_holiday() -> None:
    moved = days(date(2018, 12, 18), date(2019, 1, 4), weekday="tuesday")
    assert [cycle.why_moved(one, HOLIDAYS) for one in moved] == ["", "Christmas Day", "New Year’s Day"]


def test_two_meetings_never_fall_on_one_day() -> None:
    shut = BankHolidays.of([(date(2018, 9, 3) + timedelta(days=n), "Shut") for n in range(5)])
    sits = days(date(2018, 9, 3), date(2018, 9, 14), shut, weekday="monday")
    assert [one.on for one in sits] == [date(2018, 9, 10), date(2018, 9, 11)]
    assert cycle.why_moved(sits[1], shut) == "The group meets on that day already"


@pytest.mark.parametrize(
    ("every", "week", "start", "end", "found"),
    [
        (
            1,
            3,
            date(2018, 9, 1),
            date(2018, 11, 30),
            [date(2018, 9, 18), date(2018, 10, 16), date(2018, 11, 20)],
        ),
        # The fifth is the last, where a month has only four.
        (1, 5, date(2018, 9, 1), date(2018, 10, 31), [date(2018, 9, 25), date(2018, 10, 30)]),
        # Every three months, over the end of a year.
        (
            3,
            2,
            date(2018, 9, 1),
            date(2019, 4, 1),
            [date(2018, 9, 11), date(2018, 12, 11), date(2019, 3, 12)],
        ),
    ],
)
def test_a_monthly_group_meets_on_that_weekday_of_the_month(
    every: int, week: int, start: date, end: date, found: list[date]
) -> None:
    sits = days(start, end, every=every, unit="months", weekday="tuesday", week_of_month=week)
    assert [one.on for one in sits] == found


def test_weeks_count_from_the_first_meeting_wherever_planning_begins() -> None:
    first = date(2018, 4, 12)
    asked_late = days(date(2018, 8, 29), date(2018, 10, 1), every=2, first=first)
    assert [one.on for one in asked_late] == [date(2018, 8, 30), date(2018, 9, 13), date(2018, 9, 27)]
    assert all((one.on - first).days % 14 == 0 for one in asked_late)


@pytest.mark.parametrize("end", [date(2018, 8, 31), date(2018, 9, 1) + timedelta(days=401)])
def test_a_span_before_its_start_or_beyond_a_year_is_no_span(end: date) -> None:
    with pytest.raises(ValueError, match="400 days"):
        days(date(2018, 9, 1), end)


def test_beyond_the_known_bank_holidays_nothing_is_guessed() -> None:
    with pytest.raises(Refusal) as refused:
        days(date(2025, 12, 1), date(2026, 2, 1), BankHolidays.of([(date(2025, 12, 25), "Christmas Day")]))
    assert refused.value.code == "bank_holidays_unknown"


@pytest.mark.parametrize(
    ("on", "number", "found"),
    [
        (date(2018, 9, 13), 0, date(2018, 9, 13)),
        (date(2018, 9, 13), 2, date(2018, 9, 11)),
        (date(2018, 9, 10), 1, date(2018, 9, 7)),
        (date(2018, 12, 27), 1, date(2018, 12, 24)),
        (date(2018, 12, 27), 2, date(2018, 12, 21)),
        (date(2018, 4, 3), 1, date(2018, 3, 29)),
    ],
)
def test_working_days_before_a_meeting_leave_out_weekends_and_bank_holidays(
    on: date, number: int, found: date
) -> None:
    assert cycle.before(on, number, HOLIDAYS) == found


def test_the_cut_offs_of_a_meeting_after_christmas() -> None:
    found = cycle.cut_off_days(
        date(2018, 12, 27), referrals=2, asks=5, answers=2, agenda=1, holidays=HOLIDAYS
    )
    assert (found.asks, found.referrals, found.answers, found.agenda) == (
        date(2018, 12, 18),
        date(2018, 12, 21),
        date(2018, 12, 21),
        date(2018, 12, 24),
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"every": 2, "unit": "weeks", "weekday": "thursday", "week_of_month": None, "minutes": 60},
            "Every 2 weeks on Thursday at 10:00, for 1 hour",
        ),
        (
            {"every": 1, "unit": "weeks", "weekday": "monday", "week_of_month": None, "minutes": 45},
            "Every week on Monday at 10:00, for 45 minutes",
        ),
        (
            {"every": 1, "unit": "months", "weekday": "tuesday", "week_of_month": 3, "minutes": 90},
            "Every month on the third Tuesday at 10:00, for 1 hour 30 minutes",
        ),
        (
            {"every": 3, "unit": "months", "weekday": "friday", "week_of_month": 5, "minutes": 120},
            "Every 3 months on the last Friday at 10:00, for 2 hours",
        ),
    ],
)
def test_a_cycle_in_words(given: dict[str, Any], words: str) -> None:
    assert cycle_words(starts_at="10:00", **given) == words


def test_quorum_and_cut_offs_in_words() -> None:
    names = {"police": "Police force", "district_council": "District council"}
    assert quorum_words(1, [], names) == "At least 1 agency"
    assert quorum_words(3, ["police", "district_council"], names) == (
        "At least 3 agencies, among them one of each of these kinds: Police force and District council"
    )
    assert [before_words(days) for days in (0, 1, 2)] == [
        "On the day itself",
        "The working day before",
        "2 working days before",
    ]
    assert (
        lacks_words(["agencies:2", "kind:police"], names)
        == "2 more agencies, and one of the kind “Police force”"
    )
    assert lacks_words([], names) == ""


def test_hours_are_those_of_the_clock_in_london() -> None:
    assert hours(time(10), 90) == "10:00 to 11:30"
    assert [length(minutes) for minutes in (5, 60, 61, 120)] == [
        "5 minutes",
        "1 hour",
        "1 hour 1 minute",
        "2 hours",
    ]
    summer, winter = (span(day, time(10), 60)[0] for day in (date(2018, 9, 13), date(2018, 12, 13)))
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=1), timedelta())
