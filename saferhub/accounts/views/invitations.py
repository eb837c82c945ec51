"""Taking an invitation up."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal

from .. import access, operations, sessions
from ..forms import JoinForm

_SECRET = "invitation"


@login_not_required
@require_GET
def invitation_link(request: HttpRequest, secret: str) -> HttpResponse:
    """The mailed link. Its secret goes into the session and out of the address, where it could be seen."""
    if request.user.is_authenticated:
        return redirect("invitation")
    if access.open_invitation(secret) is None:
        return _closed(request)
    request.session[_SECRET] = secret
    return redirect("invitation")


@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        # A second press of the button comes here too: its sender is signed in by the first.
        return (
            redirect("home") if request.method == "POST" else page(request, "accounts/invitation_other.html")
        )
    found = access.open_invitation(request.session.get(_SECRET, ""))
    if found is None:
        return _closed(request)
    person = found.user
    given = request.POST if request.method == "POST" else None
    form = JoinForm(given, user=person, initial={"name": person.name, "job_title": person.job_title})
    if form.is_valid():
        try:
            with transaction.atomic():
                user = operations.accept_invitation(secret=request.session[_SECRET], **form.cleaned_data)
                sessions.begin(request, user)
                operations.record_signed_in(user)
        except Refusal:
            return _closed(request)
        return redirect("home")
    return page(request, "accounts/invitation.html", form=form, person=person)


def _closed(request: HttpRequest) -> HttpResponse:
    request.session.pop(_SECRET, None)
    return page(request, "accounts/invitation_closed.html", status=410)
