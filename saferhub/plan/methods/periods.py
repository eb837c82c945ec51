"""What the counts of several periods, published at several times, tell together.

A count from a day to a day is the difference of two heights of a staircase that never falls. Whoever knows
April to June and April to July knows July. So between all days at which some published period of one
subject begins or ends there are steps, and each published count is the sum of its steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from .tables import Count, Sum

Held = tuple[date, date, int]  # from a day, up to before a day, how many


@dataclass(slots=True)
class Links:
    """What follows from periods: steps and differences as further counts, the sums that hold between them,
    and which counts fit no others because rows were corrected in between."""

    values: dict[Count, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    derived: list[Count] = field(default_factory=list)  # never published, but differences of what may be


def link(values: Mapping[Count, int]) -> Links:
    """The links between the periods of each subject. The values must fit each other (see `check`)."""
    links = Links()
    for what, counts in _by_subject(values).items():
        if len(counts) < 2:
            continue
        held = [_held(count, values[count]) for count in counts]
        heights = _heights(held)
        assert heights is not None, "asked only for values that fit"
        days = sorted(heights)

        def steps(begin: date, end: date, what: str = what, days: list[date] = days) -> tuple[Count, ...]:
            inside = [day for day in days if begin <= day <= end]
            return tuple(_count(what, *step) for step in pairwise(inside))

        for begin, end in pairwise(days):
            if (step := _count(what, begin, end)) not in values:
                links.values[step] = heights[end] - heights[begin]
        for begin, end, _ in held:
            if len(parts := steps(begin, end)) > 1:
                links.sums.append(Sum(_count(what, begin, end), parts))
        for begin, end in _differences(held):
            if (known := _count(what, begin, end)) in values:
                continue
            links.derived.append(known)
            links.values[known] = heights[end] - heights[begin]
            if len(parts := steps(begin, end)) > 1:
                links.sums.append(Sum(known, parts))
    return links


def fits(values: Mapping[Count, int], further: Mapping[Count, int]) -> dict[Count, bool]:
    """Which of `further`, in their order, can be true together with `values`: same rows, none taken away.

    The values must fit each other (see `check`).
    """
    answer: dict[Count, bool] = {}
    subjects = _by_subject(values)
    for what, counts in _by_subject(further).items():
        kept = [_held(count, values[count]) for count in subjects.get(what, [])]
        added = [_held(count, further[count]) for count in counts]
        if _heights([*kept, *added]) is not None:
            answer.update(dict.fromkeys(counts, True))
            continue
        for count, one in zip(counts, added, strict=True):
            answer[count] = _heights([*kept, one]) is not None
            if answer[count]:
                kept.append(one)
    return answer


def check(values: Mapping[Count, int]) -> None:
    """Raises ValueError where values cannot be true together: then one release contradicts itself."""
    for what, counts in _by_subject(values).items():
        if _heights([_held(count, values[count]) for count in counts]) is None:
            raise ValueError(f"{what}: the periods of this release contradict each other.")


def _by_subject(values: Mapping[Count, int]) -> dict[str, list[Count]]:
    subjects: dict[str, list[Count]] = {}
    for count in values:
        if count.period is not None:
            subjects.setdefault(count.what, []).append(count)
    return subjects


def _held(count: Count, value: int) -> Held:
    assert count.period is not None
    first, last = count.period
    return first, last + timedelta(days=1), value


def _count(what: str, begin: date, end: date) -> Count:
    return Count(what, (begin, end - timedelta(days=1)))


def _heights(held: list[Held]) -> dict[date, int] | None:
    """A staircase that fits all (whole numbers), or None where there is none: Bellman and Ford's way."""
    days = sorted({day for begin, end, _ in held for day in (begin, end)})
    # height[to] <= height[from] + most
    edges = [(later, earlier, 0) for earlier, later in pairwise(days)]
    edges += [(begin, end, value) for begin, end, value in held]
    edges += [(end, begin, -value) for begin, end, value in held]
    heights = dict.fromkeys(days, 0)
    for _ in range(len(days) + 1):
        changed = False
        for start, to, most in edges:
            if heights[to] > heights[start] + most:
                heights[to], changed = heights[start] + most, True
        if not changed:
            return heights
    return None


def _differences(held: list[Held]) -> list[tuple[date, date]]:
    """Neighbouring days whose difference in height follows from the counts by adding and taking away."""
    group: dict[date, date] = {}

    def root(day: date) -> date:
        while group.setdefault(day, day) != day:
            day = group[day]
        return day

    for begin, end, _ in held:
        group[root(end)] = root(begin)
    together: dict[date, list[date]] = {}
    for day in sorted(group):
        together.setdefault(root(day), []).append(day)
    return [pair for days in together.values() for pair in pairwise(days)]
