"""Who may write, send, answer and withdraw a referral: the unit whose it is. The hub reads it and decides."""

from __future__ import annotations

from django.http import Http404

from saferhub.casework.models import WAITING, Involved, Referral, ReferralStatus
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people.access import get_person, get_place
from saferhub.people.models import Person, Place
from saferhub.sharing.access import check_can_enclose
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.matters import check_can_put_in
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import Enclosure

from . import get_part, get_referral


def check_can_refer(actor: Actor) -> None:
    """Raise NotAllowed unless she works on matters and belongs to a unit, whose referral it would be."""
    actor.check(Permission.WORK_ON_MATTERS)
    if actor.unit is None:
        raise NotAllowed("no_unit", "You belong to no unit, so nothing of yours can be kept here.")


def is_referrer(actor: Actor, referral: Referral) -> bool:
    """Whether it is her own unit's."""
    return referral.unit_id in sight_of(actor).holders


def works_on(actor: Actor, referral: Referral) -> bool:
    """Whether she sees it because she works in the hub that has it."""
    return referral.hub_id is not None and referral.hub_id in sight_of(actor).hubs


def check_can_write(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless it is her own unit's and she sees it by more than an emergency."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_not_only_emergency(actor, referral.folder)
    if is_referrer(actor, referral):
        return
    raise NotAllowed(
        "not_your_referral",
        "You may see this referral and not change it.",
        conditions=[
            Condition("It is your own unit’s", f"{referral.unit.agency.name} referred it"),
        ],
    )


def can_write(actor: Actor, referral: Referral) -> bool:
    return allows(check_can_write, actor, referral)


def get_own_referral(actor: Actor, public_id: str) -> Referral:
    """A referral that she may write. Raises Http404, or NotAllowed where she sees it and may not."""
    found = get_referral(actor, public_id)
    check_can_write(actor, found)
    return found


def get_draft(actor: Actor, public_id: str) -> Referral:
    """A draft of her unit's. Raises Http404, NotAllowed, and NotAllowed `sent_already` once it is sent."""
    found = get_own_referral(actor, public_id)
    if found.status != ReferralStatus.DRAFT:
        raise NotAllowed(
            "sent_already",
            "This referral has been sent or withdrawn, so what it says stays as it was.",
        )
    return found


def check_can_place(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless she says who stands in it as what: of a draft its unit, of one that waits the hub."""
    if referral.status == ReferralStatus.DRAFT:
        check_can_write(actor, referral)
        return
    check_can_enclose(actor, referral.matter)
    if referral.status not in WAITING or not works_on(actor, referral):
        raise NotAllowed("sent_already", "This referral has been sent, so who stands in it stays as it was.")


def get_involved(actor: Actor, referral: Referral, public_id: str) -> Involved:
    """Somebody who stands in this referral now. Raises Http404."""
    return get_part(actor, Involved, public_id, matter=referral.matter_id, ended_on__isnull=True)


def get_record(actor: Actor, referral: Referral, what: str, record: str) -> Person | Place:
    """A record that lies in this referral, or one of the actor's own unit that may be put into it. Raises Http404,
    NotAllowed."""
    if what not in ("person", "place"):
        raise Http404
    one: Person | Place = get_person(actor, record) if what == "person" else get_place(actor, record)
    lies = Enclosure.objects.filter(outer=referral.folder_id, inner=one.folder_id, ended_at__isnull=True)
    if not lies.exists():
        check_can_put_in(actor, referral.matter, one.folder.public_id)
    return one
