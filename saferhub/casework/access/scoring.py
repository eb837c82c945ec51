"""Who may see and write scoring forms, and who may score what.

Forms are no secret: everybody in the partnership reads those in use. Scores lie in the case's folder, or for a
referral in one that is the hub's alone until its case takes it along.
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.http import Http404

from saferhub.casework.models import Assessment, Case, Instrument, InstrumentVersion, Referral, VersionStatus
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.matters import works_in_hub_of

from . import check_can_contribute, check_can_decide


def instruments_visible_to(actor: Actor) -> QuerySet[Instrument]:
    """The forms of the actor's partnership."""
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return Instrument.objects.none()
    return Instrument.objects.filter(partnership=actor.partnership)


def versions_visible_to(actor: Actor) -> QuerySet[InstrumentVersion]:
    """Their published versions, and drafts for whoever writes forms."""
    rows = InstrumentVersion.objects.filter(instrument__in=instruments_visible_to(actor))
    if actor.has(Permission.KEEP_INSTRUMENTS):
        return rows
    return rows.filter(status=VersionStatus.PUBLISHED)


def get_instrument(actor: Actor, public_id: str) -> Instrument:
    """One form. Raises Http404."""
    found = instruments_visible_to(actor).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_version(actor: Actor, public_id: str) -> InstrumentVersion:
    """One version of a form. Raises Http404."""
    found = versions_visible_to(actor).filter(public_id=public_id).select_related("instrument").first()
    if found is None:
        raise Http404
    return found


def get_version_for_update(actor: Actor, public_id: str) -> InstrumentVersion:
    """The same, locked until the transaction ends."""
    found = (
        versions_visible_to(actor)
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .select_related("instrument")
        .first()
    )
    if found is None:
        raise Http404
    return found


def versions_in_use(actor: Actor, on: date) -> list[InstrumentVersion]:
    """For each form the version in force on that day: the latest to begin, the newest where two begin together."""
    rows = (
        InstrumentVersion.objects.filter(
            instrument__in=instruments_visible_to(actor),
            status=VersionStatus.PUBLISHED,
            effective_from__lte=on,
        )
        .select_related("instrument")
        .order_by("instrument__name", "instrument_id", "-effective_from", "-number")
        .distinct("instrument__name", "instrument_id")
    )
    return list(rows)


def version_in_use(actor: Actor, instrument: Instrument, on: date) -> InstrumentVersion | None:
    """The version of one form in force on that day."""
    return next((one for one in versions_in_use(actor, on) if one.instrument_id == instrument.pk), None)


def check_can_keep_instruments(actor: Actor) -> None:
    """Raise NotAllowed unless she writes and publishes the partnership's forms."""
    actor.check(Permission.KEEP_INSTRUMENTS)


def check_can_score_case(actor: Actor, case: Case) -> None:
    """Raise NotAllowed unless she may add to the case."""
    check_can_contribute(actor, case)


def check_can_score_referral(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless she decides referrals for the hub that was asked: the score is part of how it
    decides, and the referrer does not see it."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_can_decide(actor, referral)


def check_can_see_scores(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless she works in the hub that was asked: what it thinks of a referral is its own."""
    if works_in_hub_of(actor, referral.matter):
        return
    raise NotAllowed(
        "hub_only",
        "The hub that was asked scores a referral for itself. Others see the score only in a case that comes of it.",
        conditions=[Condition("You work in the hub that was asked", f"{referral.to_hub.name} was asked")],
    )


def check_can_answer_prompt(actor: Actor, made: Assessment) -> None:
    """Raise NotAllowed unless she works on matters and sees the score by more than an emergency."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_not_only_emergency(actor, made.folder)


def can_keep_instruments(actor: Actor) -> bool:
    return allows(check_can_keep_instruments, actor)


def can_score_case(actor: Actor, case: Case) -> bool:
    return allows(check_can_score_case, actor, case)


def can_score_referral(actor: Actor, referral: Referral) -> bool:
    return allows(check_can_score_referral, actor, referral)
