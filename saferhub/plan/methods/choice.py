"""Which further cells to mark, so that none of the marked can be worked out.

For each count that is not yet safe, one linear programme looks for two other states of the world that show
the same open numbers and lie at least the threshold apart in this count, and moves as few and as small open
cells as it can to find them; those it moves are marked. Afterwards every further mark is tried without,
the greatest first. The same tables give the same marks.

Fischetti and Salazar (Management Science, 2001) describe such programmes for tables with any linear
relations, and why the best choice of all is out of reach: what is chosen here is safe and small, and not
always the smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .reader import NEAR, Reader, Relations

if TYPE_CHECKING:
    import numpy as np


class Chooser:
    """Grows and prunes one set of hidden places.

    widest: the reader from whom everything that may be hidden is. hidden: what is hidden already.
    candidates: open places that may be marked. threshold: how far apart the ends of a range must be.
    """

    def __init__(
        self, widest: Reader, hidden: Iterable[int], candidates: Iterable[int], threshold: int
    ) -> None:
        self.widest = widest
        self.relations: Relations = widest.relations
        self.hidden = set(hidden)
        self.candidates = set(candidates) - self.hidden
        self.threshold = threshold
        # Other states of the world with the same open numbers: each shows for many counts how far they reach.
        self.states: list[np.ndarray] = []

    def weight(self, place: int) -> float:
        """What a mark costs: few before many, small before great. A zero tells readers more than a small
        number that something is there, and hides little: it comes after these."""
        value = float(self.relations.values[place])
        order = 1.0 + 1e-4 * place / len(self.relations.counts)  # one best answer, not several
        return (self.threshold + (value or 2.0 * self.threshold)) * order

    def grow(self, targets: Iterable[int]) -> set[int]:
        """Marks whatever these counts and the marks themselves need; small counts first. Returns what it marked.

        What is safe stays safe with every further mark, and is not looked at again."""
        added: set[int] = set()
        reader = Reader(self.relations, self.hidden)
        waiting = list(reader.narrow(self._in_order(targets), self.threshold))
        while waiting:
            found = self._two_states(waiting.pop(0))
            if found is None:
                continue  # not even marking all is enough: the audit says why
            self.states += found
            moved = {
                place
                for place in self.candidates
                if any(abs(state[place] - self.relations.values[place]) > NEAR for state in found)
            }
            added |= moved
            self.hidden |= moved
            self.candidates -= moved
            if moved:
                reader = Reader(self.relations, self.hidden)
                for state in self.states:
                    reader.learn(state)
                waiting = list(reader.narrow(self._in_order({*waiting, *moved}), self.threshold))
        return added

    def _in_order(self, places: Iterable[int]) -> list[int]:
        return sorted(places, key=lambda place: (self.relations.values[place], place))

    def prune(self, further: Iterable[int], targets: set[int]) -> set[int]:
        """Opens again, greatest first, what no target needs. Returns what stays of `further`.

        Only the group of counts to which a mark belongs can miss it."""
        kept = set(further)
        reader = Reader(self.relations, self.hidden)
        safe = targets - set(reader.narrow(self._in_order(targets), self.threshold))
        for place in sorted(kept, key=lambda each: (-self.relations.values[each], each)):
            near = set(reader.around(place)) - {place}
            without = Reader(self.relations, near)
            for state in self.states:
                if state[place] == self.relations.values[place]:
                    without.learn(state)
            if next(without.narrow(self._in_order(safe & near), self.threshold), None) is None:
                kept.discard(place)
                safe.discard(place)
                self.hidden.discard(place)
                reader = Reader(self.relations, self.hidden)
        return kept

    def _two_states(self, target: int) -> list[np.ndarray] | None:
        """Two states at least the threshold apart in a count, moving little weight of the candidates; None where there
        are none."""
        import numpy as np
        from scipy import sparse
        from scipy.optimize import linprog

        column = self.widest.column.get(target)
        if column is None:
            return None
        columns, matrix, _ = self.widest.part(int(self.widest.group[column]))
        places = self.widest.hidden[columns]
        free = [here for here, place in enumerate(places) if int(place) in self.hidden]
        costly = [here for here, place in enumerate(places) if int(place) in self.candidates]
        true = self.relations.values[places]
        # Movements away from the true state: hidden counts freely, candidates up and down at a price.
        block = sparse.hstack([matrix[:, free], matrix[:, costly], -matrix[:, costly]], format="csr")
        block = block[np.flatnonzero(block.getnnz(axis=1))]
        price = [self.weight(int(places[here])) for here in costly]
        cost = np.concatenate([np.zeros(len(free)), price, price])
        ceiling = self.relations.ceiling
        low = np.concatenate([-true[free], np.zeros(2 * len(costly))])
        high = np.concatenate([np.full(len(free) + len(costly), ceiling), true[costly]])
        apart = np.zeros(2 * len(cost))
        at = next(here for here, each in enumerate(free) if places[each] == target)
        apart[at], apart[len(cost) + at] = -1.0, 1.0
        found = linprog(
            np.concatenate([cost, cost]),
            A_ub=apart[None, :],
            b_ub=[-float(self.threshold)],
            A_eq=sparse.block_diag([block, block], format="csr") if block.shape[0] else None,
            b_eq=np.zeros(2 * block.shape[0]) if block.shape[0] else None,
            bounds=np.tile(np.column_stack([low, high]), (2, 1)),
            method="highs-ds",
        )
        if found.status == 2:
            return None
        if found.status != 0:
            raise ArithmeticError(f"Cells to mark could not be chosen: {found.message}")
        return list(self._states(found.x, places, free, costly))

    def _states(
        self, moves: np.ndarray, places: np.ndarray, free: list[int], costly: list[int]
    ) -> Iterator[np.ndarray]:
        import numpy as np

        for half in np.split(moves, 2):
            state = self.relations.values.copy()
            state[places[free]] += half[: len(free)]
            up, down = np.split(half[len(free) :], 2)
            state[places[costly]] += up - down
            yield state
