"""What an agenda proposes by itself, in which order, and whether it fits the time.

Under each standing item stands what it takes: referrals that wait (urgent first, then the oldest), actions that are
late or blocked, cases due (worst band first), cases that are ready to close, themes. What one heading took is not
proposed again under a later one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WORST_FIRST = ("very_high", "high", "medium", "", "standard", "low")
# What a standing item takes, and of which kind the items below it are.
KINDS = {
    "referrals": "referral",
    "late_actions": "case",
    "cases_due": "case",
    "closures": "closure",
    "themes": "case",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A standing item of the kind of meeting."""

    code: str
    title: str
    takes: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What could stand under a heading: a referral, a case, or what an earlier meeting put off and is neither.

    `takes`: of which heading; `under`: the code of the one below which it stood before; `day`: sent on, due on, late
    since. `item`: what was put off, where it is about no matter. `minutes`: 0 for those of its heading.
    """

    takes: str
    matter: str
    reference: str
    title: str
    why: str
    band: str = ""
    day: date | None = None
    is_urgent: bool = False
    shown: str = ""
    under: str = ""
    kind: str = ""
    item: str = ""
    minutes: int = 0
    brief: str = ""

    @property
    def key(self) -> str:
        """What it is about, once on an agenda."""
        return self.matter or self.item

    @property
    def cited(self) -> str:
        """How a row cites it."""
        return f"{self.reference} {self.title}" if self.reference else self.title

    @property
    def words(self) -> str:
        """Why, beside the chip of the band: `shown` where `why` names the band too."""
        return self.shown or self.why


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a proposed agenda: a standing item (`candidate` none), or something below it."""

    standing: Standing
    candidate: Candidate | None
    minutes: int

    @property
    def kind(self) -> str:
        if self.candidate is not None:
            return self.candidate.kind or KINDS[self.standing.takes]
        return "actions" if self.standing.takes == "actions" else "standing"


def propose(standing: Iterable[Standing], candidates: Sequence[Candidate]) -> list[Line]:
    """The whole agenda, in order. A heading that takes things counts its minutes for each of them, not for itself.

    What was put off stands below the heading below which it stood, where that is still there.
    """
    headings = list(standing)
    codes = {one.code for one in headings}
    lines: list[Line] = []
    taken: set[str] = set()
    for heading in headings:
        below = [
            one
            for one in candidates
            if one.key not in taken
            and (
                one.under == heading.code
                if one.under in codes
                else heading.takes in KINDS and one.takes == heading.takes
            )
        ]
        lines.append(Line(heading, None, 0 if heading.takes in KINDS else heading.minutes))
        taken.update(one.key for one in below)
        lines.extend(Line(heading, one, one.minutes or heading.minutes) for one in sorted(below, key=_first))
    return lines


def _first(one: Candidate) -> tuple[bool, int, date, str]:
    band = WORST_FIRST.index(one.band) if one.band in WORST_FIRST else len(WORST_FIRST)
    return (not one.is_urgent, 0 if one.takes == "referrals" else band, one.day or date.max, one.reference)


@dataclass(frozen=True, slots=True)
class Budget:
    """The time an agenda needs beside the time there is, in minutes."""

    planned: int
    needed: int

    @property
    def over(self) -> int:
        return max(self.needed - self.planned, 0)

    @property
    def words(self) -> str:
        left = self.planned - self.needed
        if left < 0:
            return f"{self.needed} minutes in a meeting of {self.planned}: {-left} too many"
        return f"{self.needed} of {self.planned} minutes, {left} left"


def budget(planned: int, minutes: Iterable[int]) -> Budget:
    """Minutes set aside for the items, beside the planned length."""
    return Budget(planned, sum(minutes))


def moved(order: Sequence[int], item: int, by: int) -> list[int]:
    """The order after one item went up (-1) or down (1) among those that stand on the agenda.

    Raises ValueError for an item that is not among them. At either end it stays.
    """
    found = list(order)
    at = found.index(item)
    to = min(max(at + by, 0), len(found) - 1)
    found.insert(to, found.pop(at))
    return found


def numbered(shown: Sequence[int], headings: frozenset[int]) -> dict[int, str]:
    """The number of each item that one reader sees: headings 1, 2 …, below them 1.1, 1.2 …; no gap for what she does
    not see. Items below come after their heading; one without a heading that she sees counts as one itself."""
    numbers: dict[int, str] = {}
    heading = below = 0
    for item in shown:
        if item in headings or heading == 0:
            heading, below = heading + 1, 0
            numbers[item] = str(heading)
        else:
            below += 1
            numbers[item] = f"{heading}.{below}"
    return numbers


def in_places(sections: Sequence[Sequence[int]], wanted: Mapping[int, int]) -> list[int]:
    """The order after places were typed: each item's place among those under its own heading, counted from 1.

    Items whose place was not changed keep their order and make room; a place beyond the end is the last. Of two for one
    place the one that stood before comes first.
    """
    found: list[int] = []
    for section in sections:
        changed = [(wanted[one], -at, one) for at, one in enumerate(section, 1) if wanted.get(one, at) != at]
        rest = [one for at, one in enumerate(section, 1) if wanted.get(one, at) == at]
        for place, _, one in sorted(changed):
            rest.insert(min(max(place, 1), len(rest) + 1) - 1, one)
        found.extend(rest)
    return found


def sections_of(shown: Sequence[int], headings: frozenset[int]) -> list[tuple[int | None, list[int]]]:
    """Items in order, gathered under the heading that they follow; None for those before the first one."""
    found: list[tuple[int | None, list[int]]] = []
    for item in shown:
        if item in headings:
            found.append((item, []))
        elif not found:
            found.append((None, [item]))
        else:
            found[-1][1].append(item)
    return found
