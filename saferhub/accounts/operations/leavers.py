"""People who leave and people who come back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from saferhub.audit import operations as audit
from saferhub.audit.operations import Who

from .. import access
from ..models import LIFECYCLE, AccountMove, HeldForm, Status, User
from .invitations import withdraw_invitations


def move(user: User, to: Status, *, by: Who, on: date, reason: str) -> None:
    """Move a locked account's status with its dated row. Raises Refusal for a move there is not."""
    LIFECYCLE.check(Status(user.status), to)
    AccountMove.objects.create(
        user=user, from_status=user.status, to_status=to, on=on, by=by.public_id, reason=reason
    )
    user.status = to


@transaction.atomic
def record_leaver(user: User, *, by: Who, on: date, reason: str) -> User:
    """Record that somebody has left: her access ends at once, on every browser.

    Open invitations are withdrawn and kept forms thrown away. `on` is the business day. Raises Refusal
    for oneself and for somebody who has left already.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    access.check_can_record_leaver(by, user)
    move(user, Status.LEFT, by=by, on=on, reason=reason)
    user.left_on = on
    # A session that sleeps now must stay dead when the same account is given back its access.
    user.session_generation = F("session_generation") + 1
    user.save(update_fields=["status", "left_on", "session_generation"])
    user.refresh_from_db(fields=["session_generation"])
    withdraw_invitations(user, by=by)
    HeldForm.objects.filter(user=user).delete()
    audit.record("account.left", user, by=by, on=on)
    return user


@transaction.atomic
def give_back_access(user: User, *, by: Who, on: date, reason: str) -> User:
    """Give a leaver her access back, with the password and second factor she had.

    One who left before taking up her invitation sets a password by "I cannot sign in". Raises Refusal
    for oneself and for somebody who has not left.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    access.check_can_record_leaver(by, user)
    move(user, Status.ACTIVE, by=by, on=on, reason=reason)
    user.left_on = None
    user.save(update_fields=["status", "left_on"])
    audit.record("account.returned", user, by=by, on=on)
    return user
