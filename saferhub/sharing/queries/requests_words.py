"""Where requests and emergencies stand in the navigation, and what their pages are called."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission

_WORDS = {
    "access-requests": "Requests for sight",
    "access-request-by-reference": "Ask for sight by reference",
    "access-request-ask": "Ask for sight",
    "access-request": "A request for sight",
    "access-request-grant": "Give sight",
    "access-request-answer": "Answer a request without giving sight",
    "access-request-refuse": "Refuse a request for sight",
    "access-request-withdraw": "Withdraw a request for sight",
    "emergencies": "Emergencies",
    "emergency-open": "Open a record in an emergency",
    "emergency": "A record opened in an emergency",
    "emergency-review": "Review an emergency",
    "emergency-end": "Close what was opened in an emergency",
}


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Requests for whoever works on matters; emergencies for whoever reviews them."""
    if actor.has(Permission.WORK_ON_MATTERS):
        yield NavItem("Requests", reverse("access-requests"), "requests")
    if actor.has(Permission.REVIEW_EMERGENCIES):
        yield NavItem("Emergencies", reverse("emergencies"), "emergencies")
