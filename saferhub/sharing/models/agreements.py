"""Sharing agreements: who has agreed to share what, for which purposes, on which legal gateway.

An interest rests on an agreement. While the agreement is not in force, or its holder's agency is no
party to it, the interest sleeps; nothing is deleted, and when the agreement comes back so does exactly
that sight.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, EntryVersion, Hub, Partnership


class AgreementStatus(models.TextChoices):
    DRAFT = "draft", "Being written"
    IN_FORCE = "in_force", "In force"
    SUSPENDED = "suspended", "Suspended"
    ENDED = "ended", "Ended"


AGREEMENT_LIFECYCLE = Lifecycle(
    AgreementStatus,
    start=AgreementStatus.DRAFT,
    transitions={
        AgreementStatus.DRAFT: [AgreementStatus.IN_FORCE, AgreementStatus.ENDED],
        AgreementStatus.IN_FORCE: [AgreementStatus.SUSPENDED, AgreementStatus.ENDED],
        AgreementStatus.SUSPENDED: [AgreementStatus.IN_FORCE, AgreementStatus.ENDED],
        AgreementStatus.ENDED: [],
    },
    owners={
        AgreementStatus.DRAFT: "The information governance lead writes it and records the signatures",
        AgreementStatus.IN_FORCE: "Every party keeps to it; the information governance lead reviews it",
        AgreementStatus.SUSPENDED: "The information governance lead decides whether it comes back",
        AgreementStatus.ENDED: "Nobody: it stays to explain what was shared under it",
    },
)


class Standing(StrEnum):
    """How an agreement stands on a day: its status and its dates together."""

    DRAFT = "draft"
    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    ENDED = "ended"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def in_force_on(self, day: date) -> AgreementQuerySet:
        """Those under which anything may be shared on that day; the last day is included."""
        return self.filter(
            Q(last_day__isnull=True) | Q(last_day__gte=day),
            status=AgreementStatus.IN_FORCE,
            first_day__lte=day,
        )

    def binding(self, agency_id: int, day: date) -> AgreementQuerySet:
        """Those in force on that day to which this agency is a party that has signed."""
        party = AgreementParty.objects.filter(
            agreement=models.OuterRef("pk"), agency_id=agency_id
        ).signed_on_day(day)
        return self.in_force_on(day).filter(models.Exists(party))


class Agreement(Record):
    """One agreement. What it carries is fixed once it is in force; a change is a new agreement that
    replaces this one."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agreements")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    purposes = models.JSONField(default=list, help_text="Codes of the section purposes")
    gateways = models.JSONField(default=list, help_text="Codes of the section gateways")
    lawful_bases = models.JSONField(default=list, help_text="Codes of the section lawful_bases")
    data_items = models.JSONField(default=list, help_text="Codes of the section data_items")
    necessity = models.TextField(blank=True, help_text="Why it is needed and no less would do")
    security = models.TextField(blank=True)
    retention = models.TextField(blank=True)
    rights = models.TextField(blank=True, help_text="How people's rights are answered")
    breach = models.TextField(blank=True, help_text="What happens after a breach")
    every_hub = models.BooleanField(default=False, help_text="It covers every hub, those made later too")
    opens_hubs = models.BooleanField(
        default=False, help_text="Whoever of a party works in such a hub sees what that hub works on"
    )
    hubs = models.ManyToManyField(Hub, through="AgreementHub", related_name="+")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True, help_text="Inclusive; none: until further notice")
    review_on = models.DateField(null=True)
    status = models.CharField(max_length=12, choices=AgreementStatus, default=AgreementStatus.DRAFT)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    from_pack = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        db_table = "sharing_agreement"
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="agreement_once"),
            models.CheckConstraint(
                condition=Q(status__in=AgreementStatus.values), name="agreement_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=AgreementStatus.DRAFT)
                | Q(status=AgreementStatus.ENDED)
                | Q(first_day__isnull=False),
                name="agreement_in_force_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(first_day__lte=F("last_day")),
                name="agreement_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def standing(self, day: date) -> Standing:
        """How it stands on `day`. An agreement past its last day has expired, whatever its status says."""
        if self.status == AgreementStatus.ENDED:
            return Standing.ENDED
        if self.status == AgreementStatus.DRAFT:
            return Standing.DRAFT
        if self.last_day is not None and self.last_day < day:
            return Standing.EXPIRED
        if self.status == AgreementStatus.SUSPENDED:
            return Standing.SUSPENDED
        return Standing.NOT_YET if self.first_day is None or self.first_day > day else Standing.IN_FORCE


class AgreementHub(models.Model):
    """A hub that an agreement covers."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="hub_rows")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "sharing_agreement_hub"
        constraints = [models.UniqueConstraint(fields=["agreement", "hub"], name="agreement_hub_once")]


class AgreementPartyQuerySet(models.QuerySet["AgreementParty"]):
    def signed_on_day(self, day: date) -> AgreementPartyQuerySet:
        """Those bound on that day: signed by then, and not withdrawn."""
        return self.filter(
            Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day),
            signed_on__isnull=False,
            signed_on__lte=day,
        )


class AgreementParty(Record):
    """An agency that is to sign, has signed, or has withdrawn. Signatures name a post."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="parties")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    signed_post = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True, help_text="First day on which it is bound no more")
    withdrawn_reason = models.TextField(blank=True)

    objects = AgreementPartyQuerySet.as_manager()

    class Meta:
        db_table = "sharing_agreement_party"
        ordering = ["agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="agreement_party_once"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, signed_post="")
                | (Q(signed_on__isnull=False) & ~Q(signed_post="")),
                name="agreement_party_signed_by_and_on",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False, signed_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="agreement_party_withdrawn_on_and_why",
            ),
        ]


class AgreementMove(DatedMove):
    """One move of an agreement's status."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "sharing_agreement_move"
        ordering = ["id"]


class AgreementReview(Record):
    """One review of an agreement: what was found and when it is looked at again."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    findings = models.TextField()
    next_review_on = models.DateField()
    by = models.CharField(max_length=16, help_text="public_id of the account")

    class Meta:
        db_table = "sharing_agreement_review"
        ordering = ["-reviewed_on", "-id"]
