"""Where actions stand on pages of others: the case page, Your work, a leaver's open work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from saferhub.accounts.models import User
from saferhub.casework import access
from saferhub.casework.access import actions as object_rules
from saferhub.casework.access.coordinating import hubs_coordinated_by
from saferhub.casework.access.together import rows_in
from saferhub.casework.models import OPEN_ACTIONS, OPEN_STATUSES, Action, ActionMove, ActionStatus, Case
from saferhub.casework.registries import Blocker, Happened, Next, Tab
from saferhub.casework.rules.actions import state_of
from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import OpenWork, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access.sight import sight_of

from .actions import at_business, cases_led_by, move_title, of_unit, open_of_case, who_words

MOST_WORK = 20
_TITLE = 90


def short(words: str) -> str:
    """The first line of what is to be done, no longer than a row has room for."""
    return Truncator((words.strip().splitlines() or [""])[0]).chars(_TITLE)


def tab(actor: Actor, case: Case) -> Tab:
    """The Actions tab with the number of open ones."""
    url = reverse("case-actions", args=[case.matter.public_id])
    return Tab("actions", "Actions", url, len(open_of_case(actor, case)))


def buttons(actor: Actor, case: Case) -> Iterator[tuple[str, str]]:
    """Add an action, for whoever runs the case."""
    if case.is_open and allows(access.check_can_manage, actor, case):
        yield "Add an action", reverse("action-add", args=[case.matter.public_id])


def timeline(actor: Actor, case: Case) -> list[Happened]:
    """What became of the case's actions. Two queries."""
    agreed = {one.pk: one for one in rows_in(actor, case, Action)}
    moves = [move for move in rows_in(actor, case, ActionMove) if move.action_id in agreed]
    for move in moves:
        move.action = agreed[move.action_id]
    names = names_of((move.by for move in moves), actor)
    return [
        Happened(
            at=at_business(move.on, move.at),
            day=move.on,
            kind="action",
            title=_happened_title(move),
            who=names.get(move.by, ""),
            words=move.reason,
            url=reverse("action", args=[move.action.public_id]),
        )
        for move in moves
    ]


def _happened_title(move: ActionMove) -> str:
    said = move_title(move)
    lead = {"Agreed": "Action agreed", "Update": "Action", "Done": "Action done", "Blocked": "Action blocked"}
    return f"{lead.get(said, f'Action: {said.lower()}')}: {short(move.action.words)}"


def blockers(actor: Actor, case: Case, day: date) -> Iterator[Blocker]:
    """Open actions stop a case from closing, unless that is overridden with a reason."""
    number = len(open_of_case(actor, case))
    if number:
        yield Blocker(
            "open_actions",
            "1 action is open." if number == 1 else f"{number} actions are open.",
            reverse("case-actions", args=[case.matter.public_id]),
        )


def next_steps(actor: Actor, case: Case, day: date) -> Iterator[Next]:
    """Every open action is a next step."""
    for action in open_of_case(actor, case):
        yield Next(
            short(action.words),
            who_words(action),
            action.due_on,
            reverse("action", args=[action.public_id]),
            state_of(action.status, action.due_on, day),
            is_action=True,
            is_blocked=action.status == ActionStatus.BLOCKED,
            in_the_way=short(action.blocked_why),
        )


# --- Your work ---------------------------------------------------------------------------------------------------


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Mine, my unit's that nobody has, and of those I lead or co-ordinate what is late or blocked."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    for action in object_rules.my_actions(actor).select_related("case__matter")[:MOST_WORK]:
        blocked = action.status == ActionStatus.BLOCKED
        yield _item(
            action,
            kind="action",
            kind_words="Actions",
            why=f"{'Blocked. ' if blocked else ''}You agreed to do it, in “{action.case.matter.title}”",
            rank=3,
            step="Answer",
            step_url=f"{reverse('action-mine')}?action={action.public_id}",
        )
    for action in list(of_unit(actor))[:MOST_WORK]:
        yield _item(
            action,
            kind="unit_action",
            kind_words="Actions of your unit",
            why=f"Nobody of your unit has it yet, in “{action.case.matter.title}”",
            rank=4,
            step="Take it",
            step_url=reverse("action-take-over", args=[action.public_id]),
            step_posts=True,
        )
    for action in _watched(actor):
        is_blocked = action.status == ActionStatus.BLOCKED
        yield _item(
            action,
            kind="watched_action",
            kind_words="Actions of others, late or blocked",
            why=f"{'Blocked' if is_blocked else 'Late'}, with {who_words(action)}; in “{action.case.matter.title}”",
            rank=5,
            step="Clear the way" if is_blocked else "See why",
            step_url=reverse("action", args=[action.public_id]),
        )


def _item(
    action: Action,
    *,
    kind: str,
    kind_words: str,
    why: str,
    rank: int,
    step: str,
    step_url: str,
    step_posts: bool = False,
) -> WorkItem:
    return WorkItem(
        kind=kind,
        kind_words=kind_words,
        title=short(action.words),
        url=reverse("action", args=[action.public_id]),
        why=why,
        due_on=action.due_on,
        step=step,
        step_url=step_url,
        reference=action.case.matter.reference,
        rank=rank,
        band=action.case.band,
        step_posts=step_posts,
    )


def _watched(actor: Actor) -> list[Action]:
    """Actions of others, late or blocked, in cases that the actor leads and in hubs that she co-ordinates."""
    assert actor.user is not None
    late = access.actions_visible_to(actor).filter(
        Q(due_on__lt=actor.on) | Q(status=ActionStatus.BLOCKED),
        status__in=OPEN_ACTIONS,
        case__status__in=OPEN_STATUSES,
    )
    late = late.select_related("case__matter", "owner_unit__agency", "owner").order_by("due_on", "id")
    led = cases_led_by(actor)
    found = {one.pk: one for one in late.filter(case__in=led)[:MOST_WORK]} if led else {}
    hubs = hubs_coordinated_by(actor)
    if hubs:
        found |= {one.pk: one for one in late.filter(hub__in=hubs)[: MOST_WORK * 2]}
    units = {one for one in sight_of(actor).holders if one > 0}
    others = [
        one
        for one in found.values()
        if one.owner_id != actor.user.pk and not (one.owner_id is None and one.owner_unit_id in units)
    ]
    return sorted(others, key=lambda one: (one.due_on, one.pk))[:MOST_WORK]


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """The open actions that somebody who leaves has by name, as far as the actor may see them."""
    rows = access.actions_visible_to(actor).filter(owner=user, status__in=OPEN_ACTIONS)
    for action in rows.select_related("case__matter").order_by("due_on", "id")[:MOST_WORK]:
        yield OpenWork(
            kind_words="Action",
            title=f"{action.case.matter.reference} {short(action.words)}",
            url=reverse("action", args=[action.public_id]),
            due_on=action.due_on,
        )
