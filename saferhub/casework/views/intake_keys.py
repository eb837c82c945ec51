"""Pages of other systems' keys: allow, draw the secret, end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.casework.access import intake as access
from saferhub.casework.forms.intake import KeyForm
from saferhub.casework.operations import intake_keys as operations
from saferhub.casework.queries import intake_giving as queries
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission

SECTION = "referrals"


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """The keys that she gives, or of her own unit."""
    actor = _actor(request)
    actor.check(Permission.WORK_ON_MATTERS)
    return page(
        request,
        "casework/intake/keys.html",
        section=SECTION,
        lines=queries.key_lines(actor),
        gives=bool(access.hubs_to_give_for(actor)),
        tabs=queries.ways_in(actor, "keys"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def allow(request: HttpRequest) -> HttpResponse:
    """Allow another system to work here."""
    actor = _actor(request)
    access.check_can_give(actor)
    once = Once(request)
    if once.answer:
        return once.answer
    form = KeyForm(request.POST or None, units=queries.units_offered(actor))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        unit = queries.unit_of(actor, said["unit"])
        try:
            if unit is None:
                raise Refusal("unit_elsewhere", "Choose a unit of this partnership.")
            operations.allow_key(
                unit=unit,
                label=said["label"],
                scopes=said["scopes"],
                expires_on=said["expires_on"],
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            if refusal.status != 409 or refusal.code not in form.FIELD_OF:
                raise
            form.refuse(form.FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, f"Allowed. Somebody of {unit.agency.name} can draw the secret now.")
            return once.done(redirect("keys"))
    return page(request, "casework/intake/key_allow.html", section=SECTION, form=once.within(form))


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Draw a key's secret, which is shown this once."""
    actor = _actor(request)
    key = access.get_key(actor, public_id)
    access.check_can_take(actor, key)
    secret = operations.draw_secret(key_id=public_id, by=actor) if request.method == "POST" else ""
    return page(
        request,
        "casework/intake/key_draw.html",
        section=SECTION,
        key=key,
        secret=secret,
        is_drawn=operations.is_drawn(key),
    )


@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a key."""
    actor = _actor(request)
    key = operations.end_key(key_id=public_id, by=actor)
    messages.success(request, f"The key “{key.label}” is ended. It opens nothing any more.")
    return redirect("keys")
