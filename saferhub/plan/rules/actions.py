"""How an action of the plan stands, in words and as a mark; what may be planned, moved and reviewed.

The colours are the usual five of an action plan (domain reference, section 10): blue done, green on track, amber at
risk, red off track, grey not started. Late is no status: it is seen from the dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal
from saferhub.plan.models.strategy import PlanStatus, RolledAs

# What each status says, word for word as the key below the plan prints it.
RULES: Mapping[str, str] = {
    PlanStatus.DONE: "Blue: finished, and what shows it is written down",
    PlanStatus.ON_TRACK: "Green: expected by its day and up to its target",
    PlanStatus.AT_RISK: "Amber: will miss its day or its target unless somebody helps",
    PlanStatus.OFF_TRACK: "Red: misses its day or its target as things stand, or its day has passed",
    PlanStatus.NOT_STARTED: "Grey: nothing has begun yet, and its day has not passed",
    PlanStatus.STOPPED: "Dotted: stopped, with the reason",
}
CLOSED = frozenset({PlanStatus.DONE, PlanStatus.STOPPED})
# What a lead has to explain: why it is not on its way, why it stops, why it is taken up again.
_WITH_WORDS = frozenset({PlanStatus.AT_RISK, PlanStatus.OFF_TRACK, PlanStatus.STOPPED})
SOON = timedelta(days=14)
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class State:
    """How something stands: the code of a status mark (see `status_mark`), its words, and whether it is late."""

    mark: str
    words: str
    is_late: bool = False


def state_of(status: str, due_on: date, on: date) -> State:
    """How an action stands on a day. Late counts the days since its last one; done and stopped are never late."""
    if status == PlanStatus.STOPPED:
        return State("no_target", PlanStatus.STOPPED.label)
    if status == PlanStatus.DONE:
        return State("done", PlanStatus.DONE.label)
    late = (on - due_on).days
    if late > 0:
        return State("late", f"{late} day{'' if late == 1 else 's'} late", True)
    return State(str(status), PlanStatus(status).label)


def counts_as(status: str, due_on: date, on: date) -> str:
    """The status that the strip of an area shows: what is late counts as off track."""
    return PlanStatus.OFF_TRACK if state_of(status, due_on, on).is_late else str(status)


STRIP_ORDER = (
    PlanStatus.DONE,
    PlanStatus.ON_TRACK,
    PlanStatus.AT_RISK,
    PlanStatus.OFF_TRACK,
    PlanStatus.NOT_STARTED,
    PlanStatus.STOPPED,
)
OVERALL_RULE = (
    "Overall: Off track when half of an area’s actions or more are off track or late; At risk when any is at risk, off "
    "track or late; Not started when none has begun; Done when all are done; else On track. What was stopped is not "
    "counted."
)


def strip_words(counted: Iterable[str]) -> str:
    """ "1 done, 3 on track, 2 at risk"; nothing for no action."""
    counted = list(counted)
    parts = [
        f"{number} {status.label.lower()}"
        for status in STRIP_ORDER
        if (number := counted.count(status.value))
    ]
    return ", ".join(parts)


def overall(counted: Iterable[str]) -> State:
    """How an area stands as a whole, from what each of its actions counts as (see OVERALL_RULE)."""
    live = [one for one in counted if one != PlanStatus.STOPPED]
    if not live:
        return State("no_target", "No action")
    off = live.count(PlanStatus.OFF_TRACK)
    if off * 2 >= len(live):
        return State("off_track", "Off track")
    if off or PlanStatus.AT_RISK in live:
        return State("at_risk", "At risk")
    if all(one == PlanStatus.DONE for one in live):
        return State("done", "Done")
    if all(one == PlanStatus.NOT_STARTED for one in live):
        return State("not_started", "Not started")
    return State("on_track", "On track")


def milestone_state(due_on: date, done_on: date | None, dropped_why: str, on: date) -> State:
    """How a milestone stands on a day."""
    if done_on is not None and done_on <= on:
        return State("done", "Done")
    if dropped_why:
        return State("no_target", "Not wanted any more")
    late = (on - due_on).days
    if late > 0:
        return State("late", f"{late} day{'' if late == 1 else 's'} late", True)
    return State("not_started", "To come")


def planned_refusals(
    *, what: str, starts_on: date | None, due_on: date, first_day: date, last_day: date
) -> Iterator[Refusal]:
    """Why an action cannot be planned so in a year from `first_day` to `last_day`."""
    if not what.strip():
        yield Refusal("no_what", "Write what will be done.")
    if not first_day <= due_on <= last_day:
        yield Refusal(
            "due_outside_year", "Choose a day within the plan’s year. What takes longer goes on in the next."
        )
    if starts_on is not None and starts_on > due_on:
        yield Refusal("starts_after_due", "It begins on the day on which it is due or before.")


def move_refusals(*, before: str, after: str, reason: str, evidence: str) -> Iterator[Refusal]:
    """Why a status cannot be said so. Done asks what shows it; trouble, stopping and beginning again ask for words."""
    if after == PlanStatus.DONE and not evidence.strip():
        yield Refusal("no_evidence", "Say what shows that it is done: a paper, a count, a decision.")
    if after in _WITH_WORDS and not reason.strip():
        yield Refusal("no_reason", f"Say why it is {PlanStatus(after).label.lower()}.")
    if before in CLOSED and after not in CLOSED and not reason.strip():
        yield Refusal("no_reason", "Say why it is taken up again.")


def decision_refusals(*, decision: str, why: str) -> Iterator[Refusal]:
    """Why a review's decision about an action cannot be kept: each has a reason, keeping too."""
    if decision not in RolledAs.values:
        yield Refusal("no_decision", "Choose whether it is kept, changed or stopped.")
    if not why.strip():
        yield Refusal("no_why", "Say why. Whoever reads next year’s plan asks.")


def needs_decision(status: str, rolled_as: str) -> bool:
    """Whether a review still has to decide about an action: what is done or stopped is decided already."""
    return not rolled_as and status not in CLOSED


def next_number(area: int, taken: Iterable[str]) -> str:
    """The number after the greatest of an area: "2.6" after "2.5"; "2.1" for the first."""
    own = [int(part) for number in taken if (part := _within(area, number)) is not None]
    return f"{area}.{max(own, default=0) + 1}"


def _within(area: int, number: str) -> str | None:
    head, _, tail = number.partition(".")
    return tail if head == str(area) and tail.isascii() and tail.isdigit() else None


def number_key(number: str) -> tuple[int, ...]:
    """By which actions stand in order: 2.10 after 2.9."""
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in number.split("."))
