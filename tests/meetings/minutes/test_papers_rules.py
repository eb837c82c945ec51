"""Agenda, pack and sheets of actions as documents: numbered as on the page, the same in three formats, in time."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from saferhub.meetings.rules import papers
from saferhub.meetings.rules.agenda import numbered as numbers_on_the_page
from saferhub.meetings.rules.minutes import Head
from saferhub.meetings.rules.papers import Line, Past, Returned, SheetLine
from saferhub.publication.drawing import html, pdf, word
from saferhub.publication.model import Document
from saferhub.publication.rules.numbering import number
from saferhub.publication.stored import to_json
from tests.publication.reading import text_of_page, text_of_pdf, text_of_word
from tests.publication.test_drawings import assert_reads

HEAD = Head(
    "MAPs, Selby hub", "maps", "AB12CD34EF56GH78", date(2018, 9, 13), "10:00 to 11:00", "Civic Centre"
)
DAY = date(2018, 9, 20)


def line(item: str, *, heading: bool = False, **more: object) -> Line:
    return Line(item, f"Item {item}", heading, 4, **more)  # type: ignore[arg-type]


def pack_of(count: int) -> Document:
    lines = [line("H0", heading=True)]
    for n in range(count):
        lines.append(
            line(
                f"C{n:02d}",
                reference=f"SEL-{n:04d}",
                why="Four calls since the last meeting, and one of them at night.",
                brief="Is the plan enough? " * 12,
                returned=tuple(
                    Returned(f"Agency {a}", "", "Held, and shared here", "Seen twice. " * 8) for a in range(6)
                ),
                past=tuple(Past(f"Do a thing {p}", "Priya Nair, Trust", DAY, "Open") for p in range(4)),
            )
        )
    return papers.pack(HEAD, lines, confidentiality="It stays here.", copy_for="Priya Nair", planned=60)


def test_the_agenda_has_the_numbers_of_its_page() -> None:
    lines = [
        line("A0"),
        line("A1"),
        line("H1", heading=True),
        line("B1"),
        line("B2"),
        line("H2", heading=True),
    ]
    made = papers.agenda(HEAD, lines, confidentiality="", copy_for="Priya Nair", planned=60)
    drawn = {place.anchor: place.number for place in number(made).places if place.anchor.startswith("item-")}
    sections = [place.number for place in number(made).places if place.kind == "section"]
    ids = {one.item: n for n, one in enumerate(lines)}
    page = numbers_on_the_page(
        list(ids.values()), frozenset(ids[one.item] for one in lines if one.is_heading)
    )
    assert sections == [page[ids[one]] for one in ("A0", "H1", "H2")]
    assert drawn == {f"item-{one.lower()}": page[ids[one]] for one in ("A1", "B1", "B2")}


def test_a_heading_without_anything_below_it_reads_the_same_for_everybody() -> None:
    made = papers.agenda(
        HEAD,
        [Line("H1", "Cases", True, 0), Line("H2", "Themes", True, 0)],
        confidentiality="",
        copy_for="",
        planned=60,
    )
    first, second = made.sections
    assert first.blocks == second.blocks and papers.NOTHING_BELOW in to_json(made)


def test_a_pack_leads_from_an_item_to_its_papers_and_has_none_without_any() -> None:
    lines = [line("H1", heading=True), line("A1", brief="Read this."), line("A2")]
    made = papers.pack(HEAD, lines, confidentiality="", copy_for="", planned=60)
    assert [one.title for one in made.appendices] == ["Item A1"]
    assert "See Appendix A." in text_of_page(html.document(number(made)))


def test_a_pack_of_forty_items_is_drawn_three_times_in_five_seconds_and_says_the_same(tmp_path: Path) -> None:
    made = pack_of(40)
    # The work of this process alone: whatever else a machine does at the time is no fault of the drawing.
    began = time.process_time()
    numbered = number(made)
    page, file, print_ = html.document(numbered), word.draw(numbered), pdf.draw(numbered)
    assert time.process_time() - began < 5
    small = number(pack_of(3))
    assert_reads(small.document, text_of_page(html.document(small)))
    assert_reads(small.document, text_of_word(word.draw(small)), numbers=False)
    assert "SEL-0039" in page and "SEL-0039" in text_of_word(file)
    assert "SEL-0039" in text_of_pdf(print_, tmp_path)


def test_a_sheet_of_actions_has_the_first_day_due_at_its_top() -> None:
    made = papers.sheet(
        HEAD,
        "Housing",
        [
            SheetLine("SEL-2", "Later", "Anybody", date(2018, 9, 30), "Open"),
            SheetLine("SEL-1", "=1+1", "Rachel", date(2018, 9, 14), "Open"),
        ],
        copy_for="Rachel",
    )
    text = text_of_page(html.document(number(made)))
    assert text.index("=1+1") < text.index("Later")


def test_a_sheet_without_actions_says_so() -> None:
    assert papers.NO_ACTIONS in to_json(papers.sheet(HEAD, "Housing", [], copy_for="Rachel"))
