"""The meetings that the demonstration tells of: one approved, one whose minutes wait, the next one half answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from saferhub.foundation.registries import WORK
from saferhub.meetings import access
from saferhub.meetings.models import Ask, Item, Meeting, MeetingStatus
from saferhub.meetings.operations import demonstration
from saferhub.meetings.queries.agenda import earlier_actions
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
CHRIS, COLIN, PRIYA = "chris.chair", "colin.coordinator", "priya.partner"


def meetings(cast: Cast, username: str, status: str) -> list[Meeting]:
    with entered(cast[username]):
        rows = access.meetings_visible_to(actor(cast, username)).filter(status=status, group__kind="maps")
        return list(rows.order_by("on"))


def work(cast: Cast, username: str, kind: str) -> list[str]:
    with entered(cast[username]):
        who = actor(cast, username)
        return [one.url for provider in WORK for one in provider(who) if one.kind == kind]


def test_minutes_wait_for_the_chair_and_whoever_was_there_does_not_read_them_yet(cast: Cast) -> None:
    (short,) = meetings(cast, CHRIS, MeetingStatus.DRAFT)
    assert (short.place, short.online[:8]) == ("", "https://")
    assert len(work(cast, CHRIS, "minutes")) == 1
    assert work(cast, PRIYA, "minutes") == []
    assert short.began_at is not None
    assert short.ended_at is not None
    assert timedelta(minutes=15) < short.ended_at - short.began_at < timedelta(minutes=short.minutes)


def test_time_was_spent_on_each_item_of_the_meeting_that_is_approved(cast: Cast) -> None:
    (held,) = meetings(cast, COLIN, MeetingStatus.APPROVED)
    with entered(cast[COLIN]):
        rows = access.parts_readable_by(actor(cast, COLIN), Item).filter(meeting=held)
        spent = dict(rows.filter(code="").values_list("kind", "spent"))
        put_off = rows.filter(status="deferred").count()
    assert (set(spent), put_off) == ({"case", "theme"}, 0)
    assert all(seconds > 300 for seconds in spent.values())


def test_of_the_next_meeting_two_units_have_answered_and_the_others_have_not(cast: Cast) -> None:
    (coming,) = meetings(cast, COLIN, MeetingStatus.SENT)
    (last,) = meetings(cast, COLIN, MeetingStatus.DRAFT)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        asks = access.parts_readable_by(colin, Ask).filter(meeting=coming)
        answers = sorted(asks.exclude(answer="").values_list("answer", flat=True))
        waiting = asks.filter(answer="").count()
        done = [one.row.action.status for one in earlier_actions(colin, coming, last.on)]
    assert answers == ["ask_me", "shared"]
    assert waiting >= 3
    assert done == ["done"], "what was agreed is reviewed as done"


@pytest.mark.parametrize("username", ["fergus.former", "nadia.neighbour", "olivia.outsider"])
def test_who_has_no_seat_there_learns_of_no_meeting_and_no_theme(cast: Cast, username: str) -> None:
    with entered(cast[username]):
        who = actor(cast, username)
        assert not access.meetings_visible_to(who).exists()
        assert not access.parts_readable_by(who, Item).filter(title=demonstration.GATHERINGS).exists()
