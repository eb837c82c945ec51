"""A unit's own referrals, and what waits in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from saferhub.casework.access import referrals_visible_to
from saferhub.casework.models import DECIDED, Referral, ReferralStatus
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.sight import sight_of

DRAFT_DAYS = 1
TOLD_DAYS = 7
MOST_WORK = 25
KIND, KIND_WORDS = "referral", "Referrals"


def own(actor: Actor) -> QuerySet[Referral]:
    """The referrals of her unit."""
    units = [holder for holder in sight_of(actor).holders if holder > 0]
    return referrals_visible_to(actor).filter(unit__in=units).select_related("matter", "to_hub", "written_by")


def mine(actor: Actor) -> QuerySet[Referral]:
    """Her unit's referrals, drafts and questions first, then by the day they were sent."""
    return own(actor).order_by(_first(), F("sent_on").desc(nulls_first=True), "-id")


def _first() -> Case:
    return Case(
        When(status=ReferralStatus.ASKED, then=Value(0)),
        When(status=ReferralStatus.DRAFT, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Questions asked of her unit, her drafts older than a day, and for a week what hubs decided about her unit's
    referrals. Of each the first twenty-five. One query."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    since = actor.on - timedelta(days=TOLD_DAYS)
    asked = Q(status=ReferralStatus.ASKED)
    drafts = Q(
        status=ReferralStatus.DRAFT,
        written_by=actor.user,
        matter__opened_on__lte=actor.on - timedelta(days=DRAFT_DAYS),
    )
    decided = Q(status__in=DECIDED, decided_on__gte=since)
    found = list(
        own(actor).filter(asked | drafts | decided).order_by(_first(), "sent_on", "id")[: 3 * MOST_WORK]
    )
    waiting = [one for one in found if one.status == ReferralStatus.ASKED]
    for one in waiting[:MOST_WORK]:
        yield _item(
            one,
            f"{one.to_hub.name} needs to know more before it decides",
            "Answer",
            "referral-answer",
            rank=2,
        )
    written = [one for one in found if one.status == ReferralStatus.DRAFT]
    for one in sorted(written, key=lambda one: one.pk)[:MOST_WORK]:
        yield _item(one, f"Your draft for {one.to_hub.name} has not been sent", "Go on", "referral", rank=7)
    told = [one for one in found if one.status in DECIDED]
    for one in sorted(told, key=lambda one: (one.decided_on or actor.on, one.pk), reverse=True)[:MOST_WORK]:
        yield _item(one, str(ReferralStatus(one.status).label), "Read", "referral", rank=8)


def _item(one: Referral, why: str, step: str, step_name: str, *, rank: int) -> WorkItem:
    matter_id = one.matter.public_id
    return WorkItem(
        KIND,
        KIND_WORDS,
        one.matter.title,
        reverse("referral", args=[matter_id]),
        why,
        None,
        step,
        reverse(step_name, args=[matter_id]),
        reference=one.matter.reference,
        rank=rank,
    )
