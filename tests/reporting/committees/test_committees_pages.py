"""The pages of committees and of members' questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from tests.reporting.writing import MAYA, RACHEL, a_committee, a_question, a_resolution, a_sitting, acting

Cast = dict[str, Any]


def on(name: str, row: Any, *more: str) -> str:
    return reverse(name, args=[row.public_id, *more])


def day_fields(name: str, day: Any) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_a_committee_is_added_and_its_sitting_planned(cast: Cast, client_for: Any) -> None:
    client, maya = client_for(MAYA), acting(cast, MAYA)
    form = {
        "name": "Crime scrutiny",
        "agency": "north_yorkshire_county_council",
        "outline": "scrutiny_report",
    }
    answer = client.post(reverse("committee-add"), form)
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.url).content.decode()
    assert "No sitting is planned" in page
    committee = a_committee(cast, "Crime scrutiny")
    day = maya.on + timedelta(days=30)
    sitting = {
        **day_fields("on", day),
        **day_fields("papers_due_on", day + timedelta(days=1)),
        "about": "The plan",
    }
    wrong = client.post(on("sitting-add", committee), sitting)
    assert "Papers are wanted before the sitting" in wrong.content.decode()
    sitting |= day_fields("papers_due_on", day - timedelta(days=9))
    assert client.post(on("sitting-add", committee), sitting).status_code == 302
    page = client.get(reverse("committees")).content.decode()
    assert "Report to Crime scrutiny" in page
    assert "Report to Crime scrutiny" in client.get("/").content.decode()


def test_a_question_is_recorded_and_answered_and_its_reader_sees_both(cast: Cast, client_for: Any) -> None:
    committee, maya = a_committee(cast), acting(cast, MAYA)
    client = client_for(MAYA)
    form = {
        "words": "How long do people wait?", "owner_post": "Manager", "owner": cast[RACHEL].public_id,
        **day_fields("asked_on", maya.on), **day_fields("due_on", maya.on + timedelta(days=20)),
    }  # fmt: skip
    answer = client.post(on("question-add", committee), form)
    assert answer.status_code == 302, answer.content.decode()
    rachel = client_for(RACHEL)
    page = rachel.get(answer.url).content.decode()
    assert "How long do people wait?" in page and "Answer it" in page
    sent = rachel.post(f"{answer.url}answer/", {"answer": "Four working days.", "seen": "1"})
    assert sent.status_code == 302, sent.content.decode()
    assert "Four working days." in client_for("priya.partner").get(answer.url).content.decode()


def test_the_same_question_sent_twice_is_recorded_once(cast: Cast, client_for: Any) -> None:
    from saferhub.reporting.models import MemberQuestion

    committee, maya, client = a_committee(cast), acting(cast, MAYA), client_for(MAYA)
    page = client.get(on("question-add", committee))
    form = {
        "words": "Twice?", "owner_post": "Manager", "once": page.context["form"].fields["once"].initial,
        **day_fields("asked_on", maya.on), **day_fields("due_on", maya.on + timedelta(days=20)),
    }  # fmt: skip
    first, second = (client.post(on("question-add", committee), form) for _ in range(2))
    assert first.url == second.url
    assert MemberQuestion.objects.filter(words="Twice?").count() == 1


def test_the_list_of_questions_keeps_filters_and_is_exported(cast: Cast, client_for: Any) -> None:
    row = a_question(cast, a_committee(cast), words="=HYPERLINK(1)")
    client = client_for(RACHEL)
    page = client.get(reverse("questions"), {"status": "open", "sort": "-due"}).content.decode()
    assert on("question", row) in page
    exported = client.get(reverse("questions-csv")).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in exported
    assert (
        "No question answers to these filters"
        in client.get(reverse("questions"), {"status": "closed"}).content.decode()
    )


def test_what_members_resolved_stands_on_the_committees_page(cast: Cast, client_for: Any) -> None:
    row, maya, client = a_resolution(cast), acting(cast, MAYA), client_for(MAYA)
    form = {
        "resolved": "Tell us more of nights",
        "seen": "1",
        "needs_answer": "on",
        **day_fields("resolved_on", maya.on),
    }
    answer = client.post(on("resolution", row), form)
    assert answer.status_code == 302, answer.content.decode()
    assert "Tell us more of nights" in client.get(answer.url).content.decode()
    assert "Answer to" in client.get(reverse("committees")).content.decode()


def test_a_partner_reads_the_forward_plan_and_changes_nothing(cast: Cast, client_for: Any) -> None:
    committee = a_committee(cast)
    row = a_sitting(cast, committee, acting(cast, MAYA).on + timedelta(days=50), about="Hate crime")
    client = client_for(RACHEL)
    page = client.get(on("committee", committee)).content.decode()
    assert "Hate crime" in page
    assert on("sitting", row) not in page
    assert client.post(on("sitting", row), {}).status_code == 403
