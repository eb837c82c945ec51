"""Codes from an app and recovery codes: the package's views, each act in one transaction with its entry."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base import views as base_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from .. import access, operations, sessions
from ..forms import CodeForm, MakeRecoveryCodesForm, ReauthenticateCodeForm, SetUpCodesForm, TakeOffCodesForm
from .people import account_of

_NEXT = "second_factor_next"


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The package's own overview; ours stands on the account page."""
    return HttpResponseRedirect(reverse("account") + "#second-factor")


def _record_refused(user: Any, form: Any) -> None:
    if form.has_error("code", "too_many_login_attempts"):
        operations.record_locked_out(user)
    else:
        operations.record_code_refused(user)


class EnterCode(base_views.AuthenticateView):
    form_class = CodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A recovery code is spent while it is checked, and must not be spent without its entry.
        with transaction.atomic():
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        operations.record_factor_used(self.stage.login.user, kind=form.authenticator.type)
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        _record_refused(self.stage.login.user, form)
        return super().form_invalid(form)


class Reauthenticate(base_views.ReauthenticateView):
    form_class = ReauthenticateCodeForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        operations.record_factor_used(self.request.user, kind=form.authenticator.type)
        response: HttpResponse = super().form_valid(form)
        self.request.session.cycle_key()  # as at sign-in (ASVS 5.0, 7.2.4)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        _record_refused(self.request.user, form)
        return super().form_invalid(form)


class SetUpCodes(totp_views.ActivateTOTPView):
    form_class = SetUpCodesForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
            request.session[_NEXT] = wanted
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        context["secret_in_groups"] = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
        context["required"] = access.second_factor_required(self.request.user)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            operations.record_factor_added(user, kind="totp")
            if self.did_generate_recovery_codes:
                operations.record_recovery_codes_made(user)
        sessions.remember_second_factor(self.request)
        # The code just entered proves her: the page of recovery codes that follows asks for nothing more.
        record_authentication(self.request, user, method="mfa", type="totp", reauthenticated=True)
        self.request.session.cycle_key()
        return response


class TakeOffCodes(totp_views.DeactivateTOTPView):
    form_class = TakeOffCodesForm

    def _dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access.check_can_take_off_second_factor(request.user)
        return super()._dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            user = operations.record_factor_removed(account_of(self.request), kind="totp")
            sessions.keep_only_this(self.request, user)
        return response


class RecoveryCodes(recovery_views.ViewRecoveryCodesView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        request = self.request
        onward = request.session.get(_NEXT) or reverse("account")
        context["onward"] = reverse("held_forms") if access.held_forms_of(request.user).exists() else onward
        return context


class MakeRecoveryCodes(recovery_views.GenerateRecoveryCodesView):
    form_class = MakeRecoveryCodesForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.has_codes_from_an_app(request.user):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            operations.record_recovery_codes_made(self.request.user)
        return response


class DownloadRecoveryCodes(recovery_views.DownloadRecoveryCodesView):
    """The codes as a text file, for printing."""
