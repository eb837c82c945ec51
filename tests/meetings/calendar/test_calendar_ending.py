"""Ending a group that does not meet any more, and letting it meet again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings.models import Group, Member
from saferhub.meetings.operations import calendar_ending as ending
from saferhub.meetings.operations import calendar_moving as moving
from saferhub.meetings.operations import planning
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

from .group import COLIN, MAYA, Cast, a_group, a_meeting, a_seat, read
from .test_calendar_pages import boxes

pytestmark = pytest.mark.django_db
ClientFor = Callable[..., Client]
WHY = "The hub joins its neighbour."


def end(cast: Cast, group: Group, *, days: int = 10, reason: str = WHY, by: str = MAYA) -> int:
    with entered(cast[by]):
        who = actor(cast, by)
        return ending.end_group(
            group_id=group.public_id, last_day=who.on + timedelta(days=days), reason=reason, by=who, on=who.on
        )


def test_a_group_that_ends_keeps_its_last_meeting_and_cancels_later_ones(cast: Cast) -> None:
    group = a_group(cast, "chris.chair", "priya.partner")
    last, later = a_meeting(cast, group, days=3), a_meeting(cast, group, days=17)
    assert end(cast, group) == 1
    assert read(cast, last).status == "planned"
    assert (read(cast, later).status, read(cast, later).cancelled_why) == ("cancelled", WHY)
    with entered(cast[MAYA]):
        today = actor(cast, MAYA).on
        group.refresh_from_db()
        seats = Member.objects.filter(group=group, valid_until__gt=date(2018, 2, 1))
        assert {(one.valid_until, one.ended_why) for one in seats} == {(group.ended_on, WHY)}
    assert group.ended_on == today + timedelta(days=10)
    (entry,) = Entry.objects.filter(event="meetings.group_ended", subject=group.public_id)
    assert entry.codes["cancelled"] == 1


def test_nothing_is_planned_or_called_after_a_groups_last_day(cast: Cast) -> None:
    group = a_group(cast)
    end(cast, group)
    with pytest.raises(Refusal) as refused:
        a_meeting(cast, group, days=11)
    assert refused.value.code == "group_ended"
    assert a_meeting(cast, group, days=10).status == "planned"
    with entered(cast[COLIN]), pytest.raises(Refusal) as planned:
        colin = actor(cast, COLIN)
        planning.plan_ahead(
            group_id=group.public_id, until=colin.on + timedelta(days=60), by=colin, on=colin.on
        )
    assert planned.value.code == "group_ended"


def test_no_meeting_is_moved_and_no_seat_given_after_a_groups_last_day(cast: Cast) -> None:
    group = a_group(cast)
    meeting = a_meeting(cast, group, days=3)
    end(cast, group)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        after = colin.on + timedelta(days=11)
        with pytest.raises(Refusal) as moved:
            moving.change_meeting(
                meeting_id=meeting.public_id, day=after, starts_at=meeting.starts_at, minutes=60, place="",
                online="", reason="Half of us are away.", by=colin, on=colin.on, seen=meeting.version,
            )  # fmt: skip
    with pytest.raises(Refusal) as given:
        a_seat(cast, group, "priya.partner", valid_from=after)
    assert (moved.value.code, given.value.code) == ("group_ended", "group_ended")
    assert read(cast, meeting).on == meeting.on


def test_a_group_that_meets_again_plans_the_days_that_its_ending_cancelled(cast: Cast) -> None:
    group = a_group(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        given = {"group_id": group.public_id, "until": colin.on + timedelta(days=60), "by": colin}
        made = planning.plan_ahead(**given, on=colin.on)
    assert end(cast, group, days=0) == len(made) > 2
    with entered(cast[MAYA]):
        ending.resume_group(group_id=group.public_id, by=actor(cast, MAYA))
    with entered(cast[COLIN]):
        assert planning.plan_ahead(**given, on=colin.on) == []
        again = planning.plan_ahead(**given, on=colin.on, cancelled_too=True)
    assert [one.on for one in again] == [one.on for one in made]
    assert {one.uid for one in again}.isdisjoint(one.uid for one in made)


def test_a_meeting_whose_agenda_is_begun_is_not_swept_away(cast: Cast) -> None:
    group = a_group(cast)
    meeting = a_meeting(cast, group)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        begin_preparing(meeting_id=meeting.public_id, by=colin, on=colin.on)
    with pytest.raises(Refusal) as refused:
        end(cast, group)
    assert refused.value.code == "agenda_begun"
    with entered(cast[MAYA]):
        group.refresh_from_db()
    assert group.ended_on is None


@pytest.mark.parametrize(
    ("values", "code"), [({"reason": " "}, "no_reason"), ({"days": -1}, "day_passed")], ids=["reason", "day"]
)
def test_what_is_missing_is_refused(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        end(cast, a_group(cast), **values)
    assert refused.value.code == code


def test_a_hubs_coordinator_ends_no_group(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        end(cast, a_group(cast), by=COLIN)


def test_the_manager_ends_a_group_on_its_page_and_lets_it_meet_again(
    cast: Cast, client_for: ClientFor
) -> None:
    group = a_group(cast, "priya.partner")
    a_meeting(cast, group)
    client, url = client_for(MAYA), reverse("group-end", args=[group.public_id])
    assert "After today: 1 meeting." in client.get(url).content.decode()
    with entered(cast[MAYA]):
        today = actor(cast, MAYA).on
    missing = client.post(url, {**boxes("last_day", today), "reason": ""})
    assert missing.status_code == 200 and "Enter why it ends" in missing.content.decode()
    past = client.post(url, {**boxes("last_day", today - timedelta(days=1)), "reason": WHY})
    assert past.status_code == 200 and "Choose today or a day to come." in past.content.decode()
    done = client.post(url, {**boxes("last_day", today), "reason": WHY}, follow=True)
    text = done.content.decode()
    assert "1 meeting cancelled" in text and "Let it meet again" in text
    again = client.post(reverse("group-resume", args=[group.public_id]), follow=True).content.decode()
    assert "The group meets again" in again and "Let it meet again" not in again
