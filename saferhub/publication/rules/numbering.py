"""Numbers, given once: a page, a Word file and a PDF of one document show the same.

They belong to the copy that is drawn. Who may not see an item is given another document without it, numbered
without a gap; across copies, items are cited by the reference of their case and never by paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from saferhub.publication.model import (
    Block,
    Bullets,
    Document,
    Figure,
    NotADocument,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Run,
    Section,
    SubParagraph,
    Table,
    anchors_of,
)

Kind = Literal["section", "heading", "paragraph", "part", "table", "figure", "recommendation"]


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a number. `number`: as it stands before it; `cited`: as a reference to it is drawn;
    `anchor`: by which a link finds it, set by the author or made of the number."""

    kind: Kind
    number: str
    cited: str
    anchor: str
    of: Section | Paragraph | SubParagraph | Table | Figure | Recommendation


@dataclass(frozen=True)
class Numbered:
    """A document with every number in it."""

    document: Document
    places: tuple[Place, ...]
    _by_anchor: dict[str, Place] = field(repr=False)
    _by_object: dict[int, Place] = field(repr=False)

    def place(self, of: object) -> Place:
        """The place of this part, which must be one of the document's own. Raises KeyError."""
        return self._by_object[id(of)]

    def target(self, anchor: str) -> Place:
        """What an anchor means. Raises NotADocument for one that nothing has."""
        try:
            return self._by_anchor[anchor]
        except KeyError:
            raise NotADocument(f"a reference points to {anchor!r}, which nothing is called") from None

    def is_touched(self, place: Place) -> bool:
        """Whether the correction names this place, by its anchor or by its number."""
        correction = self.document.correction
        return correction is not None and bool({place.anchor, place.cited} & set(correction.touched))

    @property
    def contents(self) -> tuple[Place, ...]:
        """What the table of contents lists: sections and appendices."""
        return tuple(place for place in self.places if place.kind == "section")

    @property
    def has_contents(self) -> bool:
        return self.document.contents and len(self.contents) > 1


def letter(number: int, *, capital: bool) -> str:
    """The letters of a number from 1: a … z, then aa, bb, as Word counts them on."""
    times, at = divmod(number - 1, 26)
    one = chr((ord("A") if capital else ord("a")) + at)
    return one * (times + 1)


class _Count:
    def __init__(self) -> None:
        self.places: list[Place] = []
        self.tables = self.figures = self.recommendations = 0
        self.taken: set[str] = set()

    def add(self, kind: Kind, number: str, cited: str, of: object, made: str) -> None:
        anchor = getattr(of, "anchor", "") or self._free(made)
        self.places.append(Place(kind, number, cited, anchor, of))  # type: ignore[arg-type]

    def _free(self, made: str) -> str:
        while made in self.taken:
            made += "-x"
        self.taken.add(made)
        return made


def number(document: Document) -> Numbered:
    """Number a document. Raises NotADocument where a reference or a correction points to nothing, or the same part
    stands in two places."""
    count = _Count()
    count.taken.update(anchors_of(document))
    _blocks(count, document.opening, "", "")
    for group, capital in ((document.sections, False), (document.appendices, True)):
        at, paragraph, short = 0, 0, ""
        for section in group:
            if section.level == 1:
                at, paragraph = at + 1, 0
                short = letter(at, capital=True) if capital else str(at)
                cited = f"Appendix {short}" if capital else short
                count.add("section", short, cited, section, f"section-{short.lower()}")
            else:
                count.add("heading", "", f"“{section.title}”", section, f"heading-{short.lower()}")
            paragraph = _blocks(count, section.blocks, short, short.lower(), paragraph)
    by_object = {id(place.of): place for place in count.places}
    if len(by_object) != len(count.places):
        raise NotADocument("one part stands in two places: make two of it")
    made = Numbered(document, tuple(count.places), {place.anchor: place for place in count.places}, by_object)
    for run in runs_of(document):
        if isinstance(run, Reference):
            made.target(run.anchor)
    known = {name for place in made.places for name in (place.anchor, place.cited)}
    for name in document.correction.touched if document.correction else ():
        if name not in known:
            raise NotADocument(f"the correction names {name!r}, which is not there")
    return made


def _blocks(count: _Count, blocks: tuple[Block, ...], short: str, made: str, paragraph: int = 0) -> int:
    for block in blocks:
        if isinstance(block, Paragraph):
            paragraph += 1
            own = f"{short}.{paragraph}"
            count.add("paragraph", own, own, block, f"paragraph-{made}-{paragraph}")
            for n, part in enumerate(block.parts, 1):
                mark = f"({letter(n, capital=False)})"
                count.add("part", mark, f"{own}{mark}", part, f"paragraph-{made}-{paragraph}-{mark[1:-1]}")
        elif isinstance(block, Table):
            count.tables += 1
            name = f"Table {count.tables}"
            count.add("table", name, name, block, f"table-{count.tables}")
        elif isinstance(block, Figure):
            count.figures += 1
            name = f"Figure {count.figures}"
            count.add("figure", name, name, block, f"figure-{count.figures}")
        elif isinstance(block, Recommendation):
            count.recommendations += 1
            name = f"R{count.recommendations}"
            count.add("recommendation", name, name, block, f"recommendation-{count.recommendations}")
    return paragraph


def runs_of(document: Document) -> Iterator[Run]:
    """Every run, in order."""
    groups = (document.opening, *(one.blocks for one in (*document.sections, *document.appendices)))
    for blocks in groups:
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from block.runs
                for part in block.parts:
                    yield from part.runs
            elif isinstance(block, Note | Recommendation):
                yield from block.runs
            elif isinstance(block, Bullets):
                for item in block.items:
                    yield from item
