"""Tables of due dates, with the steps that explain them, and the properties of every count."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.clocks import (
    LONDON,
    Clock,
    Counting,
    Due,
    IfNotWorking,
    Pause,
    Phase,
    Span,
    Unit,
    add_months,
    due,
    merged,
    state,
    warns_on,
)

from .england import ENGLAND

DAY = timedelta(days=1)


def clock(length: int, unit: Unit, **changes: object) -> Clock:
    return Clock(id="test", title="Answer the question", length=length, unit=unit, **changes)  # type: ignore[arg-type]


def worked(n: int, start: date, *pauses: Pause, **changes: object) -> date | datetime | None:
    return due(clock(n, Unit.WORKING_DAYS, **changes), start, bank_holidays=ENGLAND, pauses=pauses).on


def months(n: int, start: date, *pauses: Pause, **changes: object) -> date | datetime | None:
    return due(clock(n, Unit.MONTHS, **changes), start, bank_holidays=ENGLAND, pauses=pauses).on


def days(n: int, start: date, *pauses: Pause, **changes: object) -> date | datetime | None:
    return due(clock(n, Unit.DAYS, **changes), start, bank_holidays=ENGLAND, pauses=pauses).on


def hours(n: int, start: datetime, *pauses: Pause) -> date | datetime | None:
    return due(clock(n, Unit.HOURS), start, bank_holidays=ENGLAND, pauses=pauses).on


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc, arg-type]


# --- working days -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        # An ordinary week.
        (date(2018, 9, 3), 1, date(2018, 9, 4)),
        (date(2018, 9, 7), 1, date(2018, 9, 10)),
        (date(2018, 8, 24), 1, date(2018, 8, 28)),  # over the August bank holiday
        # Christmas 2018 and New Year 2019.
        (date(2018, 12, 21), 5, date(2019, 1, 2)),
        (date(2018, 12, 24), 1, date(2018, 12, 27)),
        (date(2018, 12, 25), 1, date(2018, 12, 27)),
        (date(2018, 12, 10), 20, date(2019, 1, 10)),
        (date(2018, 12, 31), 1, date(2019, 1, 2)),
        # Christmas 2026, with Boxing Day on a Saturday and its day in lieu on the Monday.
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
        (date(2026, 12, 18), 10, date(2027, 1, 6)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        # Easter: Good Friday 30 March 2018 and 19 April 2019.
        (date(2018, 3, 29), 1, date(2018, 4, 3)),
        (date(2018, 3, 26), 5, date(2018, 4, 4)),
        (date(2019, 4, 18), 1, date(2019, 4, 23)),
        (date(2019, 4, 15), 20, date(2019, 5, 16)),  # Easter and the early May bank holiday
        # Leap days: 29 February 2020 is a Saturday, that of 2024 a Thursday.
        (date(2020, 2, 28), 1, date(2020, 3, 2)),
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 2, 28), 2, date(2024, 3, 1)),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start: date, length: int, expected: date) -> None:
    assert worked(length, start) == expected


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (date(2018, 9, 3), 1, date(2018, 9, 3)),
        (date(2018, 9, 3), 5, date(2018, 9, 7)),
        (date(2018, 9, 8), 1, date(2018, 9, 10)),  # a Saturday does not count, so Monday is day 1
        (date(2018, 12, 25), 2, date(2018, 12, 28)),
    ],
)
def test_a_clock_that_counts_the_same_day_ends_sooner(start: date, length: int, expected: date) -> None:
    assert worked(length, start, counting=Counting.SAME_DAY) == expected


def test_started_at_a_weekend_or_on_the_working_day_before_gives_the_same_date() -> None:
    friday, saturday, sunday = date(2018, 9, 7), date(2018, 9, 8), date(2018, 9, 9)
    assert worked(3, friday) == worked(3, saturday) == worked(3, sunday) == date(2018, 9, 12)


def test_the_steps_name_each_weekend_and_bank_holiday() -> None:
    steps = due(clock(5, Unit.WORKING_DAYS), date(2018, 12, 21), bank_holidays=ENGLAND).steps
    assert steps == (
        "Started on Friday 21 December 2018. Counting begins with the day after.",
        "Saturday 22 and Sunday 23 December 2018: weekend, not counted.",
        "Monday 24 December 2018: working day 1.",
        "Tuesday 25 December 2018: Christmas Day, not counted.",
        "Wednesday 26 December 2018: Boxing Day, not counted.",
        "Thursday 27 and Friday 28 December 2018: working days 2 and 3.",
        "Saturday 29 and Sunday 30 December 2018: weekend, not counted.",
        "Monday 31 December 2018: working day 4.",
        "Tuesday 1 January 2019: New Year's Day, not counted.",
        "Wednesday 2 January 2019: working day 5.",
        "Due on Wednesday 2 January 2019.",
    )


def test_a_count_that_runs_past_the_known_bank_holidays_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        worked(20, date(2028, 12, 20))
    assert refused.value.code == "bank_holidays_unknown"
    assert "2029" in refused.value.sentence


# --- calendar days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "rule", "expected"),
    [
        (date(2018, 9, 3), 28, IfNotWorking.STAY, date(2018, 10, 1)),
        (date(2018, 12, 1), 24, IfNotWorking.STAY, date(2018, 12, 25)),
        (date(2018, 12, 1), 24, IfNotWorking.NEXT, date(2018, 12, 27)),
        (date(2018, 12, 1), 24, IfNotWorking.PREVIOUS, date(2018, 12, 24)),
        (date(2019, 4, 5), 14, IfNotWorking.NEXT, date(2019, 4, 23)),  # Good Friday to after Easter Monday
        (date(2019, 4, 5), 14, IfNotWorking.PREVIOUS, date(2019, 4, 18)),
        (date(2020, 2, 1), 28, IfNotWorking.STAY, date(2020, 2, 29)),
        (date(2019, 2, 1), 28, IfNotWorking.STAY, date(2019, 3, 1)),
        (date(2024, 2, 1), 28, IfNotWorking.STAY, date(2024, 2, 29)),
        (date(2018, 10, 20), 28, IfNotWorking.STAY, date(2018, 11, 17)),  # over the clock change
    ],
)
def test_calendar_days_count_every_day(start: date, length: int, rule: IfNotWorking, expected: date) -> None:
    assert days(length, start, if_not_working=rule) == expected


def test_calendar_days_that_stay_need_no_bank_holidays() -> None:
    assert days(28, date(2031, 1, 1)) == date(2031, 1, 29)


def test_the_move_to_a_working_day_is_explained() -> None:
    steps = due(
        clock(24, Unit.DAYS, if_not_working=IfNotWorking.NEXT), date(2018, 12, 1), bank_holidays=ENGLAND
    ).steps
    assert steps[-2:] == (
        "Tuesday 25 December 2018 is Christmas Day, so the date moves to the next working day after it: "
        "Thursday 27 December 2018.",
        "Due on Thursday 27 December 2018.",
    )
    steps = due(
        clock(5, Unit.DAYS, if_not_working=IfNotWorking.PREVIOUS), date(2018, 9, 3), bank_holidays=ENGLAND
    ).steps
    assert "a weekend day, so the date moves to the last working day before it" in steps[-2]


# --- months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        # Dodds v Walker: a month from 30 September 1978, four of them, ended on 30 January 1979.
        (date(1978, 9, 30), 4, date(1979, 1, 30)),
        (date(2018, 6, 30), 1, date(2018, 7, 30)),
        (date(2018, 7, 31), 1, date(2018, 8, 31)),
        (date(2018, 8, 31), 1, date(2018, 9, 30)),
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2019, 1, 30), 1, date(2019, 2, 28)),
        (date(2019, 1, 28), 1, date(2019, 2, 28)),
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2020, 2, 29), 1, date(2020, 3, 29)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2020, 2, 29), 48, date(2024, 2, 29)),
        (date(2018, 12, 31), 2, date(2019, 2, 28)),
        (date(2018, 8, 28), 6, date(2019, 2, 28)),
        (date(2018, 11, 30), 3, date(2019, 2, 28)),
    ],
)
def test_months_end_on_the_corresponding_date(start: date, length: int, expected: date) -> None:
    assert months(length, start) == expected


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (date(2018, 1, 15), 1, date(2018, 2, 14)),
        (date(2018, 3, 1), 1, date(2018, 3, 31)),
        (date(2019, 1, 31), 1, date(2019, 2, 28)),
        (date(2018, 4, 1), 12, date(2019, 3, 31)),
    ],
)
def test_months_with_the_first_day_counted_end_the_day_before(
    start: date, length: int, expected: date
) -> None:
    assert months(length, start, counting=Counting.SAME_DAY) == expected


def test_a_month_that_ends_on_a_bank_holiday_can_move() -> None:
    assert months(1, date(2018, 11, 25), if_not_working=IfNotWorking.NEXT) == date(2018, 12, 27)
    assert months(1, date(2018, 11, 25), if_not_working=IfNotWorking.PREVIOUS) == date(2018, 12, 24)


def test_the_steps_say_when_a_month_is_too_short() -> None:
    steps = due(clock(1, Unit.MONTHS), date(2019, 1, 31), bank_holidays=ENGLAND).steps
    assert "there is no day 31 in the month" in steps[1]
    steps = due(
        clock(1, Unit.MONTHS, counting=Counting.SAME_DAY), date(2018, 1, 15), bank_holidays=ENGLAND
    ).steps
    assert "with the first day counted the time is over the day before" in steps[1]


def test_paused_days_are_added_to_months() -> None:
    assert months(1, date(2018, 9, 3), Pause(date(2018, 9, 10), date(2018, 9, 17))) == date(2018, 10, 10)
    # A second pause inside the added days is added as well.
    assert months(
        1,
        date(2018, 9, 3),
        Pause(date(2018, 9, 10), date(2018, 9, 17)),
        Pause(date(2018, 10, 5), date(2018, 10, 8)),
    ) == date(2018, 10, 13)


def test_adding_months_far_beyond_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        add_months(date(9999, 6, 1), 12)
    with pytest.raises(OverflowError):
        add_months(date(1, 6, 1), -12)
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)


# --- hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # Over a weekend.
        (london(2018, 9, 7, 17, 30), london(2018, 9, 10, 17, 30)),
        # Over Christmas.
        (london(2018, 12, 23, 9, 0), london(2018, 12, 26, 9, 0)),
        # The clocks go back on 28 October 2018: one hour earlier on the face.
        (london(2018, 10, 26, 17, 30), london(2018, 10, 29, 16, 30)),
        # The clocks go forward on 31 March 2019: one hour later.
        (london(2019, 3, 29, 17, 30), london(2019, 4, 1, 18, 30)),
        # Over a leap day.
        (london(2020, 2, 27, 12, 0), london(2020, 3, 1, 12, 0)),
    ],
)
def test_seventy_two_hours_are_elapsed_hours(start: datetime, expected: datetime) -> None:
    assert hours(72, start) == expected


def test_the_repeated_hour_of_autumn_counts_twice() -> None:
    first = datetime(2018, 10, 28, 1, 30, tzinfo=LONDON, fold=0)
    second = datetime(2018, 10, 28, 1, 30, tzinfo=LONDON, fold=1)
    one, two = hours(1, first), hours(1, second)
    assert isinstance(one, datetime)
    assert isinstance(two, datetime)
    assert two.timestamp() - one.timestamp() == 3600
    assert (one.hour, one.fold) == (1, 1)
    assert two.hour == 2


def test_the_clock_change_is_explained() -> None:
    steps = due(clock(72, Unit.HOURS), london(2018, 10, 26, 17, 30), bank_holidays=ENGLAND).steps
    assert steps == (
        "Started Friday 26 October 2018 at 17:30. Every hour counts, weekends too.",
        "The clocks change between these dates: elapsed hours are counted, not the clock face.",
        "Due by Monday 29 October 2018 at 16:30.",
    )


def test_paused_hours_are_added_once() -> None:
    start = london(2018, 9, 3, 9, 0)
    first = Pause(london(2018, 9, 3, 12, 0), london(2018, 9, 3, 18, 0))
    inside = Pause(london(2018, 9, 3, 13, 0), london(2018, 9, 3, 14, 0))
    assert hours(72, start, first, inside) == london(2018, 9, 6, 15, 0)
    after = Pause(london(2018, 9, 20, 0, 0), london(2018, 9, 21, 0, 0))
    before = Pause(london(2018, 9, 1, 0, 0), london(2018, 9, 2, 0, 0))
    assert hours(72, start, after, before) == london(2018, 9, 6, 9, 0)
    assert hours(72, start, Pause(london(2018, 9, 4, 9, 0))) is None


def test_hours_need_a_time_of_day() -> None:
    with pytest.raises(Refusal) as refused:
        due(clock(72, Unit.HOURS), date(2018, 9, 3), bank_holidays=ENGLAND)
    assert refused.value.code == "clock_needs_a_time"


def test_hours_cannot_move_to_a_working_day() -> None:
    with pytest.raises(ValueError, match="run through weekends"):
        clock(72, Unit.HOURS, if_not_working=IfNotWorking.NEXT)


# --- pauses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], date(2018, 9, 10)),
        # Tuesday to Wednesday: two working days.
        ([(date(2018, 9, 4), date(2018, 9, 6))], date(2018, 9, 12)),
        # Overlapping, nested and touching pauses count once.
        ([(date(2018, 9, 4), date(2018, 9, 6)), (date(2018, 9, 5), date(2018, 9, 7))], date(2018, 9, 13)),
        ([(date(2018, 9, 4), date(2018, 9, 7)), (date(2018, 9, 5), date(2018, 9, 6))], date(2018, 9, 13)),
        ([(date(2018, 9, 4), date(2018, 9, 5)), (date(2018, 9, 5), date(2018, 9, 7))], date(2018, 9, 13)),
        # The same pause twice.
        ([(date(2018, 9, 4), date(2018, 9, 6))] * 2, date(2018, 9, 12)),
        # A pause at a weekend takes no working day.
        ([(date(2018, 9, 8), date(2018, 9, 10))], date(2018, 9, 10)),
        # The start lies inside the pause.
        ([(date(2018, 9, 1), date(2018, 9, 6))], date(2018, 9, 12)),
        # A pause that ends on the day it began takes nothing.
        ([(date(2018, 9, 4), date(2018, 9, 4))], date(2018, 9, 10)),
        # Open-ended: no date; unless it begins after the last day.
        ([(date(2018, 9, 6), None)], None),
        ([(date(2018, 9, 11), None)], date(2018, 9, 10)),
        ([(date(2018, 9, 4), None), (date(2018, 9, 5), date(2018, 9, 6))], None),
        ([(date(2018, 9, 4), date(2018, 9, 6)), (date(2018, 9, 5), None)], None),
    ],
)
def test_pauses_take_their_days_out_of_five_working_days(
    pauses: list[tuple[date, date | None]], expected: date | None
) -> None:
    assert worked(5, date(2018, 9, 3), *(Pause(*span) for span in pauses)) == expected


def test_an_open_pause_says_what_is_left() -> None:
    result = due(
        clock(5, Unit.WORKING_DAYS),
        date(2018, 9, 3),
        bank_holidays=ENGLAND,
        pauses=[Pause(date(2018, 9, 6))],
    )
    assert result.on is None
    assert result.day is None
    assert result.steps[-1] == (
        "Paused from Thursday 6 September 2018 with 3 working days left: no date until the clock runs again."
    )
    result = due(
        clock(1, Unit.MONTHS), date(2018, 9, 3), bank_holidays=ENGLAND, pauses=[Pause(date(2018, 9, 6))]
    )
    assert result.steps[-1].startswith("Paused from Thursday 6 September 2018 with 28 days left")


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(Refusal) as refused:
        Pause(date(2018, 9, 6), date(2018, 9, 5))
    assert refused.value.code == "pause_ends_before_it_begins"


def test_a_pause_of_thousands_of_years_is_refused_not_counted() -> None:
    with pytest.raises(Refusal) as refused:
        days(5, date(2018, 9, 3), Pause(date(2018, 9, 4), date(9000, 1, 1)))
    assert refused.value.code == "date_out_of_range"


def test_merged_pauses_do_not_overlap() -> None:
    joined = merged(
        [
            Pause(date(2018, 9, 10), date(2018, 9, 12)),
            Pause(date(2018, 9, 3), date(2018, 9, 5)),
            Pause(date(2018, 9, 5), date(2018, 9, 6)),
            Pause(date(2018, 9, 11)),
        ]
    )
    assert len(joined) == 2
    assert joined[-1].until is None


# --- state --------------------------------------------------------------------------------------


def test_a_running_clock_counts_today_as_used() -> None:
    five = clock(5, Unit.WORKING_DAYS, warn_before=(1, 2))
    tuesday = state(five, date(2018, 9, 7), date(2018, 9, 11), bank_holidays=ENGLAND)
    assert (tuesday.phase, tuesday.used, tuesday.left) == (Phase.RUNNING, 2, 3)
    assert tuesday.words == "2 of 5 working days used"
    assert tuesday.warnings == ()
    thursday = state(five, date(2018, 9, 7), date(2018, 9, 13), bank_holidays=ENGLAND)
    assert thursday.warnings == ("“Answer the question” has 1 working day left.",)
    friday = state(five, date(2018, 9, 7), date(2018, 9, 14), bank_holidays=ENGLAND)
    assert friday.phase is Phase.RUNNING
    assert friday.warnings == ("“Answer the question” runs out today.",)


def test_a_clock_is_late_from_the_day_after() -> None:
    late = state(clock(5, Unit.WORKING_DAYS), date(2018, 9, 7), date(2018, 9, 17), bank_holidays=ENGLAND)
    assert (late.phase, late.late_by, late.used, late.is_in_time) == (Phase.LATE, 3, 5, False)
    assert late.warnings == ()


def test_a_paused_clock_shows_the_earliest_date() -> None:
    paused = state(
        clock(5, Unit.WORKING_DAYS),
        date(2018, 9, 3),
        date(2018, 9, 10),
        bank_holidays=ENGLAND,
        pauses=[Pause(date(2018, 9, 6))],
    )
    assert (paused.phase, paused.used, paused.left) == (Phase.PAUSED, 2, 3)
    # Running again on Monday 10 September, the three days left end on Wednesday.
    assert paused.due.on == date(2018, 9, 12)


def test_a_held_clock_keeps_its_earlier_pauses_in_the_earliest_date() -> None:
    paused = state(
        clock(5, Unit.WORKING_DAYS),
        date(2018, 9, 3),
        date(2018, 9, 10),
        bank_holidays=ENGLAND,
        pauses=[Pause(date(2018, 9, 4), date(2018, 9, 5)), Pause(date(2018, 9, 6))],
    )
    assert (paused.phase, paused.used, paused.due.on) == (Phase.PAUSED, 1, date(2018, 9, 13))


def test_a_clock_whose_time_was_up_before_the_pause_is_late() -> None:
    late = state(
        clock(1, Unit.WORKING_DAYS),
        date(2018, 9, 3),
        date(2018, 9, 10),
        bank_holidays=ENGLAND,
        pauses=[Pause(date(2018, 9, 6))],
    )
    assert late.phase is Phase.LATE


def test_a_stopped_clock_remembers_whether_it_was_in_time() -> None:
    five = clock(5, Unit.WORKING_DAYS)
    good = state(five, date(2018, 9, 3), date(2018, 12, 1), bank_holidays=ENGLAND, stopped=date(2018, 9, 10))
    assert (good.phase, good.is_in_time, good.used) == (Phase.STOPPED, True, 5)
    bad = state(five, date(2018, 9, 3), date(2018, 12, 1), bank_holidays=ENGLAND, stopped=date(2018, 9, 11))
    assert (bad.phase, bad.is_in_time, bad.late_by) == (Phase.STOPPED, False, 1)


def test_months_show_their_progress_in_days() -> None:
    month = state(clock(1, Unit.MONTHS), date(2018, 9, 3), date(2018, 9, 13), bank_holidays=ENGLAND)
    assert month.words == "10 of 30 days used"


def test_hours_are_late_by_the_part_of_an_hour() -> None:
    breach = clock(72, Unit.HOURS)
    start = london(2018, 9, 7, 17, 30)
    running = state(breach, start, london(2018, 9, 8, 17, 29), bank_holidays=ENGLAND)
    assert running.words == "23 of 72 hours used"
    late = state(breach, start, london(2018, 9, 10, 17, 31), bank_holidays=ENGLAND)
    assert (late.phase, late.late_by) == (Phase.LATE, 1)
    paused = state(
        breach,
        start,
        london(2018, 9, 8, 17, 30),
        bank_holidays=ENGLAND,
        pauses=[Pause(london(2018, 9, 8, 5, 30))],
    )
    assert (paused.phase, paused.used) == (Phase.PAUSED, 12)
    assert paused.due.on == london(2018, 9, 11, 5, 30)


def test_a_clock_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        clock(-1, Unit.DAYS)
    assert clock(1, Unit.MONTHS).length_in_words == "1 month"


def test_a_clock_without_length_is_due_on_the_day_it_starts() -> None:
    at_once = clock(0, Unit.WORKING_DAYS, if_not_working=IfNotWorking.NEXT)
    assert due(at_once, date(2018, 9, 3), bank_holidays=ENGLAND).on == date(2018, 9, 3)
    assert due(at_once, date(2018, 12, 25), bank_holidays=ENGLAND).on == date(2018, 12, 27)
    assert at_once.length_in_words == "at once"
    assert state(at_once, date(2018, 9, 3), date(2018, 9, 3), bank_holidays=ENGLAND).words == "due at once"


def test_weeks_are_seven_days_and_years_are_twelve_months() -> None:
    assert due(clock(8, Unit.WEEKS), date(2018, 9, 3), bank_holidays=ENGLAND).on == date(2018, 10, 29)
    assert due(clock(1, Unit.YEARS), date(2020, 2, 29), bank_holidays=ENGLAND).on == date(2021, 2, 28)
    year = state(clock(1, Unit.YEARS), date(2018, 9, 3), date(2018, 9, 13), bank_holidays=ENGLAND)
    assert year.words == "10 of 365 days used"


@pytest.mark.parametrize(
    ("length", "before", "expected"),
    [
        (Span(20, Unit.WORKING_DAYS), (5,), [date(2019, 1, 3)]),
        (Span(20, Unit.WORKING_DAYS), (1, 7), [date(2018, 12, 31), date(2019, 1, 9)]),
        (Span(28, Unit.DAYS), (7,), [date(2018, 12, 31)]),
        # Saturday 11 May moves to the Friday, Easter Monday to the Thursday before Good Friday.
        (Span(6, Unit.MONTHS), (30,), [date(2019, 5, 10)]),
        (Span(6, Unit.MONTHS), (49,), [date(2019, 4, 18)]),
        (Span(8, Unit.WEEKS), (14,), [date(2019, 1, 21)]),
        (Span(28, Unit.DAYS), (), []),
    ],
)
def test_a_clock_warns_so_long_before_it_runs_out(
    length: Span, before: tuple[int, ...], expected: list[date]
) -> None:
    this = clock(length.n, length.unit, warn_before=before)
    found = due(this, date(2018, 12, 10), bank_holidays=ENGLAND)
    assert list(warns_on(this, found, bank_holidays=ENGLAND)) == expected
    assert str(length) == this.length_in_words


def test_a_warning_needs_no_bank_holidays_of_far_years() -> None:
    this = clock(28, Unit.DAYS, warn_before=(7,))
    found = due(this, date(2055, 1, 4), bank_holidays=ENGLAND)
    assert warns_on(this, found, bank_holidays=ENGLAND) == (date(2055, 1, 25),)


@pytest.mark.parametrize(
    ("unit", "said"),
    [(Unit.DAYS, True), (Unit.WEEKS, True), (Unit.WORKING_DAYS, False), (Unit.MONTHS, False)],
)
def test_a_clock_of_calendar_days_says_that_all_days_count(unit: Unit, said: bool) -> None:
    found = due(clock(4, unit), date(2018, 9, 3), bank_holidays=ENGLAND)
    assert ("weekends and bank holidays too" in found.steps[0]) == said


def test_a_clock_held_open_warns_of_nothing() -> None:
    this = clock(5, Unit.DAYS, warn_before=(1,))
    assert warns_on(this, Due(None), bank_holidays=ENGLAND) == ()


def test_hours_warn_hours_before() -> None:
    breach = clock(72, Unit.HOURS, warn_before=(24,))
    start = london(2018, 9, 7, 17, 30)
    found = due(breach, start, bank_holidays=ENGLAND)
    assert warns_on(breach, found, bank_holidays=ENGLAND) == (london(2018, 9, 9, 17, 30),)
    before = state(breach, start, london(2018, 9, 9, 17, 29), bank_holidays=ENGLAND)
    after = state(breach, start, london(2018, 9, 9, 17, 30), bank_holidays=ENGLAND)
    assert before.warnings == ()
    assert after.warnings == ("“Answer the question” has 24 hours left.",)


# --- properties ---------------------------------------------------------------------------------

STARTS = st.dates(date(2018, 1, 1), date(2026, 6, 30))
LENGTHS = st.integers(1, 60)
DAY_UNITS = st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS])
ROLLS = st.sampled_from(list(IfNotWorking))
COUNTS = st.sampled_from(list(Counting))


@st.composite
def spans(draw: st.DrawFn) -> Pause:
    begin = draw(STARTS)
    return Pause(begin, begin + timedelta(days=draw(st.integers(0, 40))))


PAUSES = st.lists(spans(), max_size=5)


def naive(clock: Clock, start: date, pauses: list[Pause]) -> date:
    """Count day by day with nothing but sets: the slow way that cannot share a mistake."""
    paused = {p.from_ + n * DAY for p in pauses for n in range((p.until - p.from_).days)}  # type: ignore[operator]
    day = start if clock.counting is Counting.SAME_DAY else start + DAY
    count = 0
    while True:
        is_working = day.weekday() < 5 and day not in ENGLAND.names
        if day not in paused and (clock.unit is not Unit.WORKING_DAYS or is_working):
            count += 1
            if count == clock.length:
                break
        day += DAY
    step = {IfNotWorking.STAY: None, IfNotWorking.NEXT: DAY, IfNotWorking.PREVIOUS: -DAY}[
        clock.if_not_working
    ]
    while step is not None and (day.weekday() >= 5 or day in ENGLAND.names):
        day += step
    return day


@settings(deadline=None)
@given(STARTS, LENGTHS, DAY_UNITS, ROLLS, COUNTS, PAUSES)
def test_the_count_agrees_with_counting_day_by_day(
    start: date, length: int, unit: Unit, roll: IfNotWorking, counting: Counting, pauses: list[Pause]
) -> None:
    this = clock(length, unit, if_not_working=roll, counting=counting)
    assert due(this, start, bank_holidays=ENGLAND, pauses=pauses).on == naive(this, start, pauses)


@settings(deadline=None)
@given(STARTS, st.integers(0, 60), LENGTHS, DAY_UNITS, ROLLS, COUNTS, PAUSES)
def test_a_later_start_never_gives_an_earlier_date(
    start: date,
    later: int,
    length: int,
    unit: Unit,
    roll: IfNotWorking,
    counting: Counting,
    pauses: list[Pause],
) -> None:
    this = clock(length, unit, if_not_working=roll, counting=counting)
    one = due(this, start, bank_holidays=ENGLAND, pauses=pauses).on
    other = due(this, start + later * DAY, bank_holidays=ENGLAND, pauses=pauses).on
    assert one is not None
    assert other is not None
    assert one <= other


@settings(deadline=None)
@given(STARTS, st.integers(0, 60), st.integers(1, 24), ROLLS)
def test_a_later_start_never_ends_months_earlier(
    start: date, later: int, length: int, roll: IfNotWorking
) -> None:
    this = clock(length, Unit.MONTHS, if_not_working=roll)
    one = due(this, start, bank_holidays=ENGLAND).on
    other = due(this, start + later * DAY, bank_holidays=ENGLAND).on
    assert one is not None
    assert other is not None
    assert one <= other


@settings(deadline=None)
@given(
    STARTS, LENGTHS, st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS]), ROLLS, PAUSES, st.data()
)
def test_a_longer_pause_never_brings_the_date_forward(
    start: date, length: int, unit: Unit, roll: IfNotWorking, pauses: list[Pause], data: st.DataObject
) -> None:
    this = clock(min(length, 12) if unit is Unit.MONTHS else length, unit, if_not_working=roll)
    begin = data.draw(st.integers(-10, 40).map(lambda n: start + n * DAY))
    short = data.draw(st.integers(0, 20))
    extra = data.draw(st.integers(0, 20))
    shorter = Pause(begin, begin + short * DAY)
    longer = Pause(begin, begin + (short + extra) * DAY)
    one = due(this, start, bank_holidays=ENGLAND, pauses=[*pauses, shorter]).on
    other = due(this, start, bank_holidays=ENGLAND, pauses=[*pauses, longer]).on
    assert one is not None
    assert other is not None
    assert one <= other
    never = due(this, start, bank_holidays=ENGLAND, pauses=[*pauses, Pause(begin)]).on
    assert never is None or never >= one


@settings(deadline=None)
@given(STARTS, LENGTHS, PAUSES, st.integers(0, 100))
def test_used_and_left_make_the_whole(start: date, length: int, pauses: list[Pause], later: int) -> None:
    this = clock(length, Unit.WORKING_DAYS)
    now = start + later * DAY
    found = state(this, start, now, bank_holidays=ENGLAND, pauses=pauses)
    assert found.used + found.left == found.length == length
    on = due(this, start, bank_holidays=ENGLAND, pauses=pauses).on
    assert isinstance(on, date)
    assert (found.left == 0) == (now >= on)
    assert (found.phase is Phase.LATE) == (now > on)


@settings(deadline=None)
@given(st.datetimes(datetime(2018, 1, 1), datetime(2026, 12, 31)), st.integers(1, 200))
def test_hours_elapse_whatever_the_clock_face_says(naive_start: datetime, length: int) -> None:
    start = naive_start.replace(tzinfo=LONDON)
    end = due(clock(length, Unit.HOURS), start, bank_holidays=ENGLAND).on
    assert isinstance(end, datetime)
    assert end.timestamp() - start.timestamp() == length * 3600


def test_a_due_of_a_moment_has_its_day_in_london() -> None:
    assert Due(london(2018, 9, 10, 0, 30)).day == date(2018, 9, 10)
