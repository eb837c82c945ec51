"""Figures of meetings: what each counts, and how. Values in, values out.

Defined in docs/rules/meeting-measures.md, with worked examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from saferhub.casework.rules.oversight_figures import Wait, median, wait

from .attending import AskedOf, Share, answered, attended

# Where several came or were expected for one agency, the best of what they did counts for it.
BEST_FIRST = ("present", "deputy", "apologies", "absent", "expected")


@dataclass(frozen=True, slots=True)
class Sat:
    """One line of a list of attendance: which meeting, for which agency, how."""

    meeting: int
    agency: str
    came: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that an agency was asked before a meeting: what it answered, and whether in time."""

    meeting: int
    agency: str
    answer: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An agency: its code, its name, whether it has statutory functions here."""

    code: str
    name: str
    statutory: bool


@dataclass(frozen=True, slots=True)
class Engagement:
    """How one agency, or several together, came and answered."""

    name: str
    attended: Share
    answered: Share
    in_time: Share
    code: str = ""
    statutory: bool | None = None


def best(rows: Iterable[Sat]) -> dict[str, dict[int, str]]:
    """How each agency came to each meeting: the best of what its people did.

    >>> best([Sat(1, "police", "apologies"), Sat(1, "police", "deputy")])
    {'police': {1: 'deputy'}}
    """
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows:
        known = found[row.agency].get(row.meeting, BEST_FIRST[-1])
        found[row.agency][row.meeting] = min(known, row.came, key=BEST_FIRST.index)
    return dict(found)


def engagement(known: Mapping[str, Known], sat: Iterable[Sat], asked: Iterable[Asked]) -> list[Engagement]:
    """Each agency that was expected or asked, by name."""
    came = best(sat)
    questions: dict[str, list[AskedOf]] = defaultdict(list)
    for one in asked:
        questions[one.agency].append(AskedOf(one.answer, one.in_time))
    made = []
    for code in {*came, *questions}:
        agency = known.get(code, Known(code, code, False))
        at_all, in_time = answered(questions.get(code, ()))
        made.append(
            Engagement(
                agency.name, attended(came.get(code, {}).values()), at_all, in_time, code, agency.statutory
            )
        )
    return sorted(made, key=lambda one: (one.name, one.code))


def together(name: str, rows: Iterable[Engagement]) -> Engagement:
    """Several agencies as one line: their meetings and questions added up, not their rates."""
    rows = list(rows)

    def added(shares: Iterable[Share]) -> Share:
        shares = list(shares)
        return Share(sum(one.done for one in shares), sum(one.of for one in shares))

    return Engagement(
        name,
        added(one.attended for one in rows),
        added(one.answered for one in rows),
        added(one.in_time for one in rows),
    )


@dataclass(frozen=True, slots=True)
class ActionKept:
    """An action agreed at a meeting: by when, and when it was done; none while it is not."""

    due_on: date
    done_on: date | None = None
    dropped: bool = False


def on_time(actions: Iterable[ActionKept], until: date) -> Share:
    """Actions done on or before their day, of those whose day has come by `until` and that are still needed.

    >>> on_time([ActionKept(date(2018, 9, 7), date(2018, 9, 7)), ActionKept(date(2018, 9, 7))], date(2018, 9, 30)).words
    '1 of 2'
    """
    due = [one for one in actions if not one.dropped and one.due_on <= until]
    return Share(sum(one.done_on is not None and one.done_on <= one.due_on for one in due), len(due))


def state(action: ActionKept, until: date) -> str:
    """How an action counts on a day: on_time, late (done after its day), open (its day has come and it is not done),
    dropped, to_come."""
    if action.dropped:
        return "dropped"
    if action.due_on > until:
        return "to_come"
    if action.done_on is None:
        return "open"
    return "on_time" if action.done_on <= action.due_on else "late"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A matter on one agenda: the day it was put on, the day of the meeting, whether something was decided; the number
    of its item there; whether it was put off unspoken."""

    matter: int
    put_on: date
    met_on: date
    decided: bool
    item: int = 0
    put_off: bool = False


def waits(rows: Iterable[Spoken], first: date, last: date) -> list[tuple[date, date]]:
    """From the day a matter was put on an agenda to the meeting that decided on it, for decisions in these days.

    What is put off waits on from the day it was first put on. After a decision the next one begins anew.
    """
    return [(start, row.met_on) for start, row in waited(rows, first, last)]


def waited(rows: Iterable[Spoken], first: date, last: date) -> list[tuple[date, Spoken]]:
    """The same with what was decided on: the day from which it waited, and where it was decided."""
    found = []
    begun: dict[int, date] = {}
    for row in sorted(rows, key=lambda one: (one.met_on, one.put_on)):
        start = begun.setdefault(row.matter, row.put_on)
        if row.decided:
            if first <= row.met_on <= last:
                found.append((start, row))
            del begun[row.matter]
    return found


def wait_of(rows: Iterable[Spoken], first: date, last: date) -> Wait:
    """The same as a median and a ninetieth centile, in days."""
    return wait(waits(rows, first, last))


@dataclass(frozen=True, slots=True)
class Origin:
    """The referral that a matter is or came of: its key, and the day on which it was received."""

    key: int
    came_on: date


def first_met(
    rows: Iterable[Spoken], origins: Mapping[int, Origin], first: date, last: date
) -> list[tuple[date, Spoken]]:
    """Each referral's first meeting, where that lies in these days, and the day on which it was received.

    A referral and the case that came of it count once; what was put off was not spoken of, and what came without a
    referral does not count.
    """
    found: dict[int, tuple[date, Spoken]] = {}
    for row in sorted(rows, key=lambda one: (one.met_on, one.put_on, one.item)):
        origin = origins.get(row.matter)
        if origin is not None and not row.put_off and origin.came_on <= row.met_on:
            found.setdefault(origin.key, (origin.came_on, row))
    return [(start, row) for start, row in found.values() if first <= row.met_on <= last]


@dataclass(frozen=True, slots=True)
class Timed:
    """An item that was done: minutes planned, seconds in focus."""

    planned: int
    spent: int


@dataclass(frozen=True, slots=True)
class Times:
    """Time for each item: of how many, minutes planned and spent together, the median of each."""

    n: int
    planned: int
    spent: float
    planned_median: float | None
    spent_median: float | None


def times(items: Iterable[Timed]) -> Times:
    """Minutes planned and spent. An item that was never in focus was not timed, and is not among them."""
    found = [one for one in items if one.spent > 0]
    return Times(
        len(found),
        sum(one.planned for one in found),
        round(sum(one.spent for one in found) / 60, 1),
        median([one.planned for one in found]),
        _minutes(median([one.spent for one in found])),
    )


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
