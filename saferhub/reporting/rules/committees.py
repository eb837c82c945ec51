"""When a committee has to sit, what its forward plan lacks, and what may be recorded of it. How often, and by when a
written answer is due, the packs' clocks say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.clocks import Clock, due
from saferhub.partnership.rules.working_days import BankHolidays

# The packs' clocks: by when a committee sits again, and by when what it recommends is answered.
SITTING, ANSWER = "scrutiny_sitting", "scrutiny_response"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long the law gives, as the packs say on a day."""

    clock: Clock
    holidays: BankHolidays

    @property
    def words(self) -> str:
        """ "12 months"."""
        return self.clock.length_in_words

    def after(self, day: date) -> date:
        """The last day of the time that begins on a day. Raises Refusal as `partnership.rules.clocks.due`."""
        last = due(self.clock, day, bank_holidays=self.holidays).day
        assert last is not None, "only a clock that was paused has no last day"
        return last


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a committee sits often enough. `by`: the last day on which it has to sit next; None: it never sat, or
    nothing says how often. `within`: how often it has to, "" where no pack says."""

    last: date | None
    next: date | None
    by: date | None
    is_late: bool
    is_next_late: bool
    within: str

    @property
    def asked(self) -> str:
        """What the law asks; "" where no pack says."""
        return f"The law asks for at least one sitting in {self.within}." if self.within else ""

    @property
    def sentence(self) -> str:
        """What is to be said of it, for whoever plans."""
        if self.is_late:
            return f"It has not sat on crime and disorder for {self.within}. {self.asked}"
        if self.next is None:
            return f"No sitting is planned. {self.asked}".strip()
        if self.is_next_late and self.by is not None:
            return f"The next sitting comes more than {self.within} after the last."
        if self.is_next_late:
            return f"It has not sat yet, and its first sitting is more than {self.within} away. {self.asked}"
        return ""


def standing(sittings: Sequence[date], on: date, limit: Limit | None) -> Standing:
    """How a committee stands to the duty to sit. `limit`: how often, None where no pack says."""
    last = max((one for one in sittings if one <= on), default=None)
    coming = min((one for one in sittings if one > on), default=None)
    if limit is None:
        return Standing(last, coming, None, is_late=False, is_next_late=False, within="")
    by = limit.after(last) if last is not None else None
    return Standing(
        last,
        coming,
        by,
        is_late=by is not None and by < on,
        # One that never sat is held to the time from today on.
        is_next_late=coming is not None and coming > (by or limit.after(on)),
        within=limit.words,
    )


def sitting_refusals(
    *, on: date | None, papers_due_on: date | None, others: Sequence[date]
) -> Iterator[Refusal]:
    """Why a sitting cannot be planned so."""
    if on is None:
        yield Refusal("no_day", "Give the day of the sitting.")
        return
    if papers_due_on is not None and papers_due_on > on:
        yield Refusal("papers_after", "Papers are wanted before the sitting. Choose an earlier day.")
    if on in others:
        yield Refusal("sitting_stands", "The committee sits on that day already.")


def resolution_refusals(
    *, resolved: str, resolved_on: date | None, answer: str, answered_on: date | None, on: date
) -> Iterator[Refusal]:
    """Why that cannot be recorded of a recommendation."""
    if resolved.strip() and resolved_on is None:
        yield Refusal("no_resolved_on", "Give the day on which members resolved it.")
    if resolved_on is not None and resolved_on > on:
        yield Refusal("resolved_ahead", "Choose a day that has come.")
    if answer.strip() and answered_on is None:
        yield Refusal("no_answered_on", "Give the day on which it was answered.")
    if answer.strip() and not resolved.strip():
        yield Refusal("no_resolved", "Say what members resolved before you record the answer.")
    if answered_on is not None and resolved_on is not None and answered_on < resolved_on:
        yield Refusal("answered_before", "The answer comes after what members resolved.")


def question_refusals(
    *, words: str, owner_post: str, asked_on: date, due_on: date, on: date
) -> Iterator[Refusal]:
    """Why a question cannot be recorded so."""
    if not words.strip():
        yield Refusal("no_words", "Write what was asked.")
    if not owner_post.strip():
        yield Refusal("no_owner", "Give the post that answers it.")
    if asked_on > on:
        yield Refusal("asked_ahead", "Choose a day that has come: a question is recorded once it is asked.")
    if due_on < asked_on:
        yield Refusal("due_before", "It cannot be due before it was asked. Choose a later day.")
