"""What differs between two versions of a document, and where a correction touched it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from saferhub.publication.model import Cited, Correction, Document, Figure, NotADocument, Table

from .fragments import Fragment, fragments
from .numbering import number, runs_of

# What a version says of itself, and differs by rights.
_OF_THE_VERSION = (
    "The status notice",
    "The correction notice",
    "The name of the file",
    "The block under the title",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of text that differs. `before` is empty for what came in, `after` for what was taken out."""

    kind: Literal["added", "taken out", "changed"]
    place: str
    before: str
    after: str


def changes(before: Document, after: Document) -> list[Change]:
    """What differs in the text, in the order of the newer one. What only moved on by a number is no change."""
    old, new = _content(before), _content(after)
    found: list[Change] = []
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        left, right = old[i1:i2], new[j1:j2]
        both = min(len(left), len(right))
        for one, other in zip(left[:both], right[:both], strict=True):
            found.append(Change("changed", other.place, one.text, other.text))
        found += [Change("added", one.place, "", one.text) for one in right[both:]]
        found += [Change("taken out", one.place, one.text, "") for one in left[both:]]
    return found


def _content(document: Document) -> list[Fragment]:
    return [one for one in fragments(document) if one.place not in _OF_THE_VERSION]


def touched(before: Document, after: Document) -> tuple[str, ...]:
    """The numbers, in the newer version, of every paragraph, table, figure and recommendation whose text was changed
    or came in: what the correction marks where it stands."""
    places = {change.place for change in changes(before, after) if change.kind != "taken out"}
    made = []
    for place in number(after).places:
        if place.kind in ("section", "heading"):
            continue
        ends = (f"paragraph {place.cited}", f"Recommendation {place.cited}", place.cited)
        if any(_names(shown, end) for shown in places for end in ends):
            made.append(place.cited)
    return tuple(made)


def _names(shown: str, end: str) -> bool:
    """Whether a place in words is this one, or something at it: "Table 1, row 4" is at "Table 1"."""
    return shown == end or shown.endswith(f", {end}") or shown.startswith(f"{end}, ") or f", {end}, " in shown


def corrected(before: Document, after: Document, *, title: str, text: str) -> Document:
    """The newer version with its notice, and what it changed marked. Raises NotADocument where nothing differs or the
    notice says nothing."""
    if not title.strip() or not text.strip():
        raise NotADocument("a correction says what was wrong and what is right")
    if not changes(before, after):
        raise NotADocument("nothing differs, so nothing was corrected")
    return replace(after, correction=Correction(title, text, touched(before, after)))


def uncited(document: Document, figures: Mapping[str, object]) -> tuple[str, ...]:
    """The keys of figures that the document cites and for which no provenance is given."""
    keys = [run.figure for run in runs_of(document) if isinstance(run, Cited)]
    blocks = [*document.opening, *(b for s in (*document.sections, *document.appendices) for b in s.blocks)]
    keys += [
        cell.figure
        for block in blocks
        if isinstance(block, Table | Figure)
        for row in block.rows
        for cell in row.cells
        if cell.figure
    ]
    return tuple(dict.fromkeys(key for key in keys if key not in figures))
