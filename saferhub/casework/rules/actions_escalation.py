"""Decide which step of the ladder an action has reached on a day.

The ladder is the pack's (section escalation_steps): each step tells somebody a number of working days after the
day due, or before it. It is a working rule of hubs, not law. Weekends and the bank holidays of England and Wales
do not count: an action due on Friday is one working day late on Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saferhub.casework.models.actions import ActionStatus
from saferhub.partnership.rules.working_days import ONE_DAY, BankHolidays


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder. `after` counts working days after the day due, below nought before it. `tells`:
    owner, lead, coordinator or manager."""

    level: int
    name: str
    after: int
    tells: str


def day_of(step: Step, due_on: date, calendar: BankHolidays) -> date:
    """The first day on which the step is taken for an action due on that day.

    A step before the day due falls on a working day; one of nought days falls on the day due itself. Raises
    Refusal `bank_holidays_unknown` where the calendar does not reach.
    """
    day, left = due_on, abs(step.after)
    move = ONE_DAY if step.after > 0 else -ONE_DAY
    while left:
        day += move
        if calendar.is_working(day):
            left -= 1
    return day


def reached(steps: Iterable[Step], due_on: date, on: date, calendar: BankHolidays) -> list[Step]:
    """The steps whose day has come for an action due on that day, the lowest first."""
    return [step for step in sorted(steps, key=lambda one: one.level) if day_of(step, due_on, calendar) <= on]


def to_tell(
    steps: Iterable[Step], *, status: str, due_on: date, on: date, calendar: BankHolidays
) -> list[Step]:
    """Of the steps reached, the highest for each of those who are told.

    Whoever owns an action that is blocked has said what is in the way and is not reminded; those above are.
    An action that is done or dropped tells nobody.
    """
    if status not in (ActionStatus.OPEN, ActionStatus.BLOCKED):
        return []
    highest: dict[str, Step] = {}
    for step in reached(steps, due_on, on, calendar):
        if step.tells == "owner" and status == ActionStatus.BLOCKED:
            continue
        highest[step.tells] = step
    return sorted(highest.values(), key=lambda one: one.level)


def level_on(steps: Iterable[Step], *, status: str, due_on: date, on: date, calendar: BankHolidays) -> int:
    """How far an action has been escalated: the highest level reached, 0 before the first."""
    if status not in (ActionStatus.OPEN, ActionStatus.BLOCKED):
        return 0
    return max((step.level for step in reached(steps, due_on, on, calendar)), default=0)
