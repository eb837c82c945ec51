"""Who is named on an item while its meeting runs, and the risks to staff that are read first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.meetings.models import Item
from saferhub.meetings.operations import live, sending
from saferhub.meetings.queries.agenda_item import people_on
from saferhub.meetings.queries.live_named import warnings_of
from saferhub.people.operations.parts import add_part
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, share_with
from tests.builders.meetings import a_meeting

from .running import COLIN, MINA, RACHEL, SEATS, Cast, Running, act

pytestmark = pytest.mark.django_db
KNOWN = "He threatened a colleague at the door."


@pytest.fixture
def run(cast: Cast) -> Running:
    """A meeting that runs, with Marcus Tindall named on its first case; on its second nobody is."""
    shares = [share_with(cast, RACHEL, "hubs_2018", "crime_and_disorder")]
    made = a_meeting(cast, items=2, person=True, days=0, members=SEATS, sent=False, shares=shares)
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    act(cast, COLIN, live.begin_meeting, meeting_id=made.meeting.public_id)
    return made


def risk(cast: Cast, run: Running, kind: str, words: str, **more: Any) -> None:
    with entered(cast[RACHEL]):
        rachel = actor(cast, RACHEL)
        values = {"kind": kind, "words": words, "instruction": "", "review_on": None, **more}
        add_part(owner=run.person, slug="staff-risk", values=values, by=rachel, on=rachel.on)


def told(cast: Cast, run: Running, number: int = 0) -> list[tuple[str, str]]:
    with entered(cast[MINA]):
        mina, item = actor(cast, MINA), Item.objects.get(pk=run.items[number].pk)
        return [(one.name, one.words) for one in warnings_of(mina, people_on(mina, item))]


def test_the_gravest_risk_to_staff_stands_first_and_only_where_somebody_has_one(
    cast: Cast, run: Running
) -> None:
    assert told(cast, run) == []
    risk(cast, run, "dog", "A large dog.")
    risk(cast, run, "violence", KNOWN)
    risk(cast, run, "threats", "Long ago.", valid_until=date(2018, 1, 2))
    assert told(cast, run) == [("Marcus Tindall", KNOWN), ("Marcus Tindall", "A large dog.")]
    assert told(cast, run, 1) == []


@pytest.mark.parametrize("name", ["item-run", "meeting-screen"])
def test_it_is_read_before_what_is_asked_and_says_what_to_do(
    cast: Cast, run: Running, client_for: Callable[..., Client], name: str
) -> None:
    risk(cast, run, "violence", KNOWN, instruction="Go in pairs.")
    act(cast, COLIN, live.focus_on, **run.at)
    args = [run.meeting.public_id, *([run.items[0].public_id] if name == "item-run" else [])]
    text = client_for(MINA).get(reverse(name, args=args)).content.decode()
    places = [text.index(one) for one in (">Risk to staff<", KNOWN, "Go in pairs.", "Asked of the meeting:")]
    assert places == sorted(places)
