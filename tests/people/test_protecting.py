"""What protects staff and the person follows her wherever she is shown, and never tells of a hidden record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from saferhub.people.models import Address, ContactPoint, LinkDecision, Person, Place
from saferhub.people.operations import links, parts
from saferhub.people.queries import details, household, protecting
from saferhub.people.queries.comparing import worth_comparing
from saferhub.people.queries.search import matches
from saferhub.people.queries.words import pack_words
from saferhub.people.rules.risks import lived_at, severity
from saferhub.people.rules.search import Typed
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Matter


@pytest.fixture
def world(cast: dict[str, Any]) -> dict[str, Any]:
    with entered(cast["colin.coordinator"]):
        found: dict[str, Any] = {one.name: one for one in Person.objects.select_related("folder")}
        found["place"] = Place.objects.get(name__startswith="Brayfield")
        return found


def page_of(client: Any, name: str, *ids: str) -> str:
    answer = client.get(reverse(name, args=list(ids)))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_risk_follows_the_address_to_the_page_of_whoever_lives_there(
    client_for: Any, world: dict[str, Any]
) -> None:
    page = page_of(client_for("colin.coordinator"), "known-person", world["Joanne Frith"].public_id)
    assert page.index("Risk to staff at this address: threats to staff") < page.index("<h1")
    assert (
        page.index("threats to staff") < page.index("Risk to staff at this address: dog") < page.index("<h1")
    )
    assert world["Marcus Tindall"].public_id in page


def test_no_risk_comes_from_a_record_that_the_reader_may_not_see(
    client_for: Any, cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    edith, child = world["Edith Carrow"], world["Robin Frith"]
    add(cast, actor_of, edith, "relationship", kind="household", other=child.public_id)
    add(cast, actor_of, child, "staff-risk", kind="weapons", words="Said to keep a crossbow.")
    home = {"kind": "home", "lines": "14 Brayfield Court", "postcode": "ZZ99 8EX"}
    add(cast, actor_of, child, "address", **home)
    pages = [("known-person", edith), ("known-person", world["Joanne Frith"]), ("place", world["place"])]
    for name, record in pages:
        assert "weapons on the premises" in page_of(client_for("colin.coordinator"), name, record.public_id)
        page = page_of(client_for("rachel.referrer"), name, record.public_id)
        assert "eapons" not in page
        assert "crossbow" not in page
        assert "Robin" not in page


def test_a_place_says_who_there_is_a_risk_and_tags_the_rows(client_for: Any, world: dict[str, Any]) -> None:
    page = page_of(client_for("rachel.referrer"), "place", world["place"].public_id)
    assert page.index("Risk to staff at this address: threats to staff") < page.index("<h1")
    rows = page[page.index('id="there"') :]
    his = rows[rows.index("Marcus Tindall") :]
    assert "Risk to staff" in his[: his.index("</tr>")]
    hers = rows[rows.index("Joanne Frith") :]
    assert "Safe contact" in hers[: hers.index("</tr>")]


def add(cast: dict[str, Any], actor_of: Any, owner: Person, slug: str, **values: Any) -> None:
    with entered(cast["colin.coordinator"]):
        actor = actor_of("colin.coordinator")
        parts.add_part(owner=owner, slug=slug, values=values, by=actor, on=actor.on)


@pytest.mark.parametrize(
    ("kind", "valid_until", "title"),
    [
        ("household", None, "Risk to staff in this household: dog"),
        ("partner", None, "Risk to staff where the partner is: dog"),
        ("household", date(2018, 1, 1), None),
        ("neighbour", None, None),
    ],
)
@pytest.mark.parametrize("is_other_way", [False, True])
def test_a_risk_follows_the_household_as_long_as_it_is_one(
    kind: str, valid_until: date | None, title: str | None, is_other_way: bool,
    cast: dict[str, Any], actor_of: Any, world: dict[str, Any],
) -> None:  # fmt: skip
    edith, marcus = world["Edith Carrow"], world["Marcus Tindall"]
    one, other = (marcus, edith) if is_other_way else (edith, marcus)
    add(cast, actor_of, one, "relationship", kind=kind, other=other.public_id, valid_until=valid_until)
    with entered(cast["colin.coordinator"]):
        actor = actor_of("colin.coordinator")
        found = household.risks_around(actor, [edith], pack_words(actor))
    assert (title in [row.title for row in found]) is (title is not None)
    assert bool(found) is (title is not None)


def test_a_risk_on_a_linked_record_follows_too(
    cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    edith, stranger = world["Edith Carrow"], world["J. Frith"]
    add(cast, actor_of, edith, "relationship", kind="household", other=world["Robin Frith"].public_id)
    add(cast, actor_of, stranger, "staff-risk", kind="weapons", words="Said to keep a crossbow.")
    with entered(cast["maya.manager"]):
        actor = actor_of("maya.manager")
        links.decide(
            one_id=stranger.public_id, other_id=world["Robin Frith"].public_id, verdict="same", reason="One",
            by=actor, on=actor.on,
        )  # fmt: skip
        found = household.risks_around(actor, [edith], pack_words(actor))
    assert [row.title for row in found] == ["Risk to staff in this household: weapons on the premises"]


def test_tags_stand_in_lists_on_the_matter_and_in_search(
    client_for: Any, cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    client = client_for("colin.coordinator")
    listed = client.get(reverse("known-persons")).content.decode()
    with entered(cast["colin.coordinator"]):
        flats = Matter.objects.get(title__startswith="Shouting")
    matter = page_of(client, "matter", flats.public_id)
    for text in (listed, matter):
        hers = text[text.index(">Joanne Frith<") :]
        assert "Safe contact" in hers[: hers.index("</tr>")]
        his = text[text.index(">Marcus Tindall<") :]
        assert "Risk to staff" in his[: his.index("</tr>")]
    # Another agency's record of the same person says so as well, to whoever sees both.
    linked = listed[listed.index(">Joanne M. Frith<") :]
    assert "Safe contact" in linked[: linked.index("</tr>")]
    child = listed[listed.index(">Robin Frith<") :]
    assert "Protected address" in child[: child.index("</tr>")]
    places = client.get(reverse("places")).content.decode()
    flat = places[places.index(">Brayfield Court, flat 14<") :]
    assert "Risk to staff" in flat[: flat.index("</tr>")]
    # A link to a record that the reader may not see brings no tag from it.
    stranger = world["J. Frith"]
    with entered(cast["maya.manager"]):
        actor = actor_of("maya.manager")
        links.decide(
            one_id=stranger.public_id, other_id=world["Robin Frith"].public_id, verdict="same", reason="One",
            by=actor, on=actor.on,
        )  # fmt: skip
        assert protecting.tags_of(actor, [stranger.pk])[stranger.pk] == (("Protected address", "violet"),)
    with entered(cast["rachel.referrer"]):
        assert protecting.tags_of(actor_of("rachel.referrer"), [stranger.pk])[stranger.pk] == ()
    with entered(cast["colin.coordinator"]):
        [match] = matches(actor_of("colin.coordinator"), Typed(name="Jo Frith"), [world["Jo Frith"]])
    assert ("Safe contact", "violet") in match.tags


def test_a_protected_telephone_does_not_show_its_last_digits(
    cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    with entered(cast["maya.manager"]):
        for typed, said in (
            ("", "protected"),
            ("01632 960999", "protected"),
            ("07700 900177", "07700 900177"),
        ):
            [match] = matches(
                actor_of("maya.manager"),
                Typed(name="Sabina Exemplar", telephone=typed),
                [world["Sabina Exemplar"]],
            )
            assert next(line.on_record for line in match.lines if line.detail == "Telephone") == said


def test_protected_values_are_not_printed(client_for: Any, world: dict[str, Any]) -> None:
    client = client_for("maya.manager")
    for name in ("known-person", "known-person-details", "known-person-history"):
        page = page_of(client, name, world["Sabina Exemplar"].public_id)
        assert "1 Haven Example" in page
        printed = re.sub(r"<(\w+)[^>]*govuk-!-display-none-print[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
        assert "1 Haven Example" not in printed, name
        assert "07700 900177" not in printed, name
        assert "Sabina Exemplar" in printed


def test_a_relationship_stands_on_both_sides(
    client_for: Any, cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    client = client_for("colin.coordinator")
    child = page_of(client, "known-person-details", world["Robin Frith"].public_id)
    assert "Robin Frith is a child of Joanne Frith" in child
    assert "Recorded with Joanne Frith" in child
    hers = page_of(client, "known-person-details", world["Joanne Frith"].public_id)
    assert "Joanne Frith is a parent of Robin Frith" in hers
    identity = page_of(client, "known-person", world["Joanne Frith"].public_id)
    assert "Joanne Frith is a parent of" in identity
    # It is corrected where it was recorded, and only there.
    group = child[child.index('id="relationship"') : child.index('id="communication"')]
    assert "Correct" not in group
    with entered(cast["rachel.referrer"]):
        actor = actor_of("rachel.referrer")
        groups = details.part_groups(actor, world["Edith Carrow"], pack_words(actor))
    [told] = next(one.rows for one in groups if one.slug == "relationship")
    assert told.value == "Edith Carrow is in conflict with Joanne Frith"


def test_the_form_of_a_relationship_says_who_is_what(client_for: Any, world: dict[str, Any]) -> None:
    page = page_of(
        client_for("colin.coordinator"), "known-person-add", world["Joanne Frith"].public_id, "relationship"
    )
    assert "is a parent of the other" in page
    assert "or that this person asked for help" in page


def test_history_tells_a_birth_as_it_is_known_and_names_what_was_recorded(
    client_for: Any, world: dict[str, Any]
) -> None:
    client = client_for("rachel.referrer")
    page = page_of(client, "known-person-history", world["Edith Carrow"].public_id)
    assert "Born: in 1941" in page
    assert "How exact" not in page
    place = page_of(client, "place-history", world["place"].public_id)
    assert "Name, kind and description recorded" in place
    assert "Birth" not in place


def test_what_stands_as_one_person_is_not_offered_to_compare(
    cast: dict[str, Any], actor_of: Any, world: dict[str, Any]
) -> None:
    with entered(cast["colin.coordinator"]):
        offered = worth_comparing(actor_of("colin.coordinator"), world["Jo Frith"])
    # Joined only through the record that both were linked with.
    assert world["Joanne M. Frith"].public_id not in [one for one, _ in offered]


def test_an_undone_decision_is_not_offered_to_undo(
    client_for: Any, cast: dict[str, Any], world: dict[str, Any]
) -> None:
    client = client_for("maya.manager")
    with entered(cast["maya.manager"]):
        undone = LinkDecision.objects.filter(undone_at__isnull=False).first()
    assert undone is not None
    page = page_of(client, "link-decision-undo", undone.public_id)
    assert "Undone already" in page
    assert "<textarea" not in page
    person = page_of(client, "known-person", world["Edith Carrow"].public_id)
    assert "None stands; one was undone" in person
    assert "Nobody has yet decided" not in person


@dataclass(frozen=True)
class Kind:
    visits: str


def test_the_gravest_risk_is_read_first() -> None:
    kinds = {
        "dog": Kind("with_care"),
        "threats": Kind("with_care"),
        "pairs": Kind("in_pairs"),
        "no": Kind("never"),
    }
    order = sorted(["gone", "threats", "dog", "no", "pairs"], key=lambda code: severity(code, kinds))
    assert order == ["no", "pairs", "gone", "dog", "threats"]


def test_the_page_orders_risks_by_how_grave_they_are(client_for: Any, world: dict[str, Any]) -> None:
    for name in ("known-person", "known-person-details"):
        page = page_of(client_for("colin.coordinator"), name, world["Marcus Tindall"].public_id)
        assert page.index("threatened a housing officer") < page.index("A large dog is kept"), name


def test_an_address_no_longer_or_never_lived_at_brings_nothing_near() -> None:
    on = date(2018, 9, 3)
    rows = [
        Address(kind="home", key="now", uprn="12", valid_from=on),
        Address(kind="home", key="then", valid_until=date(2018, 9, 2)),
        Address(kind="home", key="later", valid_from=date(2018, 9, 4)),
        Address(kind="correspondence", key="post"),
    ]
    assert lived_at(rows, on) == (frozenset({"now"}), frozenset({"12"}))


def test_the_protected_number_of_the_demonstration_is_protected(
    cast: dict[str, Any], world: dict[str, Any]
) -> None:
    with entered(cast["maya.manager"]):
        assert ContactPoint.objects.get(person=world["Sabina Exemplar"]).is_protected
