"""Long lists: what the gate's functions find, in which order, and that a page reads it again under both walls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from saferhub.people import access
from saferhub.people.models import Person, Place
from saferhub.people.queries import lists
from saferhub.sharing.entering import entered

Actors = Callable[[str], Any]

READERS = [
    "maya.manager",
    "colin.coordinator",
    "rachel.referrer",
    "priya.partner",
    "chris.chair",
    "nadia.neighbour",
]


@pytest.mark.parametrize("username", READERS)
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ("name", "id")),
        ("-name", ("-name", "-id")),
        ("recorded", ("given_on", "id")),
        ("-recorded", ("-given_on", "-id")),
        ("name; DROP TABLE people_person", ("name", "id")),
    ],
)
def test_a_list_holds_what_both_walls_show_in_the_order_asked_for(
    actor_of: Actors, username: str, sort: str, order: tuple[str, str]
) -> None:
    actor = actor_of(username)
    with entered(actor.user):
        persons = access.persons_visible_to(actor).order_by(*order).values_list("pk", flat=True)
        assert lists.persons(sort=sort) == list(persons)
        places = access.places_visible_to(actor).order_by(*order).values_list("pk", flat=True)
        assert lists.places(sort=sort) == list(places)


def test_a_list_is_narrowed_by_agency_and_kind(actor_of: Actors) -> None:
    actor = actor_of("maya.manager")
    with entered(actor.user):
        agency = Person.objects.order_by("agency").values_list("agency", flat=True)[0]
        of_agency = access.persons_visible_to(actor).filter(agency=agency)
        assert set(lists.persons(agency=agency)) == set(of_agency.values_list("pk", flat=True)) != set()
        assert lists.persons(agency="nobody") == []
        kind = Place.objects.order_by("kind").values_list("kind", flat=True)[0]
        of_kind = access.places_visible_to(actor).filter(kind=kind)
        assert set(lists.places(kind=kind)) == set(of_kind.values_list("pk", flat=True)) != set()
        assert lists.places(kind="nowhere") == []


def test_without_an_actor_a_list_is_empty(cast: dict[str, Any]) -> None:
    with transaction.atomic():
        assert lists.persons() == []
        assert lists.places() == []


def test_a_page_reads_the_numbers_again_under_the_readers_own_sight(actor_of: Actors) -> None:
    manager, stranger = actor_of("maya.manager"), actor_of("nadia.neighbour")
    with entered(manager.user):
        numbers, places = lists.persons(), lists.places()
        assert len(lists.persons_by_number(manager, numbers)) == len(numbers) > 0
    with entered(stranger.user):
        assert list(lists.persons_by_number(stranger, numbers)) == []
        assert list(lists.places_by_number(stranger, places)) == []


def test_decisions_are_looked_up_once_where_there_are_none(
    actor_of: Actors, django_assert_num_queries: Any
) -> None:
    actor = actor_of("maya.manager")
    with entered(actor.user):
        access.persons_visible_to(actor)  # her sight is worked out once
        alone = Person.objects.get(name="Robin Frith")
        linked = Person.objects.get(name="Joanne Frith")
        with django_assert_num_queries(1):
            assert access.standing_decisions_on(actor, [alone.pk]) == []
        with django_assert_num_queries(2):
            assert access.standing_decisions_on(actor, [linked.pk]) != []
