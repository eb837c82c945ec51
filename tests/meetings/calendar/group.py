"""Selby's group of the problem-solving meeting as these tests need it: with the seats they give and no others."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from saferhub.meetings.models import Group, Meeting, MeetingStatus, Member
from saferhub.meetings.operations import planning
from saferhub.meetings.operations.calendar_seats import add_seat
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.sharing.entering import entered
from tests.builders.casework import actor, unit_of

Cast = dict[str, Any]
COLIN, MAYA = "colin.coordinator", "maya.manager"


def a_group(cast: Cast, *members: str) -> Group:
    """The group with a seat for each of `members`; Chris has the chair where he is among them."""
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        planning.make_groups(by=maya, on=maya.on)
        group = Group.objects.select_related("hub", "partnership").get(
            kind="maps", hub__code="selby", partnership=maya.partnership
        )
        # What the demonstration gave it is over.
        Member.objects.filter(group=group).update(valid_from=date(2018, 1, 1), valid_until=date(2018, 1, 2))
        Meeting.objects.filter(group=group).update(
            status=MeetingStatus.CANCELLED, on=date(2018, 1, 1), moved_from=None
        )
    for username in members:
        a_seat(cast, group, username)
    return group


def a_seat(cast: Cast, group: Group, username: str, **more: Any) -> Member:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        return add_seat(
            group_id=group.public_id,
            unit_id=unit_of(cast, username).public_id,
            who=cast[username].public_id,
            seat="chair" if username == "chris.chair" else "member",
            by=colin,
            on=colin.on,
            **more,
        )


def a_meeting(cast: Cast, group: Group, *, days: int = 16, **more: Any) -> Meeting:
    """A meeting called by Colin in so many days: 13 September where today is 28 August."""
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        given = {"starts_at": time(14), "minutes": 60, "place": "Civic Centre, room 2", **more}
        return planning.call_meeting(
            group_id=group.public_id, day=colin.on + timedelta(days=days), by=colin, on=colin.on, **given
        )


def next_days(cast: Cast, group: Group) -> list[date]:
    """The days of the next two months that the cycle gives."""
    with entered(cast[COLIN]):
        on = actor(cast, COLIN).on
        kind = planning.kind_of(group, on)
        return [one.on for one in planning.proposed(group, kind, until=on + timedelta(days=60), on=on)]


def shut_on(monkeypatch: pytest.MonkeyPatch, day: date, name: str = "Day of mourning") -> None:
    """Let a day be a bank holiday for whoever plans."""
    known = planning.bank_holidays()
    shut = BankHolidays({**known.names, day: name}, known.first_year, known.last_year)
    monkeypatch.setattr(planning, "bank_holidays", lambda: shut)


def read(cast: Cast, meeting: Meeting) -> Meeting:
    with entered(cast[COLIN]):
        return Meeting.objects.select_related("group__partnership", "partnership").get(pk=meeting.pk)
