"""Asking owners, after each quarter, what they say of their measures, and reminding those who are silent.

A measure whose owner is not named, or has left, is asked of those who keep measures. One mail a day to a person; it
names measures and days and no figure. Nothing of the plan stands behind a wall, so this needs no steward.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.audit.jobs import job
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Permission, Role
from saferhub.partnership.models import Membership, Partnership
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.plan.models import Commentary, Measure, Observation
from saferhub.plan.queries.counted import version_on
from saferhub.plan.queries.measures import measures_of
from saferhub.plan.rules import updates as rules

logger = logging.getLogger(__name__)
_KEEPING = [role.code for role in Role if Permission.KEEP_MEASURES in role.facts.permissions]


@dataclass(slots=True)
class _Mail:
    """What one person is told today."""

    asked: list[Commentary] = field(default_factory=list)
    reminded: list[Commentary] = field(default_factory=list)


@job("plan.ask_for_commentary", every="55 5 * * *")
def ask_for_commentary() -> int:
    """Early each working day: ask about the quarter that has ended, and remind the silent. Returns how many mails were
    queued. Run twice on a day it does nothing the second time."""
    return ask_owners(on=clock.today())


@transaction.atomic
def ask_owners(*, on: date) -> int:
    """The same for a day that is given."""
    calendar = bank_holidays()
    try:
        if not calendar.is_working(on):
            return 0
        due_on = rules.due_day(on, calendar)
    except Refusal as refusal:
        logger.warning("nobody is asked to comment on measures: %s", refusal.code)
        return 0
    return sum(_tell(partnership, on, due_on, calendar) for partnership in Partnership.objects.order_by("pk"))


def ask(partnership: Partnership, *, on: date, due_on: date) -> list[Commentary]:
    """Ask about the quarter that ended last: a row for each measure that was kept in it, has a figure of it or should
    have, and was not asked about. Within the caller's transaction. Returns the rows."""
    quarter = rules.quarter_before(on)
    kept = _kept_in(partnership, quarter)
    had = set(Commentary.objects.filter(measure__in=kept, quarter=quarter).values_list("measure", flat=True))
    made = [
        Commentary(partnership=partnership, measure=one, quarter=quarter, asked_on=on, due_on=due_on)
        for one in kept
        if one.pk not in had
    ]
    Commentary.objects.bulk_create(made)
    if made:
        audit.record(
            "plan.commentary_asked",
            None,
            by=None,
            concerning=partnership,
            quarter=quarter,
            measures=len(made),
        )
    return made


def _kept_in(partnership: Partnership, quarter: date) -> list[Measure]:
    """The measures that meant something by the end of a quarter, or have a figure of a time that ended in it: one that
    was defined later says nothing of it. Three queries."""
    last = rules.last_of(quarter)
    kept = [one for one in measures_of(partnership, quarter) if one.versions.all()]
    told = set(
        Observation.objects.filter(measure__in=kept, is_newest=True, last_day__range=(quarter, last))
        .order_by()
        .values_list("measure", flat=True)
        .distinct()
    )
    return [
        one
        for one in kept
        if one.pk in told or min(version.valid_from for version in one.versions.all()) <= last
    ]


def _tell(partnership: Partnership, on: date, due_on: date, calendar: BankHolidays) -> int:
    asked = ask(partnership, on=on, due_on=due_on)
    silent = _silent(partnership, on, calendar)
    people = _People(partnership, [one.measure for one in [*asked, *silent]], on)
    mails: dict[int, _Mail] = {}
    for rows, name in ((asked, "asked"), (silent, "reminded")):
        for row in rows:
            for user in people.of(row.measure):
                getattr(mails.setdefault(user.pk, _Mail()), name).append(row)
    Commentary.objects.filter(pk__in=[one.pk for one in silent]).update(reminded_on=on)
    for number, told in sorted(mails.items()):
        _send(people.by_number[number], told, partnership, on)
    return len(mails)


def _silent(partnership: Partnership, on: date, calendar: BankHolidays) -> list[Commentary]:
    rows = (
        Commentary.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(partnership=partnership, on__isnull=True, due_on__lte=on)
        .exclude(measure__ended_on__lt=F("quarter"))
        .select_related("measure")
        .order_by("due_on", "id")
    )
    # Of an older quarter nobody is reminded once the next is asked about: it stays open on the measure's page.
    newest = rules.quarter_before(on)
    return [
        one
        for one in rows
        if one.quarter == newest
        and one.asked_on
        and one.due_on
        and rules.reminds(
            due_on=one.due_on, on=on, asked_on=one.asked_on, reminded_on=one.reminded_on, calendar=calendar
        )
    ]


class _People:
    """Who is asked about a measure: its owner while she works here, else those who keep measures. Two queries."""

    def __init__(self, partnership: Partnership, measures: Iterable[Measure], on: date) -> None:
        owners = {one.owner_id for one in measures if one.owner_id is not None}
        held = Membership.objects.in_force_on(on).filter(
            partnership=partnership, user__in=User.objects.active().exclude(email="")
        )
        rows = held.select_related("user").order_by("user_id")
        self.by_number: dict[int, User] = {}
        self._keepers: list[int] = []
        for one in rows.filter(role__in=_KEEPING):
            self.by_number[one.user_id] = one.user
            self._keepers.append(one.user_id)
        self._owners = set()
        for one in rows.filter(user__in=owners):
            self.by_number[one.user_id] = one.user
            self._owners.add(one.user_id)

    def of(self, measure: Measure) -> list[User]:
        if measure.owner_id is not None and measure.owner_id in self._owners:
            return [self.by_number[measure.owner_id]]
        return [self.by_number[one] for one in dict.fromkeys(self._keepers)]


def _send(user: User, told: _Mail, partnership: Partnership, on: date) -> None:
    mail.send(
        f"{partnership.name}: what do your measures show?",
        render_to_string(
            "plan/measures/asked_mail.txt",
            {
                "asked": _named(told.asked, on),
                "reminded": _named(told.reminded, on),
                "today": on,
                "url": settings.SERVICE_URL.rstrip("/") + reverse("measures") + "?whose=mine",
                "partnership_name": partnership.name,
                "service_name": settings.SERVICE_NAME,
            },
        ),
        to=user.email,
    )
    if told.reminded:
        audit.record(
            "plan.commentary_reminded", ("accounts.user", user.public_id), by=None, concerning=partnership,
            measures=len(told.reminded),
        )  # fmt: skip


def _named(rows: Iterable[Commentary], on: date) -> list[dict[str, object]]:
    return [
        {
            "name": version_on(one.measure.versions.all(), on).name,
            "quarter": rules.quarter_words(one.quarter),
            "due_on": one.due_on,
        }
        for one in rows
    ]
