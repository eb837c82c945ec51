"""Whether a figure by itself is too small to be shown. Values in, values out.

Counts of people from 1 up to one below the measure's threshold are withheld, and with a share both of its parts and
what is left of the whole: 19 of 20 tells of one. What several figures tell together is a matter of
`methods.suppression`. See docs/methods/suppression.md.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saferhub.plan.methods.suppression import Count

# Counters that say how many there are on the last day. They do not add up over time.
ON_A_DAY = frozenset({"cases_open"})
MARK = "[c]"
WORDS = (
    "[c]: a small number of people is not shown, nor what would tell it, so that nobody can be recognised."
)


def is_small(number: Decimal | int | None, threshold: int) -> bool:
    """Whether a count lies from 1 up to one below the threshold. Below a threshold of two nothing is small."""
    return number is not None and threshold > 1 and 0 < number < threshold


def counts_told(
    *,
    unit: str,
    numerator: Decimal | None,
    denominator: Decimal | None,
    rows: int | None,
    has_rest: bool = True,
) -> dict[str, int]:
    """The counts of people that a figure tells, by name: "" for a number of its own; `part`, with a share its `whole`
    and the `rest` of it; without a numerator, as of a median, the `rows`. What a rate is of is public.

    >>> counts_told(unit="count", numerator=Decimal(8), denominator=None, rows=8)
    {'': 8}
    >>> counts_told(unit="per_cent", numerator=Decimal(3), denominator=Decimal(20), rows=20)
    {'part': 3, 'whole': 20, 'rest': 17}
    >>> counts_told(unit="rate", numerator=Decimal(3), denominator=Decimal(22000), rows=3)
    {'part': 3}
    >>> counts_told(unit="days", numerator=None, denominator=None, rows=2)
    {'rows': 2}
    """
    if numerator is None and denominator is None:
        return {"rows": rows or 0}
    if unit == "count" and denominator is None:
        return {"": int(numerator or 0)}
    found = {"part": int(numerator or 0)}
    if denominator is not None and unit != "rate":
        found["whole"] = int(denominator)
        if has_rest:
            found["rest"] = max(found["whole"] - found["part"], 0)
    return found


def count_of(
    measure: str, name: str, *, counted_by: str, first: date, last: date, split: str = "", part: str = ""
) -> Count:
    """By what name the protection of small numbers knows a count of a figure: the same on the measure's page and in
    each report, so that the one is held against the other. `name`: as `counts_told` says.

    >>> count_of("adopted", "part", counted_by="x", first=date(2018, 4, 1), last=date(2018, 6, 30)).what
    'adopted:part'
    """
    what = f"{measure}:{name}" if name else measure
    place = f"|{split}={part}" if split else ""
    if counted_by in ON_A_DAY:
        return Count(f"{what}@{last.isoformat()}{place}")
    return Count(f"{what}{place}", (first, last))


def in_none(total: Count, split: str) -> Count:
    """The name of what lies in no part of a whole."""
    return Count(f"{total.what}|{split}=-", total.period)


def is_withheld(
    *,
    numerator: Decimal | None,
    denominator: Decimal | None,
    rows: int | None,
    threshold: int,
    has_rest: bool = True,
) -> bool:
    """Whether a figure is not shown.

    `rows`: how many were counted, for a figure without a numerator, such as a median. `has_rest`: the numerator is a
    part of the denominator, so that the rest is a count of people too."""
    if numerator is None:
        return is_small(rows, threshold)
    if denominator is None:
        return is_small(numerator, threshold)
    rest = denominator - numerator if has_rest else None
    return any(is_small(one, threshold) for one in (numerator, denominator, rest))
