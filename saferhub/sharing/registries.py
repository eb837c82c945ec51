"""What higher apps put on the pages of sharing."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class MatterSection:
    """A part of a matter's page: people in it, places in it. `empty`: what stands where no row would."""

    code: str
    title: str
    rows: Iterable[SectionRow]
    empty: str
    links: tuple[SectionLink, ...] = field(default=())


# provider(actor, matter) -> its section, or None where there is nothing to say
MATTER_SECTIONS: Registry[[Any, Any], MatterSection | None] = Registry("sections of a matter's page")
