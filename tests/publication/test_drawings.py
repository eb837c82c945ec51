"""The three drawings: one content, one set of numbers, and no text that stops them."""

from __future__ import annotations

import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saferhub.publication.drawing import fonts, html, pdf, word
from saferhub.publication.model import Cell, Column, Document, Note, Row, Section, Table, words
from saferhub.publication.rules.characters import plain
from saferhub.publication.rules.fragments import fragments
from saferhub.publication.rules.numbering import number
from tests.publication.documents import NASTY, ODD, letter, report, saying
from tests.publication.reading import (
    converted,
    faults_of_word,
    squeezed,
    text_of_page,
    text_of_pdf,
    text_of_word,
)
from tests.publication.structure import faults_inside

NUMBERED = re.compile(
    r", paragraph (?:\S+?)(\(\w+\))$|, paragraph (\S+)$|^Recommendation (R\d+)$|^((?:Table|Figure) \d+),"
)


def expected(document: Document) -> Iterator[tuple[str, str]]:
    """Every text in the order it is read, and the number that stands before it."""
    for one in fragments(document):
        if one.key in ("marking", "file-name") or one.key.endswith("-picture") or "-link-" in one.key:
            continue
        if one.key.endswith(("-to", "-by")) and one.place.startswith("Recommendation"):
            yield "", one.text
            continue
        found = NUMBERED.search(one.place)
        mark = next((group for group in found.groups() if group), "") if found else ""
        if mark.startswith(("Table", "Figure")):
            mark = f"{mark}." if one.place.endswith((", the caption", ", the title")) else ""
        if one.place.endswith(", the heading") and not one.key.startswith("heading"):
            mark = one.place.removeprefix("Section ").removeprefix("Appendix ").removesuffix(", the heading")
        yield mark, one.text


def assert_reads(
    document: Document, text: str, *, numbers: bool = True, instead: dict[str, str] | None = None
) -> None:
    """Everything stands in this text, in its order, with its number before it."""
    rest = squeezed(text)
    for one in fragments(document):
        if "-link-" in one.key:
            rest = rest.replace(squeezed(f"({one.text})"), "")
    for mark, said in expected(document):
        said = squeezed(fonts.with_code_points(said, instead or {}))
        wanted = squeezed(mark) + said if numbers else said
        assert wanted in rest, f"{mark} {said[:80]!r} is not in {rest[:200]!r}"
        rest = rest[rest.index(wanted) + len(wanted) :]


# --- One content, one set of numbers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn_report() -> tuple[str, bytes, bytes]:
    made = number(report())
    return html.document(made), word.draw(made), pdf.draw(made)


def test_the_page_has_every_text_and_number(drawn_report: tuple[str, bytes, bytes]) -> None:
    assert_reads(report(), text_of_page(drawn_report[0]))


def test_the_pdf_has_every_text_and_number(drawn_report: tuple[str, bytes, bytes], tmp_path: Path) -> None:
    assert_reads(report(), text_of_pdf(drawn_report[2], tmp_path))


def test_the_pdf_says_its_marking_and_page_on_every_page(
    drawn_report: tuple[str, bytes, bytes], tmp_path: Path
) -> None:
    pages = text_of_pdf(drawn_report[2], tmp_path, lines_at_edges=True).split("\f")[:-1]
    assert len(pages) > 1
    for n, text in enumerate(pages, 1):
        assert "OFFICIAL" in text.splitlines()[0]
        assert f"Page {n} of {len(pages)}" in text


def test_word_has_every_text_and_leaves_the_numbers_to_word(drawn_report: tuple[str, bytes, bytes]) -> None:
    text = text_of_word(drawn_report[1])
    assert_reads(report(), text, numbers=False)
    typed = squeezed(text)
    assert "2.2Ofthese" not in typed and "R1Note" not in typed and "(a)hubs" not in typed
    made = docx.Document(BytesIO(drawn_report[1]))
    used = {one.style.name for one in made.paragraphs}
    assert {"Heading 1", "Heading 2", "Appendix heading", "Numbered paragraph", "Numbered part"} <= used
    assert {"Recommendation", "Appendix paragraph", "toc 1", "Caption"} <= {
        one.lower() for one in used
    } | used


def test_a_word_file_is_built_as_it_has_to_be_and_one_that_is_not_is_told(
    drawn_report: tuple[str, bytes, bytes],
) -> None:
    assert faults_inside(drawn_report[1]) == []
    spoilt = BytesIO()
    with zipfile.ZipFile(BytesIO(drawn_report[1])) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:tc>", b"<w:tc><w:p/></w:tc><w:tc>", 1)
                content = content.replace(b'w:val="NumberedParagraph"', b'w:val="NoSuchStyle"', 1)
            target.writestr(name, content)
    assert len(faults_inside(spoilt.getvalue())) == 2


def test_libreoffice_counts_the_same_numbers_and_keeps_the_text(
    drawn_report: tuple[str, bytes, bytes], tmp_path: Path
) -> None:
    as_pdf, again = converted(drawn_report[1], tmp_path, "pdf", "docx")
    read = text_of_pdf(as_pdf, tmp_path)
    assert_reads(report(), read)
    # A label does not run into its value.
    assert re.search(r"^ *Recommendation {2,}To note$", read, re.MULTILINE)
    assert_reads(report(), text_of_word(again), numbers=False)
    (tmp_path / "second").mkdir()
    (as_pdf_again,) = converted(again, tmp_path / "second", "pdf")
    assert_reads(report(), text_of_pdf(as_pdf_again, tmp_path))


@pytest.mark.parametrize(
    "document", [report(), letter(), saying((*NASTY, *ODD))], ids=["report", "letter", "nasty"]
)
def test_the_validator_accepts_the_word_file(document: Document, tmp_path: Path) -> None:
    assert faults_of_word(word.draw(number(document)), tmp_path) == ""


def test_a_letter_has_neither_numbers_nor_contents(tmp_path: Path) -> None:
    made = number(letter())
    assert made.places == ()
    assert html.contents(made) == ""
    assert "Contents" not in text_of_word(word.draw(made))
    text = text_of_pdf(pdf.draw(made), tmp_path)
    assert "Contents" not in text
    assert_reads(letter(), text)


# --- What each is for its reader --------------------------------------------------------------------------------


def test_headings_on_the_page_go_down_by_one(drawn_report: tuple[str, bytes, bytes]) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", drawn_report[0])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_numbers_on_the_page_are_links_to_themselves(drawn_report: tuple[str, bytes, bytes]) -> None:
    page = drawn_report[0]
    assert 'id="areas"' in page and 'href="#areas">2.2(b)</a>' in page
    for target in re.findall(r'href="#([^"]+)"', page + html.contents(number(report()))):
        assert page.count(f'id="{target}"') == 1


def test_the_page_has_no_inline_style_or_script(drawn_report: tuple[str, bytes, bytes]) -> None:
    assert not re.search(
        r"<script|\sstyle=|\son\w+=|javascript:", drawn_report[0] + html.document(number(saying(NASTY)))
    )


def test_the_correction_is_marked_where_it_stands(
    drawn_report: tuple[str, bytes, bytes], tmp_path: Path
) -> None:
    page, file, print_ = drawn_report
    for text in (text_of_page(page), text_of_word(file), text_of_pdf(print_, tmp_path)):
        assert "Ofthese:Corrected" in squeezed(text)
        assert "DecisionsonreferralsCorrected" in squeezed(text)
        assert squeezed(text).count("Corrected") == 3


def test_word_says_language_title_alt_text_and_repeats_table_heads(
    drawn_report: tuple[str, bytes, bytes],
) -> None:
    made = docx.Document(BytesIO(drawn_report[1]))
    assert made.core_properties.title == "Update on priorities"
    assert made.core_properties.language == "en-GB"
    defaults = made.styles.element.find(qn("w:docDefaults"))
    assert [one.get(qn("w:val")) for one in defaults.iter(qn("w:lang"))] == ["en-GB"]
    (picture,) = made.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr").startswith("Referrals rise from 60 to 86.")
    assert len(made.tables) == 3
    for table in made.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert made.sections[0].header.paragraphs[0].text == "OFFICIAL"
    instructions = [one.text.split()[0] for one in made.sections[0].footer._element.iter(qn("w:instrText"))]
    assert instructions == ["PAGE", "NUMPAGES"]


def test_the_contents_of_word_are_filled_and_its_references_live(
    drawn_report: tuple[str, bytes, bytes],
) -> None:
    made = docx.Document(BytesIO(drawn_report[1]))
    listed = [one.text for one in made.paragraphs if one.style.name == "toc 1"]
    names = {one.get(qn("w:name")) for one in made.element.body.iter(qn("w:bookmarkStart"))}
    linked = {one.get(qn("w:anchor")) for one in made.element.body.iter(qn("w:hyperlink"))} - {None}
    fields = [one.text.split() for one in made.element.body.iter(qn("w:instrText"))]
    assert len([one for one in made.paragraphs if one.style.name == "toc 1"]) == 5, listed
    assert linked <= names and len(linked) == 5
    assert {field[1] for field in fields if field[0] == "REF"} <= names
    assert sorted(field[0] for field in fields).count("REF") == 6
    assert [field[1] for field in fields if field[0] == "SEQ"] == ["Figure", "Table", "Table"]


def test_the_pdf_is_tagged_and_names_its_language(drawn_report: tuple[str, bytes, bytes]) -> None:
    raw = drawn_report[2]
    assert b"/MarkInfo" in raw and b"en-GB" in raw
    assert b"pdfuaid" in raw
    assert b"Update on priorities" in raw


def test_a_picture_without_alt_text_is_refused_by_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    template = pdf._template().replace(b"alt: item.alt.t, ", b"")
    assert template != pdf._template()
    monkeypatch.setattr(pdf, "_template", lambda: template)
    with pytest.raises(pdf.NotDrawn, match="alt"):
        pdf.draw(number(report()))


# --- Equal bytes ------------------------------------------------------------------------------------------------


def test_equal_documents_are_equal_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    document = report()
    before = (word.draw(number(document)), pdf.draw(number(document)))
    # Another time of day, and another order of asking what the fonts have.
    real = time.time()
    monkeypatch.setattr(time, "time", lambda: real + 100_000)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(real + 100_000))
    fonts._known.clear()
    assert (word.draw(number(report())), pdf.draw(number(report()))) == before
    assert document == report()


def test_the_parts_of_a_word_file_bear_one_date() -> None:
    with zipfile.ZipFile(BytesIO(word.draw(number(letter())))) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist()[0] == "[Content_Types].xml"


# --- No text stops a document -----------------------------------------------------------------------------------


def test_what_is_markup_elsewhere_comes_out_as_typed_in_all_three(tmp_path: Path) -> None:
    document = saying(NASTY)
    made = number(document)
    assert_reads(document, text_of_page(html.document(made)))
    assert_reads(document, text_of_word(word.draw(made)), numbers=False)
    # A reader of PDFs takes cells of several lines across; each line by itself is looked for here.
    in_a_line = saying(tuple(text for text in NASTY if "\n" not in plain(text)))
    assert_reads(in_a_line, text_of_pdf(pdf.draw(number(in_a_line)), tmp_path))


def test_line_breaks_are_kept_in_all_three(tmp_path: Path) -> None:
    made = number(letter(opening=(Note(words("first line\nsecond line\r\n\rlast line")),)))
    assert "first line\nsecond line\n\nlast line" in text_of_page(html.document(made))
    assert "first line\nsecond line\n\nlast line" in text_of_word(word.draw(made))
    text = text_of_pdf(pdf.draw(made), tmp_path)
    assert [one.strip() for one in text.split("\n") if "line" in one] == [
        "first line",
        "second line",
        "last line",
    ]


def test_what_the_fonts_lack_stands_as_code_points_in_the_pdf_alone(tmp_path: Path) -> None:
    document = saying(("smile 😀 漢", "bell \x07", "family 👩\u200d👩", "joined a\u0301\u20e3\u0489"))
    made = number(document)
    page, file = text_of_page(html.document(made)), text_of_word(word.draw(made))
    for text in (page, file):
        assert "smile 😀 漢" in text and "bell [U+0007]" in text
        assert "code point" not in text
    text = text_of_pdf(pdf.draw(made), tmp_path)
    assert "smile [U+1F600] [U+6F22]" in " ".join(text.split())
    assert "family [U+1F469][U+200D][U+1F469]" in " ".join(text.split())
    assert squeezed(text).count(squeezed(pdf.LACKING)) == 1
    instead = fonts.lacking([plain(one.text) for one in fragments(document)])
    assert_reads(document, text, instead=instead)


def test_right_to_left_text_keeps_its_characters_and_turns_nothing_beside_it(tmp_path: Path) -> None:
    document = saying(("before שלום after", "one \u202eturned two"))
    made = number(document)
    assert "<bdi>before שלום after</bdi>" in html.document(made)
    assert "before שלום after" in text_of_word(word.draw(made))
    text = text_of_pdf(pdf.draw(made), tmp_path)
    assert set("שלום") <= set(text) or "[U+05E9]" in text


def test_a_word_of_ten_thousand_letters_stays_on_the_page(tmp_path: Path) -> None:
    document = saying(("z" * 10_000,))
    made = number(document)
    assert "z" * 10_000 in html.document(made)
    assert "z" * 10_000 in text_of_word(word.draw(made))
    # What runs over an edge of the page is not read: every letter has to be there, in every place.
    wanted = sum(said.count("z") for _, said in expected(document))
    in_contents = 2 * 10_000
    assert text_of_pdf(pdf.draw(made), tmp_path).count("z") == wanted + in_contents


@pytest.mark.parametrize(
    "text", [*NASTY, *ODD, "漢" * 3000, "a" + "\u0301" * 500], ids=lambda text: ascii(text)[:20]
)
def test_no_text_stops_any_of_the_three(text: str) -> None:
    made = number(saying((text,)))
    assert html.document(made) and word.draw(made)
    assert pdf.draw(made).startswith(b"%PDF-")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_at_all_is_drawn(text: str) -> None:
    document = saying((text,))
    made = number(document)
    assert_reads(document, text_of_page(html.document(made)))
    assert_reads(document, text_of_word(word.draw(made)), numbers=False)
    assert pdf.draw(made).startswith(b"%PDF-")


def test_what_no_probe_foresaw_is_drawn_in_plain_letters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "lacking", lambda texts: {})
    document = replace(letter(), title="Smile 😀 é")
    text = " ".join(text_of_pdf(pdf.draw(number(document)), tmp_path).split())
    assert "Smile [U+1F600] [U+00E9]" in text
    assert squeezed(pdf.LACKING) in squeezed(text)


# --- The fonts --------------------------------------------------------------------------------------------------


def test_only_the_fonts_of_the_wheel_are_used() -> None:
    assert all(font.path is None for font in fonts.fonts().fonts())
    assert fonts.FAMILY in fonts.fonts().families()


def test_the_compiler_is_believed_even_where_it_names_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sentences may change: then each half is asked for until every answer is its own."""
    asked = fonts._refused
    monkeypatch.setattr(fonts, "_known", {})
    monkeypatch.setattr(fonts, "_refused", lambda units: None if asked(units) is None else set())
    assert set(fonts.lacking(["é ü 😀 漢 ŵ"])) == {"😀", "漢"}


# --- Tables on a telephone --------------------------------------------------------------------------------------


def _table_of(columns: tuple[Column, ...], *cells: str) -> str:
    table = Table("A table", columns, (Row(tuple(map(Cell, cells))),))
    return html.document(
        number(Document("report", "T", date(2018, 9, 7), "t", sections=(Section("S", (table,)),)))
    )


def test_rows_of_words_stack_on_a_telephone_with_their_headings_and_figures_scroll() -> None:
    words_ = _table_of(
        (Column("What"), Column('"Who"'), Column("By when")), "x" * 40, "<b>y</b>", "2 May 2018"
    )
    assert 'role="table"' in words_ and 'data-label="&quot;Who&quot;"' in words_
    assert '<td class="govuk-table__cell sh-nowrap" role="cell" data-label="By when"><span>2 May' in words_
    figures = _table_of((Column("What"), Column("Number", side="right")), "x" * 40, "4")
    assert "stack" not in figures and "data-label" not in figures
