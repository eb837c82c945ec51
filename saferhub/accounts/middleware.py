"""The end of sessions without the loss of what was being written, and second factors that roles require."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from . import access, holding, operations, rules, sessions
from .models import HeldForm, User

Handler = Callable[[HttpRequest], HttpResponse]
_FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}
HELD_FIELD = "held_form"


def needs_sign_in(view: Any) -> bool:
    """Whether a view is for people signed in; the same mark as Django's LoginRequiredMiddleware reads."""
    return bool(getattr(view, "login_required", True))


class SessionEnds:
    """End a session that was idle or open for too long, keep the form that was sent, give it back once.

    The end itself comes before anything asks who is acting. A form is kept only in `process_view`, which
    Django calls after the CSRF check has passed: a form that another site made somebody send is not hers.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            user, ended = request.user, sessions.look(request)
            if ended:
                sessions.end(request, ended)
                operations.record_session_ended(user, why=ended)
        response = self.get_response(request)
        given: HeldForm | None = getattr(request, "given_back", None)
        if given is not None and response.status_code >= 400:
            operations.put_back(given)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if request.method != "POST" or not needs_sign_in(view) or getattr(view, "csrf_exempt", False):
            return None
        if request.user.is_authenticated:
            return _take_out(request)
        marker = sessions.ended(request)
        if marker is None:
            return None
        user = User.objects.active().filter(public_id=marker["whose"]).first()
        if user is None:
            return None
        page = page_of(request)
        kept = _keep(request, user, page)
        sessions.note_kept(request, kept)
        return redirect_to_login(page)


def page_of(request: HttpRequest) -> str:
    """The page a form was sent from: where its reader goes back to. Only ever one of ours."""
    referrer = request.headers.get("referer", "")
    if referrer and url_has_allowed_host_and_scheme(
        referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(referrer)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        if is_own_path(address):
            return address
    address = request.get_full_path()
    return address if is_own_path(address) else reverse("home")


def is_own_path(address: str) -> bool:
    """Whether an address is a path of this service and nothing else ("//elsewhere" is not)."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def _keep(request: HttpRequest, user: User, page: str) -> rules.Keep:
    path = request.get_full_path()
    if request.content_type not in _FORM_TYPES or not is_own_path(path):
        return rules.Keep.UNREADABLE
    fields = list(request.POST.lists())
    decided = rules.whether_to_keep(fields, most_bytes=settings.HELD_FORM_BYTES)
    if decided is rules.Keep.KEPT:
        written = holding.Written(
            path=path, page=page, fields=holding.fields_to_keep(fields), left_out_files=bool(request.FILES)
        )
        operations.hold(user, written=written)
    return decided


def _take_out(request: HttpRequest) -> HttpResponse | None:
    """Take out the kept form that this request sends. One that is gone was sent before, or thrown away."""
    if request.content_type not in _FORM_TYPES or HELD_FIELD not in request.POST:
        return None
    held = access.held_forms_of(request.user).filter(public_id=request.POST[HELD_FIELD]).first()
    if held is None or not operations.give_back(held):
        messages.warning(
            request,
            "This was not sent again. It was sent or thrown away already, or its 30 minutes are over.",
        )
        return HttpResponseRedirect(reverse("held_forms"))
    request.given_back = held  # type: ignore[attr-defined]
    return None


class SecondFactor:
    """Lead somebody whose role requires a second factor to set it up, before she can reach anything else."""

    WAY = frozenset({"mfa_activate_totp", "account_reauthenticate", "mfa_reauthenticate"})

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not needs_sign_in(view) or not request.user.is_authenticated:
            return None
        if request.resolver_match and request.resolver_match.view_name in self.WAY:
            return None
        if self._is_satisfied(request):
            return None
        given: HeldForm | None = getattr(request, "given_back", None)
        if given is not None:
            # Her role began to require one meanwhile: what she was about to send is kept for afterwards.
            operations.put_back(given)
            request.given_back = None  # type: ignore[attr-defined]
        return HttpResponseRedirect(
            f"{reverse('mfa_activate_totp')}?{urlencode({'next': request.get_full_path()})}"
            if request.method == "GET"
            else reverse("mfa_activate_totp")
        )

    @staticmethod
    def _is_satisfied(request: HttpRequest) -> bool:
        if settings.DEMONSTRATION and request.session.get(sessions.DEMONSTRATION):
            return True
        # Remembered once found, so that a page costs no query for it.
        if sessions.remembers_second_factor(request):
            return True
        if not access.second_factor_required(request.user):
            return True
        if access.has_second_factor(request.user):
            sessions.remember_second_factor(request)
            return True
        return False
