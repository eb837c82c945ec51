"""When leads are asked how their actions stand, by when they answer, and when they are reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.plan.models.strategy import PlanStatus

from .actions import CLOSED, LONGEST, move_refusals

# Working days from asking until the answer is due: long enough to ask a colleague, short enough for the next board.
ANSWER_IN = 10
# A lead who is silent is reminded on the day it is due, then each week.
_AGAIN = timedelta(days=7)
_MONTHS = ("January", "April", "July", "October")
_LAST_MONTHS = ("March", "June", "September", "December")
UPDATE_STATUSES = [one for one in PlanStatus if one != PlanStatus.STOPPED]


def quarter_of(day: date) -> date:
    """First day of the quarter of the year in which a day lies."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_after(first: date) -> date:
    """First day of the quarter after the one that begins on `first`."""
    return date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)


def quarter_before(day: date) -> date:
    """First day of the last quarter that had ended before `day`."""
    return quarter_of(quarter_of(day) - timedelta(days=1))


def last_of(first: date) -> date:
    """Last day of the quarter that begins on `first`."""
    return quarter_after(first) - timedelta(days=1)


def quarter_words(first: date) -> str:
    """ "April to June 2018"."""
    place = (first.month - 1) // 3
    return f"{_MONTHS[place]} to {_LAST_MONTHS[place]} {first.year}"


def due_day(asked_on: date, calendar: BankHolidays) -> date:
    """The day by which a lead answers: ANSWER_IN working days after she was asked.

    Raises Refusal `bank_holidays_unknown` beyond the calendar."""
    day = asked_on
    for _ in range(ANSWER_IN):
        day = calendar.next_working_day(day + timedelta(days=1))
    return day


def is_asked(
    *,
    status: str,
    planned_on: date,
    starts_on: date | None,
    quarter: date,
    year_first: date,
    year_last: date,
) -> bool:
    """Whether a lead is asked about an action for a quarter: one that was planned and to have begun by its end, in a
    year that it belongs to."""
    return (
        status not in CLOSED
        and planned_on <= last_of(quarter)
        and (starts_on or year_first) <= last_of(quarter)
        and year_first <= last_of(quarter)
        and quarter <= year_last
    )


def reminds(
    *, due_on: date, on: date, asked_on: date, reminded_on: date | None, calendar: BankHolidays
) -> bool:
    """Whether a silent lead is reminded today: from the due day on, on a working day, once a week.

    Raises Refusal `bank_holidays_unknown` beyond the calendar."""
    if on < due_on or on <= asked_on or not calendar.is_working(on):
        return False
    return reminded_on is None or on - reminded_on >= _AGAIN


def words_refusals(*, words: str, evidence: str) -> Iterator[Refusal]:
    """Why the words of an update cannot be kept."""
    if not words.strip():
        yield Refusal("no_words", "Write in a sentence or two what has happened.")
    if max(len(words), len(evidence)) > LONGEST:
        yield Refusal("too_long", f"Write {LONGEST:,} characters or fewer.")


def update_refusals(*, before: str, status: str, words: str, evidence: str) -> Iterator[Refusal]:
    """Why an update cannot be kept: it says how the action stands and what happened; done says what shows it."""
    if status not in UPDATE_STATUSES:
        yield Refusal("no_status", "Choose how it stands.")
        return
    if status == PlanStatus.NOT_STARTED and before != PlanStatus.NOT_STARTED:
        yield Refusal("begun_already", "It has begun. Choose on track, at risk, off track or done.")
    yield from words_refusals(words=words, evidence=evidence)
    yield from move_refusals(before=before, after=status, reason=words, evidence=evidence)
