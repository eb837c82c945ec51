"""What every page knows: the service, the day, who is signed in, where she can go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

import saferhub

from . import clock
from .registries import CAPTION, NAVIGATION, SEARCH, NavItem


@dataclass(frozen=True, slots=True)
class Demonstration:
    today: date


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    caption: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool
    count: int | None


def navigation(actor: Any, path: str) -> list[Link]:
    """The actor's main navigation, the entry the path lies under marked as current."""
    items: list[NavItem] = [item for provider in NAVIGATION for item in provider(actor)]
    best = max((item.url for item in items if path.startswith(item.url)), key=len, default=None)
    return [
        Link(item.label, item.url, item.url == best and (item.url != "/" or path == "/"), item.count)
        for item in items
    ]


def page_context(request: HttpRequest) -> dict[str, Any]:
    """The context processor. It never fails for want of an actor: error pages use it too."""
    actor: Any = getattr(request, "actor", None)
    signed_in = actor is not None and actor.is_signed_in
    account = None
    if signed_in:
        caption = next((words for provider in CAPTION if (words := provider(actor))), "")
        account = Account(actor.user.name, caption, reverse("account"))
    return {
        "service_name": settings.SERVICE_NAME,
        "service_contact": settings.CONTACT_EMAIL,
        "partnership_name": actor.partnership_name if signed_in else "",
        "demonstration": Demonstration(clock.today()) if settings.DEMONSTRATION else None,
        "marking": "OFFICIAL",
        "marking_note": "What you open here is recorded" if signed_in else "",
        "navigation": navigation(actor, request.path) if signed_in else [],
        "account": account,
        "search_url": next((url for provider in SEARCH if (url := provider(actor))), None)
        if signed_in
        else None,
        "version": saferhub.__version__,
        "source_url": settings.SOURCE_URL or reverse("source"),
    }
