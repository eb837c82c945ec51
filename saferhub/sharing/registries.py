"""What higher apps put on the pages of sharing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from saferhub.foundation.registries import NavItem
from saferhub.foundation.registry import Registry


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A link beside a section's heading or in a row."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One line: what it is, where its page is, what is to be known of it at a glance.

    `tags`: pairs of words and tone (see the component `tag`); what protects somebody comes first.
    """

    title: str
    url: str
    note: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    links: tuple[SectionLink, ...] = ()
    folder: int | None = None  # the record's folder, so that the page can say what happens to it


@dataclass(frozen=True, slots=True)
class MatterSection:
    """A part of a matter's page: people in it, places in it. `empty`: what stands where no row would;
    `columns`: what its titles and its notes are."""

    code: str
    title: str
    rows: Iterable[SectionRow]
    empty: str
    links: tuple[SectionLink, ...] = field(default=())
    columns: tuple[str, str] = ("Name", "Known")


@dataclass(frozen=True, slots=True)
class MatterKind:
    """A kind of matter with pages of its own: what it is called, and the address of the one with this public_id.

    `record_route`: the name of the address where somebody says what part a record has in such a matter (the matter's
    public_id, "person" or "place", the record's public_id). Pages that record or find one go on there.
    """

    words: str
    url: Callable[[str], str]
    record_route: str = ""


_kinds: dict[str, MatterKind] = {}


def register_kind(code: str, kind: MatterKind) -> None:
    """Give a kind of matter its own pages. The plain matter has none here. Raises ValueError when it is taken."""
    if code in _kinds:
        raise ValueError(f"the kind {code} is registered already")
    _kinds[code] = kind


def kind_of(matter: Any) -> MatterKind | None:
    """The kind with its own pages that this matter is of; None for a plain one."""
    return _kinds.get(matter.kind)


def record_route(matter: Any) -> str:
    """Where it goes on with a record that was made or found for this matter; "" where nothing is to be said of it."""
    found = kind_of(matter)
    return found.record_route if found else ""


def kind_words(code: str) -> str:
    """What a kind of matter is called."""
    found = _kinds.get(code)
    return found.words if found else code.replace("_", " ").capitalize()


def kind_choices() -> list[tuple[str, str]]:
    """Every kind there is, for a filter."""
    return [("matter", "Matter"), *((code, kind.words) for code, kind in _kinds.items())]


@dataclass(frozen=True, slots=True)
class MatterFact:
    """How a matter of a kind with its own pages stands, for a list of many kinds: its status in words, and the band
    of its risk where it has one ("incomplete" where it is yet to be scored; "" where none is asked for)."""

    status: str
    band: str = ""


# provider(actor, matters) -> facts by number of the matter, for those of its kind that the actor sees
MATTER_FACTS: Registry[[Any, Sequence[Any]], dict[int, MatterFact]] = Registry("facts of matters in a list")


def matter_facts(actor: Any, matters: Sequence[Any]) -> dict[int, MatterFact]:
    """What every kind says of these matters."""
    return {number: fact for provider in MATTER_FACTS for number, fact in provider(actor, matters).items()}


@dataclass(frozen=True, slots=True)
class WordsHit:
    """Something written that holds the words of a search: what it is, where it stands, whose matter it belongs to.

    `parts`: a piece of it, cut where the words stand: (text, whether it was found).
    """

    what: str
    title: str
    url: str
    matter: Any
    parts: tuple[tuple[str, bool], ...]
    on: date | None = None


# provider(actor, words, most) -> what was written and holds the words, as far as the actor may read it
WRITTEN: Registry[[Any, str, int], list[WordsHit]] = Registry("what a search finds in what was written")


def written_with(actor: Any, words: str, most: int) -> list[WordsHit]:
    """What every provider finds of these words, up to `most` of each kind of thing."""
    return [hit for provider in WRITTEN for hit in provider(actor, words, most)]


# provider(actor, matter) -> its section, or None where there is nothing to say
MATTER_SECTIONS: Registry[[Any, Any], MatterSection | None] = Registry("sections of a matter's page")

# provider(actor, matter) -> what goes along with sight of it and could harm somebody, one sentence each
GOING_ALONG: Registry[[Any, Any], Iterable[str]] = Registry("what goes along with sight of a matter")

# follow(matter, by, reason): what lies in narrower folders beside a matter keeps in step with who sees the matter now
FOLLOWERS: Registry[[Any, Any, str], None] = Registry("what follows who sees a matter")

# provider(actor) -> what stands beside the list of matters
MATTER_TABS: Registry[[Any], Iterable[NavItem]] = Registry("tabs beside matters")

# check(lines, the headings first) -> what the audit is to hold of the list; raises Refusal where it may not leave
EXPORT_CHECKS: Registry[[Sequence[Sequence[Any]]], dict[str, str]] = Registry("checks of a list that leaves")


def going_along(actor: Any, matter: Any) -> list[str]:
    """What whoever gives sight of this matter is told first."""
    return [sentence for provider in GOING_ALONG for sentence in provider(actor, matter)]


def check_export(lines: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Put a list, its headings first, through every check; what the audit is to hold of it besides."""
    return {code: value for check in EXPORT_CHECKS for code, value in check(lines).items()}
