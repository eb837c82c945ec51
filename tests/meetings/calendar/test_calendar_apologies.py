"""Apologies before a meeting: said by whoever has the seat, recorded for her, taken over into the attendance."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Apology, Attendance, Meeting, Member
from saferhub.meetings.operations import calendar_apologies as operations
from saferhub.meetings.operations.opening import begin_preparing
from saferhub.meetings.queries.calendar_coming import coming_to
from saferhub.sharing.entering import entered
from tests.builders.casework import actor

from .group import COLIN, Cast, a_group, a_meeting, a_seat, read

pytestmark = pytest.mark.django_db
RACHEL, NADIA, PRIYA = "rachel.referrer", "nadia.neighbour", "priya.partner"


@pytest.fixture
def seat(cast: Cast) -> Member:
    return a_seat(cast, a_group(cast, "chris.chair", PRIYA), RACHEL, deputy=cast[NADIA].public_id)


@pytest.fixture
def meeting(cast: Cast, seat: Member) -> Meeting:
    return a_meeting(cast, seat.group)


def apologise(cast: Cast, meeting: Meeting, seat: Member, by: str = RACHEL, deputy: str = "") -> Apology:
    with entered(cast[by]):
        who = actor(cast, by)
        return operations.apologise(
            meeting_id=meeting.public_id,
            seat_id=seat.public_id,
            deputy=cast[deputy].public_id if deputy else "",
            by=who,
            on=who.on,
        )


def standing(cast: Cast, meeting: Meeting) -> dict[int, Any]:
    with entered(cast[COLIN]):
        return {member: one.deputy for member, one in operations.apologies_of(meeting).items()}


@pytest.mark.parametrize("by", [RACHEL, NADIA, COLIN])
def test_whoever_has_the_seat_its_deputy_or_the_organiser_says_it(
    cast: Cast, meeting: Meeting, seat: Member, by: str
) -> None:
    apologise(cast, meeting, seat, by=by)
    assert standing(cast, meeting) == {seat.pk: None}
    (entry,) = Entry.objects.filter(event="meetings.apologies", subject=meeting.public_id)
    assert (entry.actor, entry.codes["seat"]) == (cast[by].public_id, seat.public_id)


def test_somebody_elses_seat_is_not_hers_to_excuse(cast: Cast, meeting: Meeting, seat: Member) -> None:
    with pytest.raises(NotAllowed):
        apologise(cast, meeting, seat, by=PRIYA)
    with pytest.raises(Http404):
        apologise(cast, meeting, seat, by="olivia.outsider")
    assert standing(cast, meeting) == {}


def test_said_again_alike_nothing_changes_and_with_another_deputy_the_later_counts(
    cast: Cast, meeting: Meeting, seat: Member
) -> None:
    first = apologise(cast, meeting, seat)
    assert apologise(cast, meeting, seat).pk == first.pk
    apologise(cast, meeting, seat, deputy=NADIA)
    assert standing(cast, meeting) == {seat.pk: cast[NADIA]}
    with entered(cast[COLIN]):
        assert Apology.objects.filter(meeting=meeting).count() == 2


def test_a_deputy_is_of_the_same_agency_and_sees_the_meeting(
    cast: Cast, meeting: Meeting, seat: Member
) -> None:
    with pytest.raises(Refusal) as refused:
        apologise(cast, meeting, seat, deputy=PRIYA)
    assert refused.value.code == "deputy_not_of_agency"
    apologise(cast, meeting, seat, deputy=NADIA)
    with entered(cast[NADIA]):
        assert access.get_meeting(actor(cast, NADIA), meeting.public_id).pk == meeting.pk


def test_she_comes_after_all(cast: Cast, meeting: Meeting, seat: Member) -> None:
    apologise(cast, meeting, seat)
    for _ in range(2):
        with entered(cast[RACHEL]):
            rachel = actor(cast, RACHEL)
            operations.take_back(
                meeting_id=meeting.public_id, seat_id=seat.public_id, by=rachel, on=rachel.on
            )
    assert standing(cast, meeting) == {}
    assert Entry.objects.filter(event="meetings.apologies_taken_back", subject=meeting.public_id).count() == 1


def test_once_it_is_cancelled_nobody_sends_apologies(cast: Cast, meeting: Meeting, seat: Member) -> None:
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    with pytest.raises(Refusal) as refused:
        apologise(cast, meeting, seat)
    assert refused.value.code == "meeting_over"


def test_the_table_says_who_is_expected_and_whether_there_is_a_quorum(
    cast: Cast, meeting: Meeting, seat: Member
) -> None:
    apologise(cast, meeting, seat)
    with entered(cast[RACHEL]):
        found = coming_to(actor(cast, RACHEL), meeting)
    assert {one.member.user_id for one in found.seats} == {cast[n].pk for n in ("chris.chair", PRIYA, RACHEL)}
    (mine,) = [one for one in found.seats if one.is_mine]
    assert (mine.member.pk, mine.can_say, mine.apology is not None) == (seat.pk, True, True)
    assert not any(one.can_say for one in found.seats if not one.is_mine)
    assert found.agencies == 2
    assert found.lacks == "1 more agency, and one of the kind “District council”"
    apologise(cast, meeting, seat, deputy=NADIA)
    with entered(cast[RACHEL]):
        assert coming_to(actor(cast, RACHEL), meeting).lacks == ""


def test_the_attendance_takes_over_what_was_said_before(cast: Cast, meeting: Meeting, seat: Member) -> None:
    apologise(cast, meeting, seat, deputy=NADIA)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        begun = begin_preparing(meeting_id=meeting.public_id, by=colin, on=colin.on)
        operations.expect(begun, by=colin)
        rows = {row.user_id: row.came for row in Attendance.objects.filter(meeting=meeting)}
        assert rows[cast[RACHEL].pk] == "apologies"
        assert rows[cast[PRIYA].pk] == "expected"
        assert cast[NADIA].pk not in rows
        Meeting.objects.filter(pk=meeting.pk).update(status="running")
        for _ in range(2):
            operations.expect(read(cast, meeting), by=colin)
        (deputy,) = Attendance.objects.filter(meeting=meeting, user=cast[NADIA])
        assert (deputy.instead_of, deputy.came) == (cast[RACHEL], "expected")


def test_what_was_recorded_in_the_meeting_is_not_written_over(
    cast: Cast, meeting: Meeting, seat: Member
) -> None:
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        begun = begin_preparing(meeting_id=meeting.public_id, by=colin, on=colin.on)
        Attendance.objects.filter(meeting=meeting, user=cast[RACHEL]).update(came="present")
    apologise(cast, meeting, seat, by=COLIN)
    with entered(cast[COLIN]):
        operations.expect(begun, by=actor(cast, COLIN))
        assert Attendance.objects.get(meeting=meeting, user=cast[RACHEL]).came == "present"
