"""Pages of interventions: the chooser, the checks, closure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.casework.models import Case, Intervention
from saferhub.casework.operations import interventions_running as running
from saferhub.sharing.entering import entered
from tests.builders.casework import a_case, actor, unit_of
from tests.builders.casework_interventions import a_person, in_place, planned

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


@pytest.fixture
def case(cast: Cast) -> Case:
    return a_case(cast)


def boxes(name: str, day: Any) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_the_chooser_goes_from_help_to_enforcement_with_plain_words(
    case: Case, client_for: ClientFor
) -> None:
    page = client_for("colin.coordinator").get(reverse("intervention-add", args=[case.matter.public_id]))
    assert [one.code for one in page.context["classes"]] == ["support", "early", "restorative", "enforcement"]
    text = page.content.decode()
    assert "Community Protection Notice (CPN)" in text
    assert "Children: aged 10 to 17, at most 12 months" in text
    # Not in force on the demonstration's day.
    assert "Respect order" not in text


def test_one_is_planned_once_and_leads_to_its_page(cast: Cast, case: Case, client_for: ClientFor) -> None:
    person = a_person(cast, case)
    client = client_for("colin.coordinator")
    url = reverse("intervention-plan", args=[case.matter.public_id, "warning_letter"])
    sent = {
        "subject": person.public_id,
        "used_by": unit_of(cast, "rachel.referrer").public_id,
        "words": "No music at night.",
        "once": client.get(url).context["form"]["once"].value(),
    }
    assert len({client.post(url, sent).url for _ in range(2)}) == 1
    with entered(cast["colin.coordinator"]):
        made = Intervention.objects.get(case=case)
    text = client.get(reverse("intervention", args=[made.public_id])).content.decode()
    assert "Marcus Tindall" in text
    assert "Put in place" in text


def test_the_form_says_each_part_offers_those_who_may_and_asks_again_for_the_harmed(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    person = a_person(cast, case, role="complainant")
    client = client_for("colin.coordinator")
    url = reverse("intervention-plan", args=[case.matter.public_id, "community_protection_notice"])
    page = client.get(url)
    assert f"{person.name} (complainant)" in page.content.decode()
    users = [value for value, _ in page.context["form"].fields["used_by"].choices]
    assert unit_of(cast, "rachel.referrer").public_id in users
    assert unit_of(cast, "priya.partner").public_id not in users
    assert "is_meant" not in page.context["form"].fields
    sent = {
        "subject": person.public_id,
        "used_by": unit_of(cast, "rachel.referrer").public_id,
        "words": "No shouting.",
    }
    answer = client.post(url, sent)
    assert "stands in this case as somebody who is harmed" in str(answer.context["form"].errors["is_meant"])
    answer = client.post(url, {**sent, "is_meant": "on"})
    assert answer.status_code == 302
    text = client.get(answer.url).content.decode()
    assert "Before it can be put in place" in text
    assert "A Community Protection Warning came first" in text


def test_nothing_is_put_in_place_from_an_old_page_of_a_closed_case(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    made = planned(cast, case)
    with entered(cast["colin.coordinator"]):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=case.adopted_on, outcome="resolved", close_reason="It is quiet."
        )
    answer = client_for("colin.coordinator").get(reverse("intervention-put-in-place", args=[made.public_id]))
    assert answer.status_code == 409


def test_an_age_that_the_law_does_not_allow_is_refused_beside_the_person(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    child = a_person(cast, case, born_on=actor(cast, "colin.coordinator").on - timedelta(days=3200))
    answer = client_for("colin.coordinator").post(
        reverse("intervention-plan", args=[case.matter.public_id, "civil_injunction"]),
        {"subject": child.public_id, "used_by": unit_of(cast, "rachel.referrer").public_id},
    )
    (error,) = answer.context["form"].errors["subject"]
    assert "Aged 8" in error


def test_the_form_shows_how_each_check_stands_with_what_was_entered(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    made = planned(cast, case, power="community_protection_notice", person=a_person(cast, case))
    client = client_for("colin.coordinator")
    url = reverse("intervention-put-in-place", args=[made.public_id])
    assert "Not known. None stands in this case" in client.get(url).content.decode()
    start = actor(cast, "colin.coordinator").on
    sent = {**boxes("starts_on", start), "confirmed": ["0", "1"]}
    answer = client.post(url, sent)
    assert "A Community Protection Warning came first" in str(
        answer.context["form"].errors["override_reason"]
    )
    sent["override_reason"] = "Given by the police on 2 July."
    assert client.post(url, sent).status_code == 302
    text = client.get(reverse("intervention", args=[made.public_id])).content.decode()
    assert "Given by the police on 2 July." in text


def test_a_voluntary_tool_can_be_ended_with_a_choice_of_outcomes(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    made = in_place(cast, case)
    client = client_for("rachel.referrer")
    url = reverse("intervention-end", args=[made.public_id])
    assert "What it asked for was kept" in client.get(url).content.decode()
    day = actor(cast, "rachel.referrer").on
    assert client.post(url, {"outcome": "positive", **boxes("day", day)}).status_code == 302
    text = client.get(reverse("case-interventions", args=[case.matter.public_id])).content.decode()
    assert "Ended: positive" in text


def test_a_breach_after_closure_offers_to_open_the_case_again(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    made = in_place(cast, case)
    with entered(cast["colin.coordinator"]):
        colin = actor(cast, "colin.coordinator")
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_on=colin.on, outcome="resolved", close_reason="It is quiet."
        )
    client = client_for("colin.coordinator")
    page = reverse("intervention", args=[made.public_id])
    reopen = reverse("case-reopen", args=[case.matter.public_id])
    assert reopen not in client.get(page).content.decode()
    with entered(cast["colin.coordinator"]):
        running.record_breach(
            intervention_id=made.public_id,
            happened_on=colin.on,
            words="Shouting again.",
            by=actor(cast, "colin.coordinator"),
            on=colin.on,
        )
    assert reopen in client.get(page).content.decode()


def test_a_contributor_reads_and_is_told_why_she_may_not_plan(
    cast: Cast, case: Case, client_for: ClientFor
) -> None:
    in_place(cast, case)
    client = client_for("victor.voluntary")
    text = client.get(reverse("case-interventions", args=[case.matter.public_id])).content.decode()
    assert "Acceptable Behaviour Contract" in text
    add = reverse("intervention-add", args=[case.matter.public_id])
    assert add not in text
    refusal = client.get(add)
    assert refusal.status_code == 403
    assert reverse("case", args=[case.matter.public_id]) in refusal.content.decode()
    assert "or add an update to the case" in refusal.content.decode()
