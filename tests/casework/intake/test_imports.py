"""Sheets read in by their pages: all or nothing, repeatable, and next month's changes shown."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from saferhub.casework.models import ColumnMapping, Referral, ReferralStatus, SheetImport, SheetRow, Source
from saferhub.foundation import clock
from saferhub.sharing.entering import entered
from saferhub.sharing.operations.interests_given import restrict
from tests.builders import casework_sheets as sheets
from tests.builders.casework import actor, unit_of

pytestmark = pytest.mark.django_db(databases=["default", "refusals"])

REST = {
    "hub": "selby", "purpose": "reduce_asb", "constant_subject_kind": "individual", "constant_children": "not_known",
    "constant_told": "yes", "constant_role": "complainant", "constant_tried": "See the case.",
    "constant_asked_for": "Please look at it.", "constant_wishes": "Not asked yet.",
}  # fmt: skip


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.content.decode())
    assert found is not None, re.sub(r"<[^>]+>", " ", answer.content.decode())[:2000]
    return html.unescape(found[1])


def chosen(answer: Any) -> dict[str, str]:
    """What the page about the columns has chosen already."""
    found: dict[str, str] = {}
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', answer.content.decode(), re.S
    ):
        picked = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        found[name] = html.unescape(picked[1]) if picked else ""
    for name, value in re.findall(r'name="(header|name)"[^>]*value="([^"]*)"', answer.content.decode()):
        found[name] = value
    return found


def upload(client: Client, content: bytes, name: str = "cases.xlsx", mapping: str = "") -> Any:
    return client.post(
        reverse("sheet-import"), {"file": SimpleUploadedFile(name, content), "mapping": mapping}
    )


def look(client: Client, answer: Any, **more: str) -> Any:
    values = (
        chosen(answer) | REST | {"name": "Case list", "seal": hidden(answer, "seal"), "do": "look"} | more
    )
    return client.post(reverse("sheet-reading"), values)


def read_in(client: Client, looked: Any) -> Any:
    return client.post(
        reverse("sheet-read-in"),
        {"seal": hidden(looked, "seal"), "settings": hidden(looked, "settings")},
        follow=True,
    )


def filed(cast: dict[str, Any]) -> list[Referral]:
    with entered(cast["priya.partner"]):
        rows = Referral.objects.filter(source=Source.SHEET, unit=unit_of(cast, "priya.partner"))
        return list(rows.select_related("matter").order_by("id"))


@pytest.fixture
def priya(world: None, client_for: Callable[..., Client]) -> Client:
    return client_for("priya.partner")


def test_three_unlike_extracts_load_and_again_by_their_saved_mappings(
    priya: Client, cast: dict[str, Any]
) -> None:
    extracts: list[tuple[bytes, str, str, int]] = [
        (sheets.housing(), "cases.xlsx", "Landlord", 6),
        (sheets.school(), "school.xlsx", "School", 2),
        (sheets.charity(), "list.csv", "Charity", 2),
    ]
    total = 0
    for content, file_name, name, rows in extracts:
        settled = upload(priya, content, file_name)
        more = {"name": name}
        if name == "School":
            more["column_children"] = ""
        looked = look(priya, settled, **more)
        done = read_in(priya, looked)
        assert "Read in." in done.content.decode(), re.sub(r"<[^>]+>", " ", done.content.decode())[:3000]
        total += rows
        assert len(filed(cast)) == total
        mapping = ColumnMapping.objects.get(name=name)
        again = upload(priya, content, file_name, mapping.public_id)
        assert "There is nothing to read in" in again.content.decode()
    assert len(filed(cast)) == total
    assert {one.status for one in filed(cast)} == {ReferralStatus.SENT}


def test_three_bad_cells_change_nothing_and_are_named(priya: Client, cast: dict[str, Any]) -> None:
    rows = sheets.housing_rows(5_000)
    rows[16][7], rows[2_500][0], rows[4_999][2] = "no idea", "H-1", None
    looked = look(priya, upload(priya, sheets.housing(rows)))
    body = looked.content.decode()
    assert "3 cells to mend" in body
    assert [cell for cell in ("H21", "A2505", "C5004") if cell not in body] == []
    assert "Read it in" not in body
    done = priya.post(
        reverse("sheet-read-in"), {"seal": hidden(looked, "seal"), "settings": hidden(looked, "settings")}
    )
    assert "3 cells to mend" in done.content.decode(), "nor by asking for it"
    assert filed(cast) == []
    assert not ColumnMapping.objects.exists()


def test_next_months_file_changes_what_has_changed_and_shows_each(
    priya: Client, cast: dict[str, Any]
) -> None:
    rows = sheets.housing_rows(6)
    read_in(priya, look(priya, upload(priya, sheets.housing(rows))))
    mapping = ColumnMapping.objects.get()
    decided, waits = filed(cast)[0], filed(cast)[1]
    with entered(cast["priya.partner"]):
        Referral.objects.filter(pk=decided.pk).update(
            status=ReferralStatus.DECLINED, decided_on=decided.sent_on
        )
    rows[0][3], rows[1][3], rows[2][5] = "It has stopped.", "It is worse.", "Othername"
    looked = upload(
        priya, sheets.housing([*rows, *sheets.housing_rows(7)[6:]]), "next.xlsx", mapping.public_id
    )
    body = looked.content.decode()
    assert "Music after midnight, 2 nights." in body and "It is worse." in body
    assert waits.matter.reference in body
    assert "Changed since: tell the hub" in body and "Correct the person’s record" in body
    read_in(priya, looked)
    after = {one.pk: one for one in filed(cast)}
    assert len(after) == 7
    assert after[waits.pk].happened == "It is worse."
    assert after[decided.pk].happened == "Music after midnight, 1 nights."
    with entered(cast["priya.partner"]):
        done = SheetImport.objects.latest("id")
        assert (done.rows, done.created, done.changed, done.unchanged) == (7, 1, 1, 5)
    # What the hub has to be told is shown again until somebody mends the sheet.
    assert (
        "It has stopped." in upload(priya, sheets.housing(rows), "x.xlsx", mapping.public_id).content.decode()
    )


def test_of_many_changes_the_first_are_shown_and_all_are_counted(
    priya: Client, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.casework.views import intake_sheets

    monkeypatch.setattr(intake_sheets, "SHOWN_CHANGES", 2)
    rows = sheets.housing_rows(6)
    read_in(priya, look(priya, upload(priya, sheets.housing(rows))))
    for row in rows[:5]:
        row[3] = "It is worse."
    again = upload(priya, sheets.housing(rows), "next.xlsx", ColumnMapping.objects.get().public_id)
    body = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", again.content.decode()))
    assert "Changed 5 the referral will say what the row says" in body
    assert "The first 2 are shown; all 5 are read in." in body


def test_one_row_that_cannot_be_filed_takes_all_of_it_back(
    priya: Client, cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from saferhub.casework.operations import intake_imports
    from saferhub.foundation.refusals import Refusal

    looked = look(priya, upload(priya, sheets.charity(), "list.csv"))
    real, calls = intake_imports.checked, []

    def second_fails(*values: Any, **more: Any) -> Any:
        calls.append(values)
        if len(calls) == 2:
            raise Refusal("value_wrong", "That is wrong.")
        return real(*values, **more)

    monkeypatch.setattr(intake_imports, "checked", second_fails)
    done = read_in(priya, looked)
    assert done.status_code == 409
    assert "Row 3: That is wrong." in done.content.decode()
    assert filed(cast) == []
    assert not ColumnMapping.objects.exists()


def test_a_file_opens_for_nobody_else_and_not_when_it_was_changed(
    priya: Client, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    looked = look(priya, upload(priya, sheets.charity(), "list.csv"))
    sent = {"seal": hidden(looked, "seal"), "settings": hidden(looked, "settings")}
    assert client_for("victor.voluntary").post(reverse("sheet-read-in"), sent).status_code == 409
    assert (
        priya.post(reverse("sheet-read-in"), sent | {"seal": sent["seal"][:-8] + "AAAAAAA="}).status_code
        == 409
    )
    assert (
        priya.post(reverse("sheet-read-in"), sent | {"settings": json.dumps({"sheet": "x"})}).status_code
        == 200
    )
    assert filed(cast) == []


def test_another_agency_sees_neither_the_file_nor_its_rows(
    priya: Client, cast: dict[str, Any], client_for: Callable[..., Client]
) -> None:
    read_in(priya, look(priya, upload(priya, sheets.charity(), "list.csv")))
    with entered(cast["priya.partner"]):
        made = SheetImport.objects.get()
    for username in ("victor.voluntary", "colin.coordinator", "fergus.former"):
        with entered(cast[username]):
            assert not SheetRow.objects.exists() and not SheetImport.objects.exists()
        assert client_for(username).get(reverse("sheet-imported", args=[made.public_id])).status_code == 404
    assert client_for("victor.voluntary").get(reverse("sheet-import")).content.decode().count("list.csv") == 0


def restrict_to_the_hub(cast: dict[str, Any], referral: Referral) -> None:
    with entered(cast["colin.coordinator"]):
        restrict(
            matter_id=referral.matter.public_id,
            names=[cast[one].public_id for one in ("colin.coordinator", "maya.manager")],
            reason="At risk from somebody in the unit that referred.",
            by=actor(cast, "colin.coordinator"),
            on=clock.today(),
        )


def test_a_referral_that_was_restricted_since_does_not_stop_the_next_file_nor_show_there(
    priya: Client, cast: dict[str, Any]
) -> None:
    rows = sheets.housing_rows(3)
    read_in(priya, look(priya, upload(priya, sheets.housing(rows))))
    mapping = ColumnMapping.objects.get()
    hidden_one = filed(cast)[0]
    restrict_to_the_hub(cast, hidden_one)
    assert len(filed(cast)) == 2, "the unit does not see it any more"
    rows[0][3], rows[1][3] = "It has stopped.", "It is worse."
    looked = upload(
        priya, sheets.housing([*rows, *sheets.housing_rows(4)[3:]]), "next.xlsx", mapping.public_id
    )
    assert "It is worse." in looked.content.decode()
    assert hidden_one.matter.reference not in looked.content.decode()
    done = read_in(priya, looked)
    assert "Read in." in done.content.decode()
    with entered(cast["priya.partner"]):
        made = SheetImport.objects.latest("id")
        assert (made.created, made.changed, made.unchanged) == (1, 1, 2)
    with entered(cast["colin.coordinator"]):
        kept = Referral.objects.get(pk=hidden_one.pk)
        assert kept.happened == "Music after midnight, 1 nights."
    with entered(cast["priya.partner"]):
        first = SheetImport.objects.earliest("id")
    shown = priya.get(reverse("sheet-imported", args=[first.public_id]))
    assert hidden_one.matter.reference not in shown.content.decode()


def test_what_a_row_says_lies_in_the_referral_alone(priya: Client, cast: dict[str, Any]) -> None:
    rows = sheets.housing_rows(3)
    read_in(priya, look(priya, upload(priya, sheets.housing(rows))))
    words = {str(cell) for row in rows for cell in row if cell and len(str(cell)) > 2}
    with entered(cast["priya.partner"]):
        kept = [value for row in SheetRow.objects.all() for value in row.values.values()]
    assert kept and words.isdisjoint(kept)
    assert all(re.fullmatch(r"[0-9a-f]{32}", value) for value in kept)
    assert len(set(kept)) == len(kept), "nor does it tell which rows say the same"


def test_a_row_number_of_the_headings_that_is_no_plain_number_is_no_failure(priya: Client) -> None:
    answer = upload(priya, sheets.charity(), "list.csv")
    sent = {"seal": hidden(answer, "seal"), "header": "²", "do": "show"}
    assert priya.post(reverse("sheet-reading"), sent).status_code == 200


def test_mistakes_are_listed_as_the_fields_stand_and_name_the_column(priya: Client) -> None:
    answer = upload(priya, sheets.charity(), "list.csv")
    assert '<details class="govuk-details"><summary' in answer.content.decode(), "folded while it is empty"
    sent = {"seal": hidden(answer, "seal"), "header": "1", "do": "look", "constant_tried": "See the case."}
    body = priya.post(reverse("sheet-reading"), sent).content.decode()
    assert '<details class="govuk-details" open>' in body
    summary = body[body.index("govuk-error-summary") :]
    places = [summary.index(f"#id_{name}") for name in ("column_number", "hub", "purpose", "name")]
    assert places == sorted(places)
    assert "the column with your own number for the row" in summary


def test_a_file_that_is_no_spreadsheet_is_said_beside_its_field(priya: Client) -> None:
    answer = upload(priya, b"PK\x03\x04 no", "x.xlsx")
    assert answer.status_code == 200
    assert "This is not a spreadsheet that can be read." in answer.content.decode()
