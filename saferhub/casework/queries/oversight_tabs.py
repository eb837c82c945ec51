"""What stands in the main navigation for casework, and beside the list of cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub
from saferhub.sharing.access.sight import hubs_of, sight_of


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Cases and referrals, for those whose role works on them."""
    if actor.has(Permission.WORK_ON_MATTERS):
        yield NavItem("Cases", reverse("cases"), "cases")
        yield NavItem("Referrals", reverse("referrals"), "referrals")


def hubs_seen(actor: Actor) -> list[Hub]:
    """The hubs whose work the actor sees, by name. One query; none for whoever sees no hub."""
    return sorted(hubs_of(actor), key=lambda hub: hub.name)


def beside_cases(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Cases, actions, interventions, and the hub's figures for whoever sees a hub."""
    tabs = [
        {"label": label, "url": reverse(name), "current": name == current, "count": None}
        for label, name in (("Cases", "cases"), ("Actions", "actions"), ("Interventions", "interventions"))
    ]
    numbers = sight_of(actor).hubs
    if numbers:
        tabs.append(
            {
                "label": "Hub figures",
                "url": reverse("hubs-figures"),
                "current": current == "figures",
                "count": None,
            }
        )
    return tabs
