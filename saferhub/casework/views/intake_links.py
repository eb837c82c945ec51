"""Pages of links for partners without an account: list, make, end."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.casework.access import intake as access
from saferhub.casework.forms.intake import LinkForm
from saferhub.casework.models import ReferralLink
from saferhub.casework.operations import intake_links as operations
from saferhub.casework.queries import intake_giving as queries
from saferhub.casework.queries.referral_ground import Rests, chosen
from saferhub.foundation import clock
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit

SECTION = "referrals"


@require_safe
def links(request: HttpRequest) -> HttpResponse:
    """The links to her hubs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_give(actor)
    return page(
        request,
        "casework/intake/links.html",
        section=SECTION,
        lines=queries.link_lines(actor, clock.real_now()),
        tabs=queries.ways_in(actor, "links"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Make a link. Its address is shown once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    access.check_can_give(actor)
    once = Once(request)
    if once.answer:
        return once.answer
    form = LinkForm(
        request.POST or None,
        units=queries.units_offered(actor),
        hubs=queries.hubs_offered(actor),
        purposes=list(queries.purpose_names(actor).items()),
    )
    if request.method == "POST":
        made = _made(form, actor)
        if made is not None:
            link, secret = made
            # The page that shows it is the answer itself, so a second click asks for its list.
            once.done(redirect("links"))
            address = settings.SERVICE_URL.rstrip("/") + reverse("link-referral", args=[secret])
            return page(
                request,
                "casework/intake/link_made.html",
                section=SECTION,
                link=link,
                address=address,
                last_day=queries.last_day_of(link, clock.real_now()),
            )
    asks_more = form.asks_rest and "rests" not in form.data and not form.errors
    return page(
        request,
        "casework/intake/link_make.html",
        section=SECTION,
        form=once.within(form),
        asks_more=asks_more,
    )


def _made(form: LinkForm, actor: Actor) -> tuple[ReferralLink, str] | None:
    """The link that the form asks for, or None where the form says what is wrong with it."""
    unit, hub, offered = _ground(form, actor)
    if not form.is_valid():
        return None
    said = form.cleaned_data
    if len(offered) > 1 and "rests" not in form.data:
        return None  # the question was not on the page yet: it is asked now, and nothing was wrong
    try:
        if unit is None or hub is None:
            raise Refusal("unit_elsewhere", "Choose a unit of this partnership.")
        rest = _rest(offered, said.get("rests") or "", unit, hub)
        assert rest.agreement is not None
        return operations.make_link(
            unit=unit,
            hub=hub,
            purpose=said["purpose"],
            gateway=rest.gateway,
            agreement=rest.agreement,
            label=said["label"],
            days=said["days"],
            most_uses=said["most_uses"],
            by=actor,
            on=actor.on,
        )
    except Refusal as refusal:
        if refusal.status != 409 or refusal.code not in form.FIELD_OF:
            raise
        form.refuse(form.FIELD_OF[refusal.code], refusal.sentence)
        return None


def _ground(form: LinkForm, actor: Actor) -> tuple[Unit | None, Hub | None, list[Rests]]:
    """Who, where to, and on what it may rest, which the form offers where there are several."""
    given: Any = form.data
    unit = queries.unit_of(actor, given.get("unit", ""))
    hub = next((hub for hub in access.hubs_to_give_for(actor) if hub.code == given.get("hub")), None)
    if unit is None or hub is None:
        return unit, hub, []
    offered = [one for one in queries.rests_for(unit, hub, given.get("purpose", ""), actor) if one.agreement]
    if len(offered) > 1:
        form.offer_rests(
            [
                (
                    one.code,
                    f"{one.agreement.title}: {one.gateway_name}" if one.agreement else "",
                    one.gateway_words,
                )
                for one in offered
            ]
        )
    return unit, hub, offered


def _rest(offered: list[Rests], code: str, unit: Unit, hub: Hub) -> Rests:
    if not offered:
        raise Refusal(
            "unit_needs_no_link",
            f"No sharing agreement carries this purpose from {unit.agency.name} to {hub.name}. The agency that leads "
            "the partnership needs none: give its people accounts.",
        )
    found = offered[0] if len(offered) == 1 else chosen(offered, code)
    if found is None:
        raise Refusal("rests_missing", "Choose on what these referrals rest.")
    return found


@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a link at once."""
    link = operations.end_link(link_id=public_id, by=request.actor)  # type: ignore[attr-defined]
    messages.success(request, f"The link for {link.label} is ended. It opens nothing any more.")
    return redirect("links")
