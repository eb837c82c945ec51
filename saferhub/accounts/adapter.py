"""How the sign-in package acts in our name: its words, its mail, and the entries of its acts.

Where an act of the package must stand or fall with its audit entry, its method is taken here and put in
one transaction with it. Its signals are not used: several are sent only after the commit.
"""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.foundation import clock

from . import access, mail, operations, rules, sessions
from .holding import cipher_for
from .models import User

_PURPOSE = "second factor"
_WRONG = "The email address or the password is not right. Check both and try again."
_WAIT = "Too many tries. Wait 15 minutes, then try again. If you have forgotten your password, set a new one."
_PASSWORD_WORDS = {
    "password_too_short": "Use a password of at least 12 characters",
    "password_too_common": "Choose a password that is harder to guess: this one is on lists of common ones",
    "password_too_similar": "Choose a password that is not like your name or your email address",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One sentence whether the address is unknown, the password wrong or the account not active.
        "email_password_mismatch": _WRONG,
        "account_inactive": _WRONG,
        "invalid_login": _WRONG,
        # And one for too many tries, whether or not there is such an account.
        "too_many_login_attempts": _WAIT,
        "rate_limited": "Too many tries. Wait 15 minutes, then try again.",
        "enter_current_password": "This is not the password you have now. Enter it again",
        "incorrect_password": "This password is not right. Enter it again",
    }

    # --- Signing in and out ---

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are invited."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            operations.record_locked_out(_aimed_at(credentials))
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password; an account that is not active counts as a wrong one.

        The package would tell such a person, whose password is right, that her account is not active.
        That would tell a stranger that the account exists and the password is known.
        """
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is None:
            self.authentication_failed(request, **credentials)
        else:
            self._rollback_login_failed_rl_usage()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = _aimed_at(credentials)
        operations.record_sign_in_failed(
            user, code="password" if user is None or user.is_active else "status"
        )

    def login(self, request: HttpRequest, user: Any) -> None:
        with transaction.atomic():
            sessions.begin(request, user)
            operations.record_signed_in(user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        signed_in = user.is_authenticated
        with transaction.atomic():
            super().logout(request)
            if signed_in:
                leaver = cast(User, user)
                operations.record_signed_out(leaver)
                sessions.mark_ended(request, leaver.public_id, rules.SessionEnd.SIGNED_OUT)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Go on to where she was going, unless a form of hers was kept: then she sees that first."""
        response = super().post_login(request, user, **kwargs)
        if access.held_forms_of(user).exists():
            return HttpResponseRedirect(reverse("held_forms"))
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A first second factor, set up straight after signing in, does not ask for the password again."""
        request = self.request
        if (
            app == "allauth.mfa"
            and request.user.is_authenticated
            and not access.has_second_factor(request.user)
        ):
            signed_in_at = request.session.get(sessions.SIGNED_IN_AT, 0)
            if clock.real_now().timestamp() - signed_in_at < _FRESH:
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    # --- Passwords ---

    def clean_password(self, password: str, user: Any = None) -> str:
        try:
            validate_password(password, user)
        except ValidationError as wrong:
            raise ValidationError(
                [_PASSWORD_WORDS.get(error.code or "", error) for error in wrong.error_list]
            ) from wrong
        return password

    def set_password(self, user: Any, password: str) -> None:
        request = self.request
        oneself = request.user.is_authenticated and request.user.pk == user.pk
        operations.set_password(user, password=password, by_mail=not oneself)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    # --- Mail ---

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        with transaction.atomic():
            operations.record_password_reset_asked(user)
            link = settings.SERVICE_URL.rstrip("/") + self._path_of(context["password_reset_url"])
            words = {
                "link": link,
                "service_name": settings.SERVICE_NAME,
                "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
            }
            mail.send(
                "Set a new password", render_to_string("accounts/mail/password_reset.txt", words), to=email
            )

    @staticmethod
    def _path_of(url: str) -> str:
        # The package builds the address from the request's Host header; a link in mail takes ours instead.
        return "/" + url.split("://", 1)[-1].split("/", 1)[-1]


# Seconds after signing in during which the password need not be asked again for a first second factor.
_FRESH = 600


def account_adapter() -> AccountAdapter:
    return cast(AccountAdapter, get_adapter())


def _aimed_at(credentials: dict[str, Any]) -> User | None:
    return User.objects.filter(email=str(credentials.get("email") or "").strip().lower()).first()


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted, so that a copied database gives no codes."""

    def encrypt(self, text: str) -> str:
        return cipher_for(_PURPOSE).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher_for(_PURPOSE).decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        return not access.second_factor_required(authenticator.user)
