"""What a meeting lets somebody see, and who is seen to come: when it is moved or cancelled, or a seat begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.meetings import access
from saferhub.meetings.models import Invitation, Meeting
from saferhub.meetings.operations import calendar_inviting as inviting
from saferhub.meetings.operations import calendar_moving as moving
from saferhub.meetings.operations import guests, keeping, sending
from saferhub.meetings.operations.copies import PACK, take_copy
from saferhub.meetings.queries.calendar_meeting import invited
from saferhub.meetings.queries.minutes_page import stand_of
from saferhub.sharing.entering import entered
from saferhub.sharing.models import Interest
from tests.builders.casework import actor
from tests.builders.meetings import COLIN, FERGUS, MINA, PRIYA, RACHEL, Made, act, shown_to
from tests.builders.meetings import a_meeting as planned

from .group import Cast, a_group, a_meeting, a_seat, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast: Cast) -> Made:
    """A meeting with a guest for its first item, which is kept from the hub's minute-taker."""
    made = planned(cast)
    act(cast, COLIN, inviting.invite, meeting_id=made.meeting.public_id)
    act(cast, COLIN, guests.bid_guest, **made.at, user_id=cast[FERGUS].public_id)
    act(cast, COLIN, keeping.keep_from, **made.at, why="A relative.", user_id=cast[MINA].public_id)
    assert shown_to(cast, made.items[0], [COLIN, FERGUS, MINA, PRIYA]) == {COLIN, FERGUS, PRIYA}
    return made


def last_days(cast: Cast, made: Made) -> dict[str, set[int]]:
    """How many days after the meeting's first day each interest in its first item ends, by who holds it."""
    found: dict[str, set[int]] = {}
    with entered(cast[COLIN]):
        rows = Interest.objects.filter(folder=made.items[0].folder_id, ended_at__isnull=True)
        for row in rows.exclude(valid_until=None).select_related("user"):
            assert row.valid_until is not None and row.user is not None
            days = (row.valid_until.date() - made.meeting.on).days
            found.setdefault(row.user.username, set()).add(days)
    return found


def test_sight_moves_with_the_meeting_also_of_what_whoever_moves_it_does_not_see(
    cast: Cast, made: Made
) -> None:
    before = last_days(cast, made)
    assert before[PRIYA] == before[FERGUS] == {28}
    now = read(cast, made.meeting)
    values = {**moving.values_of(now), "starts_at": now.starts_at, "day": now.on + timedelta(days=40)}
    act(
        cast, MINA, moving.change_meeting,
        meeting_id=now.public_id, **values, reason="Half of the table is away.", seen=now.version,
    )  # fmt: skip
    after = last_days(cast, made)
    assert after.keys() == before.keys()
    assert after[PRIYA] == after[FERGUS] == {68}
    folder = made.items[0].folder.public_id
    assert Entry.objects.filter(
        event="sharing.interest_limited", subject=folder, actor=cast[MINA].public_id
    ).count() == len(after)


def test_a_cancelled_meeting_closes_also_what_whoever_cancels_it_does_not_see(cast: Cast, made: Made) -> None:
    now = read(cast, made.meeting)
    with (
        entered(cast[MINA]),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="No cancelled"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT * FROM gate.close_sight(%s, 'No reason')", [now.pk])
    _, told = act(
        cast, MINA, moving.cancel_meeting, meeting_id=now.public_id, reason="Snow.", seen=now.version
    )
    with entered(cast[COLIN]):
        # But for the guest, of whom she does not know.
        assert told == Invitation.objects.filter(meeting=now, method="CANCEL").count() - 1
    assert shown_to(cast, made.items[0], [COLIN, FERGUS, MINA, PRIYA, RACHEL]) <= {COLIN, RACHEL}
    assert COLIN in shown_to(cast, made.items[0], [COLIN])
    assert not last_days(cast, made)
    folder = made.items[0].folder.public_id
    assert Entry.objects.filter(
        event="sharing.interest_ended", subject=folder, actor=cast[MINA].public_id
    ).exists()


def test_whoever_prepares_it_reads_of_no_guest_whose_item_she_does_not_see(cast: Cast, made: Made) -> None:
    take: dict[str, Any] = {"meeting_id": made.meeting.public_id, "kind": PACK, "form": "page"}
    for username in (FERGUS, PRIYA):
        act(cast, username, take_copy, **take)
    # What is sent again is sent for an item that she does not see.
    act(cast, COLIN, sending.send_agenda, meeting_id=made.meeting.public_id)
    fergus, priya = cast[FERGUS].name, cast[PRIYA].name
    for username, sees in ((COLIN, True), (MINA, False)):
        with entered(cast[username]):
            who = actor(cast, username)
            meeting = access.get_meeting(who, made.meeting.public_id)
            names = {one.to.name for one in invited(who, meeting).rows}
            assert priya in names and (fergus in names) is sees
            copies = stand_of(who, meeting).copies
        takers = [words.split(",")[0] for words, *_ in copies]
        assert takers == ([priya, fergus] if sees else [priya])
        assert {form for _, _, form, _ in copies} == {"page"}


def test_whoever_takes_a_seat_before_the_meeting_finds_that_meeting_and_no_sooner_one(cast: Cast) -> None:
    group = a_group(cast, "chris.chair")
    sooner, later = a_meeting(cast, group, days=2), a_meeting(cast, group)
    with entered(cast[COLIN]):
        begins = actor(cast, COLIN).on + timedelta(days=5)
    a_seat(cast, group, PRIYA, valid_from=begins)
    with entered(cast[PRIYA]):
        priya = actor(cast, PRIYA)
        assert access.get_meeting(priya, later.public_id).pk == later.pk
        assert not access.is_guest(priya, later)
        assert set(access.meetings_visible_to(priya).filter(group=group)) == {Meeting(pk=later.pk)}
        with pytest.raises(Http404):
            access.get_meeting(priya, sooner.public_id)
