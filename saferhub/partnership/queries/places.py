"""Where an actor can go, and how the header names her."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission


def navigation(actor: Actor) -> Iterator[NavItem]:
    """The partnership's entries of the main navigation."""
    yield NavItem("Your work", reverse("home"), "home")
    if actor.has(Permission.VIEW_PARTNERSHIP):
        yield NavItem("Partnership", reverse("partnership"), "partnership")
        yield NavItem("Calendar", reverse("calendar"), "calendar")
    if actor.has(Permission.READ_LOG):
        yield NavItem("Log", reverse("log"), "log")


def caption(actor: Actor) -> str:
    """Role and place in a few words: "Hub co-ordinator, Selby Community Safety Hub"."""
    if not actor.roles or actor.unit is None:
        return ""
    held = actor.roles[0]
    if held.hub is not None:
        return f"{held.role.facts.label}, {held.hub.name}"
    place = actor.agency.name if actor.agency else ""
    return f"{held.role.facts.label}, {place}"
