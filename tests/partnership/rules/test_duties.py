"""Which statutory duties are wanted, from whom and by when."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferhub.partnership.rules.clocks import Clock, Span, Unit
from saferhub.partnership.rules.duties import (
    Duty,
    Holder,
    Kind,
    QuarterDue,
    Recurrence,
    Wanted,
    is_soon,
    period_in_words,
    quarter_of,
    started_by_event,
    wanted,
)

from .england import ENGLAND

POLICE, FIRE = Holder("police"), Holder("fire")
SELBY = Holder("selby", until=date(2023, 3, 31))
COUNTY = Holder("north_yorkshire_council", from_=date(2023, 4, 1))

DATASET = Duty(
    "dataset",
    "Quarterly data",
    Recurrence(Kind.QUARTERLY, first_quarter=date(2007, 7, 1)),
    falls_on_agencies=True,
)
MEETING = Duty("meeting", "Public meeting", Recurrence(Kind.YEARLY, due_month=3, due_day=31))
SCRUTINY = Duty("scrutiny", "Scrutiny", Recurrence(Kind.YEARLY, within=Span(12, Unit.MONTHS)))
RESPONSE = Duty(
    "response",
    "Response to the committee",
    Recurrence(Kind.EVENT, event="a report is received"),
    clock=Clock("reply", "Reply", 28, Unit.DAYS),
)


def asked(duty: Duty, from_: date, until: date, *holders: Holder, **last_done: date) -> list[Wanted]:
    return wanted(
        duty,
        calendar_from=from_,
        until=until,
        holders=holders,
        last_done=last_done,
        bank_holidays=ENGLAND,
    )


def test_the_data_of_april_to_june_are_due_on_30_september_from_each_holder() -> None:
    found = asked(DATASET, date(2018, 8, 28), date(2018, 9, 30), POLICE, FIRE)
    assert [(one.holder, one.period_start, one.period_end, one.due.on) for one in found] == [
        ("police", date(2018, 4, 1), date(2018, 6, 30), date(2018, 9, 30)),
        ("fire", date(2018, 4, 1), date(2018, 6, 30), date(2018, 9, 30)),
    ]
    assert found[0].due.steps == (
        "The quarter is Sunday 1 April 2018 to Saturday 30 June 2018.",
        "The data are due by the end of the quarter after.",
        "Due on Sunday 30 September 2018.",
    )


@pytest.mark.parametrize(
    ("start", "end", "due"),
    [
        (date(2018, 1, 1), date(2018, 3, 31), date(2018, 6, 30)),
        (date(2018, 4, 1), date(2018, 6, 30), date(2018, 9, 30)),
        (date(2018, 7, 1), date(2018, 9, 30), date(2018, 12, 31)),
        (date(2018, 10, 1), date(2018, 12, 31), date(2019, 3, 31)),
    ],
)
def test_every_quarter_is_due_by_the_end_of_the_next(start: date, end: date, due: date) -> None:
    found = asked(DATASET, date(2018, 4, 1), date(2019, 3, 31), POLICE)
    assert (start, end, due) in [(one.period_start, one.period_end, one.due.on) for one in found]
    assert len(found) == 4


def test_the_first_quarter_of_the_regulations_is_that_of_july_2007() -> None:
    found = asked(DATASET, date(2000, 1, 1), date(2008, 3, 31), POLICE)
    assert [one.due.on for one in found] == [date(2007, 12, 31), date(2008, 3, 31)]


def test_a_quarter_may_be_due_at_its_own_end() -> None:
    prompt = Duty("prompt", "Prompt", Recurrence(Kind.QUARTERLY, quarter_due=QuarterDue.END_OF_QUARTER), True)
    found = asked(prompt, date(2018, 4, 1), date(2018, 6, 30), POLICE)
    assert [(one.period_start, one.due.on) for one in found] == [(date(2018, 4, 1), date(2018, 6, 30))]
    assert "by the end of that quarter" in found[0].due.steps[1]


def test_an_agency_owes_only_the_quarters_at_whose_end_it_exists() -> None:
    found = asked(DATASET, date(2023, 6, 1), date(2023, 9, 30), SELBY, COUNTY)
    assert [(one.holder, one.period_end) for one in found] == [
        ("selby", date(2023, 3, 31)),
        ("north_yorkshire_council", date(2023, 6, 30)),
    ]


def test_a_public_meeting_is_wanted_in_each_plan_year() -> None:
    found = asked(MEETING, date(2018, 4, 1), date(2020, 3, 31))
    assert [(one.period_start, one.period_end, one.due.on, one.holder) for one in found] == [
        (date(2018, 4, 1), date(2019, 3, 31), date(2019, 3, 31), ""),
        (date(2019, 4, 1), date(2020, 3, 31), date(2020, 3, 31), ""),
    ]


def test_scrutiny_is_due_within_twelve_months_of_the_last_time() -> None:
    found = wanted(
        SCRUTINY,
        calendar_from=date(2018, 4, 1),
        until=date(2018, 12, 31),
        last_done={"": date(2018, 8, 28)},
        bank_holidays=ENGLAND,
    )
    assert [(one.started_on, one.due.on) for one in found] == [(date(2018, 8, 28), date(2019, 8, 28))]
    assert found[0].due.steps[0] == "Last done on Tuesday 28 August 2018."


def test_scrutiny_never_recorded_runs_from_the_calendars_first_day() -> None:
    (found,) = asked(SCRUTINY, date(2018, 4, 1), date(2018, 12, 31))
    assert found.due.on == date(2019, 4, 1)
    assert "No earlier one is recorded" in found.due.steps[0]


@pytest.mark.parametrize(
    ("done", "excused", "due"),
    [
        ({}, {"": date(2019, 4, 1)}, date(2020, 4, 1)),
        ({"": date(2018, 8, 28)}, {"": date(2019, 8, 28)}, date(2020, 8, 28)),
        ({"": date(2019, 9, 1)}, {"": date(2019, 8, 28)}, date(2020, 9, 1)),
    ],
)
def test_what_was_not_needed_counts_from_its_due_date(
    done: dict[str, date], excused: dict[str, date], due: date
) -> None:
    (found,) = wanted(
        SCRUTINY,
        calendar_from=date(2018, 4, 1),
        until=date(2020, 12, 31),
        last_done=done,
        last_excused=excused,
        bank_holidays=ENGLAND,
    )
    assert found.due.on == due


def test_a_duty_that_ends_is_no_longer_wanted() -> None:
    ended = Duty("meeting", "M", MEETING.recurrence, from_=date(2007, 8, 1), until=date(2018, 12, 31))
    assert asked(ended, date(2018, 4, 1), date(2020, 3, 31)) == []
    gone = Duty("scrutiny", "S", SCRUTINY.recurrence, until=date(2018, 12, 31))
    assert asked(gone, date(2018, 4, 1), date(2020, 3, 31)) == []


def test_an_event_duty_waits_for_its_event() -> None:
    assert asked(RESPONSE, date(2018, 4, 1), date(2020, 3, 31)) == []
    started = started_by_event(RESPONSE, date(2018, 9, 3), holder="police", bank_holidays=ENGLAND)
    assert (started.due.on, started.holder, started.period_start) == (date(2018, 10, 1), "police", None)


def test_an_event_duty_without_a_clock_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no clock"):
        started_by_event(MEETING, date(2018, 9, 3), bank_holidays=ENGLAND)


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (DATASET, "Every quarter, by the end of the quarter after"),
        (MEETING, "Every year, by 31 March"),
        (SCRUTINY, "Within 12 months of the last time"),
        (RESPONSE, "When it happens: a report is received"),
        (Duty("e", "E", Recurrence(Kind.EVENT)), "When it happens"),
        (
            Duty("q", "Q", Recurrence(Kind.QUARTERLY, quarter_due=QuarterDue.END_OF_QUARTER)),
            "Every quarter, by the end of that quarter",
        ),
    ],
)
def test_a_recurrence_has_words(duty: Duty, words: str) -> None:
    assert duty.recurrence.in_words == words


def test_periods_have_words() -> None:
    assert period_in_words(date(2018, 4, 1), date(2018, 6, 30)) == "April to June 2018"
    assert period_in_words(date(2018, 4, 1), date(2019, 3, 31)) == "1 April 2018 to 31 March 2019"
    assert period_in_words(None, None) == ""


def test_soon_is_today_and_the_days_after() -> None:
    today = date(2018, 8, 28)
    assert is_soon(today, today, 0)
    assert is_soon(date(2018, 9, 4), today, 7)
    assert not is_soon(date(2018, 9, 5), today, 7)
    assert not is_soon(date(2018, 8, 27), today, 7)
    assert not is_soon(None, today, 7)


@given(st.dates(date(2007, 7, 1), date(2030, 12, 31)))
def test_quarters_are_gapless_and_hold_their_day(day: date) -> None:
    start, end = quarter_of(day)
    assert start <= day <= end
    assert start.day == 1
    assert (end - start).days in range(89, 92)


@given(st.dates(date(2008, 1, 1), date(2025, 1, 1)), st.integers(0, 1500), st.integers(0, 1500))
def test_two_windows_in_a_row_want_what_one_window_wants(day: date, first: int, second: int) -> None:
    middle = day.fromordinal(day.toordinal() + first)
    end = middle.fromordinal(middle.toordinal() + second)
    for duty in (DATASET, MEETING):
        whole = asked(duty, day, end, POLICE)
        early = asked(duty, day, middle, POLICE)
        late = asked(duty, middle.fromordinal(middle.toordinal() + 1), end, POLICE)
        assert whole == early + late
