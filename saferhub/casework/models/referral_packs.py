"""Packs: a referral as it was given to somebody who has to work on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from saferhub.partnership.models import Agency
from saferhub.publication.models import FrozenDocument
from saferhub.releases.models import Disclosure
from saferhub.sharing.models import Agreement, InFolder

from .referrals import Referral


class ReferralPack(FrozenDocument, InFolder):
    """One pack of a referral, for one recipient. It lies in the hub's own folder beside the referral, for it may hold
    what the hub thinks of it. Once it is released it stays as it left; `disclosure` says that it did."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(
        default=list, help_text="Codes of the parts that it holds (rules.referral_packs)"
    )
    recipient = models.CharField(max_length=200, help_text="To whom, in words")
    recipient_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=80, help_text="Code of the section purposes")
    gateway = models.CharField(max_length=80, help_text="Code of the section gateways")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    data_items = models.JSONField(default=list, help_text="Codes of the section data_items")
    necessity = models.TextField()
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(FrozenDocument.Meta):
        db_table = "casework_referral_pack"
        ordering = ["-id"]
        constraints = [
            *FrozenDocument.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status__in=["published", "superseded"]) | Q(disclosure__isnull=False),
                name="referral_pack_left_by_a_disclosure",
            ),
        ]
        indexes = [models.Index(fields=["referral", "-id"], name="pack_of_referral")]

    def __str__(self) -> str:
        return f"pack {self.public_id}"
