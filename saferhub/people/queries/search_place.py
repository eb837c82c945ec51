"""Where search stands in the header, and what its pages are called."""

from __future__ import annotations

from django.urls import reverse

from saferhub.partnership.access import Actor
from saferhub.people.access.search import can_search

_WORDS = {
    "search": "Search for a person",
    "search-places": "Search for a place",
    "search-matters": "Search for a matter",
    "search-again": "Search for a person",
    "search-before-create": "Is this person known?",
}


def search_url(actor: Actor) -> str | None:
    """Where the box in the header posts to; None for whoever works on no matter."""
    return reverse("search") if can_search(actor) else None


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
