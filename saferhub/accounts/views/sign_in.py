"""Signing in and out, forgotten passwords, proving oneself again: the package's views in our pages."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from saferhub.foundation.pages import page

from .. import sessions
from ..adapter import account_adapter
from ..cast import CAST
from ..forms import AskForResetForm, ChangePasswordForm, ReauthenticateForm, ResetPasswordForm, SignInForm
from ..rules import SessionEnd
from .people import account_of


def _cast() -> list[dict[str, str]]:
    return [
        {"name": member.name, "username": member.username, "role": member.caption, "shows": member.sees}
        for member in CAST
    ]


class SignIn(allauth_views.LoginView):
    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ended = sessions.ended(self.request)
        # Whoever signed out knows that; what became of a form she sent afterwards she does not.
        said = ended and (ended["why"] is not SessionEnd.SIGNED_OUT or ended["kept"])
        context["ended"] = ended if said else None
        context["cast"] = _cast() if settings.DEMONSTRATION else []
        return context


class SignOut(allauth_views.LogoutView):
    """By POST alone: a link in a mail or a picture's address must not sign anybody out."""

    http_method_names = ["post", "options"]


class AskForReset(allauth_views.PasswordResetView):
    form_class = AskForResetForm


class ResetAsked(allauth_views.PasswordResetDoneView):
    """The same page whether or not there is such an account."""


class ResetPassword(allauth_views.PasswordResetFromKeyView):
    form_class = ResetPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        # Somebody who left after asking for the link cannot use it.
        if not self.reset_user.is_active:
            return self.render_to_response(self.get_context_data(token_fail=True))
        response: HttpResponse = super().form_valid(form)
        # Whoever holds the mailbox is the owner: she need not wait out the lock.
        account_adapter()._delete_login_attempts_cached_email(self.request, email=self.reset_user.email)
        return response


class PasswordReset(allauth_views.PasswordResetFromKeyDoneView):
    """Says that the new password works, and leads to signing in."""


class ChangePassword(allauth_views.PasswordChangeView):
    form_class = ChangePasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not account_of(request).has_usable_password():
            return page(request, "accounts/no_password.html")
        return super().dispatch(request, *args, **kwargs)


class Reauthenticate(allauth_views.ReauthenticateView):
    form_class = ReauthenticateForm

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        # Whoever proves herself again begins a new session key, as at sign-in (ASVS 5.0, 7.2.4).
        self.request.session.cycle_key()
        return response


class Inactive(allauth_views.AccountInactiveView):
    """Reached only when an account's access ends between its password and its code."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))
