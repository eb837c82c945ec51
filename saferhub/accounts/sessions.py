"""What a session carries beside the account: when it began, when it was last used, what it satisfies.

Real times, in whole seconds. A session that ended leaves a marker behind, so that the sign-in page can
say what happened and a second tab's form can still be kept for the same account.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from saferhub.foundation import clock

from . import rules
from .models import User

SIGNED_IN_AT = "signed_in_at"
LAST_SEEN = "last_seen"
SIGNED_IN_BEFORE = "signed_in_before"
DEMONSTRATION = "demonstration"
SECOND_FACTOR = "second_factor_of_generation"
ENDED = "ended"
_EVERY = 60  # seconds between two notes of a session's use
_BY_WHICH_MEANS = "account_authentication_methods"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_default_timezone())


def begin(request: HttpRequest, user: User, *, demonstration: bool = False) -> None:
    """Sign somebody in on this browser, in the caller's transaction.

    Whatever the browser's earlier session held is gone, also when the same account signs in again: a
    marker or a flag of before must not carry over.
    """
    before = user.last_login
    kept = {key: request.session[key] for key in _carried_over(request)}
    request.session.flush()
    django_login(request, user, backend=_BACKEND)
    now = _seconds(clock.real_now())
    request.session.update(kept)
    request.session[SIGNED_IN_AT] = request.session[LAST_SEEN] = now
    request.session.set_expiry(0)  # the cookie goes with the browser
    if before:
        request.session[SIGNED_IN_BEFORE] = _seconds(before)
    if demonstration:
        request.session[DEMONSTRATION] = True


def _carried_over(request: HttpRequest) -> list[str]:
    # The sign-in package notes here by which means somebody proved herself.
    return [key for key in request.session.keys() if key.startswith(_BY_WHICH_MEANS)]  # noqa: SIM118 - no iterator


def look(request: HttpRequest) -> rules.SessionEnd | None:
    """Whether the session of this request has ended; otherwise note its use, at most once a minute.

    A session that does not say when it began and was last used has ended: it was not begun here.
    """
    now = clock.real_now()
    session = request.session
    if SIGNED_IN_AT not in session or LAST_SEEN not in session:
        return rules.SessionEnd.UNDATED
    ended = rules.session_end(
        now,
        signed_in_at=_moment(session[SIGNED_IN_AT]),
        last_seen=_moment(session[LAST_SEEN]),
        idle=settings.SESSION_IDLE_END,
        absolute=settings.SESSION_ABSOLUTE_END,
    )
    if ended is None and _seconds(now) - session[LAST_SEEN] >= _EVERY:
        session[LAST_SEEN] = _seconds(now)
    return ended


def end(request: HttpRequest, reason: rules.SessionEnd) -> None:
    """End the session, leaving an anonymous one that remembers whose it was and why it ended."""
    public_id = cast(User, request.user).public_id
    django_logout(request)
    mark_ended(request, public_id, reason)


def mark_ended(request: HttpRequest, public_id: str, reason: rules.SessionEnd) -> None:
    """Leave the marker in the anonymous session that follows, so that a form still open in another window is kept
    for the account that wrote it."""
    request.session[ENDED] = {"whose": public_id, "why": reason.name, "at": _seconds(clock.real_now())}


def note_kept(request: HttpRequest, kept: rules.Keep) -> None:
    """Remember, for the sign-in page, what became of the form that was sent."""
    request.session[ENDED] = {**request.session[ENDED], "kept": kept.name}


def ended(request: HttpRequest) -> dict[str, Any] | None:
    """What the marker of an ended session says, for as long as a form may be kept."""
    marker = request.session.get(ENDED)
    if not marker or _seconds(clock.real_now()) - marker["at"] > _life(settings.HELD_FORM_LIFE):
        return None
    return {
        "whose": marker["whose"],
        "why": rules.SessionEnd[marker["why"]],
        "kept": rules.Keep[marker["kept"]] if "kept" in marker else None,
    }


def remember_second_factor(request: HttpRequest) -> None:
    """Remember that this session's account has its second factor.

    The number that ends sessions stands in the memory, so that it lives no longer than the factor: taking one
    off raises the number.
    """
    request.session[SECOND_FACTOR] = cast(User, request.user).session_generation


def remembers_second_factor(request: HttpRequest) -> bool:
    """Whether this session found its account's second factor, and nothing has ended sessions since."""
    return request.session.get(SECOND_FACTOR) == cast(User, request.user).session_generation


def _life(length: timedelta) -> int:
    return int(length.total_seconds())


def signed_in_before(request: HttpRequest) -> datetime | None:
    """When this account had signed in before this session, if ever."""
    seconds = request.session.get(SIGNED_IN_BEFORE)
    return _moment(seconds) if seconds else None


def keep_only_this(request: HttpRequest, user: User) -> None:
    """Keep this browser's session valid after every other one of the account was ended."""
    with transaction.atomic():
        update_session_auth_hash(request, user)
