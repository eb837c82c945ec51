"""Who may see actions, do them, and change what was agreed."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.casework import access
from saferhub.casework.access.asking import ask_who_leads, reached_at, way_back
from saferhub.casework.models import OPEN_ACTIONS, Action, ActionStatus, Case
from saferhub.foundation.refusals import Condition, NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor
from saferhub.sharing.access.seers import Seer, seers_of
from saferhub.sharing.access.sight import sight_of

WITH = (
    "owner_unit__agency",
    "owner",
    "folder",
    "case__folder",
    "case__hub",
    "case__partnership",
    "case__lead_unit__agency",
    "case__matter__lead",
    "case__matter__folder",
    "case__matter__unit__agency",
    "case__matter__hub",
    "case__matter__partnership",
)


def get_action(actor: Actor, public_id: str) -> Action:
    """The action of this identifier with its case. Raises Http404 in the same words whether hidden or missing."""
    found = access.actions_visible_to(actor).filter(public_id=public_id).select_related(*WITH).first()
    if found is None:
        raise Http404
    return found


def get_action_for_update(actor: Actor, public_id: str) -> Action:
    """The same, its case and then itself locked until the transaction ends: the case repeats its earliest day."""
    found = get_action(actor, public_id)
    case = access.get_case_for_update(actor, found.case.matter.public_id)
    locked = (
        access.actions_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    )
    if locked is None:
        raise Http404
    locked.case = case
    return locked


def is_of_her_unit(actor: Actor, action: Action) -> bool:
    """Whether her unit, or one above it, owns the action."""
    return action.owner_unit_id in sight_of(actor).holders


def _with_whom(action: Action) -> str:
    """Who has it, and whom to ask."""
    agency = f"It is with {action.owner_unit.agency.name}"
    if action.owner is not None:
        return f"{agency}. Ask {reached_at(action.owner)}."
    return f"{agency}. {ask_who_leads(action.case)}"


def check_can_do(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless it is hers or her unit's, or she runs the case; seen by more than an emergency."""
    access.check_can_contribute(actor, action.case)
    if actor.user is not None and action.owner_id == actor.user.pk:
        return
    if is_of_her_unit(actor, action) or allows(access.check_can_manage, actor, action.case):
        return
    raise NotAllowed(
        "not_yours_to_do",
        "You may see this action, and another agency is to do it.",
        **way_back(action.case),
        conditions=[
            Condition("Your unit agreed to do it, or you run the case", _with_whom(action)),
        ],
    )


def check_can_take_over(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless her unit owns it; Refusal where it is hers already."""
    access.check_can_contribute(actor, action.case)
    if not is_of_her_unit(actor, action):
        raise NotAllowed(
            "not_of_your_unit",
            "You may see this action. Only a colleague of whoever has it can take it over.",
            **way_back(action.case),
            conditions=[Condition("Your unit agreed to do it", _with_whom(action))],
        )
    if actor.user is not None and action.owner_id == actor.user.pk:
        raise Refusal("yours_already", "This action is yours already.")


def check_can_change(actor: Actor, action: Action) -> None:
    """Raise NotAllowed unless she runs the case: what was agreed, by whom and by when is hers to change."""
    access.check_can_manage(actor, action.case)


def my_actions(actor: Actor) -> QuerySet[Action]:
    """Open actions in cases she sees that are hers by name, the one due first at the head."""
    if actor.user is None:
        return Action.objects.none()
    return (
        access.actions_visible_to(actor)
        .filter(owner=actor.user, status__in=OPEN_ACTIONS)
        .order_by("due_on", "id")
    )


def units_to_choose(case: Case) -> list[Seer]:
    """Everybody who sees the case by more than a passing sight, from whom the owner of an action is chosen. The
    caller sees the case."""
    return [seer for seer in seers_of(case.folder) if seer.is_lasting]


def available_operations(actor: Actor, action: Action) -> set[str]:
    """What the actor may do to it now, by the checks of the operations."""
    found: set[str] = set()
    does = allows(check_can_do, actor, action)
    changes = allows(check_can_change, actor, action)
    is_case_open = action.case.is_open
    if action.is_open:
        if does:
            found |= {"done", "progress", "not_yet"}
            found |= {"unblock"} if action.status == ActionStatus.BLOCKED else {"block"}
        if changes:
            found.add("drop")
            if is_case_open:
                found.add("change")
        if is_case_open and allows(check_can_take_over, actor, action):
            found.add("take_over")
    elif is_case_open and changes:
        found.add("reopen")
    return found
