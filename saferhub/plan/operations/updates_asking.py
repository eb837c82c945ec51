"""Asking leads, after each quarter, how their actions stand, and reminding those who are silent.

One mail a day to a person. It names numbers of actions and days and nothing else, for mail leaves the service
unprotected. Nothing of the plan stands behind a wall, so this needs no steward.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import Min
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
from saferhub.plan.models import ActionPlan, ActionUpdate, PlanAction, YearStatus
from saferhub.plan.rules import updates as rules
from saferhub.plan.rules.actions import CLOSED, number_key

logger = logging.getLogger(__name__)

# Whose role works on the partnership's matters: who answers for an action of her agency that names nobody.
_WORKING = [role.code for role in Role if Permission.WORK_ON_MATTERS in role.facts.permissions]


@dataclass(slots=True)
class _Mail:
    """What one person is told today."""

    asked: list[ActionUpdate] = field(default_factory=list)
    reminded: list[ActionUpdate] = field(default_factory=list)


@job("plan.ask_for_updates", every="50 5 * * *")
def ask_for_updates() -> int:
    """Early each working day: ask about the quarter that has ended, and remind the silent. Returns how many mails were
    queued. Run twice on a day it does nothing the second time."""
    on, calendar = clock.today(), bank_holidays()
    try:
        if not calendar.is_working(on):
            return 0
        due_on = rules.due_day(on, calendar)
    except Refusal as refusal:
        logger.warning("nobody is asked for updates on the plan: %s", refusal.code)
        return 0
    return sum(_ask(partnership, on, due_on, calendar) for partnership in Partnership.objects.order_by("pk"))


def ask(partnership: Partnership, *, on: date, due_on: date) -> list[ActionUpdate]:
    """Ask about the quarter that ended last: a row for each action that was going on in it and was not asked about.
    Within the caller's transaction. Returns the rows."""
    quarter = rules.quarter_before(on)
    plans = ActionPlan.objects.filter(
        partnership=partnership,
        status=YearStatus.IN_FORCE,
        first_day__lte=rules.last_of(quarter),
        last_day__gte=quarter,
    )
    rows = (
        PlanAction.objects.filter(plan__in=plans)
        .exclude(status__in=CLOSED)
        .exclude(updates__quarter=quarter)
        .annotate(planned_on=Min("moves__on"))
        .select_related("plan", "lead_agency")
    )
    made = [
        ActionUpdate(partnership=partnership, action=one, quarter=quarter, asked_on=on, due_on=due_on)
        for one in sorted(rows, key=lambda row: number_key(row.number))
        if rules.is_asked(
            status=one.status, planned_on=one.planned_on or on, starts_on=one.starts_on, quarter=quarter,
            year_first=one.plan.first_day, year_last=one.plan.last_day,
        )
    ]  # fmt: skip
    ActionUpdate.objects.bulk_create(made)
    if made:
        audit.record(
            "plan.updates_asked", None, by=None, concerning=partnership, quarter=quarter, actions=len(made)
        )
    return made


def _ask(partnership: Partnership, on: date, due_on: date, calendar: BankHolidays) -> int:
    asked = ask(partnership, on=on, due_on=due_on)
    silent = _silent(partnership, on, calendar)
    mails: dict[int, _Mail] = {}
    people = _People([one.action for one in [*asked, *silent]], on)
    for rows, name in ((asked, "asked"), (silent, "reminded")):
        for row in rows:
            for user in people.of(row.action):
                getattr(mails.setdefault(user.pk, _Mail()), name).append(row)
    ActionUpdate.objects.filter(pk__in=[one.pk for one in silent]).update(reminded_on=on)
    for number, told in sorted(mails.items()):
        _send(people.by_number[number], told, partnership, on)
    return len(mails)


def _silent(partnership: Partnership, on: date, calendar: BankHolidays) -> list[ActionUpdate]:
    rows = (
        ActionUpdate.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            partnership=partnership, on__isnull=True, due_on__lte=on, action__plan__status=YearStatus.IN_FORCE
        )
        .exclude(action__status__in=CLOSED)
        .select_related("action__lead_agency")
    )
    due = [one for one in rows if one.asked_on and one.due_on and _reminds(one, on, calendar)]
    return sorted(due, key=lambda one: (one.due_on or on, number_key(one.action.number)))


def _reminds(update: ActionUpdate, on: date, calendar: BankHolidays) -> bool:
    assert update.due_on is not None
    assert update.asked_on is not None
    return rules.reminds(
        due_on=update.due_on,
        on=on,
        asked_on=update.asked_on,
        reminded_on=update.reminded_on,
        calendar=calendar,
    )


class _People:
    """Whom an action's lead is: the one who is named and works here still, else those who work for its agency. Two
    queries for all of them."""

    def __init__(self, actions: Iterable[PlanAction], on: date) -> None:
        actions = list(actions)
        held = Membership.objects.in_force_on(on).filter(
            user__in=User.objects.active().exclude(email=""), role__in=_WORKING
        )
        self.by_number: dict[int, User] = {}
        self._agencies: dict[int, list[int]] = {}
        rows = held.filter(unit__agency__in={one.lead_agency_id for one in actions}).select_related(
            "user", "unit"
        )
        for one in rows.order_by("user_id"):
            self.by_number[one.user_id] = one.user
            self._agencies.setdefault(one.unit.agency_id, []).append(one.user_id)
        named = {one.lead_id for one in actions if one.lead_id is not None}
        still = Membership.objects.in_force_on(on).filter(user__in=named).values("user")
        self._named = {one.pk for one in User.objects.active().filter(pk__in=still).exclude(email="")}
        for user in User.objects.filter(pk__in=self._named):
            self.by_number[user.pk] = user

    def of(self, action: PlanAction) -> list[User]:
        if action.lead_id in self._named:
            return [self.by_number[action.lead_id]]
        return [self.by_number[one] for one in dict.fromkeys(self._agencies.get(action.lead_agency_id, ()))]


def _send(user: User, told: _Mail, partnership: Partnership, on: date) -> None:
    mail.send(
        f"{partnership.name}: updates on the plan",
        render_to_string(
            "plan/updates/asked_mail.txt",
            {
                "asked": told.asked,
                "reminded": told.reminded,
                "today": on,
                "url": settings.SERVICE_URL.rstrip("/") + reverse("plan-updates"),
                "partnership_name": partnership.name,
                "service_name": settings.SERVICE_NAME,
            },
        ),
        to=user.email,
    )
    if told.reminded:
        audit.record(
            "plan.update_reminded", ("accounts.user", user.public_id), by=None, concerning=partnership,
            updates=len(told.reminded),
        )  # fmt: skip
