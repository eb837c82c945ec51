"""Who may make a pack of a referral and let it leave: whoever decides referrals for the hub that has it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.casework.models import Referral, ReferralPack
from saferhub.foundation.refusals import NotAllowed, allows
from saferhub.partnership.access import Actor
from saferhub.releases.access import check_can_release
from saferhub.sharing.models import Sensitivity

from . import check_can_decide, parts_readable_by


def check_can_give(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless she decides for the hub that has it and may let something of it leave; `restricted` for
    a referral that is for named people alone, of which no pack is made."""
    check_can_decide(actor, referral)
    check_can_release(actor, referral.matter)
    if referral.sensitivity != Sensitivity.NORMAL:
        raise NotAllowed(
            "restricted",
            "This referral is restricted to named people, so no pack is made of it."
            " Write a letter to whoever has to know something of it.",
        )


def can_give(actor: Actor, referral: Referral) -> bool:
    return allows(check_can_give, actor, referral)


def is_offered(actor: Actor, referral: Referral) -> bool:
    """Whether the referral's page offers to make one: as far as that can be told without asking the database, which
    the page of making it does."""
    return referral.sensitivity == Sensitivity.NORMAL and allows(check_can_decide, actor, referral)


def packs_of(actor: Actor, referral: Referral) -> QuerySet[ReferralPack]:
    """The packs of a referral that the actor was given; they lie in the hub's own folder beside it."""
    return parts_readable_by(actor, ReferralPack).filter(referral=referral.pk)


def get_pack(actor: Actor, referral: Referral, public_id: str) -> ReferralPack:
    """One of them. Raises Http404, hidden or missing."""
    found = (
        packs_of(actor, referral)
        .filter(public_id=public_id)
        .select_related("recipient_agency", "agreement", "disclosure")
        .first()
    )
    if found is None:
        raise Http404
    return found
