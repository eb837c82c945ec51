"""Decide when a clock runs out, and explain the count.

A clock is data from a pack: how long it runs and how it counts. `due` gives the last day (or moment) and
the steps that lead to it; `state` says how a running clock stands. Both take values and return values.

How each unit counts:

* working days: weekends, bank holidays and paused days are skipped; the day after the start is day 1
  (or the start itself, when the clock counts the same day and that day is counted);
* days and weeks: every day counts but paused ones;
* months and years: the corresponding date rule of Dodds v Walker [1981] 1 WLR 1027 (HL): the period ends
  on the same number of day, or on the last day of a month too short to have it; a clock that counts the
  same day ends the day before (Trow v Ind Coope (West Midlands) Ltd [1967] 2 QB 899). Paused days are
  added;
* hours: elapsed hours, through weekends and clock changes, shown in London time. Paused time is added.

A pause runs from its first day up to, but not including, the day on which the clock runs again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.clock_values import (
    Clock,
    Counting,
    IfNotWorking,
    Span,
    Unit,
    add_months,
)
from saferhub.partnership.rules.count_in_words import (
    OPEN_PAUSE,
    PAUSED,
    WEEKEND,
    Mark,
    month_step,
    opening,
    walk_in_words,
)
from saferhub.partnership.rules.dates_in_words import day_in_words, moment_in_words
from saferhub.partnership.rules.moments import LONDON, day_of, earlier, is_later, moment_of
from saferhub.partnership.rules.pauses import Pause, PausedDays, merged
from saferhub.partnership.rules.working_days import ONE_DAY, SATURDAY, BankHolidays, DayKind

__all__ = [
    "LONDON",
    "Clock",
    "Counting",
    "Due",
    "IfNotWorking",
    "Pause",
    "Phase",
    "Span",
    "State",
    "Unit",
    "add_months",
    "day_of",
    "due",
    "merged",
    "state",
    "warns_on",
]

# A clock whose count needs more days than this is a mistake in its dates; without a limit a mistyped
# pause would keep the server counting for centuries.
LONGEST_WALK = 366 * 120


class Phase(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    LATE = "late"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Due:
    """The last day (or moment, for hours) of a clock, and the steps that led to it.

    `on` is None while a pause without an end keeps the date open.
    """

    on: date | datetime | None
    steps: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The last day in London, whatever the unit."""
        return None if self.on is None else day_of(self.on)


@dataclass(frozen=True)
class State:
    """How a clock stands at a moment.

    `used`, `left` and `length` count `unit`: working days, hours, else days. `late_by` counts days after the
    last day, or hours for a clock of hours. While paused `due` assumes that the clock runs again now.
    """

    phase: Phase
    due: Due
    used: int
    length: int
    unit: Unit
    late_by: int = 0
    is_in_time: bool = True
    warnings: tuple[str, ...] = field(default=())

    @property
    def left(self) -> int:
        """Whole units that remain."""
        return max(self.length - self.used, 0)

    @property
    def words(self) -> str:
        """The pips in words: "4 of 5 working days used"."""
        return f"{self.used} of {self.unit.words(self.length)} used" if self.length else "due at once"


def due(
    clock: Clock,
    started: date | datetime,
    *,
    bank_holidays: BankHolidays,
    pauses: Sequence[Pause] = (),
) -> Due:
    """Work out when `clock`, started on `started`, runs out.

    Clocks of hours need an aware datetime; for the others a datetime counts as its day in London.
    Raises Refusal `bank_holidays_unknown`, `clock_needs_a_time` or `date_out_of_range`.
    """
    try:
        if clock.unit is Unit.HOURS:
            return _due_in_hours(clock, started, pauses)
        return _due_in_days(clock, day_of(started), bank_holidays, pauses)
    except OverflowError:
        raise Refusal(
            "date_out_of_range", "The date is too far away to be worked out. Check the year."
        ) from None


def state(
    clock: Clock,
    started: date | datetime,
    now: date | datetime,
    *,
    bank_holidays: BankHolidays,
    pauses: Sequence[Pause] = (),
    stopped: date | datetime | None = None,
) -> State:
    """Say how `clock` stands at `now`, or stood when it stopped. The day `now` counts as used.

    Raises Refusal as `due` does.
    """
    at = earlier(stopped, now) if stopped is not None else now
    known = due(clock, started, bank_holidays=bank_holidays, pauses=pauses)
    is_paused = stopped is None and any(pause.holds(at) for pause in pauses)
    expected = known
    if known.on is None:
        # An open pause: the earliest possible date, as if the clock ran again at this moment.
        expected = due(
            clock, started, bank_holidays=bank_holidays, pauses=[pause.closed(at) for pause in pauses]
        )
    used, length = _progress(clock, started, at, bank_holidays, pauses)
    late_by = _late_by(clock, known, at)
    if stopped is not None:
        phase = Phase.STOPPED
    elif late_by:
        phase = Phase.LATE
    elif is_paused:
        phase = Phase.PAUSED
    else:
        phase = Phase.RUNNING
    result = State(
        phase=phase,
        due=expected,
        used=used,
        length=length,
        unit=clock.unit if clock.unit in {Unit.WORKING_DAYS, Unit.HOURS} else Unit.DAYS,
        late_by=late_by,
        is_in_time=late_by == 0,
    )
    return replace(result, warnings=_warnings(clock, result, at, bank_holidays))


def warns_on(clock: Clock, found: Due, *, bank_holidays: BankHolidays) -> tuple[date | datetime, ...]:
    """The days (or moments) on which `clock` warns before `found` runs out, the first one first.

    A warning is no use on a day on which nobody works: it moves to the working day before. Hours stay.
    Raises Refusal as `due` does, for a clock of working days.
    """
    on = found.on
    if on is None:
        return ()
    return tuple(_warning(clock, on, n, bank_holidays) for n in sorted(clock.warn_before, reverse=True))


def _warning(clock: Clock, on: date | datetime, n: int, holidays: BankHolidays) -> date | datetime:
    if clock.unit is Unit.HOURS:
        return (moment_of(on) - timedelta(hours=n)).astimezone(LONDON)
    day = day_of(on)
    if clock.unit is not Unit.WORKING_DAYS:
        day -= timedelta(days=n)
        # Not `previous_working_day`: for want of a far year's bank holidays a warning need not fail.
        while day.weekday() >= SATURDAY or holidays.name_of(day):
            day -= ONE_DAY
        return day
    for _ in range(n):
        day = holidays.previous_working_day(day - ONE_DAY)
    return day


# --- days -----------------------------------------------------------------------------------------


def _due_in_days(clock: Clock, start: date, holidays: BankHolidays, pauses: Sequence[Pause]) -> Due:
    first = start if clock.counting is Counting.SAME_DAY else start + ONE_DAY
    steps = [opening(clock, start)]
    wanted = clock.days
    if not clock.length:
        steps = [f"Started on {day_in_words(start)}, to be done at once."]
    elif clock.months:
        end = _months_end(clock, start)
        wanted = (end - first).days + 1
        steps.append(month_step(clock, start, end))
    marks = _walk(clock, first, wanted, holidays, pauses)
    steps += walk_in_words(clock, marks, wanted)
    if marks and marks[-1].reason == OPEN_PAUSE:
        return Due(None, tuple(steps))
    last = marks[-1].day if marks else start
    rolled = _rolled(clock, last, holidays)
    if rolled != last:
        why = holidays.name_of(last) or "a weekend day"
        to = "next" if clock.if_not_working is IfNotWorking.NEXT else "last"
        before = "after" if clock.if_not_working is IfNotWorking.NEXT else "before"
        steps.append(
            f"{day_in_words(last)} is {why}, so the date moves to the {to} working day {before} it: "
            f"{day_in_words(rolled)}."
        )
    steps.append(f"Due on {day_in_words(rolled)}.")
    return Due(rolled, tuple(steps))


def _walk(
    clock: Clock, first: date, wanted: int, holidays: BankHolidays, pauses: Sequence[Pause]
) -> list[Mark]:
    """Walk from `first` until `wanted` days count, or an open pause begins."""
    paused = PausedDays(pauses)
    marks: list[Mark] = []
    number = 0
    day = first
    while number < wanted:
        if paused.open_from is not None and day >= paused.open_from:
            marks.append(Mark(day, OPEN_PAUSE, number))
            return marks
        if len(marks) > LONGEST_WALK:
            raise OverflowError("date value out of range")
        reason = PAUSED if paused.has(day) else _not_counted(clock, day, holidays)
        if not reason:
            number += 1
        marks.append(Mark(day, reason, number))
        day += ONE_DAY
    return marks


def _not_counted(clock: Clock, day: date, holidays: BankHolidays) -> str:
    if clock.unit is not Unit.WORKING_DAYS:
        return ""
    kind = holidays.kind_of(day)
    if kind is DayKind.WORKING:
        return ""
    return holidays.name_of(day) or WEEKEND


def _months_end(clock: Clock, start: date) -> date:
    end = add_months(start, clock.months)
    # With the first day counted the period is over the day before the corresponding date. A month too
    # short to have that date ends on its last day either way.
    if clock.counting is Counting.SAME_DAY and end.day == start.day:
        end -= ONE_DAY
    return end


def _rolled(clock: Clock, day: date, holidays: BankHolidays) -> date:
    if clock.if_not_working is IfNotWorking.NEXT:
        return holidays.next_working_day(day)
    if clock.if_not_working is IfNotWorking.PREVIOUS:
        return holidays.previous_working_day(day)
    return day


# --- hours ----------------------------------------------------------------------------------------


def _due_in_hours(clock: Clock, started: date | datetime, pauses: Sequence[Pause]) -> Due:
    if not isinstance(started, datetime):
        raise Refusal(
            "clock_needs_a_time",
            f"“{clock.title}” runs for {clock.length_in_words}. Give the time of day at which it started.",
        )
    begin = moment_of(started)
    end = begin + timedelta(hours=clock.length)
    steps = [f"Started {moment_in_words(begin.astimezone(LONDON))}. Every hour counts, weekends too."]
    for pause in merged(pauses):
        from_ = max(moment_of(pause.from_), begin)
        if from_ >= end:
            break
        if pause.until is None:
            shown = moment_in_words(from_.astimezone(LONDON))
            steps.append(f"Paused since {shown}: no date until the clock runs again.")
            return Due(None, tuple(steps))
        until = moment_of(pause.until)
        if until > from_:
            end += until - from_
            steps.append(
                f"Paused from {moment_in_words(from_.astimezone(LONDON))} to "
                f"{moment_in_words(until.astimezone(LONDON))}: that time is added."
            )
    local = end.astimezone(LONDON)
    change = local.utcoffset() != begin.astimezone(LONDON).utcoffset()
    if change:
        steps.append("The clocks change between these dates: elapsed hours are counted, not the clock face.")
    steps.append(f"Due by {moment_in_words(local)}.")
    return Due(local, tuple(steps))


# --- state ----------------------------------------------------------------------------------------


def _progress(
    clock: Clock,
    started: date | datetime,
    at: date | datetime,
    holidays: BankHolidays,
    pauses: Sequence[Pause],
) -> tuple[int, int]:
    """Units used up to and including `at`, and units in all."""
    if clock.unit is Unit.HOURS:
        begin, moment = moment_of(started), moment_of(at)
        elapsed = max(moment - begin, timedelta())
        for pause in merged(pauses):
            until = moment if pause.until is None else min(moment_of(pause.until), moment)
            elapsed -= max(until - max(moment_of(pause.from_), begin), timedelta())
        return min(int(elapsed / timedelta(hours=1)), clock.length), clock.length
    start = day_of(started)
    first = start if clock.counting is Counting.SAME_DAY else start + ONE_DAY
    length = clock.days
    if clock.months:
        length = (_months_end(clock, start) - first).days + 1
    today = day_of(at)
    paused = PausedDays(pauses)
    used = 0
    day = first
    while day <= today and used < length:
        if not paused.has(day) and not _not_counted(clock, day, holidays):
            used += 1
        if paused.open_from is not None and day >= paused.open_from:
            break
        day += ONE_DAY
    return used, length


def _late_by(clock: Clock, known: Due, at: date | datetime) -> int:
    if known.on is None:
        return 0
    if clock.unit is Unit.HOURS:
        over = moment_of(at) - moment_of(known.on)
        # A minute over is late: part of an hour counts as one.
        return max(-int(-over // timedelta(hours=1)), 0) if over > timedelta() else 0
    return max((day_of(at) - day_of(known.on)).days, 0)


def _warnings(clock: Clock, now: State, at: date | datetime, holidays: BankHolidays) -> tuple[str, ...]:
    if now.phase is not Phase.RUNNING:
        return ()
    days = warns_on(clock, now.due, bank_holidays=holidays)
    if not days or is_later(days[0], at):
        return ()
    if now.left == 0:
        return (f"“{clock.title}” runs out today.",)
    return (f"“{clock.title}” has {now.unit.words(now.left)} left.",)
