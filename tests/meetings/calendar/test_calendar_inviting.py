"""Invitations by mail: once, again with every change, taken back; references and days alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings.models import Invitation, Meeting
from saferhub.meetings.operations import calendar_apologies as apologies
from saferhub.meetings.operations import calendar_inviting as inviting
from saferhub.meetings.operations import calendar_moving as moving
from saferhub.meetings.operations import calendar_seats as seats
from saferhub.meetings.operations import guests
from saferhub.sharing.entering import entered
from tests.builders.casework import actor
from tests.builders.meetings import a_meeting as planned
from tests.builders.meetings import act

from .group import COLIN, Cast, a_group, a_meeting, a_seat, read
from .reading import check
from .reading import read as read_ics

pytestmark = pytest.mark.django_db
Commit = Any


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Commit:
    """What is mailed once the transaction has committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def invite(cast: Cast, meeting: Meeting, by: str = COLIN) -> int:
    with entered(cast[by]):
        who = actor(cast, by)
        return inviting.invite(meeting_id=meeting.public_id, by=who, on=who.on)


def move(cast: Cast, meeting: Meeting, *, days: int) -> None:
    now = read(cast, meeting)
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        moving.change_meeting(
            meeting_id=meeting.public_id,
            day=now.on + timedelta(days=days),
            starts_at=now.starts_at,
            minutes=now.minutes,
            place=now.place,
            online=now.online,
            reason="Half of the table is away.",
            by=colin,
            on=colin.on,
            seen=now.version,
        )


def entries() -> list[tuple[str, str, str, int]]:
    """What was sent, as a calendar program reads it: to whom, method, UID, SEQUENCE. The outbox is empty after it."""
    found = []
    for one in mail.outbox:
        assert isinstance(one, EmailMultiAlternatives)
        ((content, mimetype),) = one.alternatives
        assert isinstance(content, str)
        method = str(Calendar.from_ical(content)["method"])
        assert mimetype == f"text/calendar; method={method}"
        (event,) = check(read_ics(content.encode())).named("VEVENT")
        assert event.one("ATTENDEE").value == f"mailto:{one.to[0]}"
        found.append((one.to[0], method, event.text("UID"), int(event.one("SEQUENCE").value)))
    mail.outbox.clear()
    return sorted(found)


def test_everybody_with_a_seat_is_invited_once(cast: Cast, commit: Commit) -> None:
    meeting = a_meeting(cast, a_group(cast, "chris.chair", "priya.partner"))
    with commit():
        assert invite(cast, meeting) == 2
    assert entries() == sorted(
        (cast[name].email, "REQUEST", meeting.uid, 0) for name in ("chris.chair", "priya.partner")
    )
    with commit():
        assert invite(cast, meeting) == 0
    assert entries() == []
    with entered(cast[COLIN]):
        assert Invitation.objects.filter(meeting=meeting).count() == 2
    (entry,) = Entry.objects.filter(event="meetings.invited", subject=meeting.public_id)
    assert entry.codes["people"] == 2


def test_a_mail_holds_references_and_days_alone(cast: Cast, commit: Commit) -> None:
    meeting = a_meeting(
        cast, a_group(cast, "priya.partner"), online="https://video.example/secret-room", place=""
    )
    with commit():
        invite(cast, meeting)
    (sent,) = mail.outbox
    whole = f"{sent.subject}\n{sent.message().as_string()}\n{sent.alternatives[0][0]}"
    assert meeting.group.name in sent.subject
    assert f"/meetings/{meeting.public_id}/" in sent.body
    (part,) = [one for one in sent.message().walk() if one.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    for secret in ("secret-room", cast["priya.partner"].name, cast[COLIN].name):
        assert secret not in whole


def test_a_change_is_sent_with_the_same_identifier_and_a_higher_sequence(cast: Cast, commit: Commit) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))
    with commit():
        invite(cast, meeting)
        move(cast, meeting, days=1)
        move(cast, meeting, days=1)
    assert entries() == [
        (cast["priya.partner"].email, "REQUEST", meeting.uid, number) for number in (0, 1, 2)
    ]


def test_a_change_invites_nobody_where_nobody_was_invited(cast: Cast, commit: Commit) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))
    with commit():
        move(cast, meeting, days=1)
    assert entries() == []
    with commit():
        invite(cast, meeting)
    assert entries() == [(cast["priya.partner"].email, "REQUEST", meeting.uid, 1)]


def test_a_cancelled_meeting_is_taken_back_from_whoever_has_it(cast: Cast, commit: Commit) -> None:
    group = a_group(cast, "priya.partner")
    meeting = a_meeting(cast, group)
    with commit():
        invite(cast, meeting)
    a_seat(cast, group, "victor.voluntary")
    mail.outbox.clear()
    with commit(), entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        _, told = moving.cancel_meeting(
            meeting_id=meeting.public_id, reason="Snow.", seen=1, by=colin, on=colin.on
        )
    assert told == 1
    assert entries() == [(cast["priya.partner"].email, "CANCEL", meeting.uid, 1)]


def test_a_seat_that_ends_takes_later_meetings_out_of_a_calendar_and_a_new_one_brings_them_back(
    cast: Cast, commit: Commit
) -> None:
    group = a_group(cast, "chris.chair")
    seat = a_seat(cast, group, "priya.partner")
    sooner, later = a_meeting(cast, group, days=2), a_meeting(cast, group)
    with commit():
        invite(cast, sooner)
        invite(cast, later)
    mail.outbox.clear()
    priya = cast["priya.partner"].email
    with commit(), entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        told = seats.end_seat(
            group_id=group.public_id,
            seat_id=seat.public_id,
            last_day=colin.on + timedelta(days=5),
            reason="A new post.",
            seen=1,
            by=colin,
            on=colin.on,
        )
    assert told == 1
    assert entries() == [(priya, "CANCEL", later.uid, 1)]
    # Her calendar took it out at 1, so it comes back at 2; the chair's calendar is right as it is.
    a_seat(cast, group, "priya.partner", post="Again")
    with commit():
        invite(cast, later)
    assert entries() == [(priya, "REQUEST", later.uid, 2)]
    # What she is sent from now on lies beyond hers: taken out again, and with a change of the meeting.
    with commit():
        assert invite(cast, later) == 0
        move(cast, later, days=1)
    assert entries() == sorted(
        (cast[name].email, "REQUEST", later.uid, 3) for name in ("chris.chair", "priya.partner")
    )


def test_a_deputy_is_invited_where_others_were(cast: Cast, commit: Commit) -> None:
    group = a_group(cast)
    seat = a_seat(cast, group, "rachel.referrer", deputy=cast["nadia.neighbour"].public_id)
    meeting = a_meeting(cast, group)
    with commit():
        invite(cast, meeting)
    mail.outbox.clear()
    with commit(), entered(cast["rachel.referrer"]):
        rachel = actor(cast, "rachel.referrer")
        given = {"meeting_id": meeting.public_id, "seat_id": seat.public_id, "by": rachel, "on": rachel.on}
        apologies.apologise(deputy=cast["nadia.neighbour"].public_id, **given)
    assert entries() == [(cast["nadia.neighbour"].email, "REQUEST", meeting.uid, 0)]
    with commit(), entered(cast["rachel.referrer"]):
        apologies.take_back(**given)
    assert entries() == [(cast["nadia.neighbour"].email, "CANCEL", meeting.uid, 1)]


def test_all_meetings_of_some_weeks_are_invited_to_at_once(cast: Cast, commit: Commit) -> None:
    group = a_group(cast, "priya.partner")
    near, far = a_meeting(cast, group, days=10), a_meeting(cast, group, days=60)
    with commit(), entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        sent = inviting.invite_ahead(
            group_id=group.public_id, until=colin.on + timedelta(days=28), by=colin, on=colin.on
        )
    assert sent == 1
    assert [uid for _, _, uid, _ in entries()] == [near.uid]
    assert far.uid != near.uid


def test_a_partner_invites_nobody_and_nothing_is_sent_to_what_is_over(cast: Cast, commit: Commit) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))
    with pytest.raises(NotAllowed):
        invite(cast, meeting, by="priya.partner")
    with entered(cast[COLIN]):
        Meeting.objects.filter(pk=meeting.pk).update(status="cancelled")
    with commit(), pytest.raises(Refusal) as refused:
        invite(cast, meeting)
    assert refused.value.code == "meeting_over"
    assert entries() == []


def test_what_is_rolled_back_is_mailed_to_nobody(
    cast: Cast, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = a_meeting(cast, a_group(cast, "priya.partner"))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(inviting.audit, "record", fail)
    with commit(), pytest.raises(RuntimeError):
        invite(cast, meeting)
    assert entries() == []
    with entered(cast[COLIN]):
        assert not Invitation.objects.filter(meeting=meeting).exists()


def test_a_guest_of_one_item_is_invited_where_others_were_and_taken_out_when_she_is_unbidden(
    cast: Cast, commit: Commit
) -> None:
    made = planned(cast)
    nadia = cast["nadia.neighbour"]
    invite(cast, made.meeting)
    mail.outbox.clear()
    with commit():
        guest = act(cast, COLIN, guests.bid_guest, **made.at, user_id=nadia.public_id)
    assert entries() == [(nadia.email, "REQUEST", made.meeting.uid, 0)]
    with commit():
        act(
            cast,
            COLIN,
            guests.unbid_guest,
            **made.at,
            guest_id=guest.public_id,
            reason="Not needed any more.",
        )
    assert entries() == [(nadia.email, "CANCEL", made.meeting.uid, 1)]
    # Bidden again, she alone is sent it again, and unbidden once more it is taken out beyond that.
    with commit():
        guest = act(cast, COLIN, guests.bid_guest, **made.at, user_id=nadia.public_id)
    assert entries() == [(nadia.email, "REQUEST", made.meeting.uid, 2)]
    with commit():
        act(cast, COLIN, guests.unbid_guest, **made.at, guest_id=guest.public_id, reason="Not needed.")
    assert entries() == [(nadia.email, "CANCEL", made.meeting.uid, 3)]
