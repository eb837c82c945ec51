"""What the audit keeps of second factors, and the way out for somebody whose telephone is gone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from saferhub.audit import operations as audit
from saferhub.audit.operations import Who

from .. import access
from ..actors import actor_of, concerned_by
from ..models import User
from ..rules import FactorLost


@transaction.atomic
def record_factor_added(user: User, *, kind: str) -> None:
    """Record a second factor set up. Call it in the transaction that adds it."""
    audit.record("account.second_factor_added", user, by=actor_of(user), kind=kind)


@transaction.atomic
def record_factor_removed(user: User, *, kind: str) -> User:
    """Record a second factor taken off by its holder, and end her sessions with it.

    Another browser's session was proved by that factor. The caller keeps its own by taking the new mark
    into it.
    """
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    audit.record("account.second_factor_removed", user, by=actor_of(user), kind=kind)
    return user


@transaction.atomic
def record_recovery_codes_made(user: User) -> None:
    """Record new recovery codes; the ones before no longer work."""
    audit.record("account.recovery_codes_made", user, by=actor_of(user))


@transaction.atomic
def record_factor_used(user: User, *, kind: str) -> None:
    """Record a recovery code's use. An app's code is part of signing in and has no entry of its own."""
    if kind == "recovery_codes":
        audit.record("account.recovery_code_used", user, by=actor_of(user))


def record_code_refused(user: User) -> None:
    """Record a wrong code on a second connection. Nobody is signed in yet, so there is no actor."""
    audit.record_refusal("account.second_factor_failed", user, by=None, concerning=concerned_by(user))


@transaction.atomic
def reset_second_factor(user: User, *, by: Who, reason: FactorLost) -> None:
    """Take off the second factor of somebody who has lost it, recovery codes too, and end her sessions.

    Where her role requires one, she is led to set it up at her next sign-in. Raises Refusal for oneself,
    for a leaver, and where there is none.
    """
    from allauth.mfa.models import Authenticator

    user = User.objects.select_for_update().get(pk=user.pk)
    access.check_can_reset_second_factor(by, user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    audit.record("account.second_factor_reset", user, by=by, reason=reason.code)
