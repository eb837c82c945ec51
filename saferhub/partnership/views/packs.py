"""Which packs are loaded, by whom, and how much of them is still to be checked."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse

from saferhub.partnership.access.organisations import check_can_see_packs
from saferhub.partnership.queries.packs import releases
from saferhub.partnership.views.partnership_page import Reading, partnership_page

PER_PAGE = 25


@partnership_page()
def packs(reading: Reading) -> HttpResponse:
    """Every version of every pack that reaches this partnership, the newest first."""
    check_can_see_packs(reading.actor)
    found = releases(reading.actor)
    return reading.answer(
        "partnership/packs.html",
        releases=Paginator(found, PER_PAGE).get_page(reading.request.GET.get("page")),
        to_check=sum(one.to_check for one in found),
    )
