"""A reader who attacks published tables, built on nothing of the product but the names of counts.

She sees rows, not relations: every row lies in one cell of a cube (month × hub × route × age), every open
number is the sum of some cells of it, and cells are not negative. The least and greatest sum that a hidden
number can have then follow by linear programming over the cube.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
from scipy.optimize import linprog

from saferhub.plan.methods.suppression import Count, Dimension, Release, Table, table_of

MONTHS = [
    (date(2018, 1, 1), date(2018, 1, 31)),
    (date(2018, 2, 1), date(2018, 2, 28)),
    (date(2018, 3, 1), date(2018, 3, 31)),
]
CODES = ("hub", "route", "age")
Row = tuple[int, int, int, int]  # month, hub, route, age


@dataclass(frozen=True)
class Cube:
    """All rows, as how many lie where, and how many categories each dimension has."""

    sizes: tuple[int, int, int, int]
    rows: Mapping[Row, int]

    @property
    def places(self) -> list[Row]:
        return list(product(*[range(size) for size in self.sizes]))  # type: ignore[arg-type]

    def table(self, *codes: str, months: tuple[int, int], background: bool = False, name: str = "") -> Table:
        """The table by some dimensions over some months, as the product makes it."""
        wanted = [1 + CODES.index(code) for code in codes]
        counts: Counter[tuple[str, ...]] = Counter()
        for row, many in self.rows.items():
            if months[0] <= row[0] <= months[1]:
                counts[tuple(f"{row[at]}" for at in wanted)] += many
        dimensions = [
            Dimension(code, tuple((f"{one}", f"{code} {one}") for one in range(self.sizes[at])))
            for code, at in zip(codes, wanted, strict=True)
        ]
        period = (MONTHS[months[0]][0], MONTHS[months[1]][1])
        name = name or f"Referrals by {' and '.join(codes)}"
        return table_of(name, "referrals", dimensions, counts, period=period, background=background)

    def holds(self, count: Count) -> list[float]:
        """Which cells of the cube a number counts: read from its name and its days."""
        _, *parts = count.what.split("|")
        asked = {CODES.index(code): int(at) for code, _, at in (part.partition("=") for part in parts)}
        assert count.period is not None
        first, last = count.period
        return [
            float(
                first <= MONTHS[place[0]][0]
                and MONTHS[place[0]][1] <= last
                and all(place[1 + at] == one for at, one in asked.items())
            )
            for place in self.places
        ]


def seen(tables: Iterable[Table], marked: Collection[Count]) -> dict[Count, int]:
    """The open numbers."""
    return {
        cell.count: cell.value
        for table in tables
        if not table.background
        for cell in table.cells
        if cell.count not in marked
    }


def ranges(
    cube: Cube, shown: Mapping[Count, int], hidden: Collection[Count]
) -> dict[Count, tuple[float, float]]:
    """How far each hidden number can be narrowed; without an upper end: infinity."""
    matrix = np.array([cube.holds(count) for count in shown]) if shown else None
    right = np.array(list(shown.values()), dtype=float) if shown else None
    found = {}
    for count in sorted(hidden):
        goal, ends = np.array(cube.holds(count)), []
        for sign in (1, -1):
            answer = linprog(sign * goal, A_eq=matrix, b_eq=right, bounds=(0, None), method="highs")
            assert answer.status in (0, 3, 4), answer.message
            ends.append(sign * answer.fun if answer.status == 0 else float("inf"))
        found[count] = (ends[0], ends[1])
    return found


def given_away(
    cube: Cube,
    tables: Iterable[Table],
    marked: Collection[Count],
    threshold: int,
    earlier: Iterable[Release] = (),
    asked: Collection[Count] | None = None,
) -> dict[Count, tuple[float, float]]:
    """The numbers that she narrows below the threshold: of all that are marked, in this release or in earlier ones, or
    of those `asked`."""
    shown, hidden = seen(tables, marked), set(marked)
    for release in earlier:
        shown |= seen(release.tables, release.marked)
        hidden |= release.marked
    return {
        count: (low, high)
        for count, (low, high) in ranges(cube, shown, hidden if asked is None else asked).items()
        if high - low < threshold - 1e-6
    }
