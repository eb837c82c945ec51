"""Who makes a quorum, and how often agencies come and answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Here:
    """An agency at the table: its code, its kind, whether it has statutory functions here."""

    agency: str
    kind: str
    statutory: bool


@dataclass(frozen=True, slots=True)
class QuorumState:
    """Whether there is a quorum, and in words what is missing."""

    met: bool
    lacks: tuple[str, ...]


def quorum(present: Iterable[Here], *, agencies: int, of_kinds: Sequence[str]) -> QuorumState:
    """Agencies count once, however many people came. `lacks` names how many more, and kinds by their code."""
    here = {one.agency: one for one in present}
    lacks = []
    if len(here) < agencies:
        lacks.append(f"agencies:{agencies - len(here)}")
    kinds = {one.kind for one in here.values()}
    lacks.extend(f"kind:{kind}" for kind in of_kinds if kind not in kinds)
    return QuorumState(not lacks, tuple(lacks))


_FEWEST_FOR_RATE = 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. `rate` is none where there was nothing to count."""

    done: int
    of: int

    @property
    def rate(self) -> float | None:
        return self.done / self.of if self.of else None

    @property
    def words(self) -> str:
        return "none expected" if not self.of else f"{self.done:,} of {self.of:,}"

    @property
    def rate_words(self) -> str:
        """ "66%", from ten on; "" below, where a single one would move it by more than it says."""
        return f"{(200 * self.done + self.of) // (2 * self.of)}%" if self.of >= _FEWEST_FOR_RATE else ""


@dataclass(frozen=True, slots=True)
class AskedOf:
    """One thing that an agency was asked: whether it answered, in time, and what."""

    answer: str
    in_time: bool


def attended(came: Iterable[str]) -> Share:
    """Meetings at which an agency sat, of those at which it was expected. Apologies are no attendance, and a deputy is.

    `came`: for each meeting the best of what its people did (present, deputy, apologies, absent, expected).
    """
    found = list(came)
    return Share(sum(one in ("present", "deputy") for one in found), len(found))


def answered(asked: Iterable[AskedOf]) -> tuple[Share, Share]:
    """Of what an agency was asked: what it answered at all, and what it answered in time. Declining is an answer."""
    found = list(asked)
    return (
        Share(sum(bool(one.answer) for one in found), len(found)),
        Share(sum(bool(one.answer) and one.in_time for one in found), len(found)),
    )
