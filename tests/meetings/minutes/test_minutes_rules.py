"""Minutes as documents: parts, what may be edited in them, and the copy that is put together for one reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from saferhub.meetings.rules import minutes as rules
from saferhub.meetings.rules.minutes import ForWhom, Piece, Recorded, Said
from saferhub.meetings.rules.when import held
from saferhub.publication.drawing import fonts, html, pdf, word
from saferhub.publication.model import Bullets, Document, NotADocument, Note, Paragraph, Table, words
from saferhub.publication.rules.characters import plain
from saferhub.publication.rules.fragments import fragments
from saferhub.publication.rules.numbering import number
from saferhub.publication.stored import from_json, to_json
from tests.publication.documents import NASTY, ODD
from tests.publication.reading import (
    converted,
    faults_of_word,
    text_of_page,
    text_of_pdf,
    text_of_word,
)
from tests.publication.structure import faults_inside

from .reading import assert_in_pdf, assert_reads

HEAD = rules.Head(
    "MAPs, Selby hub", "maps", "AB12CD34EF56GH78", date(2018, 9, 13), "10:00 to 11:00", "Civic Centre"
)
TEN = datetime(2018, 9, 13, 9, 2, tzinfo=UTC)
WHOM = ForWhom("Priya Nair", "Mental health trust")


def said(text: str, *, author: str = "Mina Patel", key: str = "A", minutes: int = 0) -> Said:
    return Said(key, author, TEN, TEN + timedelta(minutes=minutes), text)


def frame(*headings: tuple[str, str]) -> Document:
    return rules.part_of_meeting(
        HEAD,
        came=[rules.Came("Chris Thackray", "Police", "Chair. Present")],
        confidentiality="It stays here.",
        acknowledged="Everybody who was there acknowledged it.",
        quorum="3 agencies were there. The meeting had its quorum.",
        items=[(Recorded(item=key, title=title), "") for key, title in headings],
    )


def part(item: str, title: str, text: str, **more: object) -> Document:
    recorded = Recorded(item=item, title=title, reference=f"SEL-{item}", **more)  # type: ignore[arg-type]
    return rules.part_of_item(HEAD, recorded, text)


# --- What was said ----------------------------------------------------------------------------------------------


def test_what_two_minute_takers_typed_stands_with_author_and_time() -> None:
    text = rules.draft_text(
        [said("First.", minutes=2), said("Second.", author="Colin Ashworth", key="B"), said("  ", key="C")]
    )
    assert text == "Mina Patel, 09:02 to 09:04: First.\n\nColin Ashworth, 09:02: Second."


def test_what_its_named_taker_wrote_alone_stands_without_name_and_time() -> None:
    rows = [said("First.", minutes=2), said("Second.", key="B"), said(" ", author="Colin Ashworth", key="C")]
    assert rules.draft_text(rows, taken_by="Mina Patel") == "First.\n\nSecond."
    assert rules.draft_text(rows, taken_by="Chris Thackray").startswith("Mina Patel, 09:02 to 09:04: First.")


@pytest.mark.parametrize("text", [*NASTY, "x" * 10_000, "a\n\nb\n \nc", "שלום\n\n😀"])
def test_what_is_edited_is_what_is_read_back(text: str) -> None:
    made = part("AAAA", "A case", text)
    kept = rules.texts_of(from_json(to_json(made)))["aaaa"]
    assert rules.texts_of(rules.with_texts(made, {"aaaa": kept})) == {"aaaa": kept}
    assert "".join(kept.split()) == "".join(text.split())


def test_editing_one_item_leaves_the_rest_as_it_was_recorded() -> None:
    made = part(
        "AAAA",
        "A case",
        "Old.",
        decision="Go on",
        guests=("Sam Lee, Housing",),
        left=("Jo Ray",),
        scores=("Risk: High (21).",),
    )
    changed = rules.with_texts(made, {"aaaa": "New.\n\nAnd more.", "bbbb": "of no item here"})
    before = [one.text for one in fragments(made) if "Old." not in one.text]
    after = [one.text for one in fragments(changed) if one.text not in ("New.", "And more.")]
    assert before == after
    assert rules.texts_of(changed) == {"aaaa": "New.\n\nAnd more."}
    first = changed.sections[0].blocks[0]
    assert isinstance(first, Paragraph) and not first.anchor.startswith("said-"), (
        "who came stands before what was said"
    )


RISK = ("Risk: High (21).",)
LOCK = (rules.Agreed("Change the lock", "Housing", date(2018, 10, 1)),)


def test_drafted_by_somebody_who_does_not_see_the_case_a_part_keeps_its_risk_and_actions() -> None:
    before = part("AAAA", "A case", "Old.", decision="Go on", scores=RISK, actions=LOCK)
    anew = part("AAAA", "A case", "Old.\n\nMore.", decision="Close the case")
    whole = part("AAAA", "A case", "Old.\n\nMore.", decision="Close the case", scores=RISK, actions=LOCK)
    assert rules.with_unseen(anew, before, ["AAAA"]) == whole
    assert rules.with_unseen(whole, before, ["AAAA"]) == whole, "each stands there once"
    assert rules.with_unseen(anew, before, ["BBBB"]) == anew


# --- A copy -----------------------------------------------------------------------------------------------------


def copy(*, with_hidden: bool) -> Document:
    pieces = [
        Piece("H1", "Welcome", True),
        Piece("H2", "Cases", True),
        Piece("AAAA", "SEL-AAAA: One", False, part("AAAA", "One", "Of one.")),
        *([Piece("BBBB", "SEL-BBBB: Two", False, part("BBBB", "Two", "Of two."))] if with_hidden else []),
        Piece("CCCC", "SEL-CCCC: Three", False, part("CCCC", "Three", "Of three.")),
        Piece("H3", "Themes", True),
    ]
    return rules.composed(frame(("H1", "Welcome"), ("H2", "Cases"), ("H3", "Themes")), pieces, WHOM)


def numbers_of(document: Document) -> list[str]:
    return [one.number for one in number(document).places if one.kind in ("section", "paragraph")]


def test_a_copy_without_an_item_has_no_gap_and_no_word_of_it() -> None:
    whole, less = copy(with_hidden=True), copy(with_hidden=False)
    assert "BBBB" in to_json(whole) and "BBBB" not in to_json(less)
    # Of welcome and themes nothing was told, so they are left out.
    assert numbers_of(less) == ["1", "1.1", "2", "2.1", "2.2", "3", "3.1", "3.2"]
    assert [one for one in numbers_of(whole) if one not in numbers_of(less)] == ["3.3"]


def test_a_heading_under_which_a_reader_sees_nothing_reads_like_an_empty_one() -> None:
    own = frame(("H1", "Cases"), ("H2", "Themes"))
    hidden = rules.composed(own, [Piece("H1", "Cases", True), Piece("H2", "Themes", True)], WHOM)
    assert [one.title for one in hidden.sections] == ["Who was there", "Confidentiality"], (
        "which of them was empty cannot be told"
    )


def test_of_what_left_no_word_only_items_are_listed_and_not_what_stands_on_every_agenda() -> None:
    pieces = [
        Piece("AAAA", "SEL-AAAA: One", False, part("AAAA", "One", "")),
        Piece("H1", "Cases", True),
        Piece("H2", "Themes", True),
    ]
    made = rules.composed(frame(("H1", "Cases"), ("H2", "Themes")), pieces, WHOM)
    note, titles = made.sections[-1].blocks
    assert isinstance(note, Note) and isinstance(titles, Bullets)
    assert titles.items == (words("SEL-AAAA: One"),)


def test_minutes_say_when_the_meeting_was_really_held() -> None:
    made = rules.part_of_item(replace(HEAD, held="10:04 to 10:41"), Recorded(item="AAAA", title="One"), "x")
    facts = {one.label: one.value for one in made.title_block}
    assert facts["When"].endswith("10:00 to 11:00") and facts["Held"] == "10:04 to 10:41"
    assert {one.label for one in rules.extract(made, recipient="A court", version="1.0").title_block} >= {
        "When",
        "Held",
    }
    assert "Held" not in {
        one.label for one in rules.part_of_item(HEAD, Recorded(item="A", title="B"), "").title_block
    }


@pytest.mark.parametrize(
    ("began", "ended", "words_"),
    [
        (datetime(2018, 9, 13, 9, 4, tzinfo=UTC), datetime(2018, 9, 13, 9, 41, tzinfo=UTC), "10:04 to 10:41"),
        (
            datetime(2018, 9, 14, 9, 4, tzinfo=UTC),
            datetime(2018, 9, 14, 9, 41, tzinfo=UTC),
            "14 September 2018, 10:04 to 10:41",
        ),
        (datetime(2018, 9, 13, 9, 4, tzinfo=UTC), None, ""),
        (None, None, ""),
    ],
)
def test_when_it_was_held_is_said_in_london_time_and_with_the_day_where_it_is_another(
    began: datetime | None, ended: datetime | None, words_: str
) -> None:
    assert held(date(2018, 9, 13), began, ended) == words_


def test_an_item_that_is_not_approved_yet_says_so_and_nothing_else() -> None:
    pieces = [Piece("H1", "Cases", True), Piece("AAAA", "SEL-1: One", False)]
    made = rules.composed(frame(("H1", "Cases")), pieces, WHOM)
    assert made.sections[-1].title == "SEL-1: One"
    assert made.sections[-1].blocks[0].runs[0].text == rules.NOT_YET  # type: ignore[union-attr]


def test_a_correction_that_a_reader_does_not_see_leaves_no_notice_in_her_copy() -> None:
    before, after = copy(with_hidden=False), copy(with_hidden=False)
    assert rules.with_notices(before, after, [""]).correction is None
    assert rules.with_notices(before, after, ["Something else was wrong."]).correction is None


def test_a_correction_is_marked_where_it_stands_in_this_copy() -> None:
    def made(text: str) -> Document:
        pieces = [Piece("H1", "Cases", True), Piece("AAAA", "One", False, part("AAAA", "One", text))]
        return rules.composed(frame(("H1", "Cases")), pieces, WHOM)

    done = rules.with_notices(made("Monday."), made("Tuesday."), ["It was Tuesday."])
    assert done.correction is not None and done.correction.text == "It was Tuesday."
    numbered = number(done)
    touched = [one.cited for one in numbered.places if numbered.is_touched(one)]
    assert touched == ["3.1"]


def test_every_action_of_a_copy_stands_in_one_table_and_none_of_an_item_that_is_not_in_it() -> None:
    def made(*items: str) -> Document:
        pieces = [
            Piece(
                one,
                f"Case {one}",
                False,
                part(
                    one,
                    "Case",
                    "Said.",
                    actions=(rules.Agreed(f"Visit {one}", "Housing", date(2018, 9, 20)),),
                ),
            )
            for one in items
        ]
        return rules.composed(frame(), pieces, WHOM)

    last = made("AAAA", "BBBB", "CCCC").sections[-1]
    (table,) = last.blocks
    assert isinstance(table, Table)
    assert [row.cells[0].text for row in table.rows] == ["SEL-AAAA", "SEL-BBBB", "SEL-CCCC"]
    assert "BBBB" not in to_json(made("AAAA", "CCCC"))
    assert made("AAAA").sections[-1].title != "Actions", "one stands where it was agreed"


def test_an_extract_for_somebody_outside_holds_its_item_and_nobody_else() -> None:
    made = rules.extract(part("AAAA", "One", "Of one."), recipient="A court", version="1.0")
    text = " ".join(one.text for one in fragments(made))
    assert "Of one." in text and "A court" in text
    assert "Chris Thackray" not in text and "Attendance" not in text


@pytest.mark.parametrize(("number_", "next_"), [("1.0", "1.1"), ("1.9", "1.10"), ("2", "2.1")])
def test_versions_count_up(number_: str, next_: str) -> None:
    assert rules.next_number(number_) == next_


def test_the_newest_version_is_found_by_number_and_not_by_letters() -> None:
    assert rules.newest(["1.9", "1.10", "1.2"]) == "1.10"


# --- The three formats ------------------------------------------------------------------------------------------


LONG = "10,000: " + "wörd " * 2000


def minutes_saying(texts: Sequence[str]) -> Document:
    pieces = [Piece("H1", "Cases", True)]
    for n, text in enumerate(texts):
        item = f"N{n:03d}"
        made = part(item, f"Nasty {n}", text, decision="Go on", decision_words=text[:200], agreed="all")
        pieces.append(Piece(item, f"Nasty {n}", False, made))
    return rules.composed(frame(("H1", "Cases")), pieces, replace(WHOM, name="=1+1"))


@pytest.fixture(scope="module")
def any_text() -> tuple[Document, bytes]:
    """Minutes of everything that anybody may type, and their Word file: drawn once."""
    made = minutes_saying([*NASTY, *ODD, LONG])
    return made, word.draw(number(made))


def test_page_and_word_hold_any_text_as_it_was_typed_with_the_same_numbers(
    any_text: tuple[Document, bytes],
) -> None:
    made, file = any_text
    assert_reads(made, text_of_page(html.document(number(made))))
    assert_reads(made, text_of_word(file), numbers=False)


def test_minutes_of_any_text_are_built_as_a_word_file_has_to_be(any_text: tuple[Document, bytes]) -> None:
    assert faults_inside(any_text[1]) == []


def test_the_validator_accepts_minutes_of_any_text(any_text: tuple[Document, bytes], tmp_path: Path) -> None:
    assert faults_of_word(any_text[1], tmp_path) == ""


def test_libreoffice_makes_a_pdf_of_the_minutes_and_saves_them_again_with_numbers_and_text_unchanged(
    tmp_path: Path,
) -> None:
    # Text from right to left is turned by readers of PDFs; that it stands in the Word file is asked above.
    made = minutes_saying([*NASTY, "smile 😀 漢", "bell \x07", LONG])
    file = word.draw(number(made))
    as_pdf, again = converted(file, tmp_path, "pdf", "docx")
    assert_in_pdf(made, text_of_pdf(as_pdf, tmp_path))
    assert_reads(made, text_of_word(again), numbers=False)


def test_the_pdf_holds_the_same_or_code_points_where_its_fonts_lack_a_character(tmp_path: Path) -> None:
    # A reader of PDFs turns what is written from right to left; that it is drawn is asked below.
    made = minutes_saying([*NASTY, "smile 😀 漢", "bell \x07", LONG])
    instead = fonts.lacking([plain(one.text) for one in fragments(made)])
    file = pdf.draw(number(made))
    assert_in_pdf(made, text_of_pdf(file, tmp_path), instead)
    assert "[U+1F600]" in text_of_pdf(file, tmp_path) and b"pdfuaid" in file


def test_text_from_right_to_left_is_drawn_in_all_three(any_text: tuple[Document, bytes]) -> None:
    numbered = number(minutes_saying(ODD))
    assert "<bdi>שלום עולם</bdi>" in html.document(numbered)
    assert "שלום עולם" in text_of_word(any_text[1])
    assert pdf.draw(numbered).startswith(b"%PDF-")


def test_a_part_without_a_title_is_refused_where_it_is_made() -> None:
    with pytest.raises(NotADocument):
        rules.part_of_item(HEAD, Recorded(item="AAAA", title=" "), "x")
