"""Reminding: each working day, from the one before an answer is due until the meeting, a unit that is silent is told.

A person gets one mail a day. It names references and days and nothing else, for mail leaves the service unprotected.
The steward's connection finds what is silent in every meeting. Whom it may be told is asked as each person herself:
where an agreement sleeps or an item is kept from her, her mail is silent about it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.models import Case, CaseStatus
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.access.asks import STANDING, own_units
from saferhub.meetings.models import Ask, Meeting, MeetingStatus, Member, Seat
from saferhub.meetings.rules.asks import reminds
from saferhub.partnership.access import actor_for
from saferhub.partnership.models import Membership
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.sharing.entering import entered
from saferhub.sharing.jobs import steward_job

logger = logging.getLogger(__name__)


@steward_job("meetings.remind_of_asks", every="40 5 * * *")
def remind_of_asks(*, using: str) -> int:
    """Early each morning: remind those who have not answered. Returns how many mails were queued.

    Run twice on a day it does nothing the second time.
    """
    on, calendar = clock.today(), bank_holidays()
    meetings = Meeting.objects.using(using).filter(
        status__in=[MeetingStatus.PREPARING, MeetingStatus.SENT], on__gte=on
    )
    rows = meetings.select_related("partnership", "group").order_by("on", "id")
    return sum(_remind_of(meeting, on, calendar, using=using) for meeting in rows)


def _remind_of(meeting: Meeting, on: date, calendar: BankHolidays, *, using: str) -> int:
    closed = Case.objects.using(using).filter(status=CaseStatus.CLOSED).order_by().values("matter")
    silent = list(
        Ask.objects.using(using)
        .filter(meeting=meeting.pk, answer="", item__status__in=STANDING)
        # Where a case has closed meanwhile nobody is asked again for what is held: there is nothing left to serve.
        .exclude(item__matter__in=closed)
        .select_related("item")
        .order_by("item__order", "id")
    )
    due = [one for one in silent if _is_due(one, meeting, on, calendar)]
    if not due:
        return 0
    reached: set[int] = set()
    sent = 0
    for user in _whom(meeting, {one.unit_id for one in due}, on):
        told = _remind(user, meeting, due, on)
        reached |= told
        sent += bool(told)
    Ask.objects.using(using).filter(pk__in=reached).update(reminded_on=on)
    return sent


def _is_due(ask: Ask, meeting: Meeting, on: date, calendar: BankHolidays) -> bool:
    try:
        return reminds(
            due_on=ask.due_on,
            meets_on=meeting.on,
            on=on,
            asked_on=ask.asked_on,
            reminded_on=ask.reminded_on,
            calendar=calendar,
        )
    except Refusal as refusal:  # the calendar does not reach the years of this one
        logger.warning("ask %s cannot be chased: %s", ask.public_id, refusal.code)
        return False


def _whom(meeting: Meeting, units: Iterable[int], on: date) -> list[User]:
    """Who holds the seats of these units, and everybody who works there where nobody is named or at work."""
    seats = Member.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=meeting.on),
        group=meeting.group_id,
        unit__in=list(units),
        valid_from__lte=meeting.on,
    ).exclude(seat=Seat.OBSERVER)
    by_unit: dict[int, set[int]] = {unit: set() for unit in units}
    for seat in seats:
        if seat.user_id is not None:
            by_unit[seat.unit_id].add(seat.user_id)
    held = Membership.objects.in_force_on(on)
    at_work = set(
        held.filter(user__in={one for found in by_unit.values() for one in found}).values_list(
            "user", flat=True
        )
    )
    people: set[int] = set()
    for unit, found in by_unit.items():
        named = found & at_work
        people |= named or set(held.filter(unit=unit).values_list("user", flat=True))
    return list(User.objects.active().filter(pk__in=people).exclude(email="").order_by("pk"))


def _remind(user: User, meeting: Meeting, due: list[Ask], on: date) -> set[int]:
    """Write and mail one person's reminder of what she sees now. Returns the numbers of what it names."""
    with entered(user):
        actor = actor_for(user, on=on)
        visible = access.parts_readable_by(actor, Ask).filter(
            pk__in=[one.pk for one in due], unit__in=own_units(actor)
        )
        numbers = set(visible.values_list("pk", flat=True))
        seen = [one for one in due if one.pk in numbers]
        if not seen or not access.meetings_visible_to(actor).filter(pk=meeting.pk).exists():
            return set()
        mail.send(
            f"{meeting.partnership.name}: answers are waited for",
            render_to_string(
                "meetings/asks/remind_mail.txt",
                {
                    "meeting": meeting,
                    "group": meeting.group,
                    "asks": seen,
                    "today": on,
                    "url": settings.SERVICE_URL.rstrip("/")
                    + reverse("meeting-asks", args=[meeting.public_id]),
                    "partnership_name": meeting.partnership.name,
                    "service_name": settings.SERVICE_NAME,
                },
            ),
            to=user.email,
        )
        audit.record(
            "meetings.reminded",
            ("accounts.user", user.public_id),
            by=None,
            concerning=meeting.partnership,
            asks=len(seen),
        )
    return numbers
