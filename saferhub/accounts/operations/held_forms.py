"""Forms sent after their session had ended: kept, given back once, thrown away."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock

from .. import holding
from ..actors import actor_of
from ..models import HeldForm, User

MOST = 5  # forms kept for one account


@transaction.atomic
def hold(user: User, *, written: holding.Written) -> HeldForm:
    """Keep what was written for HELD_FORM_LIFE, for this account only. The oldest beyond five gives way."""
    # Two tabs may send at once; the account's row makes them take turns at counting.
    User.objects.select_for_update().get(pk=user.pk)
    held = HeldForm.objects.create(
        user=user,
        sealed=holding.seal(written, public_id=user.public_id),
        expires_at=clock.real_now() + settings.HELD_FORM_LIFE,
    )
    kept = HeldForm.objects.filter(user=user).order_by("-id").values_list("id", flat=True)[:MOST]
    HeldForm.objects.filter(user=user).exclude(id__in=list(kept)).delete()
    audit.record("account.form_held", held, by=actor_of(user))
    return held


@transaction.atomic
def give_back(held: HeldForm) -> bool:
    """Take a kept form out for sending. False when it has gone meanwhile: each is given back once."""
    gone, _ = HeldForm.objects.filter(pk=held.pk, expires_at__gt=clock.real_now()).delete()
    if gone:
        audit.record("account.form_given_back", held, by=actor_of(held.user))
    return bool(gone)


@transaction.atomic
def put_back(held: HeldForm) -> None:
    """Keep a form again whose sending was answered with an error: nothing was saved, nothing is lost."""
    HeldForm(
        id=held.id,
        public_id=held.public_id,
        user=held.user,
        sealed=held.sealed,
        expires_at=held.expires_at,
    ).save(force_insert=True)
    audit.record("account.form_held", held, by=actor_of(held.user))


@transaction.atomic
def throw_away(held: HeldForm) -> None:
    """Throw a kept form away, at its writer's wish."""
    gone, _ = HeldForm.objects.filter(pk=held.pk).delete()
    if gone:
        audit.record("account.form_discarded", held, by=actor_of(held.user))


def throw_away_expired(*, using: str = "default") -> int:
    """The worker's job: delete every kept form past its time. Returns how many.

    Not in the audit: that it was kept is, and until when follows from that.
    """
    gone, _ = HeldForm.objects.using(using).filter(expires_at__lte=clock.real_now()).delete()
    return gone
