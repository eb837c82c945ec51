"""Signing in as one of the demonstration's cast, without a password. Elsewhere this page does not exist."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from saferhub.foundation.views import errors

from .. import access, operations, sessions
from ..middleware import is_own_path


# Other programs sign in here by a bare POST, so no token is asked for. What a hostile page could make of
# that is to sign somebody in as an invented person of a demonstration, which is what the page is for.
@csrf_exempt
@login_not_required
def demonstration_sign_in(request: HttpRequest) -> HttpResponse:
    """POST `username` of the cast → signed in and sent to `next` or the first page; anybody else → 400."""
    if not settings.DEMONSTRATION:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = access.cast_account(request.POST.get("username", ""))
    if user is None:
        return errors.bad_request(request)
    with transaction.atomic():
        sessions.begin(request, user, demonstration=True)
        operations.record_signed_in(user, demonstration=True)
    if access.held_forms_of(user).exists():
        return redirect("held_forms")
    following = request.POST.get("next", "")
    return HttpResponseRedirect(following if is_own_path(following) else reverse("home"))
