"""Agreements in and out of force, their signatures and reviews.

Nothing that rests on an agreement is touched when it stops: interests stay as they are and open nothing
while their agreement does not hold. So an agreement that comes back restores exactly what it carried.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import NotAllowed, refuse_if
from saferhub.partnership.access import Actor
from saferhub.sharing.access import agreements as access
from saferhub.sharing.models import (
    Agreement,
    AgreementMove,
    AgreementParty,
    AgreementReview,
    AgreementStatus,
)
from saferhub.sharing.operations.agreements_told import tell
from saferhub.sharing.queries.agreements_terms import terms_of
from saferhub.sharing.rules import agreements as rules


@transaction.atomic
def put_in_force(*, agreement_id: str, by: Actor, on: date) -> Agreement:
    """Put a draft in force. It carries from its first day on, should that lie ahead.

    Raises Http404, NotAllowed `not_ready` with every unmet condition, and Refusal `illegal_move`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_put_in_force(by, agreement)
    begin(agreement, by=by, on=on)
    return agreement


def begin(agreement: Agreement, *, by: Actor | None, on: date) -> None:
    """Put a draft in force once it is allowed. Without an actor: the demonstration alone."""
    unmet = unmet_conditions(agreement, on=on)
    if unmet:
        raise NotAllowed("not_ready", "This agreement cannot be put in force yet.", conditions=unmet)
    _move(agreement, AgreementStatus.IN_FORCE, by=by, on=on, reason="", event="agreement.put_in_force")


def unmet_conditions(agreement: Agreement, *, on: date) -> list[rules.Condition]:
    """What it still lacks before it can be in force."""
    signed = agreement.parties.filter(signed_on__isnull=False, signed_on__lte=on)
    return rules.unmet_conditions(
        terms_of(agreement), signed=set(signed.values_list("agency__code", flat=True)), on=on
    )


@transaction.atomic
def suspend(*, agreement_id: str, reason: str, by: Actor, on: date) -> Agreement:
    """Suspend an agreement: what rests on it is seen no more from the next request on, until it is resumed.

    Raises Http404, NotAllowed, and Refusal `illegal_move`, `reason_missing` or `has_expired`.
    """
    return _stop(agreement_id, AgreementStatus.SUSPENDED, reason, "agreement.suspended", by=by, on=on)


@transaction.atomic
def resume(*, agreement_id: str, reason: str, by: Actor, on: date) -> Agreement:
    """Bring a suspended agreement back, and with it exactly the sight that rested on it.

    Raises Http404, NotAllowed, and Refusal `illegal_move`, `reason_missing` or `has_expired`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_resume(by, agreement)
    standing = agreement.standing(on)
    refuse_if(rules.move_refusals(to=AgreementStatus.IN_FORCE, standing=standing, reason=reason))
    _move(agreement, AgreementStatus.IN_FORCE, by=by, on=on, reason=reason, event="agreement.resumed")
    tell(agreement, "resumed")
    return agreement


@transaction.atomic
def end(*, agreement_id: str, reason: str, by: Actor, on: date) -> Agreement:
    """End an agreement for good. Raises Http404, NotAllowed, and Refusal `illegal_move` or `reason_missing`."""
    return _stop(agreement_id, AgreementStatus.ENDED, reason, "agreement.ended", by=by, on=on)


def _stop(
    agreement_id: str, to: AgreementStatus, reason: str, event: str, *, by: Actor, on: date
) -> Agreement:
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_move(by, agreement, to)
    standing = agreement.standing(on)
    was_draft = agreement.status == AgreementStatus.DRAFT
    refuse_if(rules.move_refusals(to=to, standing=standing, reason=reason))
    _move(agreement, to, by=by, on=on, reason=reason, event=event)
    if not was_draft:
        tell(agreement, str(to.value))
    return agreement


def _move(
    agreement: Agreement, to: AgreementStatus, *, by: Actor | None, on: date, reason: str, event: str
) -> None:
    AgreementMove.objects.create(
        agreement=agreement,
        from_status=agreement.status,
        to_status=to,
        on=on,
        by=by.public_id if by else "",
        reason=reason.strip(),
    )
    agreement.status = to
    agreement.save(update_fields=["status"])
    audit.record(event, agreement, by=by, concerning=agreement.partnership, agreement=agreement.code)


@transaction.atomic
def record_signature(
    *, agreement_id: str, party_id: str, post: str, day: date, by: Actor, on: date
) -> AgreementParty:
    """Record that a party has signed: by which post, on which day. On a draft it corrects an earlier one.

    Raises Http404, NotAllowed, and Refusal `has_ended`, `signed_already`, `withdrawn`, `post_missing` or
    `signed_in_future`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_sign(by, agreement)
    party = access.get_party(agreement, party_id)
    is_draft = agreement.status == AgreementStatus.DRAFT
    refuse_if(
        rules.signature_refusals(
            post=post,
            day=day,
            on=on,
            is_withdrawn=party.withdrawn_on is not None,
            is_signed=party.signed_on is not None,
            is_draft=is_draft,
        )
    )
    party.signed_post, party.signed_on = post.strip(), day
    party.save(update_fields=["signed_post", "signed_on"])
    audit.record(
        "agreement.signed",
        agreement,
        by=by,
        agreement=agreement.code,
        agency=party.agency.code,
        signed_on=day,
    )
    return party


@transaction.atomic
def record_withdrawal(
    *, agreement_id: str, party_id: str, day: date, reason: str, by: Actor, on: date
) -> AgreementParty:
    """Record that a party withdraws; `day` is the first on which it is bound no more.

    Raises Http404, NotAllowed, and Refusal `not_in_force`, `not_signed`, `withdrawn`, `withdrawn_in_past` or
    `reason_missing`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_withdraw(by, agreement)
    party = access.get_party(agreement, party_id)
    refuse_if(
        rules.withdrawal_refusals(
            is_signed=party.signed_on is not None,
            is_withdrawn=party.withdrawn_on is not None,
            day=day,
            on=on,
            reason=reason,
        )
    )
    party.withdrawn_on, party.withdrawn_reason = day, reason.strip()
    party.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    audit.record(
        "agreement.party_withdrew",
        agreement,
        by=by,
        agreement=agreement.code,
        agency=party.agency.code,
        withdrawn_on=day,
    )
    if day <= on:
        tell(agreement, "withdrawn", agency=party.agency.code)
    return party


@transaction.atomic
def record_review(
    *, agreement_id: str, findings: str, reviewed_on: date, next_review_on: date, by: Actor, on: date
) -> AgreementReview:
    """Record a review, and when the next is due.

    Raises Http404, NotAllowed, and Refusal `not_in_force`, `findings_missing`, `reviewed_in_future` or
    `next_review_too_early`.
    """
    agreement = access.get_agreement_for_update(by, agreement_id)
    access.check_can_review(by, agreement)
    refuse_if(
        rules.review_refusals(
            findings=findings, reviewed_on=reviewed_on, next_review_on=next_review_on, on=on
        )
    )
    review = AgreementReview.objects.create(
        agreement=agreement,
        reviewed_on=reviewed_on,
        findings=findings.strip(),
        next_review_on=next_review_on,
        by=by.public_id,
    )
    agreement.review_on = next_review_on
    agreement.save(update_fields=["review_on"])
    audit.record(
        "agreement.reviewed", agreement, by=by, agreement=agreement.code, next_review_on=next_review_on
    )
    return review
