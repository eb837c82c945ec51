"""What the audit keeps of signing in and out, and the setting of passwords.

The sign-in package does the act; these stand in the same transaction and write its entry. What somebody
typed is never kept: a failure names the account it was aimed at, where there is one.
"""

from __future__ import annotations

from django.db import transaction

from saferhub.audit import operations as audit

from ..actors import actor_of, concerned_by
from ..models import User
from ..rules import SessionEnd


@transaction.atomic
def record_signed_in(user: User, *, demonstration: bool = False) -> None:
    """Record a completed sign-in. Call it in the transaction that signs in."""
    event = "account.signed_in_demonstration" if demonstration else "account.signed_in"
    audit.record(event, user, by=actor_of(user))


@transaction.atomic
def record_signed_out(user: User) -> None:
    """Record that somebody signed out."""
    audit.record("account.signed_out", user, by=actor_of(user))


@transaction.atomic
def record_session_ended(user: User, *, why: SessionEnd) -> None:
    """Record that somebody came back after her session had ended."""
    audit.record("account.session_ended", user, by=actor_of(user), why=why.code)


def record_sign_in_failed(user: User | None, *, code: str) -> None:
    """Record a failed attempt on a second connection. `code`: password, or status (not active)."""
    audit.record_refusal("account.sign_in_failed", user, by=None, concerning=concerned_by(user), code=code)


def record_locked_out(user: User | None) -> None:
    """Record that an attempt was refused unseen, after too many failed ones."""
    audit.record_refusal("account.locked_out", user, by=None, concerning=concerned_by(user))


@transaction.atomic
def record_password_reset_asked(user: User) -> None:
    """Record that somebody asked for a link to set a new password. Nobody is signed in: no actor."""
    audit.record("account.password_reset_asked", user, by=None, concerning=concerned_by(user))


@transaction.atomic
def set_password(user: User, *, password: str, by_mail: bool = False) -> None:
    """Set a password, changed by its holder or, with `by_mail`, through a mailed link.

    Every session of the account ends with it, since sessions are checked against the password's hash.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    if by_mail:
        audit.record("account.password_reset", user, by=None, concerning=concerned_by(user))
    else:
        audit.record("account.password_changed", user, by=actor_of(user))
