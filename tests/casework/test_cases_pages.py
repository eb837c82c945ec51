"""Pages of a case: what each shows, to whom, and what each leaves in the record."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.casework.models import Case
from saferhub.casework.operations import cases_life
from saferhub.casework.operations.cases_people import name_part
from saferhub.casework.queries.cases_people import in_matter
from saferhub.people.operations.persons import record_person
from saferhub.sharing.entering import entered
from tests.builders.casework import WHY, a_case, actor

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
PAGES = (
    "case",
    "case-timeline",
    "case-changes",
    "case-access",
    "case-people",
    "case-status",
    "case-edit",
    "case-lead",
    "case-review",
    "case-close",
    "case-reopen",
)
MANAGED = ("case-status", "case-edit", "case-lead", "case-review", "case-close", "case-reopen")
STRANGERS = ("olivia.outsider", "nadia.neighbour", "fergus.former", "ian.governance", "ada.admin")


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


def text_of(client: Client, name: str, case: Case, *arguments: str) -> str:
    answer = client.get(reverse(name, args=[case.matter.public_id, *arguments]))
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def a_person(cast: Cast, case: Case, given: str = "Joan", family: str = "Frith", role: str = "victim") -> Any:
    with entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        person = record_person(
            matter_id=case.matter.public_id,
            values={"given": given, "family": family},
            by=rachel,
            on=rachel.on,
        )
        if role:
            name_part(
                case_id=case.matter.public_id,
                person=person,
                place=None,
                role=role,
                is_subject=False,
                by=rachel,
                on=rachel.on,
            )
        return person


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_no_page_of_a_case(name: str, case: Case, client_for: Any) -> None:
    for who in STRANGERS:
        answer = client_for(who).get(reverse(name, args=[case.matter.public_id]))
        assert answer.status_code == 404, (who, name)


@pytest.mark.parametrize("name", MANAGED)
def test_a_contributor_is_told_why_she_does_not_run_the_case(name: str, case: Case, client_for: Any) -> None:
    answer = client_for("priya.partner").get(reverse(name, args=[case.matter.public_id]))
    assert answer.status_code == 403
    assert "You contribute to this case and do not run it" in answer.content.decode()


def test_the_overview_says_who_leads_what_next_and_why(case: Case, cast: Cast, client_for: Any) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        people = cases_life.may_lead(case)
        lead, unit = people[cast["rachel.referrer"].public_id]
        cases_life.hand_to(
            case_id=case.matter.public_id,
            lead=lead,
            lead_unit=unit,
            note="Ring Ms Frith.",
            by=colin,
            on=colin.on,
        )
    text = text_of(client_for("priya.partner"), "case", case)
    for words in (
        "Not scored",
        cast["rachel.referrer"].name,
        "Score it completely",
        "No day is set",
        WHY,
        "Who can see this, and why",
        "What stops closure",
        "Ring Ms Frith.",
    ):
        assert words in text, words
    for button in ("Edit case", "Close the case"):
        assert button not in text


def test_opening_the_page_is_recorded_for_the_purpose_of_the_case(case: Case, client_for: Any) -> None:
    text_of(client_for("priya.partner"), "case", case)
    entry = Entry.objects.get(event="case.seen", subject=case.matter.public_id)
    assert entry.purpose == "reduce_asb"
    assert not entry.codes.get("emergency")


def test_the_matter_of_a_case_leads_to_the_case(case: Case, client_for: Any) -> None:
    answer = client_for("colin.coordinator").get(reverse("matter", args=[case.matter.public_id]))
    assert answer.status_code == 302
    assert answer["Location"] == reverse("case", args=[case.matter.public_id])


def test_the_timeline_is_narrowed_by_the_address(case: Case, cast: Cast, client_for: Any) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        cases_life.move_to(case_id=case.matter.public_id, status="active", reason="", by=colin, on=colin.on)
        cases_life.edit_case(
            case_id=case.matter.public_id,
            title="Noise",
            purpose="reduce_asb",
            why="Because.",
            wanted="",
            seen=1,
            by=colin,
            on=colin.on,
        )
    client = client_for("colin.coordinator")
    address = reverse("case-timeline", args=[case.matter.public_id])
    whole = client.get(address).content.decode()
    decisions = client.get(f"{address}?kind=decision").content.decode()
    assert "Case is active now" in whole and "What the case says was changed" in whole
    assert "Case is active now" in decisions and "What the case says was changed" not in decisions
    assert "What the case says was changed" in client.get(f"{address}?kind=nonsense").content.decode()


def test_the_changes_page_shows_before_and_after(case: Case, cast: Cast, client_for: Any) -> None:
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        cases_life.edit_case(
            case_id=case.matter.public_id,
            title=case.matter.title,
            purpose="reduce_asb",
            why="Two agencies acted alone.",
            wanted="Quiet nights.",
            seen=1,
            by=colin,
            on=colin.on,
        )
    text = text_of(client_for("priya.partner"), "case-changes", case)
    assert f"<del>{WHY}</del>" in text
    assert "<ins>Two agencies acted alone.</ins>" in text


def test_people_stand_with_their_part_and_what_protects_them(case: Case, cast: Cast, client_for: Any) -> None:
    a_person(cast, case)
    a_person(cast, case, "Sam", "Oldroyd", role="")
    text = text_of(client_for("priya.partner"), "case-people", case)
    assert "Joan Frith" in text and "Victim" in text
    assert "Somebody has no part yet" in text and "Sam Oldroyd" in text


def test_a_part_is_named_and_ended_on_its_pages(case: Case, cast: Cast, client_for: Any) -> None:
    person = a_person(cast, case, role="")
    client = client_for("rachel.referrer")
    part = reverse("case-part", args=[case.matter.public_id, "person", person.public_id])
    missing = client.post(part, {"role": ""})
    assert missing.status_code == 200 and "Choose as what" in missing.content.decode()
    assert client.post(part, {"role": "witness"}).status_code == 302
    with entered(cast["rachel.referrer"]):
        found = in_matter(actor(cast, "rachel.referrer"), case.matter)
    assert [one.part_words for one in found] == ["Witness"]
    end = reverse("case-people-end", args=[case.matter.public_id, found[0].parts[0].public_id])
    assert client.post(end, {"reason": ""}).status_code == 200
    assert client.post(end, {"reason": "She saw nothing."}).status_code == 302
    with entered(cast["rachel.referrer"]):
        assert in_matter(actor(cast, "rachel.referrer"), case.matter)[0].parts == ()


def test_a_record_of_another_agency_is_not_put_in_by_its_address(
    case: Case, cast: Cast, client_for: Any
) -> None:
    other = a_case(cast, title="Elsewhere")
    person = a_person(cast, other)
    answer = client_for("priya.partner").get(
        reverse("case-part", args=[case.matter.public_id, "person", person.public_id])
    )
    assert answer.status_code == 403
    answer = client_for("rachel.referrer").get(
        reverse("case-part", args=[case.matter.public_id, "animal", person.public_id])
    )
    assert answer.status_code == 404


def test_the_access_page_offers_sharing_to_whoever_decides_it(case: Case, client_for: Any) -> None:
    assert "Give sight" in text_of(client_for("colin.coordinator"), "case-access", case)
    text = text_of(client_for("priya.partner"), "case-access", case)
    assert "Give sight" not in text
    assert "decide who sees it" in text


def test_an_edit_by_two_shows_both_versions(case: Case, cast: Cast, client_for: Any) -> None:
    address = reverse("case-edit", args=[case.matter.public_id])
    sent = {"title": "Noise", "purpose": "reduce_asb", "why": "First.", "wanted": "", "seen": "1"}
    assert client_for("colin.coordinator").post(address, sent).status_code == 302
    second = client_for("maya.manager").post(address, {**sent, "why": "Second."})
    assert second.status_code == 409
    assert "First." in second.content.decode() and "Second." in second.content.decode()


def test_closing_asks_for_what_is_missing_and_keeps_what_was_typed(case: Case, client_for: Any) -> None:
    address = reverse("case-close", args=[case.matter.public_id])
    answer = client_for("colin.coordinator").post(
        address, {"reason": "It is quiet.", "learning": "Visit early."}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Choose what came of it" in text and "Visit early." in text


def test_a_case_is_closed_and_opened_again_on_its_pages(case: Case, client_for: Any) -> None:
    client = client_for("colin.coordinator")
    close = reverse("case-close", args=[case.matter.public_id])
    answer = client.post(
        close, {"outcome": "resolved", "reason": "It is quiet.", "told": "Ms Frith, by Rachel"}
    )
    assert answer.status_code == 302
    text = text_of(client, "case", case)
    assert "This case is closed" in text and "Resolved" in text and "Open again" in text
    assert client.get(close).status_code == 409
    reopen = reverse("case-reopen", args=[case.matter.public_id])
    on = {"review_on_day": "4", "review_on_month": "9", "review_on_year": "2018"}
    assert client.post(reopen, {"reason": "It has begun again.", **on}).status_code == 302
    assert "It has begun again." in text_of(client, "case", case)
    assert client.get(reopen).status_code == 409


def test_a_review_sent_twice_is_one_review(case: Case, client_for: Any) -> None:
    client = client_for("colin.coordinator")
    address = reverse("case-review", args=[case.matter.public_id])
    sent = {
        "words": "Holds so far.",
        "next_on_day": "1",
        "next_on_month": "10",
        "next_on_year": "2018",
        "once": "a-mark-of-its-own-here",
    }
    for _ in range(2):
        assert client.post(address, sent).status_code == 302
    assert text_of(client, "case", case).count("Holds so far.") == 1
