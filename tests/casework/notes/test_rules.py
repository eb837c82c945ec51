"""What may be written, by when a victim is contacted, which files are kept, what a plan may say: by examples."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from saferhub.casework.rules import notes, notes_files, notes_plan
from saferhub.casework.rules.notes_contact_clock import Made, next_contact, started_on
from saferhub.partnership.rules.clocks import Clock, Unit
from saferhub.partnership.rules.working_days import BankHolidays

TODAY = date(2018, 8, 28)


def codes(found: list[object]) -> list[str]:
    return [one.code for one in found]  # type: ignore[attr-defined]


# --- Writing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "on", "wanted"),
    [
        ("It was quiet.", TODAY, []),
        ("It was quiet.", date(2017, 1, 1), []),
        ("  \n ", TODAY, ["words_missing"]),
        ("It will be quiet.", date(2018, 8, 29), ["not_yet"]),
    ],
)
def test_what_is_written_has_words_and_a_day_that_has_come(words: str, on: date, wanted: list[str]) -> None:
    assert codes(list(notes.writing_refusals(words=words, on=on, today=TODAY))) == wanted


@pytest.mark.parametrize(
    ("sharing", "named", "has_unit", "wanted"),
    [
        ("all", [], True, []),
        ("all", [], False, []),
        ("own", [], True, []),
        ("own", [], False, ["no_unit"]),
        ("named", ["hub"], True, []),
        ("named", [], True, ["nobody_named"]),
        ("named", ["hub", "unit:GONE"], True, ["does_not_see_case"]),
        ("everyone", [], True, ["who_sees_missing"]),
        ("", [], True, ["who_sees_missing"]),
    ],
)
def test_who_is_to_see_it_is_chosen_from_those_on_offer(
    sharing: str, named: list[str], has_unit: bool, wanted: list[str]
) -> None:
    found = notes.sharing_refusals(
        sharing=sharing, named=named, on_offer=["hub", "unit:A"], has_unit=has_unit
    )
    assert codes(list(found)) == wanted


@pytest.mark.parametrize(
    ("how", "reached", "is_in_case", "wanted"),
    [
        ("visit", True, True, []),
        ("visit", False, True, []),
        ("pigeon", True, True, ["unknown_way"]),
        ("visit", None, True, ["reached_missing"]),
        ("visit", True, False, ["not_in_case"]),
    ],
)
def test_a_contact_says_how_and_whether_somebody_in_the_case_was_reached(
    how: str, reached: bool | None, is_in_case: bool, wanted: list[str]
) -> None:
    found = notes.contact_refusals(how=how, ways=["visit"], reached=reached, is_in_case=is_in_case)
    assert codes(list(found)) == wanted


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ([], "nobody today"),
        (["Ann"], "Ann"),
        (["Ann", "Bo"], "Ann and Bo"),
        (["Ann", "Bo", "Cy", "Di"], "Ann, Bo and 2 more"),
    ],
)
def test_people_are_named_and_beyond_some_counted(names: list[str], wanted: str) -> None:
    assert notes.people_words(names, most=2) == wanted


# --- The clock -----------------------------------------------------------------------------------------------

CLOCK = Clock(id="victim_contact", title="Contact with the victim", length=10, unit=Unit.WORKING_DAYS)
HOLIDAYS = BankHolidays.of(
    [(date(2018, 8, 27), "Summer bank holiday"), (date(2018, 12, 25), "Christmas Day")]
)


def made(
    day: int, *, harmed: bool = True, reached: bool | None = True, shown: bool = True, gone: bool = False
) -> Made:
    return Made(date(2018, 8, day), harmed, reached, shown, gone)


@pytest.mark.parametrize(
    ("contacts", "wanted"),
    [
        ([], 1),
        ([made(10)], 10),
        ([made(10), made(6)], 10),
        ([made(10, harmed=False)], 1),
        ([made(10, reached=False)], 1),
        ([made(10, reached=None)], 1),
        ([made(10, shown=False)], 1),
        ([made(10, gone=True)], 1),
        ([made(10, gone=True), made(8)], 8),
    ],
)
def test_the_clock_runs_from_the_last_contact_that_counts(contacts: list[Made], wanted: int) -> None:
    assert started_on(date(2018, 8, 1), contacts) == date(2018, 8, wanted)


def test_a_contact_before_adoption_does_not_wind_the_clock_back() -> None:
    assert started_on(date(2018, 8, 20), [made(10)]) == date(2018, 8, 20)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        # Ten working days after Monday 13 August, over the bank holiday.
        ({}, date(2018, 8, 28)),
        ({"contacts": [made(17)]}, date(2018, 9, 3)),
        ({"somebody_harmed": False}, None),
        ({"is_open": False}, None),
        ({"clock": None}, None),
    ],
)
def test_the_next_contact_is_due_ten_working_days_on(changes: dict[str, object], wanted: date | None) -> None:
    given: dict[str, object] = {
        "clock": CLOCK,
        "adopted_on": date(2018, 8, 13),
        "contacts": [],
        "somebody_harmed": True,
        "is_open": True,
        "bank_holidays": HOLIDAYS,
    } | changes
    clock = given.pop("clock")
    assert next_contact(clock, **given) == wanted  # type: ignore[arg-type]


# --- Files ---------------------------------------------------------------------------------------------------


def packed(*names: str, first: bytes = b"") -> bytes:
    """A zip file with these parts; `first` is what its first, stored part holds."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for number, name in enumerate(names):
            file.writestr(name, first if number == 0 else b"x")
    return content.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")
TABLE = packed("[Content_Types].xml", "xl/workbook.xml")
MACROS = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OPEN_TEXT = packed("mimetype", "content.xml", first=b"application/vnd.oasis.opendocument.text")
OPEN_MACROS = packed("mimetype", "Basic/script.xml", first=b"application/vnd.oasis.opendocument.text")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00"
FILM = b"\x00\x00\x00\x18ftypmp42\x00"
PROGRAM = b"MZ\x90\x00\x03"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", b"%PDF-1.7\n"),
        ("LETTER.PDF", b"%PDF-1.7\n"),
        ("letter.docx", WORD),
        ("log.xlsx", TABLE),
        ("letter.odt", OPEN_TEXT),
        ("diary.txt", "Monday: shouting – again, café".encode()),
        ("diary.txt", "Monday: £20".encode("cp1252")),
        ("calls.csv", b"day,calls\r\n2018-08-01,3\r\n"),
        ("door.jpg", JPEG),
        ("door.jpeg", JPEG),
        ("door.png", PNG),
        ("door.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("door.heic", b"\x00\x00\x00\x18ftypheic\x00"),
        ("noise.mp3", b"ID3\x03\x00"),
        ("noise.mp3", b"\xff\xfb\x90\x00"),
        ("noise.m4a", b"\x00\x00\x00\x18ftypM4A \x00"),
        ("noise.wav", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        ("bell.mp4", FILM),
        ("bell.mov", b"\x00\x00\x00\x14ftypqt  \x00"),
    ],
)
def test_what_people_send_is_kept(name: str, content: bytes) -> None:
    assert notes_files.file_refusals(name=name, content=content, most_megabytes=1) == []


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("letter.pdf", b"", "file_empty"),
        ("letter.pdf", b"%PDF-" + b"x" * 1024 * 1024, "file_too_large"),
        ("setup.exe", PROGRAM, "file_kind"),
        ("page.html", b"<html></html>", "file_kind"),
        ("drawing.svg", b"<svg></svg>", "file_kind"),
        ("letter.docm", MACROS, "file_kind"),
        ("files.zip", WORD, "file_kind"),
        ("letter", b"%PDF-1.7\n", "file_kind"),
        (".pdf", b"%PDF-1.7\n", ""),
        ("letter.pdf.exe", b"%PDF-1.7\n", "file_kind"),
        ("letter.pdf", PROGRAM, "file_not_what_it_says"),
        ("letter.pdf", b" %PDF-1.7\n", "file_not_what_it_says"),
        ("door.jpg", PNG, "file_not_what_it_says"),
        ("letter.docx", MACROS, "file_not_what_it_says"),
        ("letter.docx", TABLE, "file_not_what_it_says"),
        ("letter.docx", b"PK\x03\x04 and no more", "file_not_what_it_says"),
        ("letter.odt", OPEN_MACROS, "file_not_what_it_says"),
        ("diary.txt", PROGRAM, "file_not_what_it_says"),
        ("diary.txt", b"<script>alert(1)</script>", "file_not_what_it_says"),
        ("diary.csv", b"\xef\xbb\xbf  <!DOCTYPE html>", "file_not_what_it_says"),
        ("bell.mp4", JPEG, "file_not_what_it_says"),
    ],
)
def test_a_file_is_kept_only_when_name_content_and_size_agree(name: str, content: bytes, wanted: str) -> None:
    found = notes_files.file_refusals(name=name, content=content, most_megabytes=1)
    assert [one.code for one in found] == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("letter.pdf", "letter.pdf"),
        ("C:\\Users\\Ann\\letter.pdf", "letter.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("letter\r\nSet-Cookie: a.pdf", "letterSet-Cookie: a.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  two   words .txt ", "two words .txt"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_kept_without_folders_and_unseen_characters(given: str, kept: str) -> None:
    assert notes_files.safe_name(given) == kept
    assert len(kept) <= notes_files.LONGEST_NAME


@pytest.mark.parametrize(
    ("size", "words"), [(10, "10 bytes"), (2048, "2 KB"), (3 * 1024 * 1024 // 2, "1.5 MB")]
)
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert notes_files.size_words(size) == words


# --- The plan ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "mitigation", "has_ended", "wanted"),
    [
        ("high", "", False, True),
        ("high", "  \n", False, True),
        ("high", "A lock is fitted.", False, False),
        ("high", "", True, False),
        ("medium", "", False, False),
        ("low", "", False, False),
    ],
)
def test_a_high_risk_that_nothing_is_done_against_stops_closure(
    severity: str, mitigation: str, has_ended: bool, wanted: bool
) -> None:
    found = notes_plan.is_unanswered(severity=severity, mitigation=mitigation, has_ended=has_ended)
    assert found is wanted


@pytest.mark.parametrize(
    ("status", "why", "wanted"),
    [
        ("met", "", []),
        ("met", "No call for eight weeks.", []),
        ("not_met", "They moved.", []),
        ("not_met", " ", ["reason_missing"]),
        ("dropped", "", ["reason_missing"]),
        ("open", "Again.", ["unknown_status"]),
        ("won", "Yes.", ["unknown_status"]),
    ],
)
def test_what_came_of_a_goal_needs_a_reason_unless_it_was_reached(
    status: str, why: str, wanted: list[str]
) -> None:
    assert codes(list(notes_plan.goal_end_refusals(status=status, why=why))) == wanted


@pytest.mark.parametrize(
    ("review_on", "before", "wanted"),
    [
        (None, None, []),
        (TODAY, None, []),
        (date(2018, 8, 27), None, ["review_past"]),
        (date(2018, 8, 27), date(2018, 8, 27), []),
    ],
)
def test_a_risk_is_looked_at_again_on_a_day_to_come(
    review_on: date | None, before: date | None, wanted: list[str]
) -> None:
    found = notes_plan.risk_refusals(
        words="He may come back.", severity="high", review_on=review_on, today=TODAY, review_before=before
    )
    assert codes(list(found)) == wanted


@pytest.mark.parametrize(
    ("is_same", "is_linked", "why", "wanted"),
    [
        (False, False, "Same stairwell.", []),
        (True, False, "Same stairwell.", ["same_case"]),
        (False, True, "Same stairwell.", ["linked_already"]),
        (False, False, " ", ["reason_missing"]),
    ],
)
def test_two_cases_are_linked_once_and_with_a_reason(
    is_same: bool, is_linked: bool, why: str, wanted: list[str]
) -> None:
    assert codes(list(notes_plan.link_refusals(is_same=is_same, is_linked=is_linked, why=why))) == wanted


def test_a_closed_case_and_a_stranger_keep_the_plan_as_it_is() -> None:
    assert codes(list(notes_plan.open_refusals(is_open=False))) == ["case_closed"]
    assert codes(list(notes_plan.open_refusals(is_open=True))) == []
    assert codes(list(notes_plan.holder_refusals(holder="person:A", on_offer=["unit:B"]))) == [
        "holder_does_not_see"
    ]
    assert codes(list(notes_plan.holder_refusals(holder="", on_offer=[]))) == []
    assert codes(list(notes_plan.goal_refusals(words=" ", by_when=date(2018, 1, 1), adopted_on=TODAY))) == [
        "words_missing",
        "before_case",
    ]
    assert codes(list(notes.change_refusals(is_withdrawn=True))) == ["withdrawn"]
