"""Which times a measure is counted for, and what stands where a figure is counted anew. Values in, values out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .periods import Period, last_ended

# How many times of each kind are counted, and counted anew, so that a chart has what its limits need.
KEPT = {"month": 36, "quarter": 20, "year": 6}
CORRECTED = "Counted again: rows of this time were added, corrected or taken out"
NOT_COUNTED_NOW = "Nothing is counted for this part any more."


def counted_periods(
    every: str,
    on: date,
    *,
    since: date | None,
    needs_whole: bool,
    ended_on: date | None = None,
    standing: Collection[Period] = (),
) -> list[Period]:
    """The times that were over on a day and are counted, the earliest first.

    `since`: the first day of which there is anything to count; None: there is nothing yet. `needs_whole`: a time that
    began before it would be counted too low and is left out. `ended_on`: the last day on which the measure was kept.
    `standing`: of which a figure stands: these are counted again even where their first rows were taken out since.

    >>> [one.words for one in counted_periods("quarter", date(2018, 8, 28), since=date(2018, 2, 1), needs_whole=True)]
    ['April to June 2018']
    >>> [p.words for p in counted_periods("quarter", date(2018, 8, 28), since=date(2018, 2, 1), needs_whole=False)]
    ['January to March 2018', 'April to June 2018']

    Raises KeyError for another kind of time.
    """

    def has_begun(one: Period) -> bool:
        if since is None:
            return False
        return one.first >= since if needs_whole else one.last >= since

    return [
        one
        for one in last_ended(every, on, KEPT[every])
        if (one in standing or has_begun(one)) and (ended_on is None or one.last <= ended_on)
    ]
