"""Updates that leads are asked for: hers for the reader, all of them for whoever writes the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.registries import NavItem, OpenWork, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.plan import access
from saferhub.plan.models import ActionUpdate, PlanAction, YearStatus
from saferhub.plan.rules.actions import CLOSED, number_key
from saferhub.plan.rules.updates import quarter_words

_MOST = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is waited for."""

    update: ActionUpdate
    quarter: str
    lead: str
    is_late: bool


def waiting(actor: Actor, *, mine: bool) -> list[Waiting]:
    """Updates that were asked for and not given, the earliest due first; `mine`: the reader's own. One query."""
    rows = _open(actor)
    if mine:
        rows = rows.filter(action__in=access.visible_to(actor, PlanAction).filter(access.led_by(actor)))
    found = [
        Waiting(
            one, quarter_words(one.quarter), one.action.lead.name if one.action.lead else one.action.lead_post,
            one.due_on is not None and one.due_on < actor.on,
        )
        for one in rows
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (one.update.due_on or actor.on, number_key(one.update.action.number))
    )


def _open(actor: Actor) -> QuerySet[ActionUpdate]:
    return (
        access.visible_to(actor, ActionUpdate)
        .filter(on__isnull=True, action__plan__status=YearStatus.IN_FORCE)
        .exclude(action__status__in=CLOSED)
        .select_related("action__lead_agency", "action__lead", "action__plan")
    )


def heard(actor: Actor, quarter: date) -> Sequence[int]:
    """How many updates of a quarter were given, and how many were asked for. One query."""
    rows = access.visible_to(actor, ActionUpdate).filter(quarter=quarter, replaces__isnull=True)
    given = [one is not None for one in rows.values_list("on", flat=True)]
    return sum(given), len(given)


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Plan, for everybody who works in a partnership."""
    if actor.partnership is not None and actor.has(Permission.VIEW_PARTNERSHIP):
        yield NavItem("Plan", reverse("plan"), "plan")


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Updates due from the reader. One query."""
    if actor.user is None or actor.partnership is None:
        return
    for one in waiting(actor, mine=True)[:_MOST]:
        action = one.update.action
        url = reverse("plan-action", args=[action.public_id])
        yield WorkItem(
            kind="plan_update",
            kind_words="Updates on the plan",
            title=f"{action.number} {_short(action.what)}",
            url=url,
            why=f"How does it stand? Asked about {one.quarter}",
            due_on=one.update.due_on,
            step="Give an update",
            step_url=reverse("plan-action-update", args=[action.public_id]),
            note="Plan",
            rank=6,
        )


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """The actions that somebody who leaves leads by name."""
    rows = access.visible_to(actor, PlanAction).filter(lead=user).exclude(status__in=CLOSED)
    for one in rows.exclude(plan__status=YearStatus.REVIEWED).order_by("due_on", "id"):
        yield OpenWork(
            kind_words="Action of the plan",
            title=f"{one.number} {_short(one.what)}",
            url=reverse("plan-action", args=[one.public_id]),
            due_on=one.due_on,
        )


def _short(words: str, most: int = 80) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rsplit(' ', 1)[0]}…"
