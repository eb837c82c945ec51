"""Pages beside the plan: lists with filters and files, forms that keep what was typed, records made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.plan.models import Consultation, CrimeNote, Funding, Training
from tests.plan.planned import CHRIS, MAYA, OLIVIA, POLICE, RACHEL, Cast
from tests.plan.support.supporting import (
    a_consultation,
    a_funding,
    a_group,
    a_note,
    a_report,
    a_training,
    area_of,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def shown(client: Client, name: str, *arguments: str, **query: str) -> str:
    answer = client.get(reverse(name, args=arguments), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


LISTS = [
    ("plan-funding", a_funding, "Family workers"),
    ("plan-training", a_training, "County lines"),
    ("plan-reports-received", a_report, "The year to March"),
    ("plan-consultations", a_consultation, "Evening in the market hall"),
    ("plan-crime-notes", a_note, "Lights go out at midnight"),
]


@pytest.mark.parametrize(("name", "make", "words"), LISTS, ids=[name for name, _, _ in LISTS])
def test_a_list_shows_its_rows_to_the_partnership_and_gives_them_as_a_file(
    cast: Cast, client_for: ClientFor, name: str, make: Any, words: str
) -> None:
    make(cast)
    for username in (RACHEL, "ana.analyst"):
        assert words in shown(client_for(username), name)
    assert words not in shown(client_for(OLIVIA), name)
    answer = client_for(RACHEL).get(reverse(name), {"format": "csv"})
    assert words in answer.content.decode("utf-8-sig")
    assert Entry.objects.filter(event="plan.support_exported").exists()


@pytest.mark.parametrize(("name", "make", "words"), LISTS, ids=[name for name, _, _ in LISTS])
def test_a_list_asks_as_many_questions_for_many_rows_as_for_few(
    cast: Cast, client_for: ClientFor, name: str, make: Any, words: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert words in shown(client, name)
        return sum('"plan_' in one["sql"] for one in captured)

    make(cast)
    client = client_for(MAYA)
    shown(client, name)
    few = asked()
    for number in range(3):
        make(cast, **({"title": f"Another {number}"} if make is a_report else {}))
    assert asked() == few > 0


@pytest.mark.parametrize("name", [name for name, _, _ in LISTS])
def test_a_filter_that_nothing_answers_to_says_so(cast: Cast, client_for: ClientFor, name: str) -> None:
    a_funding(cast)
    query = {"status": "ended"} if name == "plan-funding" else {"since": "1/1/2030"}
    assert "Nothing answers to these filters" in shown(client_for(RACHEL), name, **query)


def test_money_is_typed_as_people_type_it_and_kept_once(cast: Cast, client_for: ClientFor) -> None:
    client, area = client_for(MAYA), area_of(cast)
    url = reverse("plan-funding-add")
    sent = {
        "title": "A worker", "area": area, "funder": "A fund", "buys": "One worker", "amount": "twelve",
        "once": client.get(url).context["form"]["once"].value(),
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.context["form"].errors == {"amount": ["Enter an amount in pounds, like 12,000 or 1,250.50"]}
    assert "twelve" in answer.content.decode()
    sent["amount"] = "£12,000.50"
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    made = Funding.objects.get(title="A worker")
    assert f"{made.amount}" == "12000.50"
    change = reverse("plan-funding-change", args=[made.public_id])
    assert 'value="12,000.50"' in client.get(change).content.decode()


def test_a_funding_is_moved_reported_on_and_tells_its_story(cast: Cast, client_for: ClientFor) -> None:
    made, client = a_funding(cast), client_for(MAYA)
    move = reverse("plan-funding-move", args=[made.public_id])
    answer = client.post(move, {"status": "secured", "seen": "1", "amount": "40,000"})
    assert answer.context["form"].errors == {"first_day": ["Say from when and until when it is funded."]}
    days = {**boxes("first_day", date(2018, 4, 1)), **boxes("last_day", date(2019, 3, 31))}
    assert (
        client.post(move, {"status": "secured", "seen": "1", "amount": "40,000", **days}).status_code == 302
    )
    report = reverse("plan-funding-report", args=[made.public_id])
    days = {**boxes("first_day", date(2018, 4, 1)), **boxes("last_day", date(2018, 6, 30))}
    assert client.post(report, {"words": "Thirty seen", "spent": "9,000", **days}).status_code == 302
    text = shown(client_for(RACHEL), "plan-funding-one", made.public_id)
    for words in ("£9,000 of £40,000 (22%)", "Thirty seen", "Secured", "Sought"):
        assert words in text
    assert move not in text
    assert client_for(OLIVIA).get(reverse("plan-funding-one", args=[made.public_id])).status_code == 404


def test_training_of_another_agency_is_refused_beside_its_field(cast: Cast, client_for: ClientFor) -> None:
    client, area = client_for(CHRIS), area_of(cast)
    sent = {
        "topic": "County lines", "area": area, "agency": "schools", "audience": "Teachers", "given_by": "Trainer",
        "count": "1,200", **boxes("on", date(2018, 6, 1)),
    }  # fmt: skip
    answer = client.post(reverse("plan-training-add"), sent)
    assert list(answer.context["form"].errors) == ["agency"]
    assert "Teachers" in answer.content.decode()
    assert client.post(reverse("plan-training-add"), {**sent, "agency": POLICE}).status_code == 302
    assert Training.objects.get(count=1200).agency.code == POLICE  # type: ignore[union-attr]


def test_a_second_editor_of_a_note_is_shown_both_versions(cast: Cast, client_for: ClientFor) -> None:
    note = a_note(cast)
    url = reverse("plan-crime-note-change", args=[note.public_id])
    sent = {
        "decision": note.decision,
        "body": note.body,
        "effects": "Some",
        "seen": "1",
        **boxes("on", note.on),
    }
    assert client_for(CHRIS).post(url, {**sent, "done": "Two lights"}).status_code == 302
    answer = client_for(MAYA).post(url, {**sent, "done": "Three lights"})
    assert answer.status_code == 409
    assert CrimeNote.objects.get(pk=note.pk).done == "Two lights"
    assert client_for(RACHEL).get(url).status_code == 403


def test_groups_of_a_consultation_are_added_changed_and_taken_out(cast: Cast, client_for: ClientFor) -> None:
    made, client = a_consultation(cast), client_for(MAYA)
    group = a_group(cast, made)
    add = reverse("plan-group-add", args=[made.public_id])
    answer = client.post(add, {"name": "Workers", "reached": "0", "gap": ""})
    assert "Say why nobody" in answer.context["form"].errors["gap"][0]
    assert client.post(add, {"name": "Workers", "reached": "0", "gap": "Asked too late"}).status_code == 302
    assert "Asked too late" in shown(client_for(RACHEL), "plan-consultation", made.public_id)
    change = reverse("plan-group-change", args=[group.public_id])
    assert client.post(change, {"name": "Residents", "reached": "41", "seen": "1"}).status_code == 302
    answer = client.post(change, {"name": "Residents", "reached": "42", "seen": "1"})
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("41", "42", "Which is right"))
    remove = reverse("plan-group-remove", args=[group.public_id])
    assert "Somebody else changed this" in client.post(remove).content.decode()
    sent = {"seen": "2", "once": client.get(remove).context["form"]["once"].value()}
    for _ in range(2):  # pressed twice it is taken out once, and both lead back
        assert client.post(remove, sent).url == reverse("plan-consultation", args=[made.public_id])  # type: ignore[attr-defined]
    assert Consultation.objects.get(pk=made.pk).groups.count() == 1
