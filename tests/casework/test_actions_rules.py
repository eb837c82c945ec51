"""What may be agreed about an action, how it stands, and which step of the ladder it has reached."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from saferhub.casework.rules import actions as rules
from saferhub.casework.rules.actions_escalation import Step, day_of, level_on, reached, to_tell
from saferhub.partnership.rules.working_days import BankHolidays

# Friday 24 and Monday 27 August 2018; the 27th is the summer bank holiday.
CALENDAR = BankHolidays.of([(date(2018, 8, 27), "Summer bank holiday")], first_year=2018, last_year=2018)
TUESDAY = date(2018, 8, 28)
LADDER = [
    Step(1, "Reminder", -2, "owner"),
    Step(2, "Late", 1, "owner"),
    Step(3, "Lead officer told", 3, "lead"),
    Step(4, "Co-ordinator told", 5, "coordinator"),
    Step(5, "Manager told", 10, "manager"),
]


@pytest.mark.parametrize(
    ("due_on", "codes"),
    [
        (TUESDAY - timedelta(days=1), ["due_in_the_past"]),
        (TUESDAY, []),
        (TUESDAY + timedelta(days=366), []),
        (TUESDAY + timedelta(days=367), ["due_too_far"]),
    ],
)
def test_a_day_lies_between_today_and_a_year_ahead(due_on: date, codes: list[str]) -> None:
    assert [one.code for one in rules.day_refusals(due_on, TUESDAY)] == codes


@pytest.mark.parametrize(
    ("after", "reason", "codes"),
    [
        (TUESDAY, "", []),
        (TUESDAY + timedelta(days=1), "  ", ["reason_missing"]),
        (TUESDAY + timedelta(days=1), "The key is lost", []),
    ],
)
def test_a_day_moves_only_with_a_reason(after: date, reason: str, codes: list[str]) -> None:
    assert [one.code for one in rules.moved_refusals(TUESDAY, after, reason)] == codes


@pytest.mark.parametrize(
    ("status", "days", "state"),
    [
        ("open", 3, ("on_track", "On track")),
        ("open", 0, ("at_risk", "Due today")),
        ("open", -1, ("late", "1 day late")),
        ("open", -2, ("late", "2 days late")),
        ("blocked", 3, ("at_risk", "Blocked")),
        ("blocked", -2, ("late", "Blocked, 2 days late")),
        ("done", -9, ("done", "Done")),
        ("dropped", -9, ("no_target", "No longer needed")),
    ],
)
def test_how_an_action_stands(status: str, days: int, state: tuple[str, str]) -> None:
    assert rules.state_of(status, TUESDAY + timedelta(days=days), TUESDAY) == state


def test_the_days_offered_are_the_agreed_one_while_it_stands_and_working_days_after() -> None:
    ahead = TUESDAY + timedelta(days=2)
    assert rules.days_to_offer(ahead, TUESDAY, CALENDAR) == [ahead, date(2018, 9, 4), date(2018, 9, 11)]
    # Late: the next working day instead, over the weekend and the bank holiday.
    friday = date(2018, 8, 24)
    assert rules.days_to_offer(date(2018, 8, 20), friday, CALENDAR)[0] == TUESDAY
    # The agreed day is offered once.
    assert rules.days_to_offer(date(2018, 9, 4), TUESDAY, CALENDAR) == [date(2018, 9, 4), date(2018, 9, 11)]


@pytest.mark.parametrize(
    ("after", "due_on", "day"),
    [
        (0, date(2018, 8, 25), date(2018, 8, 25)),
        (1, date(2018, 8, 24), TUESDAY),
        (3, date(2018, 8, 24), date(2018, 8, 30)),
        (-2, TUESDAY, date(2018, 8, 23)),
        (-2, date(2018, 8, 31), date(2018, 8, 29)),
    ],
)
def test_a_step_counts_working_days_over_weekends_and_bank_holidays(
    after: int, due_on: date, day: date
) -> None:
    assert day_of(Step(1, "A step", after, "owner"), due_on, CALENDAR) == day


@pytest.mark.parametrize(
    ("on", "levels"),
    [
        (date(2018, 8, 21), []),
        (date(2018, 8, 22), [1]),
        (date(2018, 8, 24), [1]),
        (date(2018, 8, 27), [1]),
        (date(2018, 8, 28), [1, 2]),
        (date(2018, 8, 30), [1, 2, 3]),
        (date(2018, 9, 3), [1, 2, 3, 4]),
        (date(2018, 9, 9), [1, 2, 3, 4]),
        (date(2018, 9, 10), [1, 2, 3, 4, 5]),
    ],
)
def test_which_steps_an_action_due_on_friday_has_reached(on: date, levels: list[int]) -> None:
    due_on = date(2018, 8, 24)
    assert [one.level for one in reached(reversed(LADDER), due_on, on, CALENDAR)] == levels
    assert level_on(LADDER, status="open", due_on=due_on, on=on, calendar=CALENDAR) == max(levels, default=0)


@pytest.mark.parametrize(
    ("status", "levels"), [("open", [2, 3, 4, 5]), ("blocked", [3, 4, 5]), ("done", []), ("dropped", [])]
)
def test_each_is_told_the_highest_step_and_whoever_is_blocked_is_not_reminded(
    status: str, levels: list[int]
) -> None:
    told = to_tell(LADDER, status=status, due_on=date(2018, 8, 24), on=date(2018, 9, 20), calendar=CALENDAR)
    assert [one.level for one in told] == levels


def test_what_has_ended_is_escalated_no_further() -> None:
    assert (
        level_on(LADDER, status="done", due_on=date(2018, 8, 1), on=date(2018, 9, 20), calendar=CALENDAR) == 0
    )
