"""What may be agreed and changed about an action, and how its day stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from saferhub.casework.models.actions import ActionStatus
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.working_days import BankHolidays

# An action is a step, not a plan: a day further off than this is a slip of the pen.
FURTHEST = timedelta(days=366)


def day_refusals(due_on: date, on: date) -> Iterator[Refusal]:
    """Why a day cannot be one by which an action is due: it has passed, or lies more than a year ahead."""
    if due_on < on:
        yield Refusal("due_in_the_past", "Choose a day that has not passed.")
    if due_on > on + FURTHEST:
        yield Refusal("due_too_far", "Choose a day within a year. Agree a nearer first step.")


def moved_refusals(before: date, after: date, reason: str) -> Iterator[Refusal]:
    """A day that was agreed moves only with a reason."""
    if before != after and not reason.strip():
        yield Refusal("reason_missing", "Say why the day moves.")


def state_of(status: str, due_on: date, on: date) -> tuple[str, str]:
    """How an action stands on a day, as code of a status mark and words: late is counted in days, and what is
    both late and blocked is no less late."""
    if status == ActionStatus.DONE:
        return "done", "Done"
    if status == ActionStatus.DROPPED:
        return "no_target", "No longer needed"
    late = (on - due_on).days
    if status == ActionStatus.BLOCKED:
        return ("late", f"Blocked, {_days(late)} late") if late > 0 else ("at_risk", "Blocked")
    if late > 0:
        return "late", f"{_days(late)} late"
    return ("at_risk", "Due today") if late == 0 else ("on_track", "On track")


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def days_to_offer(due_on: date, on: date, calendar: BankHolidays) -> list[date]:
    """Days that somebody who is not finished can choose with one press: the agreed one while it has not passed,
    else the next working day; then the working days after one week and after two, from today."""
    first = due_on if due_on >= on else calendar.next_working_day(on + timedelta(days=1))
    offered = [first]
    for days in (7, 14):
        day = calendar.next_working_day(on + timedelta(days=days))
        if day not in offered:
            offered.append(day)
    return offered
