"""The page about the partnership, and the roles that people hold in it."""

from __future__ import annotations

from django.http import HttpResponse

from saferhub.partnership.access import Role
from saferhub.partnership.access.organisations import get_area_for_delivery
from saferhub.partnership.queries import about as queries
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.organisations import Directory
from saferhub.partnership.views.partnership_page import Reading, partnership_page


@partnership_page()
def about(reading: Reading) -> HttpResponse:
    """Why the partnership is there, what it is for, how it is held to account."""
    return reading.answer(
        "partnership/about.html",
        about=queries.about(reading.partnership, reading.day),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def area(reading: Reading, code: str) -> HttpResponse:
    """One area for delivery: who leads it, what it sets out to do, what is known of it."""
    found = get_area_for_delivery(reading.actor, code)
    directory = Directory(reading.partnership, reading.day)
    return reading.answer(
        "partnership/area.html",
        thing=directory.named("priorities", found.code),
        found=queries.area(directory, found.code),
        succession=directory.succession("priorities", found.code),
        history=in_force.history(reading.partnership, "priorities", found.code),
        citations=Citations(reading.partnership),
    )


@partnership_page()
def words(reading: Reading) -> HttpResponse:
    """What terms mean in the partnership's documents."""
    return reading.answer(
        "partnership/words.html",
        definitions=queries.words(reading.partnership, reading.day),
        strands=queries.strands_without_area(reading.partnership, reading.day),
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
