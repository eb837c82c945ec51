"""What the minutes of a meeting are made of: values that were recorded at it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What one minute-taker wrote in one sitting. `key`: public_id of the row; `until`: its last save."""

    key: str
    author: str
    began: datetime
    until: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """An action as it was agreed."""

    what: str
    who: str
    by: date


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded at one item. `item`: its public_id; `guests`: who came for it alone, in words; `left`: who
    declared an interest of her own and left for it; `put_off_why`: in the words of whoever put it off."""

    item: str
    title: str
    reference: str = ""
    said: tuple[Said, ...] = ()
    decision: str = ""
    decision_words: str = ""
    agreed: str = ""
    scores: tuple[str, ...] = ()
    actions: tuple[Agreed, ...] = ()
    guests: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    put_off: bool = False
    put_off_why: str = ""

    @property
    def heading(self) -> str:
        return f"{self.reference}: {self.title}" if self.reference else self.title


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody in the list of attendance: how she came in words, and whose deputy she was."""

    name: str
    agency: str
    how: str


@dataclass(frozen=True, slots=True)
class Head:
    """What every part and every copy says of its meeting. `hours`: as planned; `held`: as it was, in words."""

    group: str
    kind: str
    key: str
    on: date
    hours: str
    place: str
    chair: str = ""
    taken_by: str = ""
    held: str = ""
