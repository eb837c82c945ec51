"""Counters: what a computed measure counts, over the rows of a whole partnership.

A counter runs as steward, which sees everything, and gives numbers alone: never a name, a reference or a row. It
counts what was so at the end of the period, from dated moves, so that the same period counted later gives the same
number unless a row was corrected; the hash of the rows that it counted shows that one was. Each stands in a module of
this package and is checked against plain SQL in its test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A count of the whole (`split` and `code` blank) or of one part of it. `value` None: nothing to tell it from."""

    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    rows: int
    rows_hash: str
    split: str = ""
    code: str = ""
    words: str = ""
    missing_why: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter by its code.

    `count(using, partnership, first, last)` gives the whole first and then its parts, for the days from `first` up to
    and with `last`. `rows_url(first, last, split, code)` is the address of a list of the rows, for those who may see
    them; it must show no more than that list shows to whoever opens it. "" where there is no such list.
    `since(using, partnership)`: the first day of which there is anything to count. `needs_whole`: a time that began
    before that day is not counted, for it would come out too low. `by_area`: a measure of an area of the plan is that
    area's part. `passes_hundred`: a share that can be more than a hundred in a hundred.
    """

    code: str
    words: str
    unit: str
    counts_people: bool
    count: Callable[[str, int, date, date], list[Part]]
    rows_url: Callable[[date, date, str, str], str]
    since: Callable[[str, int], date | None] | None = None
    needs_whole: bool = False
    by_area: bool = False
    passes_hundred: bool = False


_COUNTERS: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Make a counter known. Raises ValueError for a code that is taken."""
    if counter.code in _COUNTERS:
        raise ValueError(f"two counters are called {counter.code}")
    _COUNTERS[counter.code] = counter


def counter(code: str) -> Counter | None:
    """The counter of this code, if there is one."""
    return _COUNTERS.get(code)


def by_code(code: str) -> Counter:
    """The counter of this code. Raises KeyError where there is none."""
    return _COUNTERS[code]


def all_counters() -> list[Counter]:
    """Every counter, by code."""
    return [_COUNTERS[code] for code in sorted(_COUNTERS)]


def rows_hash(rows: Iterable[tuple[object, ...]]) -> str:
    """SHA-256 of counted rows, whatever their order: each row as the values that the count rests on."""
    lines = sorted("\x1f".join(str(value) for value in row) for row in rows)
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()
