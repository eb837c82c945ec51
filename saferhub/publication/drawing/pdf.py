"""A document as a PDF/UA-1 file, by typst. What people wrote goes in as data and never as markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from saferhub.publication.model import (
    Block,
    Bullets,
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
)
from saferhub.publication.pictures import standing_alone
from saferhub.publication.rules.characters import breakable, code_point, plain
from saferhub.publication.rules.numbering import Numbered
from saferhub.publication.rules.widths import LONGEST_LABEL, label_points, shares

from .fonts import FAMILY, STANDARD, fonts, lacking, with_code_points

# Longer addresses are shown and not linked: no reader follows them, and the compiler refuses them.
LONGEST_LINK = 2000
LACKING = (
    "The fonts of this file lack some characters. Each stands as its code point in brackets: [U+1F600] is the character"
    " with that number in Unicode. The page and the Word file have the characters themselves."
)


class NotDrawn(Exception):  # noqa: N818 - a file that could not be made
    """The compiler refused the document. The message says why."""


def draw(numbered: Numbered) -> bytes:
    """The file: the same bytes for the same document. Raises NotDrawn."""
    data = _data(numbered)
    instead = lacking(_texts(data))
    try:
        return _compiled(data, instead)
    except typst.TypstError:
        # It joined characters in a way that no probe showed, or allows less than it did. Better plain than not at all.
        pass
    every = {one for text in _texts(data) for one in text if ord(one) > 0x7E}
    try:
        return _compiled(_mapped(data, _beyond_ascii), dict.fromkeys(every, ""))
    except typst.TypstError as problem:
        raise NotDrawn(problem.message) from problem


def _beyond_ascii(text: str) -> str:
    return "".join(code_point(one) if ord(one) > 0x7E else one for one in text)


@cache
def _template() -> bytes:
    return (Path(__file__).with_name("document.typ")).read_bytes()


def _compiled(data: dict[str, Any], instead: dict[str, str]) -> bytes:
    made = _mapped(data, lambda text: with_code_points(text, instead))
    made = _mapped(made, breakable, pictures=False)
    made["lacking"] = _text(LACKING) if instead else None
    dated = datetime(data["year"], data["month"], data["day"], tzinfo=UTC)
    found = typst.compile(
        _template(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(made)},
        pdf_standards=STANDARD,
        format="pdf",
        timestamp=dated,
    )
    assert isinstance(found, bytes)
    return found


# --- The document as data ---------------------------------------------------------------------------------------
# What is to be drawn as text is {"t": text}; nothing else in the data is changed for the fonts.


def _text(text: str) -> dict[str, str]:
    return {"t": plain(text)}


def _maybe(text: str) -> dict[str, str] | None:
    return _text(text) if text.strip() else None


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name in ("t", "svg"):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)


def _mapped(data: Any, change: Callable[[str], str], *, pictures: bool = True) -> Any:
    if isinstance(data, dict):
        return {
            name: change(value)
            if name == "t" or (name == "svg" and pictures)
            else _mapped(value, change, pictures=pictures)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [_mapped(one, change, pictures=pictures) for one in data]
    return data


def _data(numbered: Numbered) -> dict[str, Any]:
    document = numbered.document
    return {
        "title": _text(document.title),
        "subtitle": _maybe(document.subtitle),
        "marking": _maybe(document.marking),
        "status": _maybe(document.status),
        "year": document.dated.year,
        "month": document.dated.month,
        "day": document.dated.day,
        "label_points": label_points(plain(one.label) for one in document.title_block),
        "facts": [
            {
                "label": _text(one.label),
                "value": _text(one.value),
                "above": len(plain(one.label)) > LONGEST_LABEL,
            }
            for one in document.title_block
        ],
        "correction": {"title": _text(document.correction.title), "text": _text(document.correction.text)}
        if document.correction
        else None,
        "contents": numbered.has_contents,
        "opening": list(_blocks(numbered, document.opening, opening=True)),
        "sections": [_section(numbered, one) for one in (*document.sections, *document.appendices)],
        "notes": [_text(one) for one in document.notes],
    }


def _section(numbered: Numbered, section: Section) -> dict[str, Any]:
    place = numbered.place(section)
    return {
        "level": section.level,
        "number": place.number,
        "anchor": place.anchor,
        "title": _text(section.title),
        "blocks": list(_blocks(numbered, section.blocks)),
    }


def _blocks(
    numbered: Numbered, blocks: Iterable[Block], *, opening: bool = False
) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, Note):
            yield {"kind": "note", "opening": opening, "runs": _runs(numbered, block.runs)}
        elif isinstance(block, Bullets):
            items = [_runs(numbered, item) for item in block.items]
            yield {"kind": "bullets", "opening": opening, "items": items}
        elif isinstance(block, Paragraph):
            parts = [_numbered(numbered, part, part.runs) for part in block.parts]
            yield {"kind": "paragraph", "parts": parts, **_numbered(numbered, block, block.runs)}
        elif isinstance(block, Recommendation):
            asked = asked_of(block)
            yield {"kind": "recommendation", "asked": _maybe(asked), **_numbered(numbered, block, block.runs)}
        elif isinstance(block, Table):
            yield {
                "kind": "table",
                "caption": _text(block.caption),
                "notes": [_text(one) for one in block.notes],
                **_cells(block.columns, block.rows),
                **_numbered(numbered, block, ()),
            }
        elif isinstance(block, Figure):
            yield {
                "kind": "figure",
                "caption": _text(block.title),
                "svg": standing_alone(block.svg, family=FAMILY),
                "alt": _text(block.alt),
                "description": _maybe(block.description),
                "source": _maybe(block.source),
                **_cells(block.columns, block.rows),
                **_numbered(numbered, block, ()),
            }


def asked_of(block: Recommendation) -> str:
    """For whom a recommendation is and until when, in words."""
    return ", ".join(
        words
        for words in (f"For {block.to}" if block.to else "", f"by {block.by}" if block.by else "")
        if words
    )


def _numbered(numbered: Numbered, part: object, runs: Runs) -> dict[str, Any]:
    place = numbered.place(part)
    return {
        "number": place.number,
        "anchor": place.anchor,
        "touched": numbered.is_touched(place),
        "runs": _runs(numbered, runs),
    }


def _cells(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> dict[str, Any]:
    return {
        "columns": [
            {"heading": _text(one.heading), "side": one.side, "share": share}
            for one, share in zip(columns, shares(columns, rows), strict=True)
        ],
        "rows": [{"cells": [_text(cell.shown) for cell in row.cells], "total": row.is_total} for row in rows],
    }


def _runs(numbered: Numbered, runs: Runs) -> list[dict[str, Any]]:
    return [_run(numbered, run) for run in runs]


def _run(numbered: Numbered, run: Run) -> dict[str, Any]:
    if isinstance(run, Reference):
        place = numbered.target(run.anchor)
        return {"kind": "reference", "anchor": place.anchor, "text": _text(place.cited)}
    if isinstance(run, Link):
        follow = run.address.startswith("http") and len(run.address) <= LONGEST_LINK
        shown = _text(run.address)
        return {
            "kind": "link",
            "text": _text(run.text),
            "address": run.address,
            "shown": shown,
            "follow": follow,
        }
    return {
        "kind": "words",
        "text": _text(run.text),
        "style": "plain" if isinstance(run, Cited) else run.style,
    }


# --- Pictures ---------------------------------------------------------------------------------------------------


def picture(svg: str, *, width_points: float, pixels_per_inch: float = 192) -> bytes:
    """The picture of a figure as a PNG file, for formats that hold no SVG."""
    alone = standing_alone(svg, family=FAMILY)
    source = (
        "#set page(width: float(sys.inputs.width) * 1pt, height: auto, margin: 0pt)\n"
        '#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: "Picture")'
    )
    found = typst.compile(
        source.encode(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"svg": with_code_points(alone, lacking([alone])), "width": str(width_points)},
        format="png",
        ppi=pixels_per_inch,
    )
    assert isinstance(found, bytes)
    return found
