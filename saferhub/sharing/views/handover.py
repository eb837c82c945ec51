"""Handing a matter over: where it goes, then who goes on seeing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.access import get_matter, matters_visible_to
from saferhub.sharing.access import matters as access
from saferhub.sharing.forms.handover import HandOverForm, PlaceForm
from saferhub.sharing.forms.interests_given import unit_choices
from saferhub.sharing.models import Matter
from saferhub.sharing.operations import handover as operations
from saferhub.sharing.queries.handover import deciding
from saferhub.sharing.queries.interests_given import offer
from saferhub.sharing.queries.matters import hubs_by_code

from .matters import MARKING, SECTION, actor_of

NO_HUB = "none"


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, public_id: str) -> HttpResponse:
    """First the place, kept in the address; then every interest is decided, and it goes."""
    actor = actor_of(request)
    matter = get_matter(actor, public_id)
    access.check_can_decide_sharing(actor, matter)
    hubs = hubs_by_code(matter.partnership)
    units = {unit.public_id: unit for unit in (matter.unit, *offer(matter, actor.on).units)}
    place = _place(request, hubs, units)
    sent = request.POST if request.method == "POST" else None
    if place is None:
        form: Any = _place_form(sent, matter, hubs, units)
        if sent is not None and form.is_valid():
            return redirect(f"{request.path}?{urlencode(form.cleaned_data)}")
        return _page(request, matter, form, step=1)
    to_hub, to_unit = place
    interests = deciding(actor, matter, to_hub, to_unit)
    form = HandOverForm(sent, interests=interests)
    if sent is not None and form.is_valid():
        try:
            operations.hand_over(
                matter_id=public_id,
                to_hub=to_hub,
                to_unit=to_unit,
                decisions=form.decisions(),
                reason=form.cleaned_data["reason"],
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            if refusal.status != 409:
                raise
            form.refuse(None, refusal.sentence)
        else:
            where = to_hub.name if to_hub else to_unit.agency.name
            messages.success(request, f"{matter.reference} is handed over to {where}.")
            still = matters_visible_to(actor).filter(public_id=public_id).exists()
            return redirect("matter", public_id) if still else redirect("matters")
    return _page(request, matter, form, step=2, to_hub=to_hub, to_unit=to_unit, interests=interests)


def _place(
    request: HttpRequest, hubs: dict[str, Hub], units: dict[str, Unit]
) -> tuple[Hub | None, Unit] | None:
    hub, unit = request.GET.get("hub", ""), request.GET.get("unit", "")
    if unit not in units or (hub != NO_HUB and hub not in hubs):
        return None
    return hubs.get(hub), units[unit]


def _place_form(sent: Any, matter: Matter, hubs: dict[str, Hub], units: dict[str, Unit]) -> PlaceForm:
    return PlaceForm(
        sent,
        hubs=[*((code, hub.name) for code, hub in hubs.items()), (NO_HUB, "No hub: the unit alone")],
        units=unit_choices(
            sorted(units.values(), key=lambda one: (one.agency.name, not one.is_whole_agency, one.name))
        ),
        initial={"hub": matter.hub.code if matter.hub else NO_HUB, "unit": matter.unit.public_id},
    )


def _page(request: HttpRequest, matter: Matter, form: Any, *, step: int, **context: Any) -> HttpResponse:
    return page(
        request,
        "sharing/matters/hand_over.html",
        section=SECTION,
        marking=MARKING,
        matter=matter,
        form=form,
        step=step,
        steps=("Where it goes", "Who goes on seeing it"),
        path=request.path,
        back_url=reverse("matter", args=[matter.public_id]),
        **context,
    )
