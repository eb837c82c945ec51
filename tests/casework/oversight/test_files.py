"""The lists as files: what one may see, nothing that runs, a line where more was left out, and the record of it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from saferhub.audit.models import Entry
from saferhub.casework.queries import oversight_files, oversight_lists
from saferhub.foundation.xlsx_files import xlsx_answer
from tests.builders.casework import a_case
from tests.builders.casework_actions import an_action
from tests.builders.casework_scores import a_score

pytestmark = pytest.mark.django_db
COLIN, PRIYA = "colin.coordinator", "priya.partner"
EVIL = '=HYPERLINK("http://example.org";"Mend")'


def lines(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def sheet(answer: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(answer.content))
    return [tuple(cell for cell in row) for row in book.active.iter_rows()]


def test_the_text_holds_what_the_list_shows_and_guards_every_cell(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    an_action(cast, case, owner=PRIYA, words=EVIL)
    found = lines(client_for(COLIN).get(f"/actions.csv?words={case.matter.reference}"))
    assert found[0][:3] == ["Reference of the case", "Title of the case", "What is to be done"]
    assert [row[0] for row in found[1:]] == [case.matter.reference]
    assert found[1][2] == "'" + EVIL


def test_in_the_spreadsheet_text_is_text_and_a_day_is_a_day(cast: Any, client_for: Any) -> None:
    case = a_case(cast)
    an_action(cast, case, owner=PRIYA, words=EVIL)
    answer = client_for(COLIN).get(f"/actions.xlsx?words={case.matter.reference}")
    found = sheet(answer)
    assert len(found) == 2
    words, due = found[1][2], found[1][5]
    assert (words.data_type, words.value, words.hyperlink) == ("s", EVIL, None)
    assert due.is_date


def test_an_address_in_a_cell_is_no_link_and_a_number_in_words_no_number() -> None:
    found = sheet(xlsx_answer("a.xlsx", "A", [["Heading"], ["https://example.org"], ["0044"], [7]]))
    assert [(row[0].value, row[0].data_type) for row in found[1:]] == [
        ("https://example.org", "s"), ("0044", "s"), (7, "n"),
    ]  # fmt: skip
    assert found[1][0].hyperlink is None


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nobody_takes_more_than_she_sees(cast: Any, client_for: Any, kind: str) -> None:
    case = a_case(cast)
    for username in ("nadia.neighbour", "fergus.former", "olivia.outsider"):
        answer = client_for(username).get(f"/cases.{kind}?status=all&words={case.matter.reference}")
        assert answer.status_code == 200
        rows = lines(answer) if kind == "csv" else sheet(answer)
        assert len(rows) == 1, username


def test_what_is_seen_by_an_emergency_alone_is_in_no_file(
    cast: Any, client_for: Any, monkeypatch: Any
) -> None:
    asked = []

    def none(actor: Any, rows: Any) -> Any:
        asked.append(actor.public_id)
        return rows.none()

    monkeypatch.setattr(oversight_files, "without_emergency_sight", none)
    a_case(cast)
    assert len(lines(client_for(COLIN).get("/cases.csv"))) == 1
    assert asked == [cast[COLIN].public_id]


def test_a_file_that_is_cut_says_so_in_its_last_line(cast: Any, client_for: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(oversight_lists, "MOST_EXPORTED", 1)
    monkeypatch.setattr(oversight_files, "MOST_EXPORTED", 1)
    a_case(cast)
    a_case(cast)
    found = lines(client_for(COLIN).get("/cases.csv"))
    assert len(found) == 3
    assert found[-1] == ["Only the first 1 cases are in this file. Narrow the filters for the others."]


def test_what_leaves_is_recorded_with_its_length_and_its_hash_and_no_words(
    cast: Any, client_for: Any
) -> None:
    case = a_case(cast)
    client_for(COLIN).get(f"/cases.xlsx?words={case.matter.reference}")
    entry = Entry.objects.filter(event="cases.exported").latest("id")
    assert entry.codes["rows"] == 1 and len(entry.codes["hash"]) == 64
    assert case.matter.title not in str(entry.codes)


def test_a_judged_band_leaves_with_what_was_scored(cast: Any, client_for: Any) -> None:
    judged, plain = a_case(cast), a_case(cast)
    for case, given in ((judged, {"judged": "high", "judged_why": "He has her key."}), (plain, {})):
        a_score(cast, case, **given)
    found = lines(client_for(COLIN).get("/cases.csv"))
    at = found[0].index("How it was judged")
    said = {row[0]: row[at] for row in found[1:]}
    assert "judged High" in said[judged.matter.reference]
    assert said[plain.matter.reference] == ""
