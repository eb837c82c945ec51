"""A document as part of a page: headings in order, numbers as links, tables with captions, pictures with words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from saferhub.foundation.templatetags.drawing import draw
from saferhub.publication.model import (
    Block,
    Bullets,
    Cell,
    Cited,
    Column,
    Figure,
    Link,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Row,
    Run,
    Runs,
    Section,
    Table,
    Words,
)
from saferhub.publication.pictures import for_page
from saferhub.publication.rules.characters import plain
from saferhub.publication.rules.numbering import Numbered
from saferhub.publication.rules.widths import are_short

_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def contents(numbered: Numbered) -> SafeString:
    """The table of contents, for the side of the page; nothing for a document of one section."""
    if not numbered.has_contents:
        return mark_safe("")
    rows = [
        {"number": place.number, "anchor": place.anchor, "title": lines(place.of.title)}  # type: ignore[union-attr]
        for place in numbered.contents
    ]
    return draw("publication/contents", rows=rows)


def document(numbered: Numbered, *, compare_url: str = "") -> SafeString:
    """The document, its title as the page's heading. `compare_url`: what a correction's notice leads to."""
    made = numbered.document
    return draw(
        "publication/document",
        title=lines(made.title),
        subtitle=lines(made.subtitle),
        facts=[{"label": lines(fact.label), "value": lines(fact.value)} for fact in made.title_block],
        status=lines(made.status),
        correction={"title": lines(made.correction.title), "text": lines(made.correction.text)}
        if made.correction
        else None,
        compare_url=compare_url,
        opening=list(_blocks(numbered, made.opening)),
        sections=[*_sections(numbered, made.sections), *_sections(numbered, made.appendices)],
        notes=[lines(one) for one in made.notes],
    )


def lines(text: str) -> SafeString:
    """A text with its line breaks; where it turns the direction of reading, it turns nothing beside itself."""
    made = escape(plain(text)).replace("\n", mark_safe("<br>"))
    if _TURNS.search(text) or any(unicodedata.bidirectional(one) in ("R", "AL", "AN") for one in text):
        return format_html("<bdi>{}</bdi>", mark_safe(made))  # noqa: S308 - escaped just above
    return mark_safe(made)  # noqa: S308 - escaped just above


def runs(numbered: Numbered, given: Runs) -> SafeString:
    """A paragraph's inside."""
    return mark_safe("".join(_run(numbered, run) for run in given))  # noqa: S308 - each is escaped


def _run(numbered: Numbered, run: Run) -> str:
    if isinstance(run, Words):
        tag = {"strong": "strong", "emphasis": "em"}.get(run.style)
        return format_html(f"<{tag}>{{}}</{tag}>", lines(run.text)) if tag else lines(run.text)
    if isinstance(run, Cited):
        return lines(run.text)
    if isinstance(run, Link):
        return format_html(
            '<a href="{}">{}</a><span class="sh-doc__address"> ({})</span>',
            run.address,
            lines(run.text),
            run.address,
        )
    assert isinstance(run, Reference)
    place = numbered.target(run.anchor)
    return format_html('<a href="#{}">{}</a>', place.anchor, place.cited)


def _sections(numbered: Numbered, sections: Iterable[Section]) -> Iterator[dict[str, Any]]:
    for section in sections:
        place = numbered.place(section)
        yield {
            "level": section.level,
            "number": place.number,
            "anchor": place.anchor,
            "title": lines(section.title),
            "blocks": list(_blocks(numbered, section.blocks)),
        }


def _blocks(numbered: Numbered, blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, Note):
            yield {"kind": "note", "inside": runs(numbered, block.runs)}
            continue
        if isinstance(block, Bullets):
            yield {"kind": "bullets", "items": [runs(numbered, item) for item in block.items]}
            continue
        place = numbered.place(block)
        common = {"anchor": place.anchor, "number": place.number, "touched": numbered.is_touched(place)}
        if isinstance(block, Paragraph):
            yield {
                **common,
                "kind": "paragraph",
                "inside": runs(numbered, block.runs),
                "parts": [_part(numbered, part) for part in block.parts],
            }
        elif isinstance(block, Recommendation):
            yield {
                **common,
                "kind": "recommendation",
                "inside": runs(numbered, block.runs),
                "to": lines(block.to),
                "by": lines(block.by),
            }
        elif isinstance(block, Table):
            yield {
                **common,
                "kind": "table",
                "caption": lines(block.caption),
                "columns": _columns(block.columns),
                "rows": list(_rows(block.columns, block.rows, heading=block.row_headings)),
                # On a telephone rows of words stack; figures are compared, so they scroll.
                "stack": all(one.side != "right" for one in block.columns),
                "notes": _notes(block.notes),
            }
        elif isinstance(block, Figure):
            yield {
                **common,
                "kind": "figure",
                "title": lines(block.title),
                "picture": mark_safe(  # noqa: S308 - held to what our charts draw, and written anew
                    for_page(block.svg, anchor=place.anchor, title=plain(block.title), words=plain(block.alt))
                ),
                "alt": lines(block.alt),
                "description": lines(block.description),
                "source": lines(block.source),
                "columns": _columns(block.columns),
                "rows": list(_rows(block.columns, block.rows, heading=True)),
            }


def _part(numbered: Numbered, part: Any) -> dict[str, Any]:
    place = numbered.place(part)
    return {
        "anchor": place.anchor,
        "number": place.number,
        "inside": runs(numbered, part.runs),
        "touched": numbered.is_touched(place),
    }


def _columns(columns: Iterable[Column]) -> list[dict[str, Any]]:
    return [{"heading": lines(one.heading), "numeric": one.side == "right"} for one in columns]


def _notes(notes: Iterable[str]) -> list[SafeString]:
    return [lines(one) for one in notes]


def _rows(columns: tuple[Column, ...], rows: tuple[Row, ...], *, heading: bool) -> Iterator[dict[str, Any]]:
    short = are_short(columns, rows)
    for row in rows:
        cells = [
            {
                "text": _cell(cell),
                "numeric": column.side == "right",
                "label": plain(column.heading),
                "heading": heading and n == 0,
                "whole": short[n],
            }
            for n, (cell, column) in enumerate(zip(row.cells, columns, strict=True))
        ]
        yield {"cells": cells, "is_total": row.is_total}


def _cell(cell: Cell) -> SafeString:
    return lines(cell.shown)
