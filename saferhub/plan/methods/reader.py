"""What a reader can work out of published counts: the least and greatest each hidden one can be.

She knows which relations hold, that counts are whole and not negative, and every published number. The
range of a hidden count is found by linear programming; where an end of it is reached only by broken
numbers, by whole-number programming. HiGHS (through SciPy) solves both, always in the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .tables import Count, Sum

if TYPE_CHECKING:
    import numpy as np

NEAR = 1e-6
# So many branches at most for one end of a range. Then the best found so far counts: a narrower range.
BRANCHES = 2000


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest a count can be for the reader; None: it has no upper end."""

    low: int
    high: int | None

    def is_wide(self, threshold: int) -> bool:
        return self.high is None or self.high - self.low >= threshold

    def words(self) -> str:
        if self.high is None:
            return f"{self.low} or more"
        return f"{self.low}" if self.low == self.high else f"{self.low} to {self.high}"


class Relations:
    """All counts with true values and all sums between them, as arrays. Immutable once made."""

    def __init__(self, values: Mapping[Count, int], sums: Iterable[Sum], *, slack: int) -> None:
        import numpy as np
        from scipy import sparse

        self.counts: Sequence[Count] = tuple(values)
        self.at = {count: here for here, count in enumerate(self.counts)}
        self.values = np.array([values[count] for count in self.counts], dtype=float)
        rows, columns, signs = [], [], []
        distinct = list(dict.fromkeys(sums))
        for row, each in enumerate(distinct):
            for count, sign in ((each.total, 1.0), *((part, -1.0) for part in each.parts)):
                rows.append(row)
                columns.append(self.at[count])
                signs.append(sign)
        shape = (len(distinct), len(self.counts))
        self.matrix: Any = sparse.csc_matrix((signs, (rows, columns)), shape=shape)
        # Stands for "no upper end": far above what any published number could hold.
        self.ceiling = 4.0 * float(self.values.sum()) + 100.0 * slack

    def places(self, counts: Iterable[Count]) -> list[int]:
        return sorted(self.at[count] for count in counts)


class Reader:
    """The reader of one choice of hidden counts.

    Of each hidden count she keeps the least and the greatest that it is in some example: whole numbers, none negative,
    that add up to every open number. Two examples that lie far enough apart in a count prove that it cannot be
    narrowed further, and one example speaks for many counts; so few programmes have to be solved.
    """

    def __init__(self, relations: Relations, hidden: Iterable[int]) -> None:
        import numpy as np
        from scipy import sparse
        from scipy.sparse import csgraph

        self.relations = relations
        self.hidden = np.array(sorted(hidden), dtype=int)
        among = relations.matrix[:, self.hidden].tocsr()
        among = among[np.flatnonzero(np.diff(among.indptr))]
        self.matrix = among.tocsc()
        true = relations.values[self.hidden]
        self.right = self.matrix @ true
        # Counts that no relation joins tell nothing of each other: each group is solved on its own.
        sums = self.matrix.shape[0]
        joined = sparse.bmat([[None, abs(among)], [abs(among).T, None]]) if sums and len(true) else None
        self.group = (
            csgraph.connected_components(joined, directed=False)[1][sums:]
            if joined is not None
            else np.arange(len(true))
        )
        self.column = {int(place): here for here, place in enumerate(self.hidden)}
        self.low, self.high = true.copy(), true.copy()
        self._parts: dict[int, tuple[np.ndarray, Any, np.ndarray]] = {}
        self._ranges: dict[int, Range] = {}

    def range_of(self, place: int) -> Range:
        """The range of one count, by its place; of a published one, its value."""
        if place not in self.column:
            value = round(float(self.relations.values[place]))
            return Range(value, value)
        if place not in self._ranges:
            self._between(place, self._end(place, 1.0), self._end(place, -1.0))
        return self._ranges[place]

    def narrow(self, places: Iterable[int], threshold: int) -> Iterator[int]:
        """Those of these counts whose range is shorter than the threshold, in their order; open ones are."""
        asked = list(places)
        self._look_around(asked, threshold)
        return (place for place in asked if not self._is_wide(place, threshold))

    def learn(self, state: np.ndarray) -> None:
        """Takes a state of all counts for an example, of each group for which it is one."""
        for group in set(self.group.tolist()):
            columns, _, _ = self.part(group)
            self._keep(group, state[self.hidden[columns]])

    def around(self, place: int) -> list[int]:
        """The places of the group to which a hidden count belongs, itself among them."""
        columns, _, _ = self.part(int(self.group[self.column[place]]))
        return [int(each) for each in self.hidden[columns]]

    def part(self, group: int) -> tuple[np.ndarray, Any, np.ndarray]:
        """The columns that one group of hidden counts has here, the sums over them, and what these give."""
        import numpy as np

        if group not in self._parts:
            columns = np.flatnonzero(self.group == group)
            matrix = self.matrix[:, columns].tocsr()
            rows = np.flatnonzero(np.diff(matrix.indptr))
            self._parts[group] = columns, matrix[rows].tocsc(), self.right[rows]
        return self._parts[group]

    def _keep(self, group: int, numbers: np.ndarray) -> bool:
        """Keeps numbers for one group where they are an example, each sum worked out anew. Whether they are."""
        import numpy as np

        columns, matrix, right = self.part(group)
        whole = np.rint(numbers)
        if np.abs(whole - numbers).max() > NEAR or whole.min() < 0 or (matrix @ whole != right).any():
            return False
        self.low[columns] = np.minimum(self.low[columns], whole)
        self.high[columns] = np.maximum(self.high[columns], whole)
        return True

    def _is_shown_wide(self, place: int, threshold: int) -> bool:
        here = self.column.get(place)
        return here is not None and self.high[here] - self.low[here] >= threshold

    def _is_wide(self, place: int, threshold: int) -> bool:
        if place not in self.column or self._is_shown_wide(place, threshold):
            return place in self.column
        low = self._end(place, 1.0)
        if self._is_shown_wide(place, threshold):
            return True
        return self._between(place, low, self._end(place, -1.0)).is_wide(threshold)

    def _between(self, place: int, low: int, high: int) -> Range:
        self._ranges[place] = Range(low, None if high >= self.relations.ceiling - 1 else high)
        return self._ranges[place]

    def _look_around(self, places: Sequence[int], threshold: int) -> None:
        """Examples that are far from each other in many counts at once, as long as they settle any."""
        import numpy as np

        groups: dict[int, list[int]] = {}
        for place in places:
            if place in self.column and not self._is_shown_wide(place, threshold):
                groups.setdefault(int(self.group[self.column[place]]), []).append(place)
        for group, unsettled in groups.items():
            columns, _, right = self.part(group)
            before = len(unsettled) + 1
            while right.size and 1 < len(unsettled) < before:
                before = len(unsettled)
                goal = np.zeros(len(columns))
                goal[np.searchsorted(columns, [self.column[place] for place in unsettled])] = [
                    1.0 if at % 2 else -1.0 for at in range(before)
                ]
                for sign in (1.0, -1.0):
                    self._keep(group, self._least(group, sign * goal))
                unsettled = [place for place in unsettled if not self._is_shown_wide(place, threshold)]

    def _least(self, group: int, goal: np.ndarray) -> np.ndarray:
        """Where the goal is least, broken numbers allowed."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        columns, matrix, right = self.part(group)
        found = milp(
            goal,
            constraints=LinearConstraint(matrix, right, right),
            bounds=Bounds(np.zeros(len(columns)), np.full(len(columns), self.relations.ceiling)),
        )
        if found.x is None:  # the true values are a solution, so there is one
            raise ArithmeticError(f"The range of a count could not be found: {found.message}")
        numbers: np.ndarray = found.x
        return numbers

    def _end(self, place: int, sign: float) -> int:
        """The least (sign 1) or greatest (sign -1) whole value that the count can have."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        here = self.column[place]
        group = int(self.group[here])
        columns, matrix, right = self.part(group)
        if not right.size:
            numbers = np.where(columns == here, 0.0 if sign > 0 else self.relations.ceiling, 0.0)
            self._keep(group, numbers)
            return 0 if sign > 0 else round(self.relations.ceiling)
        goal = np.where(columns == here, sign, 0.0)
        numbers = self._least(group, goal)
        if self._keep(group, numbers):
            return round(float(goal @ numbers) * sign)
        whole = milp(
            goal,
            constraints=LinearConstraint(matrix, right, right),
            bounds=Bounds(0, self.relations.ceiling),
            integrality=np.ones(len(columns)),
            options={"node_limit": BRANCHES, "mip_rel_gap": 0.0},
        )
        if whole.x is not None and self._keep(group, np.rint(whole.x)):
            return round(float(goal @ np.rint(whole.x)) * sign)
        return round(float(self.relations.values[place]))
