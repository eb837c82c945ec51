"""Decide which statutory duties are wanted in a window of time, from whom, and by when.

A duty comes round in one of four ways:

* each year on a date: the public meeting, the yearly revision of the plan. The year it belongs to ends
  on that date;
* within a time of the last one: scrutiny at least once in twelve months. Its day moves with each sitting;
* each quarter: the depersonalised data sets of the Crime and Disorder (Prescribed Information)
  Regulations 2007, due by the end of the quarter after;
* after an event: a response within 28 days. Nothing is wanted until somebody says that it happened.

A duty that falls on agencies is wanted once from each agency that was there on the last day of the
period: a council that ended in March does not owe the data of April.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.clocks import Clock, Due, Span, Unit, add_months, day_of, due
from saferhub.partnership.rules.dates_in_words import date_in_words, day_in_words
from saferhub.partnership.rules.working_days import ONE_DAY, BankHolidays

QUARTER_MONTHS = 3
PARTNERSHIP = ""


class Kind(StrEnum):
    """How a duty comes round."""

    YEARLY = "yearly"
    QUARTERLY = "quarterly"
    EVENT = "event"


class QuarterDue(StrEnum):
    """When the data of a quarter fall due."""

    END_OF_QUARTER = "end_of_quarter"
    END_OF_FOLLOWING_QUARTER = "end_of_following_quarter"


@dataclass(frozen=True)
class Recurrence:
    """When a duty falls due. A yearly one has either `due_month` and `due_day` or `within`."""

    kind: Kind
    due_month: int = 0
    due_day: int = 0
    within: Span | None = None
    first_quarter: date | None = None
    quarter_due: QuarterDue = QuarterDue.END_OF_FOLLOWING_QUARTER
    event: str = ""

    @property
    def in_words(self) -> str:
        """How often, for the reader."""
        if self.kind is Kind.QUARTERLY:
            after = "that quarter" if self.quarter_due is QuarterDue.END_OF_QUARTER else "the quarter after"
            return f"Every quarter, by the end of {after}"
        if self.kind is Kind.EVENT:
            return f"When it happens: {self.event}" if self.event else "When it happens"
        if self.within is not None:
            return f"Within {self.within} of the last time"
        # 2001 is no leap year: the schema allows only days that every year has.
        return (
            f"Every year, by {date_in_words(date(2001, self.due_month, self.due_day)).removesuffix(' 2001')}"
        )


@dataclass(frozen=True)
class Holder:
    """An agency that owes a duty, with the days on which it exists."""

    code: str
    from_: date | None = None
    until: date | None = None

    def is_there_on(self, day: date) -> bool:
        """Whether the agency exists on `day`."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Duty:
    """One duty of a pack. `falls_on_agencies` wants it from each holder, else once for all."""

    id: str
    title: str
    recurrence: Recurrence
    falls_on_agencies: bool = False
    clock: Clock | None = None
    from_: date | None = None
    until: date | None = None

    def is_in_force_on(self, day: date) -> bool:
        """Whether the law asks for it on `day`."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Wanted:
    """One occurrence of a duty: from whom (empty: the partnership), for which period, by when."""

    duty: str
    holder: str
    period_start: date | None
    period_end: date | None
    started_on: date
    due: Due


def wanted(
    duty: Duty,
    *,
    calendar_from: date,
    until: date,
    holders: Sequence[Holder] = (),
    last_done: Mapping[str, date] | None = None,
    last_excused: Mapping[str, date] | None = None,
    bank_holidays: BankHolidays,
) -> list[Wanted]:
    """List what `duty` asks for that falls due from `calendar_from` to `until`, both inclusive.

    `last_done` gives, for each holder's code, the day on which it was last done, and `last_excused` the
    latest due date of one that was not needed; they matter only for a duty that runs from the last time.
    Such a duty is wanted even when it falls due after `until`, so that the next date always shows.
    Events give nothing here: see `started_by_event`.
    Raises Refusal `bank_holidays_unknown` when a due date needs a year that the calendar lacks.
    """
    if duty.recurrence.kind is Kind.EVENT:
        return []
    if duty.recurrence.kind is Kind.QUARTERLY:
        periods = _quarters(duty.recurrence, calendar_from, until)
    elif duty.recurrence.within is not None:
        return _since_last(duty, calendar_from, holders, last_done or {}, last_excused or {}, bank_holidays)
    else:
        periods = _years(duty.recurrence, calendar_from, until)
    found = []
    for start, end, answer in periods:
        if not duty.is_in_force_on(end):
            continue
        found += [
            Wanted(duty.id, holder.code, start, end, start, answer)
            for holder in _owing(duty, holders)
            if holder.is_there_on(end)
        ]
    return found


def started_by_event(
    duty: Duty,
    started: date | datetime,
    *,
    holder: str = PARTNERSHIP,
    bank_holidays: BankHolidays,
) -> Wanted:
    """What `duty` asks for once its event has happened at `started` (aware, for a clock of hours).

    Raises ValueError for a duty without a clock, and Refusal as `clocks.due` does.
    """
    if duty.clock is None:
        raise ValueError(f"duty {duty.id} has no clock")
    answer = due(duty.clock, started, bank_holidays=bank_holidays)
    return Wanted(duty.id, holder, None, None, day_of(started), answer)


def refusals_to_done(*, started_on: date, done_on: date, evidence: str, on: date) -> Iterator[Refusal]:
    """Why a duty cannot be recorded as done on `done_on`, seen on the business day `on`."""
    if not evidence.strip():
        yield Refusal("evidence_missing", "Say what shows that it was done: minutes, a letter, a receipt.")
    if done_on > on:
        yield Refusal("done_in_future", "The day on which it was done must be today or earlier.")
    if done_on < started_on:
        yield Refusal(
            "done_before_start",
            f"Its time began on {day_in_words(started_on)}, so it cannot have been done before that day.",
        )


def quarter_of(day: date) -> tuple[date, date]:
    """The first and last day of the calendar quarter that holds `day`."""
    start = date(day.year, (day.month - 1) // QUARTER_MONTHS * QUARTER_MONTHS + 1, 1)
    return start, add_months(start, QUARTER_MONTHS) - ONE_DAY


def period_in_words(start: date | None, end: date | None) -> str:
    """A quarter as "April to June 2018", another period with its days, none as nothing."""
    if start is None or end is None:
        return ""
    if (start, end) == quarter_of(start):
        return f"{_month(start)} to {_month(end)} {end.year}"
    return f"{date_in_words(start)} to {date_in_words(end)}"


def _owing(duty: Duty, holders: Sequence[Holder]) -> Sequence[Holder]:
    return holders if duty.falls_on_agencies else (Holder(PARTNERSHIP),)


def _quarters(rule: Recurrence, calendar_from: date, until: date) -> Iterator[tuple[date, date, Due]]:
    lag = QUARTER_MONTHS if rule.quarter_due is QuarterDue.END_OF_FOLLOWING_QUARTER else 0
    start = rule.first_quarter or date(2007, 7, 1)
    if start < calendar_from:
        # Jump near the window: the first quarter of the Regulations lies years back.
        start = max(start, quarter_of(add_months(calendar_from, -2 * QUARTER_MONTHS))[0])
    while True:
        following = add_months(start, QUARTER_MONTHS)
        end = following - ONE_DAY
        on = add_months(following, lag) - ONE_DAY
        if on > until:
            return
        if on >= calendar_from:
            steps = [f"The quarter is {day_in_words(start)} to {day_in_words(end)}."]
            if lag:
                steps.append("The data are due by the end of the quarter after.")
            else:
                steps.append("The data are due by the end of that quarter.")
            steps.append(f"Due on {day_in_words(on)}.")
            yield start, end, Due(on, tuple(steps))
        start = following


def _years(rule: Recurrence, calendar_from: date, until: date) -> Iterator[tuple[date, date, Due]]:
    for year in range(calendar_from.year, until.year + 1):
        on = date(year, rule.due_month, rule.due_day)
        if calendar_from <= on <= until:
            start = date(year - 1, rule.due_month, rule.due_day) + ONE_DAY
            yield (
                start,
                on,
                Due(
                    on,
                    (
                        f"The year runs from {day_in_words(start)} to {day_in_words(on)}.",
                        f"Due on {day_in_words(on)}, its last day.",
                    ),
                ),
            )


def _since_last(
    duty: Duty,
    calendar_from: date,
    holders: Sequence[Holder],
    last_done: Mapping[str, date],
    last_excused: Mapping[str, date],
    bank_holidays: BankHolidays,
) -> list[Wanted]:
    span = duty.recurrence.within or Span(1, Unit.YEARS)
    found = []
    for holder in _owing(duty, holders):
        last, excused = last_done.get(holder.code), last_excused.get(holder.code)
        first = max(day for day in (calendar_from, duty.from_, holder.from_) if day is not None)
        if excused is not None and (last is None or excused > last):
            start = excused
            why = f"The one due on {day_in_words(start)} was not needed, so the time runs from that day."
        elif last is not None:
            start = last
            why = f"Last done on {day_in_words(start)}."
        else:
            start = first
            why = f"No earlier one is recorded, so the time runs from {day_in_words(start)}."
        answer = due(Clock(duty.id, duty.title, span.n, span.unit), start, bank_holidays=bank_holidays)
        asked_on = answer.day or start
        if duty.is_in_force_on(asked_on) and holder.is_there_on(asked_on):
            found.append(
                Wanted(duty.id, holder.code, None, None, start, Due(answer.on, (why, *answer.steps[1:])))
            )
    return found


def is_soon(on: date | None, today: date, days: int) -> bool:
    """Whether a due date lies today or within `days` days from today."""
    return on is not None and today <= on <= today + timedelta(days=days)


def _month(day: date) -> str:
    return date_in_words(day).split()[1]
