"""Chasing: once a day, whoever has an action that is due or late is reminded, then those above her.

Each step of the ladder (rules/actions_escalation.py) is told once to each person for a day agreed. A person gets
one mail a day. It names references and days and nothing else, for mail leaves the service unprotected; and it
names only what she sees on that day: where an agreement sleeps, her mail is silent about what rests on it.

The steward's connection finds what is late in every case. Whom it may be told is asked as each person herself:
her reminder is written entered as her, so the database too refuses one of a case that she does not see.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import Status, User
from saferhub.audit import operations as audit
from saferhub.casework import access
from saferhub.casework.models import OPEN_ACTIONS, OPEN_STATUSES, Action, Chase
from saferhub.casework.rules.actions_escalation import Step, day_of, level_on, to_tell
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Permission, Role, actor_for
from saferhub.partnership.models import Membership, Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.sharing.entering import entered
from saferhub.sharing.jobs import steward_job
from saferhub.sharing.operations.telling import holders_of

logger = logging.getLogger(__name__)

# No ladder tells earlier than thirty working days before the day due, which is six weeks, with bank holidays more.
_AHEAD = timedelta(days=56)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One action of which one person is to be reminded."""

    action: Action
    step: Step

    @property
    def is_hers(self) -> bool:
        return self.step.tells == "owner"


@steward_job("casework.chase_actions", every="30 5 * * *")
def chase_actions(*, using: str) -> int:
    """Early each morning: raise levels, remind those concerned. Returns how many mails were queued.

    Run twice on a day it does nothing the second time; a morning that was missed is made up by the next.
    """
    on = clock.today()
    calendar = bank_holidays()
    return sum(
        _chase(partnership, on, calendar, using=using) for partnership in Partnership.objects.order_by("pk")
    )


def ladder(partnership: Partnership, on: date) -> list[Step]:
    """The steps in force on a day, the lowest first. One query."""
    found = in_force.entries(partnership, "escalation_steps", on)
    return sorted(
        (Step(one.item.level, str(one.item.name), one.item.after, one.item.tells) for one in found),
        key=lambda step: step.level,
    )


def _chase(partnership: Partnership, on: date, calendar: BankHolidays, *, using: str) -> int:
    steps = ladder(partnership, on)
    if not steps:
        return 0
    rows = list(
        Action.objects.using(using)
        .filter(
            partnership=partnership.pk,
            status__in=OPEN_ACTIONS,
            case__status__in=OPEN_STATUSES,
            due_on__lte=on + _AHEAD,
        )
        .select_related("case__matter")
        .order_by("due_on", "id")
    )
    told = _told(partnership, using=using)
    people = _People(partnership, on, [row.pk for row in rows])
    wanted: dict[int, list[Reminder]] = {}
    for row in rows:
        try:
            due = to_tell(steps, status=row.status, due_on=row.due_on, on=on, calendar=calendar)
            level = level_on(steps, status=row.status, due_on=row.due_on, on=on, calendar=calendar)
            fresh = [(step, day_of(step, row.due_on, calendar)) for step in due]
        except Refusal as refusal:  # the calendar does not reach the years of this one
            logger.warning("action %s cannot be chased: %s", row.public_id, refusal.code)
            continue
        if level != row.level:
            Action.objects.using(using).filter(pk=row.pk).update(level=level)
        for step, day in fresh:
            for user in people.told_at(step, row):
                last = told.get((row.pk, step.level, user.public_id))
                if last is None or last < day:
                    wanted.setdefault(user.pk, []).append(Reminder(row, step))
    # Whoever has had today's mail has the rest tomorrow.
    today = set(Chase.objects.using(using).filter(on=on).values_list("to", flat=True))
    sent = 0
    for number, reminders in sorted(wanted.items()):
        user = people.by_number[number]
        if user.public_id in today:
            continue
        reached = _remind(user, reminders, on, partnership)
        if reached:
            Action.objects.using(using).filter(pk__in=reached).update(chased_on=on)
            sent += 1
    return sent


def _told(partnership: Partnership, *, using: str) -> dict[tuple[int, int, str], date]:
    """On which day each was last told of each step of open actions."""
    rows = Chase.objects.using(using).filter(
        partnership=partnership.pk, action__status__in=OPEN_ACTIONS, action__case__status__in=OPEN_STATUSES
    )
    return {
        (row[0], row[1], row[2]): row[3]
        for row in rows.order_by("on").values_list("action_id", "level", "to", "on")
    }


class _People:
    """Who is told at a step; each question is asked of the database once."""

    def __init__(self, partnership: Partnership, on: date, actions: list[int]) -> None:
        self.partnership, self.on, self.actions = partnership, on, actions
        self._seen: dict[int, set[int]] = {}
        self.by_number: dict[int, User] = {}
        self._units: dict[int, list[User]] = {}
        self._posts: dict[tuple[str, int | None], list[User]] = {}
        self._accounts: dict[int, User | None] = {}

    def told_at(self, step: Step, action: Action) -> list[User]:
        """The active accounts concerned who see the action on that day.

        Whoever took the place of an owner or a lead is told where she herself does not see the case any more, as
        where she has left: a reminder that reaches nobody helps nobody.
        """
        one, in_post = self._one, self._in_post
        chain: dict[str, list[Callable[[], list[User]]]] = {
            "owner": [lambda: one(action.owner_id), lambda: self._of_unit(action.owner_unit_id)],
            "lead": [
                lambda: one(action.case.matter.lead_id),
                lambda: in_post("hub_coordinator", action.hub_id),
            ],
            "coordinator": [lambda: in_post("hub_coordinator", action.hub_id)],
            "manager": [lambda: in_post("partnership_manager", None)],
        }
        for asked in chain[step.tells]:
            found = [
                user
                for user in asked()
                if user.status == Status.ACTIVE and user.email and self._sees(user, action)
            ]
            if found:
                self.by_number.update({user.pk: user for user in found})
                return found
        return []

    def _sees(self, user: User, action: Action) -> bool:
        """Whether this person sees the action on that day. Asked once for each person, as herself."""
        if user.pk not in self._seen:
            with entered(user):
                visible = access.actions_visible_to(actor_for(user, on=self.on))
                self._seen[user.pk] = set(visible.filter(pk__in=self.actions).values_list("pk", flat=True))
        return action.pk in self._seen[user.pk]

    def _one(self, number: int | None) -> list[User]:
        if number is None:
            return []
        if number not in self._accounts:
            self._accounts[number] = User.objects.active().filter(pk=number).first()
        found = self._accounts[number]
        return [found] if found else []

    def _of_unit(self, number: int) -> list[User]:
        if number not in self._units:
            roles = [role.code for role in Role if Permission.WORK_ON_MATTERS in role.facts.permissions]
            held = Membership.objects.in_force_on(self.on).filter(unit=number, role__in=roles)
            self._units[number] = list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))
        return self._units[number]

    def _in_post(self, role: str, hub: int | None) -> list[User]:
        if role == "hub_coordinator" and hub is None:
            return []
        key = (role, hub)
        if key not in self._posts:
            from saferhub.partnership.models import Hub

            named = Hub.objects.get(pk=hub) if hub is not None else None
            self._posts[key] = holders_of([role], self.partnership, self.on, named)
        return self._posts[key]


def _remind(user: User, reminders: list[Reminder], on: date, partnership: Partnership) -> list[int]:
    """Write and mail one person's reminders of what she sees now. Returns the numbers of the actions."""
    # One action is named once, for what concerns her most.
    single: dict[int, Reminder] = {}
    for reminder in reminders:
        before = single.get(reminder.action.pk)
        if before is None or reminder.step.level > before.step.level:
            single[reminder.action.pk] = reminder
    with entered(user):
        visible = set(
            access.actions_visible_to(actor_for(user, on=on))
            .filter(pk__in=list(single))
            .values_list("pk", flat=True)
        )
        seen = [single[number] for number in single if number in visible]
        if not seen:
            return []
        Chase.objects.bulk_create(
            Chase(
                partnership_id=one.action.partnership_id,
                folder_id=one.action.folder_id,
                action_id=one.action.pk,
                level=one.step.level,
                to=user.public_id,
                on=on,
            )
            for one in reminders
            if one.action.pk in visible
        )
        link = settings.SERVICE_URL.rstrip("/")
        mail.send(
            f"{partnership.name}: actions wait for you",
            render_to_string(
                "casework/actions/chase_mail.txt",
                {
                    "hers": [one for one in seen if one.is_hers],
                    "others": [one for one in seen if not one.is_hers],
                    "today": on,
                    "mine_url": link + reverse("action-mine"),
                    "work_url": link + reverse("home"),
                    "partnership_name": partnership.name,
                    "service_name": settings.SERVICE_NAME,
                },
            ),
            to=user.email,
        )
        audit.record(
            "action.chased",
            ("accounts.user", user.public_id),
            by=None,
            concerning=partnership,
            actions=len(seen),
        )
    return [one.action.pk for one in seen]
