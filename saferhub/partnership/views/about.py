"""The page about the partnership, and the roles that people hold in it."""

from __future__ import annotations

from django.http import HttpResponse

from saferhub.partnership.access import Role
from saferhub.partnership.queries.about import about as read_about
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.views.partnership_page import Reading, partnership_page


@partnership_page()
def about(reading: Reading) -> HttpResponse:
    """Why the partnership is there, what it is for, how it is held to account."""
    return reading.answer(
        "partnership/about.html",
        about=read_about(reading.partnership, reading.day),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def roles(reading: Reading) -> HttpResponse:
    """Every role with what it lets its holder do."""
    return reading.answer(
        "partnership/roles.html",
        roles=[(role, sorted(one.value for one in role.facts.permissions)) for role in Role],
        own={held.role for held in reading.actor.roles},
    )
