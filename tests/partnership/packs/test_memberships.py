"""What the database holds memberships to."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, transaction

from saferhub.foundation.clock import real_now
from saferhub.partnership.models import Board, Hub, Membership, Partnership, Unit
from saferhub.partnership.operations.packs import load_packs

from .places import ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields():
    load_packs([ENGLAND, NORTH_YORKSHIRE, WEALDSHIRE])
    user = get_user_model().objects.create(email="a@example.test", username="a", name="A")
    unit = Unit.objects.get(agency__code="selby_district_council", code="housing")
    return {
        "user": user,
        "partnership": unit.agency.partnership,
        "unit": unit,
        "role": "partner",
        "valid_from": date(2018, 4, 1),
    }


def refused(**fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**fields)


def test_a_membership_holds_from_its_first_to_its_last_day(fields):
    Membership.objects.create(**fields, valid_until=date(2018, 9, 30))
    assert Membership.objects.in_force_on(date(2018, 4, 1)).exists()
    assert Membership.objects.in_force_on(date(2018, 9, 30)).exists()
    assert not Membership.objects.in_force_on(date(2018, 3, 31)).exists()
    assert not Membership.objects.in_force_on(date(2018, 10, 1)).exists()


def test_the_same_open_membership_cannot_stand_twice(fields):
    Membership.objects.create(**fields)
    refused(**fields)


def test_an_ended_membership_may_be_given_again(fields):
    Membership.objects.create(**fields, valid_until=date(2018, 9, 30))
    Membership.objects.create(**{**fields, "valid_from": date(2019, 1, 1)})
    assert Membership.objects.count() == 2


def test_a_role_ended_at_once_no_longer_holds_on_its_last_day(fields):
    Membership.objects.create(
        **fields,
        valid_until=date(2018, 9, 30),
        ended_by="A",
        end_reason="New employer",
        ended_at=real_now(),
        ended_at_once=True,
    )
    assert Membership.objects.in_force_on(date(2018, 9, 29)).exists()
    assert not Membership.objects.in_force_on(date(2018, 9, 30)).exists()


@pytest.mark.parametrize("missing", ["valid_until", "ended_by", "end_reason", "ended_at"])
def test_who_ended_a_role_when_and_why_come_together(fields, missing):
    ending = {
        "valid_until": date(2018, 9, 30),
        "ended_by": "A",
        "end_reason": "New employer",
        "ended_at": real_now(),
    }
    Membership.objects.create(**{**fields, "role": "analyst"}, **ending)
    del ending[missing]
    refused(**fields, **ending)


def test_no_role_is_ended_at_once_without_an_ending(fields):
    refused(**fields, valid_until=date(2018, 9, 30), ended_at_once=True)


def test_dates_are_in_order(fields):
    refused(**fields, valid_until=date(2018, 3, 31))


@pytest.mark.parametrize("role", ["", "dog_warden", "PARTNER"])
def test_a_role_is_one_of_those_there_are(fields, role):
    refused(**{**fields, "role": role})


def test_a_role_is_held_for_a_hub_or_for_a_board_not_for_both(fields):
    hub = Hub.objects.get(code="selby")
    refused(**fields, hub=hub, board=Board.objects.get(code="csp_board"))


@pytest.mark.parametrize(
    "other",
    [
        lambda weald: {"partnership": weald},
        lambda weald: {"unit": Unit.objects.filter(agency__partnership=weald).first()},
        lambda weald: {"hub": Hub.objects.filter(partnership=weald).first()},
        lambda weald: {"board": Board.objects.filter(partnership=weald).first()},
    ],
    ids=["partnership", "unit", "hub", "board"],
)
def test_a_membership_stays_within_one_partnership(fields, other):
    refused(**{**fields, **other(Partnership.objects.get(code="wealdshire"))})


def test_nothing_that_is_pointed_at_can_be_removed(fields):
    Membership.objects.create(**fields)
    for row in (fields["user"], fields["unit"], fields["partnership"]):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()
