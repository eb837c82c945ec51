"""What somebody wrote when her session had ended: to read, to send, to throw away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from saferhub.foundation.pages import page

from .. import access, holding, operations
from .people import account_of


@login_required
@require_GET
def held_forms(request: HttpRequest) -> HttpResponse:
    """What waits for this account. One that does not open any more is passed over and expires by itself."""
    waiting = []
    user = account_of(request)
    for held in access.held_forms_of(user):
        try:
            written = holding.unseal(held.sealed, public_id=user.public_id)
        except holding.CannotOpen:
            continue
        waiting.append({"held": held, "written": written})
    return page(request, "accounts/held_forms.html", waiting=waiting)


@login_required
@require_http_methods(["GET", "POST"])
def throw_away(request: HttpRequest, public_id: str) -> HttpResponse:
    held = access.get_held_form(request.user, public_id)
    if request.method == "POST":
        operations.throw_away(held)
        messages.success(request, "What you wrote is thrown away.")
        return redirect("held_forms")
    return page(request, "accounts/throw_away.html", held=held)
