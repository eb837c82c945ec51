"""Reading spreadsheets: three unlike extracts, what is wrong cell by cell, and files that are refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from saferhub.casework.rules import intake_reading, intake_rows
from saferhub.casework.rules.intake_reading import Sheet, address, read_sheets
from saferhub.casework.rules.intake_rows import Reader, Reading, Wrong, alike
from saferhub.foundation.refusals import Refusal
from tests.builders import casework_sheets as sheets

TODAY = date(2018, 9, 11)
CHOICES = {
    "subject_kind": {"a person": "individual", "individual": "individual", "location": "location"},
    "children": {"yes": "yes", "no": "no", "not known": "not_known", "not_known": "not_known"},
    "told": {"yes": "yes", "no": "no"},
    "urgent": {"yes": "yes", "no": "no"},
    "role": {"complainant": "complainant"},
}
CONSTANTS = {
    "subject_kind": "individual", "children": "not_known", "told": "yes", "role": "complainant",
    "tried": "See the case.", "asked_for": "Please look at it.", "wishes": "Not asked yet.",
}  # fmt: skip


def read(sheet: Sheet, header: int, order: str = "", **constants: str) -> Reader:
    columns = intake_rows.suggested_columns(intake_rows.headings(sheet, header))
    reading = Reading(sheet.name, header, columns, order, CONSTANTS | constants)
    return Reader(
        sheet, reading, choices=CHOICES, harmed=frozenset({"complainant"}), purpose="reduce_asb", today=TODAY
    )


def test_a_landlords_extract_is_read_from_row_four_with_merged_cells_and_the_month_first() -> None:
    (sheet,) = read_sheets("cases.xlsx", sheets.housing())
    header = intake_rows.suggested_header(sheet)
    assert header == 3
    assert [row[1] for row in sheet.rows[4:7]] == ["Estate 5"] * 3, "a merged area has its value in each cell"
    found = read(sheet, header)
    assert found.wrong == []
    assert [row.values["born_on"] for row in found.rows[:2]] == ["1980-02-13", "1981-02-28"]
    assert (found.rows[0].number, found.rows[0].line) == ("H-1", 5)


def test_a_schools_extract_has_two_sheets_and_real_dates() -> None:
    book = read_sheets("school.xlsx", sheets.school())
    assert [one.name for one in book] == ["Notes", "Concerns"]
    found = read(book[1], 0)
    # The first says that children are affected and not which.
    assert [one.cell for one in found.wrong] == ["row 2"]
    assert found.rows[0].values["born_on"] == "2003-11-02"
    assert found.rows[0].values["children"] == "not_known"


def test_a_charitys_extract_has_semicolons_old_letters_and_the_day_first() -> None:
    (sheet,) = read_sheets("list.csv", sheets.charity())
    found = read(sheet, 0)
    assert found.wrong == []
    assert [row.values["born_on"] for row in found.rows] == ["1985-03-27", "1990-02-04"]
    assert found.rows[0].values["title"] == "Café window broken"


def test_a_date_that_can_be_read_in_two_ways_waits_for_a_choice() -> None:
    (sheet,) = read_sheets("list.csv", sheets.charity("3/4/1985"))
    (wrong,) = read(sheet, 0).wrong
    assert (wrong.cell, "two ways" in wrong.what) == ("G2", True)
    assert read(sheet, 0, "dmy").rows[0].values["born_on"] == "1985-04-03"
    assert read(sheet, 0, "mdy").rows[0].values["born_on"] == "1985-03-04"


@pytest.mark.parametrize(
    ("value", "order", "day"),
    [
        (datetime(1985, 3, 27), "", date(1985, 3, 27)),
        ("1985-03-27", "mdy", date(1985, 3, 27)),
        ("27/3/85", "dmy", date(1985, 3, 27)),
        ("27 March 1985", "mdy", date(1985, 3, 27)),
        ("31/2/1985", "dmy", None),
        ("13/13/1985", "dmy", None),
        ("3 Mac 1985", "dmy", None),
        ("soon", "dmy", None),
    ],
)
def test_a_day_is_read_as_it_is_written(value: Any, order: str, day: date | None) -> None:
    assert intake_rows.read_date(value, order) == day


def test_three_bad_cells_among_five_thousand_rows_are_named_and_nothing_else() -> None:
    rows = sheets.housing_rows(5_000)
    rows[16][7] = "no idea"
    rows[2_500][0] = "H-1"
    rows[4_999][2] = None
    (sheet,) = read_sheets("cases.xlsx", sheets.housing(rows))
    found = read(sheet, 3)
    assert [one.cell for one in found.wrong] == ["H21", "A2505", "C5004"]
    assert all(one.sheet == "Open cases" and one.mend for one in found.wrong)
    assert len(found.rows) == 4_997


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ({"Postcode": "nowhere"}, "I2"),
        ({"Telephone": "ring me"}, "J2"),
        ({"E-mail": "jan at example"}, "K2"),
        ({"Title": "x" * 201}, "B2"),
        ({"Ref": ""}, "A2"),
        ({"Title": "#REF!"}, "B2"),
        ({"DOB": "1/1/2030"}, "G2"),
        ({"Children": "perhaps"}, "L2"),
        ({"Surname": "", "First name": ""}, "E2"),
        ({"Address": ""}, "H2"),
    ],
)
def test_each_kind_of_mistake_is_named_by_its_cell(change: dict[str, str], cell: str) -> None:
    good = {
        "Ref": "1", "Title": "Noise", "Details": "At night.", "Location": "Here", "Surname": "Quayle",
        "First name": "Jan", "DOB": "27/3/1985", "Address": "1 High Street", "Postcode": "ZZ99 3WZ",
        "Telephone": "01632 960118", "E-mail": "jan@example.org", "Children": "No",
    }  # fmt: skip
    plain = Sheet("List", [list(good), [value or None for value in good.values()]])
    assert read(plain, 0).wrong == []
    wrong = read(Sheet("List", [list(good), [value or None for value in (good | change).values()]]), 0).wrong
    assert [one.cell for one in wrong] == [cell]


def test_a_heading_that_says_what_is_what_is_happening() -> None:
    assert intake_rows.suggested_columns(["Ref", "What", "Where"]) == {"number": 0, "happened": 1, "where": 2}


def test_cells_are_named_as_spreadsheets_name_them() -> None:
    assert [address(16, 2), address(0, 0), address(9, 27)] == ["C17", "A1", "AB10"]


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_excel"),
        (b"PK\x03\x04 not a zip", "not_a_sheet"),
        (_zip(word__document=b"<w/>"), "not_a_sheet"),
        (b"a,b\x00c\n", "not_a_sheet"),
        (b"x" * (intake_reading.MOST_TEXT_BYTES + 1), "too_large"),
        (b"PK\x03\x04" + b"x" * intake_reading.MOST_BYTES, "too_large"),
        (b"a\n" * (intake_reading.MOST_ROWS + 1), "too_many_rows"),
        (_zip(xl__workbook=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'), "not_a_sheet"),
    ],
    ids=["old", "no zip", "a letter", "bytes", "long text", "large", "many rows", "its own entities"],
)
def test_what_is_no_spreadsheet_or_too_much_of_one_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_sheets("file", content)
    assert refused.value.code == code


def test_a_small_file_that_unpacks_to_very_much_is_refused_before_it_is_unpacked() -> None:
    bomb = _zip(**{f"xl__part{n}": b"0" * 8_000_000 for n in range(8)})
    assert len(bomb) < 100_000
    with pytest.raises(Refusal) as refused:
        read_sheets("file.xlsx", bomb)
    assert refused.value.code == "too_large"


def test_a_formula_is_read_as_the_value_it_shows() -> None:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("A")
        sheet.write_row(0, 0, ["Ref", "Title"])
        sheet.write_formula(1, 0, '="A"&"1"', None, "A1")
        sheet.write(1, 1, "Noise")
    (found,) = read_sheets("x.xlsx", out.getvalue())
    assert found.rows[1] == ["A1", "Noise"]


def _book(rows: list[list[Any]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("A")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _with(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            found = before.read(name)
            after.writestr(name, change(found) if name == part else found)
    return out.getvalue()


SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"


def test_a_text_that_many_cells_share_is_kept_once() -> None:
    (found,) = read_sheets("x.xlsx", _book([[" long text " * 1_000] * 40 for _ in range(30)]))
    assert len({id(cell) for row in found.rows for cell in row}) == 1
    assert found.rows[0][0].startswith("long")


def test_cells_and_characters_are_counted_over_all_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(content: bytes) -> str:
        with pytest.raises(Refusal) as refusal:
            read_sheets("x", content)
        return refusal.value.code

    school = sheets.school()
    with monkeypatch.context() as small:
        most = max(sum(len(row) for row in one.rows) for one in read_sheets("x.xlsx", school))
        small.setattr(intake_reading, "MOST_CELLS", most)
        assert refused(school) == "too_large", "no sheet has too many, all of them together do"
        assert refused(b"a,b\n" * most) == "too_large"
    monkeypatch.setattr(intake_reading, "MOST_CHARACTERS_READ", 500)
    assert refused(_book([["x" * 300], ["y" * 300]])) == "too_large"


def test_a_file_that_is_damaged_or_locked_is_refused_in_words() -> None:
    good = _book([["Ref", "Title"], ["1", "Noise"]])
    beyond = _with(good, SHEET, lambda part: part.replace(b"<v>0</v>", b"<v>999</v>", 1))
    start = good.index(b"PK\x01\x02")
    # The flags of the first entry say that it is locked; its way of packing is one that nobody knows.
    locked = good[: start + 8] + b"\x01" + good[start + 9 :]
    strange = good[: start + 10] + b"\x63" + good[start + 11 :]
    (first,) = zipfile.ZipFile(io.BytesIO(good)).infolist()[:1]
    inside = first.header_offset + 30 + len(first.filename)
    broken = good[:inside] + b"\xff" * 20 + good[inside + 20 :]
    for content in (beyond, locked, strange, broken, good[: len(good) // 2]):
        assert content != good
        with pytest.raises(Refusal) as refused:
            read_sheets("x.xlsx", content)
        assert refused.value.code == "not_a_sheet"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", f"<!--{'x' * 5_000}-->"])
def test_entities_of_its_own_are_refused_wherever_and_however_they_are_written(
    before: str, encoding: str
) -> None:
    def declares(part: bytes) -> bytes:
        text = part.decode().replace("UTF-8", encoding.upper())
        head, rest = text.split("?>", 1)
        rest = rest.replace("Noise", "&boo;")
        return f'{head}?>{before}<!DOCTYPE sst [<!ENTITY boo "boo">]>{rest}'.encode(encoding)

    good = _book([["Ref", "Title"], ["1", "Noise"]])
    with pytest.raises(Refusal) as refused:
        read_sheets("x.xlsx", _with(good, TEXTS, declares))
    assert refused.value.code == "not_a_sheet"


def test_what_is_wrong_alike_in_a_whole_column_is_said_once() -> None:
    def wrong(cell: str, what: str) -> Wrong:
        return Wrong("list", cell, what, "Mend it")

    few = [wrong(f"C{line}", "Too long") for line in range(2, 7)]
    many = [wrong(f"D{line}", "No day") for line in range(2, 1202)]
    said = alike([*few, *many, wrong("E9", "No day")])
    assert said[:5] == few, "five are named one by one"
    assert [one.cell for one in said[5:]] == ["D2, D3, D4, D5, D6 and 1,195 more, to D1201", "E9"]
