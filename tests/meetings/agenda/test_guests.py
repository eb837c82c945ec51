"""A guest for one item sees that item and nothing else of the meeting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings.models import Attendance, Item
from saferhub.meetings.operations import guests, keeping
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest
from tests.builders.meetings import COLIN, FERGUS, NADIA, PRIYA, Made, a_meeting, act, shown_to

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
ClientFor = Callable[..., Client]


@pytest.fixture
def made(cast: Cast) -> Made:
    return a_meeting(cast, items=2)


def bid(cast: Cast, made: Made, username: str, **more: Any) -> Attendance:
    guest: Attendance = act(
        cast, COLIN, guests.bid_guest, **made.at, user_id=cast[username].public_id, **more
    )
    return guest


def test_a_guest_sees_one_item_on_an_agreement_that_carries_it(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    fergus = client_for(FERGUS)
    page = reverse("meeting-agenda", args=[made.meeting.public_id])
    assert fergus.get(page).status_code == 404
    bid(cast, made, FERGUS)
    assert FERGUS in shown_to(cast, made.items[0])
    assert FERGUS not in shown_to(cast, made.items[1])
    with entered(cast[FERGUS]):
        assert Item.objects.filter(meeting=made.meeting).count() == 1
        (interest,) = Interest.objects.filter(folder=made.items[0].folder_id, user=cast[FERGUS])
        assert interest.agreement is not None and interest.valid_until is not None
    text = fergus.get(page).content.decode()
    assert f"1 {made.cases[0].matter.reference}" in text
    assert made.cases[1].matter.reference not in text
    assert "Welcome" not in text
    assert fergus.get(reverse("item", args=made.url_args(0))).status_code == 200
    assert fergus.get(reverse("item", args=made.url_args(1))).status_code == 404


def test_a_guest_is_bidden_once_and_goes_with_a_reason(cast: Cast, made: Made) -> None:
    first, again = bid(cast, made, FERGUS), bid(cast, made, FERGUS)
    assert first.pk == again.pk
    with pytest.raises(Refusal):
        act(cast, COLIN, guests.unbid_guest, **made.at, guest_id=first.public_id, reason=" ")
    act(cast, COLIN, guests.unbid_guest, **made.at, guest_id=first.public_id, reason="Not needed.")
    assert FERGUS not in shown_to(cast, made.items[0])


def test_sending_again_leaves_a_guest_her_item(cast: Cast, made: Made) -> None:
    from saferhub.meetings.operations import sending

    bid(cast, made, FERGUS)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    assert FERGUS in shown_to(cast, made.items[0])
    assert FERGUS not in shown_to(cast, made.items[1])


def test_who_cannot_be_bidden_is_refused_in_words(cast: Cast, made: Made) -> None:
    with pytest.raises(Refusal) as seated:
        bid(cast, made, PRIYA)
    assert seated.value.code == "has_a_seat"
    with pytest.raises(Refusal) as elsewhere:
        bid(cast, made, "olivia.outsider")
    assert elsewhere.value.code == "nobody"
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[NADIA].public_id)
    with pytest.raises(Refusal) as kept:
        bid(cast, made, NADIA)
    assert kept.value.code == "kept_from"
    with pytest.raises(NotAllowed):
        act(cast, PRIYA, guests.bid_guest, **made.at, user_id=cast[FERGUS].public_id)


def test_nobody_is_bidden_whom_no_agreement_reaches(cast: Cast, made: Made) -> None:
    from saferhub.sharing.models import AgreementParty
    from tests.builders.casework import actor, unit_of

    with entered(cast["ian.governance"]):
        AgreementParty.objects.filter(agency=unit_of(cast, FERGUS).agency).update(
            withdrawn_on=actor(cast, COLIN).on, withdrawn_reason="It left."
        )
    with pytest.raises(Refusal) as refusal:
        bid(cast, made, FERGUS)
    assert refusal.value.code == "no_agreement"
    assert FERGUS not in shown_to(cast, made.items[0])


def test_a_guest_is_bidden_to_no_item_of_everybodys_and_the_page_says_so_at_once(
    cast: Cast, made: Made, client_for: ClientFor
) -> None:
    with entered(cast[COLIN]):
        standing = Item.objects.get(meeting=made.meeting, code="welcome")
    answer = client_for(COLIN).get(reverse("item-guest", args=[made.meeting.public_id, standing.public_id]))
    assert answer.status_code == 409
    assert "A guest comes for a referral or a case" in answer.content.decode()
