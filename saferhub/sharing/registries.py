"""What higher apps put on the pages of sharing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

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


# provider(actor, matter) -> its section, or None where there is nothing to say
MATTER_SECTIONS: Registry[[Any, Any], MatterSection | None] = Registry("sections of a matter's page")

# check(lines, the headings first) -> what the audit is to hold of the list; raises Refusal where it may not leave
EXPORT_CHECKS: Registry[[Sequence[Sequence[Any]]], dict[str, str]] = Registry("checks of a list that leaves")


def check_export(lines: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Put a list, its headings first, through every check; what the audit is to hold of it besides."""
    return {code: value for check in EXPORT_CHECKS for code, value in check(lines).items()}
