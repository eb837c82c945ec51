"""Pages of people and places: what each of the cast sees, what strangers do not, and forms with bad input."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from saferhub.people.models import LinkDecision, Name, Person, Place
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter

STRANGERS = ("olivia.outsider", "nadia.neighbour", "fergus.former")


@pytest.fixture
def found(cast: dict[str, Any]) -> dict[str, Any]:
    """Records of the demonstration, as the hub's co-ordinator sees them."""
    with entered(cast["colin.coordinator"]):
        persons = {one.name: one for one in Person.objects.select_related("folder")}
        housing = persons["Joanne Frith"]
        return {
            "persons": persons,
            "housing": housing,
            "name": Name.objects.get(person=housing, is_main=True),
            "decision": LinkDecision.objects.filter(a=housing, undone_at__isnull=True).order_by("id")[0],
            "place": Place.objects.get(name__startswith="Brayfield"),
            "address": Place.objects.get(name__startswith="Brayfield").addresses.get(),
            "matter": Matter.objects.get(title__startswith="Shouting"),
        }


def urls_of(found: dict[str, Any]) -> list[str]:
    one, two = found["housing"].public_id, found["persons"]["Jo Frith"].public_id
    name, place, address = found["name"].public_id, found["place"].public_id, found["address"].public_id
    return [
        reverse("known-person", args=[one]),
        reverse("known-person-details", args=[one]),
        reverse("known-person-history", args=[one]),
        reverse("known-person-copy", args=[one]),
        reverse("known-person-correct", args=[one]),
        reverse("known-person-add", args=[one, "name"]),
        reverse("known-person-part", args=[one, "name", name]),
        reverse("known-person-part-end", args=[one, "name", name]),
        reverse("known-person-choose", args=[one]),
        reverse("known-person-compare", args=[one, two]),
        reverse("link-decision-undo", args=[found["decision"].public_id]),
        reverse("known-person-new", args=[found["matter"].public_id]),
        reverse("place-new", args=[found["matter"].public_id]),
        reverse("place", args=[place]),
        reverse("place-history", args=[place]),
        reverse("place-correct", args=[place]),
        reverse("place-add", args=[place, "address"]),
        reverse("place-part", args=[place, "address", address]),
        reverse("place-part-end", args=[place, "address", address]),
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_no_object_page(who: str, client_for: Any, found: dict[str, Any]) -> None:
    client = client_for(who)
    answers = {url: client.get(url).status_code for url in urls_of(found)}
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("who", ["colin.coordinator", "rachel.referrer", "maya.manager"])
def test_those_who_work_on_it_see_every_page(who: str, client_for: Any, found: dict[str, Any]) -> None:
    client = client_for(who)
    # Housing does not see the matter that the police record lies in, and so not that decision.
    hidden = (
        {reverse("link-decision-undo", args=[found["decision"].public_id])}
        if who.startswith("rachel")
        else set()
    )
    answers = {url: client.get(url).status_code for url in urls_of(found) if url not in hidden}
    assert set(answers.values()) == {200}, answers
    assert {client.get(url).status_code for url in hidden} <= {404}


def test_the_risk_to_staff_stands_before_the_name(client_for: Any, found: dict[str, Any]) -> None:
    page = (
        client_for("colin.coordinator")
        .get(reverse("known-person", args=[found["persons"]["Marcus Tindall"].public_id]))
        .content.decode()
    )
    assert page.index("Do not visit alone") < page.index("<h1")


def test_the_hub_sees_three_records_as_one_person(client_for: Any, found: dict[str, Any]) -> None:
    page = (
        client_for("colin.coordinator")
        .get(reverse("known-person", args=[found["housing"].public_id]))
        .content.decode()
    )
    assert "3 records stand linked as one person" in page
    assert "differs" in page
    assert "Robin Frith" in page
    assert "Addresses never on the same document" in page


def test_housing_sees_neither_the_police_record_nor_the_child(client_for: Any, found: dict[str, Any]) -> None:
    client = client_for("rachel.referrer")
    page = client.get(reverse("known-person", args=[found["housing"].public_id])).content.decode()
    assert "2 records stand linked as one person" in page
    assert "Someone you may not see" in page
    assert "Robin" not in page
    assert "Joanne M." not in page
    history = client.get(reverse("known-person-history", args=[found["housing"].public_id])).content.decode()
    assert "Robin" not in history
    assert found["persons"]["Robin Frith"].public_id not in history
    child = reverse("known-person", args=[found["persons"]["Robin Frith"].public_id])
    assert client.get(child).status_code == 404


def test_a_partner_sees_a_record_and_may_not_change_it(client_for: Any, found: dict[str, Any]) -> None:
    client = client_for("priya.partner")
    one = found["housing"].public_id
    assert client.get(reverse("known-person", args=[one])).status_code == 200
    refused = client.get(reverse("known-person-correct", args=[one]))
    assert refused.status_code == 403
    assert "record of its own" in refused.content.decode()
    assert client.post(reverse("known-person-add", args=[one, "name"]), {}).status_code == 403


def test_the_list_holds_what_each_may_see(client_for: Any, found: dict[str, Any]) -> None:
    url = reverse("known-persons")
    assert "Robin Frith" in client_for("colin.coordinator").get(url).content.decode()
    assert "Robin Frith" not in client_for("chris.chair").get(url).content.decode()
    assert "Joanne Frith" not in client_for("nadia.neighbour").get(url).content.decode()
    assert client_for("ian.governance").get(url).status_code == 403
    assert "Wilf Quarrington" in client_for("olivia.outsider").get(url).content.decode()


def test_a_person_is_recorded_by_a_form_that_keeps_what_was_typed(
    client_for: Any, found: dict[str, Any]
) -> None:
    client = client_for("rachel.referrer")
    url = reverse("known-person-new", args=[found["matter"].public_id])
    sent = {"given": "Alwyn", "family": "", "name_kind": "known_as", "born_day": "", "born_month": "13",
            "born_year": "1950", "lines": "1 Example Way", "postcode": "nonsense",
            "telephone": "01632 960201"}  # fmt: skip
    page = client.post(url, sent).content.decode()
    assert "month from 1 to 12" in page
    assert 'value="Alwyn"' in page
    page = client.post(url, {**sent, "born_month": ""}).content.decode()
    assert "whole postcode" in page
    assert "1 Example Way" in page
    page = client.post(url, {**sent, "given": "", "born_month": "", "postcode": "ZZ99 1AA"}).content.decode()
    assert "Enter a given name, a family name or both" in page
    answer = client.post(url, {**sent, "born_month": "", "postcode": "zz991aa"}, follow=True)
    text = answer.content.decode()
    assert "Alwyn" in text
    assert "born in 1950" in text
    assert "ZZ99 1AA" in text


@pytest.mark.parametrize(
    ("slug", "sent", "words"),
    [
        ("identifier", {"kind": "nhs_number", "value": "12"}, "Ten digits"),
        ("contact", {"kind": "telephone", "value": "call her"}, "Enter a telephone number"),
        ("contact", {"kind": "email", "value": "nobody"}, "Enter an e-mail address"),
        ("address", {"kind": "home", "lines": "1 Way", "uprn": "x1"}, "up to 12 digits"),
        ("relationship", {"kind": "sibling"}, "Choose a record or enter a name"),
        ("safe-contact", {}, "Say at least one thing"),
        ("staff-risk", {"kind": "dog", "words": ""}, "Enter what is known"),
        ("equality", {"answered": "religion:limits_a_lot"}, "from the list"),
        ("name", {"kind": "no_such", "given": "A"}, "from the list"),
        ("name", {"kind": "alias", "given": "A", "valid_from_day": "2", "valid_from_month": "5",
                  "valid_from_year": "2018", "valid_until_day": "1", "valid_until_month": "5",
                  "valid_until_year": "2018"}, "cannot be before the first"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_beside_the_field(
    slug: str, sent: dict[str, str], words: str, client_for: Any, found: dict[str, Any]
) -> None:
    url = reverse("known-person-add", args=[found["housing"].public_id, slug])
    answer = client_for("rachel.referrer").post(url, sent)
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_two_editors_of_one_part_are_shown_both_versions(client_for: Any, found: dict[str, Any]) -> None:
    url = reverse("known-person-part", args=[found["housing"].public_id, "name", found["name"].public_id])
    sent = {"kind": "legal", "given": "Joanna", "family": "Frith", "is_main": "on", "seen": "1"}
    first, second = client_for("rachel.referrer"), client_for("colin.coordinator")
    assert first.post(url, sent).status_code == 302
    answer = second.post(url, {**sent, "given": "Johanna"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Joanna" in text
    assert "Johanna" in text


def test_a_decision_is_made_refused_and_undone_by_pages(client_for: Any, found: dict[str, Any]) -> None:
    client = client_for("colin.coordinator")
    police, health = found["persons"]["Joanne M. Frith"].public_id, found["persons"]["Jo Frith"].public_id
    url = reverse("known-person-compare", args=[police, health])
    assert client.get(url).status_code == 200
    refused = client.post(url, {"verdict": "not_same", "reason": "A slip"}).content.decode()
    assert "contradicts what is decided already" in refused
    assert client.post(url, {"verdict": "same", "reason": "Seen together"}).status_code == 302
    undo = reverse("link-decision-undo", args=[found["decision"].public_id])
    assert "Enter why it is undone" in client.post(undo, {"reason": ""}).content.decode()
    assert client.post(undo, {"reason": "Wrong"}).status_code == 302
    assert client.post(undo, {"reason": "Wrong"}).status_code == 200


def test_the_copy_leaves_out_other_people(client_for: Any, found: dict[str, Any]) -> None:
    page = (
        client_for("rachel.referrer")
        .get(reverse("known-person-copy", args=[found["housing"].public_id]))
        .content.decode()
    )
    # How to reach her safely stands above, for whoever hands it over; what she gets begins here.
    page = page.split("Held by", 1)[1]
    assert "14 Brayfield Court" in page
    assert "Marcus" not in page
    assert "Edith" not in page
    assert "how you stand to other people" in page.lower()


def test_a_place_shows_who_is_recorded_there(client_for: Any, found: dict[str, Any]) -> None:
    page = (
        client_for("rachel.referrer").get(reverse("place", args=[found["place"].public_id])).content.decode()
    )
    assert "Joanne Frith" in page
    assert "Jo Frith" in page
    assert "Joanne M." not in page
