"""Every piece of text of a document with the place where it stands, for whoever has to look through it.

The release check looks for protected facts in them. What is not text is here too: the name of the file, the addresses
that links lead to, the words in pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from saferhub.publication.model import (
    Block,
    Bullets,
    Cell,
    Cited,
    Column,
    Document,
    Figure,
    Link,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Row,
    Runs,
    Section,
    Table,
    Words,
)
from saferhub.publication.pictures import words_in

from .characters import plain
from .numbering import Numbered, number


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text. `key` is unique in the document; `place` begins a sentence: "Section 2, paragraph 2.3".

    `block`: of pieces that are read together, as the rows of a table, the lines of a list, a paragraph with its parts:
    a key that they share, and its place. What is spread over them, such as an address, is found in all of them only.
    """

    key: str
    place: str
    text: str
    kind: Literal["text", "row", "file name"] = "text"
    block: str = ""
    block_place: str = ""


def fragments(document: Document) -> list[Fragment]:
    """Every piece of text, in the order in which it is read; the file's name last. None of them is empty."""
    return [one for one in _all(number(document)) if one.text.strip()]


def text_of(runs: Runs, numbered: Numbered) -> str:
    """The text of a paragraph as it is read, references as their numbers and links without their addresses."""
    return plain("".join(_text(run, numbered) for run in runs))


def _text(run: object, numbered: Numbered) -> str:
    if isinstance(run, Words | Cited | Link):
        return run.text
    assert isinstance(run, Reference)
    return numbered.target(run.anchor).cited


def _all(numbered: Numbered) -> Iterator[Fragment]:
    document = numbered.document
    yield Fragment("subtitle", "The subtitle", plain(document.subtitle))
    yield Fragment("title", "The title", plain(document.title))
    for n, fact in enumerate(document.title_block, 1):
        yield Fragment(f"title-block-{n}", "The block under the title", plain(f"{fact.label} {fact.value}"))
    yield Fragment("marking", "The marking", plain(document.marking))
    yield Fragment("status", "The status notice", plain(document.status))
    if document.correction:
        yield Fragment("correction-title", "The correction notice", plain(document.correction.title))
        yield Fragment("correction", "The correction notice", plain(document.correction.text))
    yield from _blocks(numbered, document.opening, "Before the first section", "opening")
    for group in (document.sections, document.appendices):
        where, key = "", ""
        for section in group:
            if section.level == 1:
                place = numbered.place(section)
                where = place.cited if group is document.appendices else f"Section {place.number}"
                key = f"section-{place.number.lower()}"
            yield from _section(numbered, section, where, key)
    for n, text in enumerate(document.notes, 1):
        yield Fragment(f"note-{n}", "Sources and notes", plain(text))
    yield Fragment("file-name", "The name of the file", document.file_stem, "file name")


def _section(numbered: Numbered, section: Section, where: str, key: str) -> Iterator[Fragment]:
    yield Fragment(f"{numbered.place(section).anchor}-heading", f"{where}, the heading", plain(section.title))
    yield from _blocks(numbered, section.blocks, where, f"{numbered.place(section).anchor}-{key}")


def _blocks(numbered: Numbered, blocks: tuple[Block, ...], where: str, key: str) -> Iterator[Fragment]:
    for at, block in enumerate(blocks, 1):
        here = f"{key}-{at}"
        if isinstance(block, Paragraph):
            own = numbered.place(block)
            group = (f"{own.anchor}-whole", f"{where}, paragraph {own.cited}")
            yield from _runs(numbered, block.runs, group[1], own.anchor, group)
            for part in block.parts:
                place = numbered.place(part)
                yield from _runs(
                    numbered, part.runs, f"{where}, paragraph {place.cited}", place.anchor, group
                )
        elif isinstance(block, Recommendation):
            own = numbered.place(block)
            name = f"Recommendation {own.number}"
            yield from _runs(numbered, block.runs, name, own.anchor)
            yield Fragment(f"{own.anchor}-to", f"{name}, for whom it is", plain(block.to))
            yield Fragment(f"{own.anchor}-by", f"{name}, until when", plain(block.by))
        elif isinstance(block, Note):
            yield from _runs(numbered, block.runs, f"{where}, a note", here)
        elif isinstance(block, Bullets):
            for n, item in enumerate(block.items, 1):
                group = (f"{here}-whole", f"{where}, a list")
                yield from _runs(numbered, item, f"{where}, line {n} of a list", f"{here}-{n}", group)
        elif isinstance(block, Table):
            own = numbered.place(block)
            yield Fragment(f"{own.anchor}-caption", f"{own.number}, the caption", plain(block.caption))
            yield from _rows(own.number, own.anchor, block.columns, block.rows)
            for n, text in enumerate(block.notes, 1):
                yield Fragment(f"{own.anchor}-note-{n}", f"{own.number}, a note", plain(text))
        elif isinstance(block, Figure):
            own = numbered.place(block)
            for part_key, part_name, text in (
                ("title", "the title", block.title),
                ("alt", "what it shows", block.alt),
                ("description", "the description", block.description),
                ("source", "the source", block.source),
                ("picture", "the words in the picture", words_in(block.svg)),
            ):
                yield Fragment(f"{own.anchor}-{part_key}", f"{own.number}, {part_name}", plain(text))
            yield from _rows(own.number, own.anchor, block.columns, block.rows)


def _runs(
    numbered: Numbered, runs: Runs, place: str, key: str, group: tuple[str, str] = ("", "")
) -> Iterator[Fragment]:
    yield Fragment(key, place, text_of(runs, numbered), "text", *group)
    for n, run in enumerate((run for run in runs if isinstance(run, Link)), 1):
        yield Fragment(f"{key}-link-{n}", f"{place}, the address of a link", run.address)


def _rows(name: str, key: str, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> Iterator[Fragment]:
    heading = "\t".join(plain(column.heading) for column in columns)
    group = (f"{key}-rows", name)
    yield Fragment(f"{key}-columns", f"{name}, the headings", heading, "row", *group)
    for n, row in enumerate(rows, 1):
        yield Fragment(f"{key}-row-{n}", f"{name}, row {n}", "\t".join(map(_cell, row.cells)), "row", *group)


def _cell(cell: Cell) -> str:
    return plain(cell.shown)
