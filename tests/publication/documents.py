"""Documents that the tests draw."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.publication.model import (
    Bullets,
    Cell,
    Cited,
    Column,
    Correction,
    Document,
    Fact,
    Figure,
    Link,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Row,
    Section,
    SubParagraph,
    Table,
    Words,
    words,
)

ACT = "https://www.legislation.gov.uk/ukpga/1998/37"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="sh-chart__svg" viewBox="0 0 680 250" role="img">'
    '<line class="sh-chart__rule" x1="44" x2="668" y1="216" y2="216"/>'
    '<rect class="sh-chart__bar" x="60" y="100" width="40" height="116"/>'
    '<text class="sh-chart__tick" x="80" y="238" text-anchor="middle">Quarter one</text></svg>'
)

# What has stopped or changed a document somewhere before.
NASTY = (
    "=1+1",
    "#import \"x.typ\": *",
    "#[*bold*] _under_ `raw` ~ -- --- ...",
    "{{ 7 * 7 }} {% load x %}",
    "<script>alert(1)</script> &amp; <b>",
    "\\ \\n \\u{41} $x^2$ @label <label>",
    "]]> <!-- --> <?xml?>",
    "HYPERLINK \"http://x\" TOC \\o",
    "it’s “quoted” 'plain' \"double\"",
    "two  spaces and\ttab",
    "first line\nsecond line\n\nfourth line",
    "carriage\rreturn\r\nand both",
)  # fmt: skip
ODD = (
    "שלום עולם",
    "مرحبا",
    "\u202eturned about\u202c",
    "😀 👩\u200d👩\u200d👧 🇬🇧 漢字",
    "e\u0301 a\u0301\u20e3\u0489 Z\u0351\u036b\u0343\u032a",
    "\x00\x01\x07\x0b\x1b\x7f\x85\ufffe\uffff",
    "\ud800 \udfff",
    "",
    " ",
    "\u200b\u00ad\u2060\ufeff",
)


def row(*cells: str, total: bool = False) -> Row:
    return Row(tuple(Cell(text) for text in cells), is_total=total)


def table(anchor: str = "decisions", **changes: Any) -> Table:
    given: dict[str, Any] = {
        "caption": "Decisions on referrals",
        "columns": (Column("Decision"), Column("Referrals", "right"), Column("Median days", "right")),
        "rows": (
            Row((Cell("Adopted"), Cell("41", figure="adopted"), Cell("4"))),
            Row((Cell("More asked for"), Cell("6"), Cell(withheld="not shown"))),
            row("All", "47", "4", total=True),
        ),
        "notes": ("* Fewer than 5 had reached a decision, so no figure is given.",),
        "anchor": anchor,
    }
    return Table(**{**given, **changes})


def figure(**changes: Any) -> Figure:
    given: dict[str, Any] = {
        "title": "Referrals by quarter",
        "alt": "Referrals rise from 60 to 86.",
        "svg": SVG,
        "columns": (Column("Quarter"), Column("Referrals", "right")),
        "rows": (row("First", "60"), row("Second", "86")),
        "description": "The first quarter had no week without a hub.",
        "source": "hub records",
        "anchor": "referrals",
    }
    return Figure(**{**given, **changes})


def report(**changes: Any) -> Document:
    """A report with one of everything."""
    given: dict[str, Any] = {
        "kind": "report",
        "title": "Update on priorities",
        "subtitle": "North Yorkshire Community Safety Partnership",
        "dated": date(2018, 9, 7),
        "file_stem": "update-on-priorities-1.1",
        "title_block": (
            Fact("To", "Overview and Scrutiny Committee"),
            Fact("From", "the manager"),
            Fact("Recommendation", "To note"),
        ),
        "marking": "OFFICIAL",
        "status": "Draft, not approved",
        "correction": Correction("Corrected on 7 September 2018", "It is 4.", ("2.2", "Table 1")),
        "sections": (
            Section("Purpose", (Paragraph(words("This report tells members what was done.")),), "purpose"),
            Section(
                "Hubs",
                (
                    Paragraph(
                        (
                            Words("Hubs received "),
                            Cited("86 referrals", "referrals"),
                            Words(" ("),
                            Reference("referrals"),
                            Words("), as "),
                            Words("promised", "strong"),
                            Words(" and "),
                            Words("expected", "emphasis"),
                            Words("; see section "),
                            Reference("purpose"),
                            Words(", paragraph "),
                            Reference("areas"),
                            Words(" and "),
                            Reference("data"),
                            Words("."),
                        )
                    ),
                    figure(),
                    Paragraph(
                        words("Of these:"),
                        (
                            SubParagraph(words("hubs adopted 41;")),
                            SubParagraph(words("one went on.\nSlowly."), "areas"),
                        ),
                    ),
                    table(),
                    Note(words("Sections in between are left out.")),
                    Bullets((words("a line"), words("another line"))),
                ),
            ),
            Section("Reading", (Paragraph((Link("The Act", ACT),)),), level=2),
            Section(
                "What is asked", (Recommendation(words("Note this report."), "the committee", "June 2019", "note"),)
            ),
        ),
        "appendices": (
            Section("Data", (Paragraph(words("Where it comes from.")), table("more", caption="More")), "data"),
            Section("Words", (Paragraph((Reference("note"), Words(" and "), Reference("more"))),)),
        ),
        "notes": ("Hub records of all districts.",),
    }  # fmt: skip
    return Document(**{**given, **changes})


def letter(**changes: Any) -> Document:
    """A document without sections."""
    given: dict[str, Any] = {
        "kind": "letter",
        "title": "What we have agreed",
        "dated": date(2018, 9, 7),
        "file_stem": "letter-1",
        "marking": "OFFICIAL-SENSITIVE",
        "opening": (Note(words("Dear neighbour")), Note(words("We met on Monday."))),
    }
    return Document(**{**given, **changes})


def saying(texts: tuple[str, ...]) -> Document:
    """These texts in every place that takes a text."""
    paragraphs = tuple(
        Paragraph((Words(text), Words(text, "strong"), Words(text, "emphasis")), (SubParagraph(words(text)),))
        for text in texts
    )
    cells = tuple(Row((Cell("-"), Cell(text))) for text in texts)
    joined = "".join(texts) or "-"
    said = joined if joined.strip() else "-"
    return Document(
        kind="report",
        title=said,
        subtitle=joined,
        dated=date(2018, 9, 7),
        file_stem="texts",
        title_block=tuple(Fact("To", text) for text in texts),
        marking="OFFICIAL",
        status=joined,
        correction=Correction(said, said, ("1.1",)),
        opening=(Note(words(joined)), Bullets((words(joined),))),
        sections=(
            Section(said, paragraphs, "first"),
            Section(said, (Recommendation(words(joined), joined, joined),), level=2),
            Section(
                said,
                (
                    Table(said, (Column("x"), Column(joined)), cells, (said,)),
                    Figure(said, said, SVG, (Column("y"), Column(joined)), cells, joined, joined),
                    Paragraph((Link(joined, "https://example.org/?q=a"), Reference("first"))),
                ),
            ),
        ),
        notes=texts,
    )
