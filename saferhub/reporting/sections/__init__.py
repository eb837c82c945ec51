"""What fills a report's sections: providers, each by its code.

A provider is given a partnership, a day and what the outline says, and proposes paragraphs, tables, figures and the
marks that the author's words may hold. It reads the packs as they stood on that day, the plan, and observations; it
reads no row that lies behind the second wall. A section whose provider has nothing to say is left out of the
document: nothing stands empty in a report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saferhub.partnership.queries.in_force import InForce
from saferhub.plan.methods.suppression import Cell as HeldCell
from saferhub.plan.methods.suppression import Count
from saferhub.plan.methods.suppression import Table as HeldTable
from saferhub.publication.model import Block
from saferhub.reporting.rules.marks import places_of
from saferhub.reporting.rules.protecting import Counted, HeldAlone


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure that words can cite by its mark, such as [adopted]: how it is written, and where it came from.

    `provenance` is kept with the version: measure, version of its definition, period, rows counted and their hash,
    observation; or the pack's entry and its source. `count` is the number of people behind it where it counts people,
    for suppression, and `held` what the method knows it by; None where it does not. `label`: what it is, for the list
    of figures at the end. `rests_on`: counts that a share, a rate or a median would give away. `holds`: all these
    counts with their values and sums, so that words can cite it where no table holds them; `threshold`: the least
    number of it that is shown.
    """

    mark: str
    text: str
    provenance: Mapping[str, Any]
    count: int | None = None
    label: str = ""
    held: Count | None = None
    rests_on: tuple[Count, ...] = ()
    holds: tuple[HeldTable, ...] = ()
    threshold: int = 5

    @property
    def held_alone(self) -> HeldAlone | None:
        """What has to be protected with it where words cite it; None where it tells of no people."""
        holds = self.holds
        if not holds and self.held is not None and self.count is not None:
            label = self.label or self.mark
            holds = (HeldTable(label, (HeldCell(self.held, label, self.count),)),)
        return HeldAlone(holds, self.threshold) if holds else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider is asked for. `using`: the steward's connection, where figures that nobody has counted yet may
    be counted; "" where only what was observed is told."""

    partnership: int
    as_of: date
    provider: str
    section: str
    heading: str
    priority: str = ""
    committee: int | None = None
    report: int | None = None
    using: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a provider proposes. `words`: paragraphs with marks, which the author may put into her own words; `blocks`:
    tables, figures, lists, which stand after them as they are; `recommendations`: for the end of the document;
    `drawn_from`: entries of packs, whose sources stand in the notes."""

    words: tuple[str, ...] = ()
    blocks: tuple[Block | Counted, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    recommendations: tuple[str, ...] = ()
    drawn_from: tuple[InForce, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.blocks or self.recommendations)

    @property
    def marks(self) -> tuple[str, ...]:
        """Every mark that its words may hold: of figures, and of the tables and charts to which they can point."""
        return (*self.facts, *places_of(self.blocks))


Provider = Callable[[Asked], Proposed]
_PROVIDERS: dict[str, tuple[str, Provider]] = {}


def register(code: str, words: str, provider: Provider) -> None:
    """Make a provider known; `words` say what it fills. Raises ValueError for a code that is taken."""
    if code in _PROVIDERS and _PROVIDERS[code][1] is not provider:
        raise ValueError(f"two providers are called {code}")
    _PROVIDERS[code] = (words, provider)


def propose(asked: Asked) -> Proposed:
    """What the section's provider proposes; nothing where it has none. Raises KeyError for an unknown one."""
    if not asked.provider:
        return Proposed()
    return _PROVIDERS[asked.provider][1](asked)


def all_providers() -> dict[str, str]:
    """Every provider's code and what it fills."""
    return {code: words for code, (words, _) in sorted(_PROVIDERS.items())}
