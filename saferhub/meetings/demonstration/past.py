"""What happened at the meetings of a hub in a year: drawn from a seed, before any of it is written down. All invented.

It stands on the cases of the demonstration's history: what is spoken of was open on that day, what is proposed for
closing closed soon after, and actions that cases agreed in those days were agreed at the meeting.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

FORTNIGHT = timedelta(days=14)
# Days before a meeting on which its agenda is begun, so many before its day that it is sent.
BEGUN, SENT = 8, 6
# After it the chair approves its minutes.
APPROVED = timedelta(days=4)
# Of a hundred meetings so many are called off, of a hundred items so many are put off or end in no decision.
_CALLED_OFF, _PUT_OFF, _UNDECIDED = 6, 8, 7
CANCELLED_WHY = "Half of us are away. What cannot wait goes by telephone."
PUT_OFF_WHY = "Whoever leads it was called away."


@dataclass(frozen=True, slots=True)
class Sits:
    """How one agency takes part: how often it comes and answers at the beginning of the year, by how much that rises
    until its end (from 0 to 1), how often an answer is in time."""

    key: str
    seat: str
    comes: float
    answers: float
    in_time: float
    rises: float = 0.0
    post: str = ""


# Agencies with statutory functions come; voluntary ones and landlords come more often as the year goes on.
TABLE = (
    Sits("police", "chair", 0.95, 0.92, 0.85),
    Sits("hub", "minutes", 1.0, 0.0, 0.0),
    Sits("housing", "member", 0.88, 0.86, 0.75),
    Sits("county", "member", 0.8, 0.76, 0.62),
    Sits("mental_health", "member", 0.64, 0.68, 0.55, rises=0.08),
    Sits("fire", "member", 0.6, 0.55, 0.7, post="Community protection officer"),
    Sits("victims", "member", 0.46, 0.55, 0.7, rises=0.34),
    Sits("landlord", "member", 0.4, 0.42, 0.5, rises=0.3, post="Area manager"),
)
SAID = (
    "Two visits since we last met, one of them answered. What was agreed holds so far.",
    "Fewer calls than in the weeks before. Nobody wants to end it yet.",
    "The same people, another place. Housing and police go together on Thursday.",
    "The contract was kept for three weeks and then not. The landlord writes.",
    "The neighbours say that it is quieter. We look again at the next meeting but one.",
    "Nothing new from anybody at the table. The lead officer asks the school.",
    "An appointment was missed. Somebody he knows goes along next time.",
    "Lights and a gate are promised for next month; until then the patrol goes on.",
)
ANSWERS = {
    "nothing": "",
    "shared": "Two contacts since the last meeting; the last one is noted in the case.",
    "ask_me": "",
    "declined": "",
}
DECLINED_WHY = "What we hold was told in confidence and is not needed for this."


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action of a case: its identifier, when it was set, in words what, who, by when."""

    key: str
    set_on: date
    words: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """A case of the hub as its meetings know it."""

    pk: int
    matter_pk: int
    matter: str
    title: str
    reference: str
    purpose: str
    adopted_on: date
    closed_on: date | None
    actions: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one agency returned on one item; `answer` is "" for silence, `late` by how many days after the last day."""

    key: str
    answer: str
    late: bool


@dataclass(slots=True)
class Spoken:
    """One item: what was said and decided, how long it took in seconds; `added` to the agenda so many days before."""

    case: Known
    kind: str
    seconds: int
    said: str
    decision: str = ""
    agreed: str = ""
    put_off: bool = False
    added: int = BEGUN
    answers: list[Answer] = field(default_factory=list)
    actions: tuple[Agreed, ...] = ()


@dataclass(slots=True)
class Past:
    """One meeting: `came` by the key of an agency."""

    on: date
    moved_from: date | None
    cancelled: bool = False
    came: dict[str, str] = field(default_factory=dict)
    items: list[Spoken] = field(default_factory=list)


def meetings(
    hub: str, days: Sequence[tuple[date, date | None]], cases: Iterable[Known], seed: int
) -> Iterator[Past]:
    """What happened on these days, the first one first. The same for the same seed."""
    chance = random.Random(f"meetings:{seed}:{hub}")
    zeal = chance.uniform(-0.08, 0.08)
    cases = list(cases)
    spoken: dict[int, date] = {}
    waiting: list[Known] = []
    for number, (on, moved_from) in enumerate(days):
        past = Past(on, moved_from)
        if chance.randrange(100) < _CALLED_OFF:
            past.cancelled = True
            yield past
            continue
        gone = number / max(1, len(days) - 1)
        for one in TABLE:
            past.came[one.key] = _came(one, one.comes + one.rises * gone + zeal, chance)
        chosen = _chosen(cases, on, spoken, waiting, 3 + chance.randrange(4))
        waiting = []
        for case in chosen:
            spoken[case.pk] = on
            item = _item(case, on, gone, zeal, chance)
            if item.put_off:
                waiting.append(case)
            past.items.append(item)
        yield past


def _came(one: Sits, chance_of: float, chance: random.Random) -> str:
    drawn = chance.random()
    if drawn < chance_of:
        return "deputy" if drawn < 0.1 and one.comes < 1 else "present"
    return "apologies" if chance.random() < 0.7 else "absent"


def _chosen(
    cases: Sequence[Known], on: date, spoken: dict[int, date], waiting: Sequence[Known], most: int
) -> list[Known]:
    """What was put off first, then what is about to end, what is new or agreed something then, what was not spoken of
    for longest."""
    there = [one for one in cases if one.adopted_on <= on and (one.closed_on is None or one.closed_on >= on)]

    def rank(one: Known) -> tuple[int, date, int]:
        last = spoken.get(one.pk)
        busy = _ends(one, on) or _agreed(one, on) or (last is None and one.adopted_on > on - FORTNIGHT)
        return (0 if one in waiting else 1 if busy else 2, last or one.adopted_on, one.pk)

    return sorted(there, key=rank)[:most]


def _ends(case: Known, on: date) -> bool:
    return case.closed_on is not None and case.closed_on < on + FORTNIGHT


def _agreed(case: Known, on: date) -> tuple[Agreed, ...]:
    """What the case agreed on the day or in those just after, as it was written into the case."""
    return tuple(one for one in case.actions if on <= one.set_on < on + timedelta(days=7))


def _item(case: Known, on: date, gone: float, zeal: float, chance: random.Random) -> Spoken:
    ends, actions = _ends(case, on), _agreed(case, on)
    item = Spoken(case, "closure" if ends else "case", chance.randrange(70, 420), chance.choice(SAID))
    for one in TABLE:
        if not one.answers:
            continue
        if chance.random() < one.answers + one.rises * gone + zeal:
            kind = chance.choices(tuple(ANSWERS), (52, 30, 13, 5))[0]
            item.answers.append(Answer(one.key, kind, chance.random() > one.in_time + one.rises * gone))
        else:
            item.answers.append(Answer(one.key, "", late=False))
    drawn = chance.randrange(100)
    if drawn < _PUT_OFF and not ends and not actions:
        item.put_off, item.seconds, item.said = True, 0, ""
        return item
    item.actions, item.added = actions, chance.randrange(SENT, BEGUN + 1)
    if drawn < _PUT_OFF + _UNDECIDED and not ends and not actions:
        return item
    if ends:
        item.decision = "propose_closing"
    else:
        item.decision = chance.choices(("go_on", "change_plan", "more_needed"), (60, 25, 15))[0]
    item.agreed = "majority" if chance.random() < 0.06 else "all"
    return item
