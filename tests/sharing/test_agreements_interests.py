"""Sight given once more: on the same terms it is the same, on others nothing is promised that does not hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import actor_for
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Because, Interest, Sensitivity
from saferhub.sharing.operations.folders import end_interest, give_interest

from .agreements_world import agreement, make_matter, share

pytestmark = pytest.mark.django_db
MENTAL = ("mental_health_2018", "mental_health_provider")


@pytest.fixture
def colin(cast):
    with entered(cast["colin.coordinator"]):
        yield cast["colin.coordinator"]


def test_the_same_terms_give_the_same_interest(colin):
    folder, until = make_matter(colin, 1).folder, clock.now() + timedelta(days=30)
    for more in ({}, {"until": until}):
        folder = make_matter(colin, 2 if more else 3).folder
        first = share(folder, *MENTAL, by=colin, **more)
        assert share(folder, *MENTAL, by=colin, **more) == first
        assert Interest.objects.filter(folder=folder).count() == 1


def test_a_last_day_is_not_promised_over_sight_that_has_none(colin):
    folder = make_matter(colin, 1).folder
    first = share(folder, *MENTAL, by=colin)
    with pytest.raises(Refusal) as refused:
        share(folder, *MENTAL, by=colin, until=clock.now() + timedelta(days=30))
    assert refused.value.code == "sees_already"
    end_interest(interest=first, by=actor_for(colin), reason="Only for a month after all")
    again = share(folder, *MENTAL, by=colin, until=clock.now() + timedelta(days=30))
    assert again.valid_until is not None


def test_another_gateway_is_not_promised_over_sight_on_the_first(colin):
    folder, found = make_matter(colin, 1).folder, agreement(MENTAL[0])
    first, second = sorted(found.gateways)[:2]
    share(folder, *MENTAL, by=colin, gateway=first)
    with pytest.raises(Refusal) as refused:
        share(folder, *MENTAL, by=colin, gateway=second)
    assert refused.value.code == "sees_already"


def test_two_gateways_until_the_same_day_are_two_interests(colin):
    folder, until = make_matter(colin, 1).folder, clock.now() + timedelta(days=30)
    first, second = sorted(agreement(MENTAL[0]).gateways)[:2]
    one = share(folder, *MENTAL, by=colin, gateway=first, until=until)
    assert share(folder, *MENTAL, by=colin, gateway=second, until=until).gateway == second
    one.refresh_from_db()
    assert one.gateway == first


def test_a_named_interest_that_reaches_further_is_recorded(colin):
    folder = make_matter(colin, 1).folder
    given = {"folder": folder, "by": actor_for(colin), "purpose": "reduce_asb", "user": colin}
    first = give_interest(because=Because.NAMED, **given)
    again = give_interest(because=Because.NAMED, opens=Sensitivity.RESTRICTED, **given)
    assert (again.pk, again.sensitivity) == (first.pk, Sensitivity.RESTRICTED)
    codes = Entry.objects.get(subject=folder.public_id, event="sharing.interest_raised").codes
    assert (codes["account"], codes["interest"]) == (colin.public_id, first.public_id)
