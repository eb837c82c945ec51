"""How an emergency stands: open, over, reviewed; and what is left of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    OPEN = "open"
    TO_REVIEW = "to_review"
    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"


def stage_of(*, until: datetime, justified: bool | None, now: datetime) -> Stage:
    """Sight ends at `until`; a review may come before."""
    if justified is not None:
        return Stage.JUSTIFIED if justified else Stage.NOT_JUSTIFIED
    return Stage.OPEN if until > now else Stage.TO_REVIEW


def left_words(until: datetime, now: datetime) -> str:
    """What is left of an emergency's sight: "3 hours 40 minutes"; "less than a minute"; "" once it is over."""
    seconds = int((until - now).total_seconds())
    if seconds <= 0:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    parts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((hours, "hour"), (minutes, "minute")) if n]
    return " ".join(parts) or "less than a minute"
