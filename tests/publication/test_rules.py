"""Numbers, places of text, and what differs between versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from saferhub.publication.model import (
    Cell,
    Column,
    Correction,
    Document,
    NotADocument,
    Note,
    Paragraph,
    Recommendation,
    Reference,
    Row,
    Section,
    SubParagraph,
    Words,
    words,
)
from saferhub.publication.rules.characters import breakable, code_point, plain
from saferhub.publication.rules.fragments import fragments
from saferhub.publication.rules.numbering import letter as letter_of
from saferhub.publication.rules.numbering import number
from saferhub.publication.rules.versions import changes, corrected, touched, uncited
from saferhub.publication.rules.widths import label_points, shares
from saferhub.publication.stored import from_json, to_json
from tests.publication.documents import figure, report, table


def paragraph(text: str, anchor: str = "") -> Paragraph:
    return Paragraph(words(text), anchor=anchor)


def simple(*sections: Section, **changed: object) -> Document:
    return Document("report", "A report", date(2018, 9, 7), "a-report", sections=sections, **changed)  # type: ignore[arg-type]


# --- Numbers ----------------------------------------------------------------------------------------------------


def test_everything_is_numbered_once_and_in_order() -> None:
    assert [place.cited for place in number(report()).places] == [
        "1", "1.1", "2", "2.1", "Figure 1", "2.2", "2.2(a)", "2.2(b)", "Table 1", "“Reading”", "2.3", "3", "R1",
        "Appendix A", "A.1", "Table 2", "Appendix B", "B.1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "small", "capital"), [(1, "a", "A"), (26, "z", "Z"), (27, "aa", "AA"), (53, "aaa", "AAA")]
)
def test_letters_go_on_after_the_last_as_word_counts_them(count: int, small: str, capital: str) -> None:
    assert (letter_of(count, capital=False), letter_of(count, capital=True)) == (small, capital)


def test_a_copy_that_leaves_an_item_out_is_numbered_without_a_gap() -> None:
    items = [Section(f"Item {n}", (paragraph(f"About item {n}."),)) for n in range(1, 5)]
    whole, copy = simple(*items), simple(*items[:1], *items[2:])
    assert [place.cited for place in number(whole).contents] == ["1", "2", "3", "4"]
    assert [place.cited for place in number(copy).contents] == ["1", "2", "3"]
    assert "Item 2" not in "".join(one.text for one in fragments(copy))


def test_every_place_has_an_anchor_of_its_own() -> None:
    same = simple(
        Section("One", (paragraph("x"), paragraph("y", "paragraph-1-1"), table("table-1"), table(""))),
        Section("Small", level=2), Section("Small", level=2),
    )  # fmt: skip
    anchors = [place.anchor for place in number(same).places]
    assert len(set(anchors)) == len(anchors)


def test_a_reference_that_points_to_nothing_is_refused() -> None:
    lost = simple(Section("One", (Paragraph((Words("See "), Reference("nowhere"))),)))
    with pytest.raises(NotADocument, match="nowhere"):
        number(lost)


@pytest.mark.parametrize(
    "document",
    [
        simple(Section("One", (Paragraph(words("x"), (SubParagraph((Reference("lost"),)),)),))),
        simple(Section("One", (Note((Reference("lost"),)),))),
        simple(Section("One", (Recommendation((Reference("lost"),)),))),
        simple(appendices=(Section("One", (Note((Reference("lost"),)),)),)),
        simple(opening=(Note((Reference("lost"),)),)),
        simple(Section("One", ()), correction=Correction("C", "c", ("1.1",))),
    ],
)
def test_a_reference_is_followed_wherever_it_stands(document: Document) -> None:
    with pytest.raises(NotADocument):
        number(document)


def test_one_part_may_not_stand_in_two_places() -> None:
    twice = paragraph("Said once.")
    with pytest.raises(NotADocument, match="two places"):
        number(simple(Section("One", (twice, twice))))


def test_a_correction_marks_by_anchor_or_by_number() -> None:
    document = simple(
        Section("One", (paragraph("x"), paragraph("y", "why"), paragraph("z"))),
        correction=Correction("Corrected", "So.", ("1.1", "why")),
    )
    made = number(document)
    assert [place.cited for place in made.places if made.is_touched(place)] == ["1.1", "1.2"]


# --- Where text stands ------------------------------------------------------------------------------------------


def test_every_text_of_a_document_has_its_place() -> None:
    found = {one.place: one.text for one in fragments(report())}
    assert found["Section 2, paragraph 2.2(b)"] == "one went on.\nSlowly."
    assert found["Table 1, row 1"] == "Adopted\t41\t4"
    assert found["Table 1, row 2"] == "More asked for\t6\tnot shown*"
    assert found["Figure 1, the words in the picture"] == "Quarter one"
    assert found["Appendix A, paragraph A.1"] == "Where it comes from."
    assert found["Recommendation R1, for whom it is"] == "the committee"
    assert found["The name of the file"] == "update-on-priorities-1.1"
    assert found["Section 2, paragraph 2.3, the address of a link"].startswith("https://www.legislation")
    assert "Figure 1" in found["Section 2, paragraph 2.1"]


def _texts(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Where in a stored document text stands that somebody wrote."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NO_TEXT:
                yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _texts(inner, (*path, at))
    elif isinstance(value, str):
        yield path


NO_TEXT = (
    "is",
    "kind",
    "anchor",
    "style",
    "side",
    "dated",
    "language",
    "figure",
    "touched",
    "address",
    "svg",
)
WORD = "OSPREY"


def test_a_word_hidden_anywhere_in_a_document_is_among_its_fragments() -> None:
    stored = json.loads(to_json(report()))
    paths = list(_texts(stored))
    assert len(paths) > 90
    for path in paths:
        copy = json.loads(to_json(report()))
        *way, last = path
        inner = copy
        for step in way:
            inner = inner[step]
        was = inner[last]
        inner[last] = WORD
        if (last == "withheld" and not was) or (last == "text" and inner.get("withheld")):
            continue  # a cell shows one or the other
        document = from_json(json.dumps(copy))
        assert any(WORD in one.text for one in fragments(document)), path


def test_no_fragment_is_empty_and_no_key_stands_twice() -> None:
    found = fragments(report())
    assert all(one.text.strip() for one in found)
    keys = [one.key for one in found]
    assert len(set(keys)) == len(keys)


# --- Versions ---------------------------------------------------------------------------------------------------

FIRST = simple(
    Section("Purpose", (paragraph("Why this is written."),)),
    Section(
        "Hubs",
        (paragraph("Hubs received 86."), paragraph("It takes 3 days."), table(), paragraph("The end.")),
    ),
)


def _with_second(*blocks: object) -> Document:
    return replace(FIRST, sections=(FIRST.sections[0], Section("Hubs", blocks)))  # type: ignore[arg-type]


SAID = FIRST.sections[1].blocks


def test_what_was_changed_is_named_with_both_texts() -> None:
    after = _with_second(SAID[0], paragraph("It takes 4 days."), *SAID[2:])
    (one,) = changes(FIRST, after)
    assert (one.kind, one.place, one.before, one.after) == (
        "changed", "Section 2, paragraph 2.2", "It takes 3 days.", "It takes 4 days.",
    )  # fmt: skip
    assert touched(FIRST, after) == ("2.2",)


def test_a_paragraph_that_only_moved_on_is_no_change() -> None:
    after = _with_second(paragraph("This came in."), *SAID)
    assert [(one.kind, one.place) for one in changes(FIRST, after)] == [("added", "Section 2, paragraph 2.1")]
    assert touched(FIRST, after) == ("2.1",)


def test_a_paragraph_taken_out_is_named_where_it_stood() -> None:
    after = _with_second(SAID[0], *SAID[2:])
    assert [(one.kind, one.place) for one in changes(FIRST, after)] == [
        ("taken out", "Section 2, paragraph 2.2")
    ]
    assert touched(FIRST, after) == ()


def test_a_changed_row_touches_its_table() -> None:
    changed = table(rows=(table().rows[0], table().rows[1], table().rows[0]))
    after = _with_second(*SAID[:2], changed, SAID[3])
    assert touched(FIRST, after) == ("Table 1",)


def test_what_a_version_says_of_itself_is_no_change() -> None:
    assert (
        changes(FIRST, replace(FIRST, status="Draft", file_stem="other", correction=Correction("C", "c")))
        == []
    )


def test_a_correction_marks_what_it_changed() -> None:
    after = _with_second(SAID[0], paragraph("It takes 4 days."), *SAID[2:])
    made = corrected(FIRST, after, title="Corrected", text="It is 4.")
    assert made.correction == Correction("Corrected", "It is 4.", ("2.2",))


@pytest.mark.parametrize(("title", "text"), [("", "x"), ("x", " "), ("x", "x")])
def test_a_correction_without_words_or_without_a_change_is_refused(title: str, text: str) -> None:
    with pytest.raises(NotADocument):
        corrected(FIRST, FIRST, title=title, text=text)


def test_a_cited_figure_without_provenance_is_named() -> None:
    assert uncited(report(), {}) == ("referrals", "adopted")
    assert uncited(report(), {"referrals": {}, "adopted": {}}) == ()
    assert uncited(simple(opening=(figure(),)), {}) == ()


# --- Characters -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\r\nb\rc\u2028d\u2029e\x85f", "a\nb\nc\nd\ne\nf"),
        ("\x00\x07", "[U+0000][U+0007]"),
        ("\ud83d", "[U+D83D]"),
        ("\uffff\x7f", "[U+FFFF][U+007F]"),
        ("😀 \u202e é", "😀 \u202e é"),
        ("[U+0007]", "[U+0007]"),
    ],
)
def test_only_what_no_file_can_hold_becomes_a_code_point(given: str, made: str) -> None:
    assert plain(given) == made


def test_a_code_point_has_four_digits_or_more() -> None:
    assert (code_point("\x07"), code_point("😀")) == ("[U+0007]", "[U+1F600]")


def test_only_a_long_word_gets_places_to_break() -> None:
    assert breakable("x" * 40 + " " + "y" * 40) == "x" * 40 + " " + "y" * 40
    broken = breakable("x" * 10_000)
    assert broken.replace("\u200b", "") == "x" * 10_000
    assert max(map(len, broken.split("\u200b"))) == 20


# --- Widths -----------------------------------------------------------------------------------------------------


def _shares(headings: list[str], *rows: list[str]) -> tuple[float, ...]:
    return shares(tuple(map(Column, headings)), tuple(Row(tuple(map(Cell, row))) for row in rows))


LONG = "Ask about the appointment that was missed in July, and tell the lead what came of it by Friday. "


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["Item", "What", "Who", "By when"], ["SEL-7K3M-Q2", LONG, LONG, "27 September 2018"]),
        (["What", "By when"], [LONG * 20, "27 September 2018"]),
        (["Case", "What", "Who", "By when", "How it stands"], ["SEL-7K3M-Q2", LONG, LONG, "27 September 2018", ""]),
    ],
)  # fmt: skip
def test_a_date_and_a_reference_have_room_for_one_line_whatever_stands_beside_them(
    headings: list[str], row: list[str]
) -> None:
    found = dict(zip(headings, _shares(headings, row), strict=True))
    assert sum(found.values()) == pytest.approx(1)
    # Points between the margins of a Word cell; what each needs in Arial at 10 points was measured.
    between = {name: share * 453 - 11 for name, share in found.items()}
    assert between["By when"] >= 86 and between.get("Item", 75) >= 70 and between.get("Case", 75) >= 70
    assert between["What"] >= 70, "what matters most keeps room"


def test_where_short_columns_would_leave_nothing_all_share() -> None:
    many = ["2 September 2018"] * 8
    found = _shares([f"Column {n}" for n in range(9)], [*many, LONG])
    assert sum(found) == pytest.approx(1) and min(found) > 0.05 and found[-1] == max(found)


def test_a_table_without_rows_or_words_has_widths() -> None:
    assert _shares(["", ""]) == (0.5, 0.5)


# How wide letters are in Arial, in thousandths of its size.
_NARROW = (
    dict.fromkeys("ijl", 222)
    | dict.fromkeys("ft I", 278)
    | {"r": 333, "m": 833, "w": 722, "W": 944, "M": 833}
)


@pytest.mark.parametrize(
    "label",
    [
        "When",
        "Copy for",
        "Made on behalf",
        "Recommendation",
        "Sharing agreement",
        "COMMAND",
        "Who may see it now",
    ],
)
def test_a_label_of_a_title_block_ends_well_before_its_value_begins(label: str) -> None:
    points = sum(_NARROW.get(one, 722 if one.isupper() else 556) for one in label) * 11 / 1000
    assert label_points([label, "To"]) >= points + 6


def test_a_label_that_is_too_long_for_a_column_widens_none() -> None:
    assert label_points(["To", "y" * 200]) == label_points(["To"])
