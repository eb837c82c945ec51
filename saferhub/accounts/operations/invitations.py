"""Inviting somebody, and taking an invitation up."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.audit import operations as audit
from saferhub.audit.operations import Who
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if

from .. import access, mail, rules
from ..actors import actor_of
from ..models import LIFECYCLE, AccountMove, Invitation, Status, User

_INVITING = 7_305_514  # the advisory lock of whoever invites


@transaction.atomic
def invite(*, email: str, name: str, job_title: str, by: Who, partnership_name: str = "") -> Invitation:
    """Invite somebody by mail: an account that cannot sign in yet, and a link that opens it once.

    Inviting the same person again withdraws the earlier link. The link lives for INVITATION_LIFE. Raises
    Refusal for somebody who has an account or has left. The secret stands in the mail and nowhere else.
    """
    email = email.strip().lower()
    _take_turns()
    user = User.objects.select_for_update().filter(email=email).first()
    refuse_if(rules.invitation_refusals(user.status if user else None))
    if user is None:
        user = _new_account(email=email, name=name, job_title=job_title, by=by)
    else:
        withdraw_invitations(user, by=by)
        user.name, user.job_title = name, job_title
        user.save(update_fields=["name", "job_title"])
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        user=user,
        secret_hash=access.secret_hash(secret),
        expires_at=clock.real_now() + settings.INVITATION_LIFE,
        invited_by=by.public_id,
    )
    audit.record("account.invited", user, by=by, invitation=invitation.public_id)
    _send(user, secret, partnership_name)
    return invitation


def _take_turns() -> None:
    # One invitation at a time: two of one address must not both make its account, nor two of namesakes
    # choose the same handle. A row that is not there yet cannot be locked.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_INVITING])


def _new_account(*, email: str, name: str, job_title: str, by: Who) -> User:
    base = rules.username_from(name)
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    user = User(
        email=email,
        username=rules.username_from(name, taken),
        name=name,
        job_title=job_title,
        status=LIFECYCLE.start,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    AccountMove.objects.create(user=user, to_status=LIFECYCLE.start, on=clock.today(), by=by.public_id)
    return user


def _send(user: User, secret: str, partnership_name: str) -> None:
    link = settings.SERVICE_URL.rstrip("/") + reverse("invitation_link", args=[secret])
    words = {
        "link": link,
        "partnership_name": partnership_name,
        "service_name": settings.SERVICE_NAME,
        "days": settings.INVITATION_LIFE.days,
    }
    whose = partnership_name or settings.SERVICE_NAME
    mail.send(
        f"Your invitation from {whose}",
        render_to_string("accounts/mail/invitation.txt", words),
        to=user.email,
    )


@transaction.atomic
def withdraw_invitations(user: User, *, by: Who) -> int:
    """Withdraw every invitation of this person that is still unused. Returns how many."""
    now = clock.real_now()
    waiting = list(Invitation.objects.select_for_update().filter(user=user, used_at=None, withdrawn_at=None))
    for invitation in waiting:
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        audit.record("account.invitation_withdrawn", user, by=by, invitation=invitation.public_id)
    return len(waiting)


@transaction.atomic
def accept_invitation(*, secret: str, name: str, job_title: str, telephone: str, password: str) -> User:
    """Take an invitation up: the account becomes active with this name and password.

    Raises Refusal when the link is used, withdrawn, expired or unknown: one sentence for all.
    """
    invitation = access.open_invitation(secret, lock=True)
    if invitation is None:
        raise Refusal("invitation_closed", "This invitation cannot be used any more. Ask for a new one.")
    user = invitation.user
    LIFECYCLE.check(Status(user.status), Status.ACTIVE)
    AccountMove.objects.create(
        user=user, from_status=user.status, to_status=Status.ACTIVE, on=clock.today(), by=user.public_id
    )
    user.status, user.name, user.job_title, user.telephone = Status.ACTIVE, name, job_title, telephone
    user.set_password(password)
    user.save(update_fields=["status", "name", "job_title", "telephone", "password"])
    invitation.used_at = clock.real_now()
    invitation.save(update_fields=["used_at"])
    audit.record("account.joined", user, by=actor_of(user), invitation=invitation.public_id)
    return user
