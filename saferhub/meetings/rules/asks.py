"""What may be answered to what an agency was asked, when it is reminded, and how the answers stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.working_days import BankHolidays

NOTHING, SHARED, ASK_ME, DECLINED = "nothing", "shared", "ask_me", "declined"
ANSWERS = (NOTHING, SHARED, ASK_ME, DECLINED)
LONGEST = 10_000


def answer_refusals(*, answer: str, words: str, why: str, is_open: bool) -> list[Refusal]:
    """Why an answer cannot be kept. What is held and shared is said; what is declined has a reason."""
    if not is_open:
        return [Refusal("meeting_begun", "The meeting has begun. Say it there; the minutes will hold it.")]
    found = []
    if answer not in ANSWERS:
        found.append(Refusal("no_answer", "Choose an answer."))
    if answer == SHARED and not words.strip():
        found.append(Refusal("no_words", "Write what you share, or choose “Held: ask me”."))
    if answer == DECLINED and not why.strip():
        found.append(Refusal("no_reason", "Say why you do not answer."))
    if max(len(words), len(why)) > LONGEST:
        found.append(Refusal("too_long", f"Write {LONGEST:,} characters or fewer."))
    return found


def reminds(
    *,
    due_on: date,
    meets_on: date,
    on: date,
    asked_on: date,
    reminded_on: date | None,
    calendar: BankHolidays,
) -> bool:
    """Whether an answer that is missing is asked for again today: on each working day from the one before it is due
    until the meeting, never on the day on which it was asked and once a day at most.

    Raises Refusal `bank_holidays_unknown` beyond the calendar.
    """
    first = due_on - timedelta(days=1)
    while not calendar.is_working(first):
        first -= timedelta(days=1)
    return (
        first <= on <= meets_on
        and on > asked_on
        and calendar.is_working(on)
        and (reminded_on is None or reminded_on < on)
    )


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that a unit was asked: what it answered, and by when it was to."""

    answer: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """How the answers of a unit stand: so many asked, answered, and silent beyond their day."""

    asked: int
    answered: int
    late: int

    @property
    def waiting(self) -> int:
        return self.asked - self.answered

    @property
    def mark(self) -> tuple[str, str]:
        """Code of a status mark and its words."""
        if not self.waiting:
            return "done", "All answered"
        if self.late:
            return "late", f"Silent on {self.waiting}, late" if self.answered else "Silent, late"
        if self.answered:
            return "on_track", f"{self.answered} of {self.asked} answered"
        return "not_started", "Not answered yet"


def standing(given: Iterable[Given], on: date) -> Standing:
    """How a unit's answers stand on a day."""
    rows = list(given)
    return Standing(
        len(rows),
        sum(bool(one.answer) for one in rows),
        sum(not one.answer and one.due_on < on for one in rows),
    )
