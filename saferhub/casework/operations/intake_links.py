"""Links for partners without an account: made, ended, and used to file one referral."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction

from saferhub.accounts.models import Kind
from saferhub.audit import operations as audit
from saferhub.casework.access import intake as access
from saferhub.casework.models import LinkReceipt, ReferralLink, Source
from saferhub.casework.queries.referral_ground import rests_on
from saferhub.casework.rules import intake as rules
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.rules.moments import LONDON
from saferhub.sharing.entering import entered_by_link
from saferhub.sharing.models import Agreement
from saferhub.sharing.operations.matters import check_carried

from .intake_keys import account_for, hash_of
from .referrals_filed import PersonValues, ReferralValues, file_referral


@transaction.atomic
def make_link(
    *,
    unit: Unit,
    hub: Hub,
    purpose: str,
    gateway: str,
    agreement: Agreement,
    label: str,
    days: int,
    most_uses: int,
    by: Actor,
    on: date,
) -> tuple[ReferralLink, str]:
    """A link through which this unit may refer to this hub, and its secret, which is kept nowhere.

    `days`: how many days it holds beyond today, in real time. Raises NotAllowed, and Refusal where the agreement
    and gateway do not carry the purpose from that unit's agency to the hub.
    """
    by.check(Permission.GIVE_KEYS, hub=hub)
    if by.partnership is None or unit.agency.partnership_id != by.partnership.pk:
        raise Refusal("unit_elsewhere", "Choose a unit of this partnership.")
    if not label.strip():
        raise Refusal("label_missing", "Say whom the link is for.")
    today = clock.real_now().astimezone(LONDON).date()
    refuse_if(rules.expiry_refusals(today + timedelta(days=days), today, rules.MOST_LINK_DAYS))
    refuse_if(rules.uses_refusals(most_uses))
    _check_rests(unit, hub, purpose=purpose, gateway=gateway, agreement=agreement, on=on)
    secret = secrets.token_urlsafe(24)
    link = ReferralLink.objects.create(
        partnership=by.partnership,
        unit=unit,
        hub=hub,
        account=account_for(Kind.LINK, label.strip()),
        purpose=purpose,
        gateway=gateway,
        agreement=agreement,
        label=label.strip(),
        token_hash=hash_of(secret),
        expires_at=datetime.combine(today + timedelta(days=days + 1), time(), tzinfo=LONDON),
        most_uses=most_uses,
        made_by=by.public_id,
        made_on=on,
    )
    audit.record(
        "link.made",
        link,
        by=by,
        purpose=purpose,
        hub=hub.code,
        whose=unit.agency.code,
        uses=most_uses,
        days=days,
    )
    return link, secret


def _check_rests(unit: Unit, hub: Hub, *, purpose: str, gateway: str, agreement: Agreement, on: date) -> None:
    """Raise Refusal unless the sender's own agency could send this itself."""
    sender = Actor(unit=unit, on=on)
    check_carried(purpose=purpose, hub=hub, by=sender, on=on)
    offered = {
        (one.gateway, one.agreement.pk if one.agreement else None)
        for one in rests_on(sender, purpose=purpose, hub=hub)
    }
    if (gateway, agreement.pk) not in offered:
        raise Refusal(
            "does_not_rest",
            "Choose a sharing agreement and a legal gateway that carry this purpose from that unit to the hub.",
        )


@transaction.atomic
def end_link(*, link_id: str, by: Actor) -> ReferralLink:
    """End a link at once. Ended again, nothing happens. Raises Http404."""
    found = access.get_link(by, link_id)
    link = ReferralLink.objects.select_for_update().get(pk=found.pk)
    if link.ended_at is None:
        link.ended_at, link.ended_by = clock.real_now(), by.public_id
        link.save(update_fields=["ended_at", "ended_by"])
        audit.record("link.ended", link, by=by)
    return link


def link_of(secret: str) -> ReferralLink | None:
    """The link that this secret opens now, for drawing its form. Nothing is used up. None for any other secret,
    and for one that has expired, ended or is used up: they read alike."""
    link = (
        ReferralLink.objects.select_related("hub", "unit__agency__partnership", "agreement", "account")
        .filter(token_hash=hash_of(secret), ended_at=None, expires_at__gt=clock.real_now())
        .first()
    )
    return link if link is not None and link.uses < link.most_uses else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that the sender learns."""

    reference: str
    hub: str


def file_by_link(
    *, secret: str, mark: str, values: ReferralValues, people: Sequence[PersonValues], on: date
) -> Receipt | None:
    """File one referral through a link. None for a secret that opens nothing.

    `mark`: the form's own; sent twice, it is the same referral and the second sending uses nothing up. In one
    transaction that ends with the filing: nothing else is read or written in the link's name. Raises what
    `file_referral` does; then nothing is kept and no use is counted.
    """
    key = _form_key(secret, mark)
    known = receipt_of(key)
    if known is not None:
        return known
    with entered_by_link(secret) as number:
        # Whoever waited here for another click of the same form finds what that one filed.
        known = receipt_of(key)
        if known is not None:
            transaction.set_rollback(True)  # gives the use back
            return known
        if number is None:
            return None
        link = ReferralLink.objects.select_related(
            "account", "hub", "unit__agency__partnership", "agreement"
        ).get(account_id=number)
        by = access.actor_by_link(link, on)
        filed = file_referral(values=values, people=people, by=by, on=on, source=Source.LINK)
        receipt = LinkReceipt.objects.create(link=link, key=key, reference=filed.matter.reference)
        audit.record("link.used", link, by=by, purpose=link.purpose, hub=link.hub.code)
        return Receipt(receipt.reference, link.hub.name)


def receipt_of(key: str) -> Receipt | None:
    """What came of a form that was sent before."""
    found = LinkReceipt.objects.filter(key=key).select_related("link__hub").first()
    return Receipt(found.reference, found.link.hub.name) if found else None


def receipt_of_form(secret: str, mark: str) -> Receipt | None:
    """What came of this form of this link, if it was sent before."""
    return receipt_of(_form_key(secret, mark))


def _form_key(secret: str, mark: str) -> str:
    return hash_of(f"{secret} {mark}")
