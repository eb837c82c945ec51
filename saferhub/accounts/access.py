"""Who may reach what of an account. Everything here is a person's own; roles are the partnership's to say."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from saferhub.audit.operations import Who
from saferhub.foundation import clock
from saferhub.foundation.refusals import refuse_if
from saferhub.foundation.registries import SECOND_FACTOR

from . import rules
from .cast import BY_USERNAME
from .models import HeldForm, Invitation, Status, User


def second_factor_required(user: Any) -> bool:
    """Whether any app says that this person must use a second factor."""
    return any(provider(user) for provider in SECOND_FACTOR)


def has_second_factor(user: Any) -> bool:
    """Whether this person has set one up. Recovery codes alone are none."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def has_codes_from_an_app(user: Any) -> bool:
    """Whether this person set up codes from an app, which recovery codes stand in for."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def recovery_codes_left(user: Any) -> int:
    """How many of the account's recovery codes are unused; 0 when it has none."""
    from allauth.mfa.models import Authenticator

    recovery = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(recovery.wrap().get_unused_codes()) if recovery else 0


def check_can_take_off_second_factor(user: Any) -> None:
    """Raise Refusal where a role of this person requires a second factor."""
    refuse_if(rules.second_factor_removal_refusals(required=second_factor_required(user)))


def second_factor_marks(user: Any) -> list[str]:
    """A mark for each thing this person proves herself with besides the password, to notice another one."""
    from allauth.mfa.models import Authenticator

    found = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return [f"factor {pk}" for pk in found.order_by("pk").values_list("pk", flat=True)]


def check_can_reset_second_factor(by: Who, user: User) -> None:
    """Raise Refusal for oneself, a leaver, and one who has none. The rest is the partnership's to check."""
    refuse_if(
        rules.second_factor_reset_refusals(
            is_oneself=by.public_id == user.public_id,
            has_left=user.status == Status.LEFT,
            has_one=has_second_factor(user),
        )
    )


def check_can_record_leaver(by: Who, user: User) -> None:
    """Raise Refusal for oneself. Whether `by` manages members at all is the partnership's to check."""
    refuse_if(rules.leaver_refusals(is_oneself=by.public_id == user.public_id))


def held_forms_of(user: Any) -> QuerySet[HeldForm]:
    """The forms kept for this account and not yet expired, newest first. Nobody else's, whoever asks."""
    return HeldForm.objects.filter(user_id=user.pk, expires_at__gt=clock.real_now())


def get_held_form(user: Any, public_id: str) -> HeldForm:
    """One of the account's own kept forms. Raises Http404 for any other, expired or gone."""
    held = held_forms_of(user).filter(public_id=public_id).first()
    if held is None:
        raise Http404
    return held


def secret_hash(secret: str) -> str:
    """What is kept of an invitation's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_invitation(secret: str, *, lock: bool = False) -> Invitation | None:
    """The invitation this secret opens now, or None: unknown, used, withdrawn and expired look alike."""
    found = Invitation.objects.select_related("user").filter(secret_hash=secret_hash(secret))
    if lock:
        found = found.select_for_update(of=("self", "user"))
    invitation = found.first()
    if invitation is None:
        return None
    standing = rules.invitation_standing(
        clock.real_now(),
        expires_at=invitation.expires_at,
        used_at=invitation.used_at,
        withdrawn_at=invitation.withdrawn_at,
    )
    return invitation if standing is rules.Standing.OPEN else None


def cast_account(username: str) -> User | None:
    """The account of one of the demonstration's cast, and of nobody else.

    A handle is made of a name, so a living person may bear one of the cast's; nobody has her address.
    """
    member = BY_USERNAME.get(username)
    if member is None:
        return None
    return User.objects.active().filter(username=member.username, email=member.email).first()
