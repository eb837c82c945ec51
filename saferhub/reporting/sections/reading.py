"""What providers read: the packs of the day with their sources, and numbers that were counted in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisations import Directory
from saferhub.publication.model import Block
from saferhub.reporting.queries.figures import Figures, figures_of
from saferhub.reporting.queries.plan_facts import partnership_of, provenance_of
from saferhub.reporting.rules.figure_words import number_word
from saferhub.reporting.rules.protecting import Counted

from . import Asked, Fact, Proposed


@dataclass
class Reading:
    """One section being filled: what was read, what it says so far, where that comes from."""

    asked: Asked
    words: list[str] = field(default_factory=list)
    blocks: list[Block | Counted] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    recommendations: list[str] = field(default_factory=list)
    drawn_from: list[InForce] = field(default_factory=list)

    @cached_property
    def partnership(self) -> Partnership:
        return partnership_of(self.asked.partnership)

    @property
    def day(self) -> date:
        return self.asked.as_of

    @cached_property
    def figures(self) -> Figures:
        """The figures of the day, read once for all sections of a page."""
        return figures_of(self.partnership, self.day, self.asked.using)

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.partnership, self.day)

    @cached_property
    def _citations(self) -> Citations:
        return Citations(self.partnership)

    @cached_property
    def itself(self) -> Any:
        """The partnership's own item; None where its pack is not in force on the day."""
        found = self.directory.itself
        return found.item if found else None

    def entries(self, section: str) -> list[InForce]:
        """What is in force in a section on the day."""
        return in_force.entries(self.partnership, section, self.day)

    def use(self, entries: Iterable[InForce | None]) -> None:
        """Name these as sources."""
        self.drawn_from += [one for one in entries if one is not None and one not in self.drawn_from]

    def say(self, *paragraphs: str) -> None:
        """Add paragraphs; empty ones are left out."""
        self.words += [one for one in paragraphs if one.strip()]

    def reported_on(self, entry: InForce) -> date | None:
        """The day on which it was reported, for what may have changed since; None where it is of the very day."""
        dated = self._citations.dated(entry)
        return dated if dated is not None and dated < self.day else None

    def number(self, mark: str, section: str, entries: Sequence[InForce], label: str) -> str:
        """Make a number counted in the packs citable, and give its mark as words hold it."""
        self.facts[mark] = Fact(
            mark,
            number_word(len(entries)),
            provenance_of(self.partnership, section, entries, self.day),
            label=label,
        )
        return f"[{mark}]"

    def counted(self, mark: str, number: int, label: str, *, text: str = "", **where: Any) -> str:
        """The same for a number of rows of the partnership's own work, which nobody can be told from. `text`: how it is
        written, where not as a number."""
        self.facts[mark] = Fact(
            mark,
            text or number_word(number),
            {**where, "value": number, "as_of": self.day.isoformat()},
            label=label,
        )
        return f"[{mark}]"

    def proposed(self) -> Proposed:
        """What the section proposes."""
        return Proposed(
            tuple(self.words),
            tuple(self.blocks),
            self.facts,
            tuple(self.recommendations),
            tuple(self.drawn_from),
        )


def lower_first(text: str) -> str:
    """For a sentence that goes on with it; abbreviations stay."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """For what begins a sentence."""
    return text[:1].upper() + text[1:]


def enumerated(parts: Sequence[str]) -> list[str]:
    """Parts of one sentence, each with its point or stroke.

    >>> enumerated(["one", "two", "three"])
    ['one;', 'two;', 'three.']
    """
    return [f"{one};" for one in parts[:-1]] + [f"{one}." for one in parts[-1:]]


def without_what_is_common(names: Sequence[str]) -> tuple[list[str], str]:
    """Names without the words in which all of them end, and these words; as they are where that leaves one empty.

    >>> without_what_is_common(["Craven Community Safety Hub", "Selby Community Safety Hub"])
    (['Craven', 'Selby'], 'Community Safety Hub')
    >>> without_what_is_common(["Harbour Hub", "Market Square"])
    (['Harbour Hub', 'Market Square'], '')
    """
    split = [one.split() for one in names]
    same = 0
    while all(len(one) > same + 1 for one in split) and len({one[-1 - same] for one in split}) == 1:
        same += 1
    if not same or len(names) < 2:
        return list(names), ""
    return [" ".join(one[:-same]) for one in split], " ".join(split[0][-same:])


def sentence(text: str) -> str:
    """With its point at the end."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
