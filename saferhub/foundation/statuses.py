"""Statuses as data: which moves there are, and whose move it is.

Each enum of statuses has one `Lifecycle` beside it. Pages, checks, tests and the published diagram
all read the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, ClassVar, Generic, TypeVar

from .refusals import Refusal

S = TypeVar("S", bound=Enum)


class Lifecycle(Generic[S]):
    """The allowed moves of one kind of thing.

    `transitions` maps each status to those it may move to (an empty collection: final).
    `owners` says in words who acts while it stands there. Raises ValueError when a status is
    missing from either, or when no move leads to or from it.
    """

    # Every table in the product, for the generated reference page and for the register of statuses.
    every: ClassVar[list[Lifecycle[Any]]] = []

    def __init__(
        self,
        statuses: type[S],
        *,
        start: S,
        transitions: Mapping[S, Iterable[S]],
        owners: Mapping[S, str],
    ) -> None:
        self.statuses = statuses
        self.start = start
        self.transitions = {status: tuple(targets) for status, targets in transitions.items()}
        self.owners = dict(owners)
        for status in statuses:
            if status not in self.transitions:
                raise ValueError(f"{status} has no row of moves")
            if status not in self.owners:
                raise ValueError(f"{status} has no owner")
        unreachable = set(statuses) - self._reachable()
        if unreachable:
            raise ValueError(f"no move leads to {sorted(s.name for s in unreachable)}")
        self.every.append(self)

    def _reachable(self) -> set[S]:
        seen, waiting = {self.start}, [self.start]
        while waiting:
            for target in self.transitions[waiting.pop()]:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen

    def allows(self, current: S, target: S) -> bool:
        return target in self.transitions[current]

    def check(self, current: S, target: S) -> None:
        """Raise Refusal `illegal_move` unless `current` may move to `target`."""
        if not self.allows(current, target):
            raise Refusal(
                "illegal_move",
                f"This is {_words(current)} now, so it cannot become {_words(target)}.",
            )

    def diagram(self) -> str:
        """The moves as a Mermaid state diagram, for the generated reference pages."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.start.value}"]
        for status in self.statuses:
            lines += [f"    {status.value} --> {target.value}" for target in self.transitions[status]]
            if not self.transitions[status]:
                lines.append(f"    {status.value} --> [*]")
        return "\n".join(lines)


def _words(status: Enum) -> str:
    label = getattr(status, "label", None)
    return str(label or status.value).replace("_", " ").lower()
