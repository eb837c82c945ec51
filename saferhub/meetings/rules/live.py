"""How a running meeting stands: what time is left, where it goes next, which save of somebody's words counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


def seconds_in_focus(spent: int, since: datetime | None, now: datetime) -> int:
    """Seconds that an item has had: those of earlier, and those since it came into focus again."""
    return spent + (max(int((now - since).total_seconds()), 0) if since is not None else 0)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `left`: of the planned time, below nought once it is over. `item_left`: of the item in focus, None where
    none is. `late`: by how much what is still to come is longer than what is left."""

    left: int
    item_left: int | None
    late: int


def pace(
    *,
    planned: int,
    began_at: datetime,
    now: datetime,
    in_focus: tuple[int, int] | None,
    to_come: Iterable[int],
) -> Pace:
    """How the time stands. `planned` and `to_come` in minutes; `in_focus`: minutes set aside and seconds spent."""
    left = planned * 60 - max(int((now - began_at).total_seconds()), 0)
    item_left = None if in_focus is None else in_focus[0] * 60 - in_focus[1]
    needed = sum(to_come) * 60 + max(item_left or 0, 0)
    return Pace(left, item_left, max(needed - max(left, 0), 0))


def whole_minutes(seconds: int) -> int:
    """Minutes as a clock on the wall would be read: a minute that has begun counts."""
    return -(-abs(seconds) // 60)


def left_words(seconds: int) -> tuple[str, str]:
    """ "6 min" and "left", or "2 min" and "over"."""
    return f"{whole_minutes(seconds)} min", "left" if seconds >= 0 else "over"


def following(order: Sequence[str], open_items: Collection[str], item: str) -> str:
    """The item that comes after this one: the next of the order that is still to come, else the first before it that
    is; "" where none is."""
    at = order.index(item) if item in order else -1
    return next((one for one in [*order[at + 1 :], *order[: max(at, 0)]] if one in open_items), "")


class Save(Enum):
    """What a save of somebody's words does to what is kept under the same mark."""

    NEW = "new"
    SAME = "same"
    LATE = "late"


def save_of(kept: tuple[int, str] | None, sequence: int, text: str) -> Save:
    """Whether a save counts. `kept`: sequence and text of what stands under its mark, if anything.

    A lower number came late, and so did another text under the same number: a page counts each of its saves, so the
    one that has been kept is newer or another window's. The same text under the same number was sent twice.
    """
    if kept is None or sequence > kept[0]:
        return Save.NEW
    return Save.SAME if kept == (sequence, text) else Save.LATE


def lacks_words(lacks: Iterable[str], kinds: Mapping[str, str]) -> str:
    """What a quorum lacks, in words: "2 more agencies, among them police force". `kinds`: names by code."""
    more, named = "", []
    for one in lacks:
        what, _, which = one.partition(":")
        if what == "agencies":
            more = "1 more agency" if which == "1" else f"{which} more agencies"
        else:
            name = kinds.get(which, which.replace("_", " "))
            named.append(f"{name[:1].lower()}{name[1:]}")
    if not named:
        return more
    among = " and ".join(named) if len(named) < 3 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"{more}, among them {among}" if more else among


@dataclass(frozen=True, slots=True)
class Sits:
    """Somebody in the room: name, account and unit by number."""

    name: str
    user: int | None
    unit: int


def must_leave(room: Iterable[Sits], *, users: Collection[int], units: Collection[int]) -> list[str]:
    """Names of those in the room from whom an item is kept, by account or by unit; each once, in the room's order."""
    return list(dict.fromkeys(one.name for one in room if one.user in users or one.unit in units))
