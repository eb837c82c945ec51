"""Telling that minutes are out: one mail to each who had a seat or came, and may read what is new. It names the group,
the day and the page, and nothing that was spoken of: mail leaves the service unprotected."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import Status, User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.models import Copy, Meeting, MinutesPart
from saferhub.meetings.queries.minutes_recorded import attendance
from saferhub.meetings.queries.table import members_on
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.models import Folder

from .copies import MAIL, MINUTES


@transaction.atomic
def tell_that_minutes_are_out(*, meeting_id: str, parts: Sequence[MinutesPart], by: Actor) -> int:
    """Mail everybody concerned who may read any of these parts. Returns how many mails were queued.

    Whoever may not read what was approved gets no mail, so that none tells her of something she does not see. Raises
    NotAllowed unless the actor approves the group's minutes.
    """
    meeting = access.get_meeting(by, meeting_id)
    access.check_can_approve(by, meeting.group)
    corrected = any(one.corrects_id is not None for one in parts)
    concerned = _concerned(by, meeting)
    # Each once, and of a correction only whoever reads the part that was corrected.
    readers: dict[int, tuple[User, Unit]] = {}
    for folder in _folders(by, meeting, parts):
        for seer in seers_of(folder):
            if seer.user.pk in concerned and seer.is_lasting:
                readers.setdefault(seer.user.pk, (seer.user, seer.unit))
    for user, unit in readers.values():
        mail.send(
            f"{meeting.group.name}: {'corrected minutes' if corrected else 'minutes'} of {date_in_words(meeting.on)}",
            render_to_string(
                "meetings/minutes/out_mail.txt",
                {
                    "group": meeting.group.name,
                    "day": date_in_words(meeting.on),
                    "corrected": corrected,
                    "url": settings.SERVICE_URL.rstrip("/")
                    + reverse("meeting-minutes", args=[meeting.public_id]),
                    "partnership_name": meeting.partnership.name,
                    "service_name": settings.SERVICE_NAME,
                },
            ),
            to=user.email,
        )
        Copy.objects.create(
            partnership_id=meeting.partnership_id,
            meeting=meeting,
            kind=MINUTES,
            to=user,
            unit=unit,
            form=MAIL,
            at=clock.now(),
        )
    audit.record("meetings.minutes_told", meeting, by=by, mails=len(readers))
    return len(readers)


def _folders(by: Actor, meeting: Meeting, parts: Sequence[MinutesPart]) -> list[Folder]:
    """The folders whose readers are told: with the meeting's own part its folder and those of its guests; else the
    parts' own."""
    if not any(one.item_id is None for one in parts):
        return list({one.folder_id: one.folder for one in parts}.values())
    guests = attendance(by, meeting).guests
    found = [one.folder for one in parts if one.item_id is None or one.folder_id in guests]
    return list({one.pk: one for one in found}.values())


def _concerned(by: Actor, meeting: Meeting) -> set[int]:
    """Those with a seat on that day, their deputies, and whoever came, guests too."""
    found = {
        user
        for member in members_on(meeting)
        for user in (member.user, member.deputy)
        if user is not None and user.status == Status.ACTIVE and user.email
    }
    there = attendance(by, meeting)
    for row in [*there.members, *(one for rows in there.guests.values() for one in rows)]:
        if row.user is not None and row.user.status == Status.ACTIVE and row.user.email:
            found.add(row.user)
    return {user.pk for user in found}
