"""Say which way a case's risk goes, from scores made with one instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

RISING, FALLING, LEVEL = "rising", "falling", "level"
_WORDS = {RISING: "Rising", FALLING: "Falling", LEVEL: "Unchanged"}
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One score and its day."""

    on: date
    score: int


def direction(points: Sequence[Point]) -> str:
    """`rising`, `falling` or `level` from the last score but one to the last; empty with fewer than two."""
    if len(points) < 2:
        return ""
    before, now = points[-2].score, points[-1].score
    return RISING if now > before else FALLING if now < before else LEVEL


def trend_words(points: Sequence[Point], most: int = 0) -> str:
    """ "Rising: 14, 21, now 24 of 41"; the last few scores only. "Scored 24 of 41" for a single one, nothing for
    none. `most`: the highest score there is; 0: not known."""
    if not points:
        return ""
    of = f" of {most}" if most else ""
    if len(points) == 1:
        return f"Scored {points[0].score}{of}"
    shown = points[-_SHOWN:]
    earlier = ", ".join(str(one.score) for one in shown[:-1])
    return f"{_WORDS[direction(points)]}: {earlier}, now {shown[-1].score}{of}"
