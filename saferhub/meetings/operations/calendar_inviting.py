"""Inviting to meetings by calendar entries: once to each person, again with every change, and taken back.

The mail goes out once the transaction has committed. It names the group, the day, the place and the address of the
meeting's page, and nothing else. Who was sent which version of the entry is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import Status, User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Apology, Attendance, Came, Invitation, Meeting, MeetingStatus, Member
from saferhub.meetings.queries.table import members_on
from saferhub.meetings.rules.calendar_entries import CANCEL, REQUEST, Entry, Organiser, calendar
from saferhub.meetings.rules.when import hours
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Partnership
from saferhub.partnership.rules.dates_in_words import date_in_words

TO_COME = (MeetingStatus.PLANNED, MeetingStatus.PREPARING, MeetingStatus.SENT)


def organiser_of(partnership: Partnership) -> Organiser:
    """In whose name entries go out."""
    return Organiser(partnership.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])


def entry_of(meeting: Meeting) -> Entry:
    """The meeting as a calendar entry: references, never what is spoken of. A video meeting's address stays behind
    sign-in, for whoever has it can join."""
    return Entry(
        uid=meeting.uid,
        sequence=meeting.sequence,
        on=meeting.on,
        starts_at=meeting.starts_at,
        minutes=meeting.minutes,
        summary=meeting.group.name,
        place=meeting.place or ("By video: the link is on its page" if meeting.online else ""),
        url=settings.SERVICE_URL.rstrip("/") + reverse("meeting", args=[meeting.public_id]),
        is_cancelled=meeting.status == MeetingStatus.CANCELLED,
    )


def expected_people(meeting: Meeting, by: Actor) -> list[User]:
    """Whoever is invited: those with a seat on its day, the deputies of those who sent apologies, and the guests whom
    the actor sees. Each once, and nobody whose account is not in use."""
    found = [one.user for one in members_on(meeting)]
    sent = Apology.objects.filter(meeting=meeting, taken_back_on__isnull=True, deputy__isnull=False)
    found += [one.deputy for one in sent.select_related("deputy")]
    found += [one.user for one in _guests(meeting, by).filter(came=Came.EXPECTED).select_related("user")]
    single = {one.pk: one for one in found if one is not None and one.status == Status.ACTIVE and one.email}
    return list(single.values())


def _guests(meeting: Meeting, by: Actor) -> QuerySet[Attendance]:
    """Guests of one item each, those who are not bidden any more included, as far as the actor sees them."""
    return access.parts_readable_by(by, Attendance).filter(meeting=meeting, seat="guest", user__isnull=False)


def newest_invitations(meeting: Meeting) -> dict[int, Invitation]:
    """The last thing that each person was sent, by the number of the account."""
    rows = Invitation.objects.filter(meeting=meeting).select_related("to").order_by("id")
    return {row.to_id: row for row in rows}


def uninvited(meeting: Meeting, by: Actor) -> list[User]:
    """Whoever is expected and has not been sent the entry as it stands."""
    last = newest_invitations(meeting)
    return [
        one
        for one in expected_people(meeting, by)
        if one.pk not in last or last[one.pk].method == CANCEL or last[one.pk].sequence < meeting.sequence
    ]


@transaction.atomic
def invite(*, meeting_id: str, by: Actor, on: date) -> int:
    """Send the entry to whoever is expected and does not have it as it stands; take it back from whoever is no longer
    expected. Returns how many mails were queued: none at a second press.

    Raises NotAllowed unless the actor prepares the meeting, and Refusal for one that has begun or is cancelled.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    check_to_come(meeting)
    return send_entries(meeting, by=by, on=on)


@transaction.atomic
def invite_ahead(*, group_id: str, until: date, by: Actor, on: date) -> int:
    """The same for every meeting of a group from today to a day. Returns how many mails were queued."""
    group = access.get_group(by, group_id)
    access.check_can_prepare(by, group)
    rows = group.meetings.filter(status__in=TO_COME, on__range=(on, until)).order_by("on", "id")
    return sum(invite(meeting_id=one, by=by, on=on) for one in rows.values_list("public_id", flat=True))


def check_to_come(meeting: Meeting) -> None:
    """Raise Refusal for a meeting that has begun or was cancelled."""
    if meeting.status not in TO_COME:
        raise Refusal("meeting_over", "This meeting has begun, is over or was cancelled.")


def send_entries(meeting: Meeting, *, by: Actor, on: date, is_change: bool = False) -> int:
    """Bring everybody's calendar to how the locked meeting stands; returns how many mails were queued. `is_change`:
    only where anybody was invited before."""
    last = newest_invitations(meeting)
    if is_change and not last:
        return 0
    wanted = {one.pk: one for one in expected_people(meeting, by)}
    held = {number: row for number, row in last.items() if row.method == REQUEST}
    ours = known_people(meeting, by)
    gone = [row for number, row in held.items() if number not in wanted and number in ours]
    fresh = [
        one
        for number, one in wanted.items()
        if number not in held or held[number].sequence < meeting.sequence
    ]
    for sequence, people in _counted((max(meeting.sequence, row.sequence) + 1, row.to) for row in gone):
        _send(meeting, people, CANCEL, sequence=sequence, by=by, on=on)
    # Whose calendar took it out at a SEQUENCE takes notice of a higher one alone. She gets one of her own, so that
    # nobody else is told of a change that was none.
    beyond = {number: row.sequence + 1 for number, row in last.items() if row.method == CANCEL}
    for sequence, people in _counted((max(meeting.sequence, beyond.get(one.pk, 0)), one) for one in fresh):
        _send(meeting, people, REQUEST, sequence=sequence, by=by, on=on, again=set(last))
    return len(gone) + len(fresh)


def _counted(pairs: Iterable[tuple[int, User]]) -> list[tuple[int, list[User]]]:
    """Whoever is sent the entry, by the SEQUENCE that she is sent."""
    found: dict[int, list[User]] = {}
    for sequence, one in pairs:
        found.setdefault(sequence, []).append(one)
    return sorted(found.items())


def known_people(meeting: Meeting, by: Actor) -> set[int]:
    """Accounts that were ever expected, as far as the actor sees it. Of anybody else, such as a guest of an item that
    is kept from her, she learns nothing, and nothing is taken back unasked."""
    seats = Member.objects.filter(group=meeting.group_id).values_list("user", "deputy")
    deputies = Apology.objects.filter(meeting=meeting).values_list("deputy", flat=True)
    guests = _guests(meeting, by).values_list("user", flat=True)
    found = {one for pair in seats for one in pair} | set(deputies) | set(guests)
    return {one for one in found if one is not None}


def withdraw_entries(meeting: Meeting, *, by: Actor, on: date) -> int:
    """Take the entry of a cancelled meeting back from everybody who has it. Returns of how many the actor knows."""
    held = [row.to for row in newest_invitations(meeting).values() if row.method == REQUEST]
    _send(meeting, held, CANCEL, sequence=meeting.sequence, by=by, on=on)
    known = known_people(meeting, by)
    return sum(one.pk in known for one in held)


def raise_sequence(meeting: Meeting) -> None:
    """Count one change of the entry, beyond everything that was sent. The caller has locked the meeting."""
    sent = Invitation.objects.filter(meeting=meeting).aggregate(most=Max("sequence"))["most"] or 0
    meeting.sequence = max(meeting.sequence, sent) + 1
    meeting.save(update_fields=["sequence"])


def _send(
    meeting: Meeting,
    people: Iterable[User],
    method: str,
    *,
    sequence: int,
    by: Actor,
    on: date,
    again: Iterable[int] = (),
) -> None:
    people, known = list(people), set(again)
    organiser = organiser_of(meeting.partnership)
    entry = replace(entry_of(meeting), sequence=sequence, is_cancelled=method == CANCEL)
    for one in people:
        Invitation.objects.create(
            partnership_id=meeting.partnership_id,
            meeting=meeting,
            to=one,
            sequence=sequence,
            method=method,
            on=on,
        )
        text = calendar(
            method, [entry], organiser=organiser, stamp=clock.real_now(), attendee=one.email
        ).decode()
        what = "Cancelled" if method == CANCEL else "Changed" if one.pk in known else "Invitation"
        body = render_to_string(
            "meetings/calendar/invitation_mail.txt",
            {
                "what": what,
                "meeting": meeting,
                "entry": entry,
                "hours": hours(meeting.starts_at, meeting.minutes),
                "service_name": settings.SERVICE_NAME,
                "partnership_name": meeting.partnership.name,
            },
        )
        mail.send(
            f"{what}: {entry.summary}, {date_in_words(meeting.on)}",
            body,
            to=one.email,
            calendar=(method, text),
        )
    if people:
        event = "meetings.invitations_withdrawn" if method == CANCEL else "meetings.invited"
        audit.record(event, meeting, by=by, people=len(people), sequence=sequence)
