"""Time that a clock does not count.

A pause runs from its first day up to, but not including, the day on which the clock runs again. Pauses
that overlap, lie in one another or touch are one pause: no time is left out twice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.rules.moments import day_of, moment_of

_END = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Pause:
    """From `from_` up to, not including, `until`; None means still paused.

    Raises Refusal `pause_ends_before_it_begins`.
    """

    from_: date | datetime
    until: date | datetime | None = None

    def __post_init__(self) -> None:
        if self.until is not None and moment_of(self.until) < moment_of(self.from_):
            raise Refusal("pause_ends_before_it_begins", "A pause cannot end before it begins.")

    def holds(self, at: date | datetime) -> bool:
        """Whether the clock stands still at that moment, or on that day."""
        if isinstance(at, datetime):
            moment = moment_of(at)
            return moment_of(self.from_) <= moment and (self.until is None or moment < moment_of(self.until))
        return day_of(self.from_) <= at and (self.until is None or at < day_of(self.until))

    def closed(self, at: date | datetime) -> "Pause":
        """The same pause, ended at that moment if it has no end."""
        if self.until is not None:
            return self
        return Pause(self.from_, at if moment_of(at) > moment_of(self.from_) else self.from_)


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """Join overlapping, nested and touching pauses, in order. Empty ones go."""
    spans = sorted(
        ((moment_of(p.from_), None if p.until is None else moment_of(p.until)) for p in pauses),
        key=lambda span: (span[0], span[1] or _END),
    )
    joined: list[tuple[datetime, datetime | None]] = []
    for begin, end in spans:
        if end is not None and end <= begin:
            continue
        if joined and (joined[-1][1] is None or begin <= joined[-1][1]):
            last = joined[-1][1]
            joined[-1] = (joined[-1][0], None if last is None or end is None else max(last, end))
        else:
            joined.append((begin, end))
    return [Pause(begin, end) for begin, end in joined]


class PausedDays:
    """The days that pauses take out of a count, with the day from which one is still open."""

    def __init__(self, pauses: Sequence[Pause]) -> None:
        whole = [Pause(day_of(p.from_), None if p.until is None else day_of(p.until)) for p in pauses]
        joined = merged(whole)
        self.open_from = next((day_of(p.from_) for p in joined if p.until is None), None)
        self._spans = [(day_of(p.from_), day_of(p.until)) for p in joined if p.until is not None]

    def has(self, day: date) -> bool:
        """Whether the clock stands still on that day."""
        if self.open_from is not None and day >= self.open_from:
            return True
        return any(begin <= day < end for begin, end in self._spans)
