"""What another system reads beside referrals: its unit's actions, and the codes that a referral is made of."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from saferhub.casework.access import actions_visible_to
from saferhub.casework.models import OPEN_ACTIONS, Action
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.matters import purposes_carried_to
from saferhub.sharing.access.sight import sight_of


def actions_of_unit(actor: Actor) -> QuerySet[Action]:
    """Open actions in cases that the unit sees, owned by it or a unit above it, whoever has them by name."""
    units = [one for one in sight_of(actor).holders if one > 0]
    return (
        actions_visible_to(actor)
        .filter(owner_unit__in=units, status__in=OPEN_ACTIONS)
        .select_related("case__matter")
        .order_by("due_on", "id")
    )


def hubs_to_refer_to(actor: Actor) -> list[tuple[Hub, list[str]]]:
    """The hubs that agreements let this actor's agency send something to, and for which purposes."""
    if actor.partnership is None:
        return []
    every = [one.code for one in in_force.entries(actor.partnership, "purposes", actor.on)]
    found = []
    for hub in Hub.objects.filter(partnership=actor.partnership).order_by("name"):
        carried = purposes_carried_to(actor, hub)
        purposes = every if carried is None else [code for code in every if code in carried]
        if purposes:
            found.append((hub, purposes))
    return found


def reference_of(actor: Actor) -> dict[str, Any]:
    """Codes and names: hubs with the purposes that may be sent to them, purposes, roles of people."""
    hubs = hubs_to_refer_to(actor)
    used = {code for _, purposes in hubs for code in purposes}
    return {
        "hubs": [{"code": hub.code, "name": hub.name, "purposes": purposes} for hub, purposes in hubs],
        "purposes": [
            {"code": one.code, "name": str(one.item.name)}
            for one in in_force.entries(actor.partnership, "purposes", actor.on)
            if one.code in used
        ],
        "roles": [
            {"code": one.code, "name": str(one.item.name)}
            for one in in_force.entries(actor.partnership, "case_roles", actor.on)
        ],
    }
