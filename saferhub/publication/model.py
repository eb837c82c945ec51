"""One model of a document, whatever it is drawn as: a page, a Word file or a PDF.

Frozen values. Text is data and never markup: whatever stands in a field is drawn as it is. Numbers are not
part of it: `rules.numbering` gives every drawing the same ones. How it works: docs/documents.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

ANCHOR = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
LONGEST_MARKING = 80
FILE_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_ADDRESS = re.compile(r"(?:https?://[^/\s]|/(?!/))[^\s\x00-\x20\\]*\Z")

Style = Literal["plain", "strong", "emphasis"]
Side = Literal["left", "right"]


class NotADocument(ValueError):
    """A document or a part of one is made up wrongly. The sentence says what and where."""


# --- Runs: what stands inside a paragraph -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Words:
    """Text; its line breaks are kept."""

    text: str
    style: Style = "plain"

    def __post_init__(self) -> None:
        if self.style not in ("plain", "strong", "emphasis"):
            raise NotADocument(f"{self.style!r} is no style of words")


@dataclass(frozen=True, slots=True)
class Cited:
    """A figure as it is written, and the key under which its provenance is kept with the version."""

    text: str
    figure: str


@dataclass(frozen=True, slots=True)
class Reference:
    """Points to an anchor of this document; drawn as its number."""

    anchor: str


@dataclass(frozen=True, slots=True)
class Link:
    """Leads elsewhere: http, https, or an address of this service that begins with one stroke. In print the
    address stands behind the words. Raises NotADocument for any other address."""

    text: str
    address: str

    def __post_init__(self) -> None:
        if not _ADDRESS.match(self.address):
            raise NotADocument("a link leads to http, https, or an address of this service")


Run = Words | Cited | Reference | Link
Runs = tuple[Run, ...]


def words(text: str, style: Style = "plain") -> Runs:
    """A text as the only run of a paragraph."""
    return (Words(text, style),)


# --- Blocks: what stands under a heading ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubParagraph:
    """Numbered (a), (b) … within its paragraph."""

    runs: Runs
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Numbered 1.1, 1.2 … within its section, with its subparagraphs."""

    runs: Runs
    parts: tuple[SubParagraph, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph without a number."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and on which side its cells stand."""

    heading: str
    side: Side = "left"

    def __post_init__(self) -> None:
        if self.side not in ("left", "right"):
            raise NotADocument(f"{self.side!r} is no side of a column")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `withheld`: the words that stand where a figure is not shown, such as "not shown";
    it then bears a mark, and the table has to say in its notes what the mark means."""

    text: str = ""
    withheld: str = ""
    figure: str = ""

    def __post_init__(self) -> None:
        if self.withheld and (self.text or self.figure):
            raise NotADocument("a cell that is withheld shows nothing else")

    @property
    def shown(self) -> str:
        return f"{self.withheld}*" if self.withheld else self.text


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Numbered Table 1, 2 … through the document. `row_headings`: the first cell of a row names it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    row_headings: bool = True
    anchor: str = ""

    def __post_init__(self) -> None:
        _check_table(self.caption, self.columns, self.rows, self.notes)


@dataclass(frozen=True, slots=True)
class Figure:
    """Numbered Figure 1, 2 … through the document: a picture of our own charts, what it shows in a sentence
    (`alt`), where that is not enough at length, and always the figures themselves.

    `svg`: one svg element. Raises NotADocument without a sentence or without figures; what the picture may hold is
    checked where it is drawn (`drawing.pictures`).
    """

    title: str
    alt: str
    svg: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    description: str = ""
    source: str = ""
    anchor: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise NotADocument("a figure says in words what it shows")
        _check_table(self.title, self.columns, self.rows, None)


def _check_table(
    caption: str, columns: tuple[Column, ...], rows: tuple[Row, ...], notes: tuple[str, ...] | None
) -> None:
    if not caption.strip():
        raise NotADocument("a table or figure has a caption")
    if not columns:
        raise NotADocument("a table has columns")
    for number, row in enumerate(rows, 1):
        if len(row.cells) != len(columns):
            raise NotADocument(f"row {number} has {len(row.cells)} cells, the table {len(columns)} columns")
    if notes is not None and not notes and any(cell.withheld for row in rows for cell in row.cells):
        raise NotADocument("a table that withholds a figure says why in a note")


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Numbered R1, R2 … through the document. `to` and `by`: who is asked, and until when, in words."""

    runs: Runs
    to: str = ""
    by: str = ""
    anchor: str = ""


Block = Paragraph | Note | Bullets | Table | Figure | Recommendation
# What may stand before the first section, where nothing is numbered by sections.
Opening = Note | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. Level 1 is numbered; a section of level 2 is a heading without a number
    inside of the one before it, whose paragraphs count on."""

    title: str
    blocks: tuple[Block, ...] = ()
    anchor: str = ""
    level: int = 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2):
            raise NotADocument("a section is of level 1 or 2")
        if not self.title.strip():
            raise NotADocument("a section has a heading")


# --- The document -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the block under the title: "To", "Overview and Scrutiny Committee"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What the notice of a corrected version says; `touched`: anchors or numbers of what was put right, marked
    where it stands."""

    title: str
    text: str
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document. `kind`: a code, such as `letter`. `dated`: the day it bears. `marking`: on every page.
    `status`: a notice such as "Draft, not approved". `file_stem`: the name of its files without their ending, never
    with a name in it. `contents`: whether it lists its sections first; an agenda is a list itself. Raises
    NotADocument."""

    kind: str
    title: str
    dated: date
    file_stem: str
    subtitle: str = ""
    title_block: tuple[Fact, ...] = ()
    marking: str = ""
    status: str = ""
    correction: Correction | None = None
    opening: tuple[Opening, ...] = ()
    sections: tuple[Section, ...] = ()
    appendices: tuple[Section, ...] = ()
    notes: tuple[str, ...] = ()
    contents: bool = True
    language: str = field(default="en-GB")

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise NotADocument("a document has a title")
        if len(self.marking) > LONGEST_MARKING or "\n" in self.marking:
            raise NotADocument("a marking is one short line: it stands on every page")
        if self.language != "en-GB":
            raise NotADocument("documents are written in en-GB")
        if not FILE_STEM.match(self.file_stem):
            raise NotADocument("a file's name is letters, digits, points and strokes")
        for group in (self.sections, self.appendices):
            if group and group[0].level != 1:
                raise NotADocument("the first section is of level 1")
        seen: set[str] = set()
        for anchor in anchors_of(self):
            if not ANCHOR.match(anchor):
                raise NotADocument(f"{anchor!r} is no anchor: small letters, digits and strokes")
            if anchor in seen:
                raise NotADocument(f"two things are called {anchor!r}")
            seen.add(anchor)

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """All of them, in order."""
        return tuple(
            block
            for section in (*self.sections, *self.appendices)
            for block in section.blocks
            if isinstance(block, Recommendation)
        )


def anchors_of(document: Document) -> Iterator[str]:
    """Every anchor that is set, in order."""
    for block in document.opening:
        if anchor := getattr(block, "anchor", ""):
            yield anchor
    for section in (*document.sections, *document.appendices):
        if section.anchor:
            yield section.anchor
        for one in section.blocks:
            if anchor := getattr(one, "anchor", ""):
                yield anchor
            if isinstance(one, Paragraph):
                yield from (part.anchor for part in one.parts if part.anchor)
