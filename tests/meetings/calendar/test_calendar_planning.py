"""Making groups, planning a year, calling, moving and cancelling meetings."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings.models import Group, Meeting, MeetingMove, MeetingStatus
from saferhub.meetings.operations import calendar_moving as moving
from saferhub.meetings.operations import planning
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

from .group import COLIN, MAYA, Cast, a_group, a_meeting, next_days, read, shut_on

pytestmark = pytest.mark.django_db
THURSDAY = 3


def plan(cast: Cast, group: Group, *, days: int = 365, by: str = COLIN) -> list[Meeting]:
    with entered(cast[by]):
        who = actor(cast, by)
        return planning.plan_ahead(
            group_id=group.public_id,
            until=who.on + timedelta(days=days),
            by=who,
            on=who.on,
            place="Civic Centre",
        )


def change(cast: Cast, meeting: Meeting, by: str = COLIN, **given: Any) -> tuple[Meeting, int]:
    values = {
        "day": meeting.on,
        "starts_at": meeting.starts_at,
        "minutes": meeting.minutes,
        "place": meeting.place,
        "online": meeting.online,
        "reason": "The room is taken.",
        "seen": meeting.version,
        **given,
    }
    with entered(cast[by]):
        who = actor(cast, by)
        return moving.change_meeting(meeting_id=meeting.public_id, **values, by=who, on=who.on)


def cancel(cast: Cast, meeting: Meeting, by: str = COLIN, reason: str = "Too little to speak of.") -> Meeting:
    with entered(cast[by]):
        who = actor(cast, by)
        made, _ = moving.cancel_meeting(
            meeting_id=meeting.public_id, reason=reason, seen=meeting.version, by=who, on=who.on
        )
        return made


# --- Groups -----------------------------------------------------------------------------------------------------


def test_groups_are_made_once_for_each_hub_for_the_board_and_its_sub_groups(cast: Cast) -> None:
    a_group(cast)
    with entered(cast[MAYA]):
        maya = actor(cast, MAYA)
        assert planning.make_groups(by=maya, on=maya.on) == []
        assert planning.groups_to_make(maya, maya.on) == []
        described = planning.groups_described(maya, maya.on)
        hubs = [one.hub.code for one in described if one.hub is not None]
        assert "selby" in hubs
        assert len(hubs) == len(set(hubs))
        boards = {one.board.code for one in described if one.board is not None}
        assert boards == {"csp_board", "domestic_abuse_operational_group", "hate_crime_working_group"}
        assert Group.objects.filter(partnership=maya.partnership).count() == len(described)
        assert Entry.objects.filter(event="meetings.group_made").count() >= len(described)


def test_only_whoever_keeps_the_partnerships_meetings_makes_groups(cast: Cast) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        with pytest.raises(NotAllowed):
            planning.make_groups(by=colin, on=colin.on)


# --- Planning ---------------------------------------------------------------------------------------------------


def test_a_year_is_planned_over_the_bank_holidays_and_a_second_press_plans_nothing(cast: Cast) -> None:
    group = a_group(cast)
    made = plan(cast, group)
    holidays = bank_holidays()
    assert 24 <= len(made) <= 27
    for one in made:
        assert holidays.is_working(one.on)
        assert (one.moved_from or one.on).weekday() == THURSDAY
        assert (one.moved_from is None) or not holidays.is_working(one.moved_from)
        assert (one.status, one.place, one.sequence) == (MeetingStatus.PLANNED, "Civic Centre", 0)
    first = made[0].number
    assert [one.number for one in made] == list(range(first, first + len(made)))
    assert len({one.uid for one in made}) == len(made)
    named = [one.public_id for one in made]
    assert Entry.objects.filter(event="meetings.planned", subject__in=named).count() == len(made)
    assert plan(cast, group) == []


def test_a_bank_holiday_moves_a_planned_day_and_the_day_that_it_was_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = a_group(cast)
    shut = next_days(cast, group)[1]
    shut_on(monkeypatch, shut)
    made = plan(cast, group, days=60)
    (moved,) = [one for one in made if one.moved_from]
    assert (moved.moved_from, moved.on) == (shut, shut + timedelta(days=1))
    assert plan(cast, group, days=60) == []


def test_the_preview_is_what_is_planned(cast: Cast) -> None:
    group = a_group(cast)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        until = colin.on + timedelta(days=100)
        seen = planning.proposed(group, planning.kind_of(group, colin.on), until=until, on=colin.on)
    assert [one.on for one in seen] == [one.on for one in plan(cast, group, days=100)]
    with entered(cast[COLIN]):
        again = planning.proposed(group, planning.kind_of(group, colin.on), until=until, on=colin.on)
    assert all(one.stands for one in again)


def test_a_day_that_was_moved_or_cancelled_by_hand_is_not_planned_again(cast: Cast) -> None:
    group = a_group(cast)
    first, second, *_ = plan(cast, group, days=60)
    moved, _ = change(cast, first, day=first.on + timedelta(days=1))
    assert moved.moved_from == first.on
    cancel(cast, second)
    assert plan(cast, group, days=60) == []
    back, _ = change(cast, read(cast, moved), day=first.on)
    assert back.moved_from is None


@pytest.mark.parametrize(("days", "code"), [(0, "too_far"), (367, "too_far")])
def test_planning_refuses_what_is_no_year_ahead(cast: Cast, days: int, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        plan(cast, a_group(cast), days=days)
    assert refused.value.code == code


def test_a_partner_plans_nothing_and_a_stranger_finds_no_group(cast: Cast) -> None:
    group = a_group(cast, "priya.partner")
    before = Entry.objects.filter(event="meetings.planned").count()
    with pytest.raises(NotAllowed):
        plan(cast, group, by="priya.partner")
    with pytest.raises(Http404):
        plan(cast, group, by="olivia.outsider")
    assert Entry.objects.filter(event="meetings.planned").count() == before


# --- Calling ----------------------------------------------------------------------------------------------------


def test_a_meeting_is_called_on_a_day_and_not_twice_at_one_time(cast: Cast) -> None:
    group = a_group(cast)
    meeting = a_meeting(cast, group)
    assert (meeting.starts_at, meeting.hub_id, meeting.moved_from) == (time(14), group.hub_id, None)
    assert meeting.uid.endswith(f"@{settings.CALENDAR_DOMAIN}")
    with pytest.raises(Refusal) as refused:
        a_meeting(cast, group)
    assert refused.value.code == "meets_then"
    with pytest.raises(Refusal) as refused:
        a_meeting(cast, group, days=-1)
    assert refused.value.code == "day_passed"


def test_a_group_that_has_ended_meets_no_more(cast: Cast) -> None:
    group = a_group(cast)
    with entered(cast[MAYA]):
        Group.objects.filter(pk=group.pk).update(ended_on=date(2018, 1, 1))
    with pytest.raises(Refusal) as refused:
        a_meeting(cast, group)
    assert refused.value.code == "group_ended"


# --- Moving and cancelling --------------------------------------------------------------------------------------


def test_a_move_keeps_the_identifier_raises_the_sequence_and_says_how_it_was(cast: Cast) -> None:
    meeting = a_meeting(cast, a_group(cast))
    moved, told = change(cast, meeting, day=meeting.on + timedelta(days=1), starts_at=time(9, 30), place="")
    assert (moved.uid, moved.sequence, moved.version, told) == (meeting.uid, 1, 2, 0)
    with entered(cast[COLIN]):
        move = MeetingMove.objects.filter(meeting=meeting).latest("id")
    assert (move.from_status, move.to_status) == ("planned", "planned")
    for words in ("Was on", "was from 14:00 to 15:00", "was at Civic Centre, room 2", "The room is taken."):
        assert words in move.reason
    (entry,) = Entry.objects.filter(event="meetings.moved", subject=meeting.public_id)
    assert entry.codes["day"] == moved.on.isoformat()
    assert "room" not in str(entry.codes)


def test_what_is_not_changed_is_no_change(cast: Cast) -> None:
    meeting = a_meeting(cast, a_group(cast))
    same, _ = change(cast, meeting, reason="")
    assert (same.sequence, same.version) == (0, 1)
    assert not Entry.objects.filter(event="meetings.moved", subject=meeting.public_id).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"day": date(2018, 1, 1)}, "day_passed"),
        ({"place": "Elsewhere", "reason": "  "}, "no_reason"),
    ],
)
def test_a_move_is_refused_and_leaves_all_as_it_was(cast: Cast, given: dict[str, Any], code: str) -> None:
    meeting = a_meeting(cast, a_group(cast))
    with pytest.raises(Refusal) as refused:
        change(cast, meeting, **given)
    assert refused.value.code == code
    now = read(cast, meeting)
    assert (now.on, now.place, now.sequence, now.version) == (meeting.on, meeting.place, 0, 1)


def test_a_move_onto_another_meeting_of_the_group_is_refused(cast: Cast) -> None:
    group = a_group(cast)
    first, second = a_meeting(cast, group), a_meeting(cast, group, days=17)
    with pytest.raises(Refusal) as refused:
        change(cast, second, day=first.on)
    assert refused.value.code == "meets_then"


def test_a_second_editor_overwrites_nothing(cast: Cast) -> None:
    meeting = a_meeting(cast, a_group(cast))
    change(cast, meeting, place="The library")
    with pytest.raises(Conflict):
        change(cast, meeting, by="mina.minutes", place="The town hall")
    with pytest.raises(Conflict):
        cancel(cast, meeting)
    assert read(cast, meeting).place == "The library"


def test_a_meeting_is_cancelled_with_its_reason_and_once(cast: Cast) -> None:
    meeting = cancel(cast, a_meeting(cast, a_group(cast)))
    assert (meeting.status, meeting.cancelled_why, meeting.sequence) == (
        "cancelled",
        "Too little to speak of.",
        1,
    )
    with entered(cast[COLIN]):
        move = MeetingMove.objects.filter(meeting=meeting).latest("id")
    assert (move.from_status, move.to_status, move.reason) == (
        "planned",
        "cancelled",
        "Too little to speak of.",
    )
    assert Entry.objects.filter(event="meetings.cancelled", subject=meeting.public_id).count() == 1
    for again in (lambda: cancel(cast, meeting), lambda: change(cast, meeting, place="Elsewhere")):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == "meeting_over"


def test_a_meeting_is_not_cancelled_without_a_reason_or_by_a_partner(cast: Cast) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))
    with pytest.raises(Refusal) as refused:
        cancel(cast, meeting, reason=" ")
    assert refused.value.code == "no_reason"
    with pytest.raises(NotAllowed):
        cancel(cast, meeting, by="priya.partner")
    assert read(cast, meeting).status == MeetingStatus.PLANNED


def test_a_meeting_in_preparation_can_be_cancelled_too(cast: Cast) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        begun = begin_preparing(meeting_id=meeting.public_id, by=colin, on=colin.on)
    assert cancel(cast, begun).status == MeetingStatus.CANCELLED
