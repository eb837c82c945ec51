"""A person's own account: who she is to others, how she signs in, where else she is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from saferhub.foundation.pages import page

from .. import access, operations, sessions
from ..actors import actor_of
from ..forms import DetailsForm
from .people import account_of


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    return page(
        request,
        "accounts/account.html",
        person=user,
        has_second_factor=access.has_second_factor(user),
        second_factor_required=access.second_factor_required(user),
        recovery_codes_left=access.recovery_codes_left(user),
        signed_in_before=sessions.signed_in_before(request),
        held_forms=access.held_forms_of(user).count(),
        is_cast=bool(request.session.get(sessions.DEMONSTRATION)),
    )


@login_required
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm.of(user)
    if form.is_bound and form.is_valid():
        operations.change_details(user, by=actor_of(user), **form.cleaned_data)
        messages.success(request, "Your details are saved.")
        return redirect("account")
    return page(request, "accounts/details.html", form=form)


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = account_of(request)
    user = operations.end_other_sessions(user, by=actor_of(user))
    sessions.keep_only_this(request, user)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("account")
