"""Folders, interests and enclosures: what decides who may see a protected row.

Every protected row lies in exactly one folder. A referral, a case, a record of a person or of a place, a
request has a folder each; notes and other parts carry the folder of what they belong to. Interests point
at folders, so that one rule, in Python and once more in the database, serves every kind of record.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from saferhub.foundation.models import Record
from saferhub.partnership.models import Hub, Partnership, Unit


class Sensitivity(models.IntegerChoices):
    """How narrowly a folder is held. Restricted and vault need an interest in somebody's own name."""

    NORMAL = 0, "Normal"
    RESTRICTED = 1, "Restricted"
    VAULT = 2, "Vault"


class Folder(Record):
    """The protected unit. `unit` is whose folder it is; `hub` the hub that works on it, if any."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="What it holds: matter, person, place, request …")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)

    class Meta:
        db_table = "sharing_folder"
        constraints = [
            models.CheckConstraint(condition=Q(sensitivity__in=[0, 1, 2]), name="folder_sensitivity_known"),
            # Referred to by every protected table, so that a row cannot name one partnership and lie in another.
            models.UniqueConstraint(fields=["partnership", "id"], name="folder_in_partnership"),
        ]
        indexes = [
            models.Index(fields=["id"], include=["hub", "unit", "sensitivity"], name="folder_sight"),
            models.Index(fields=["unit", "kind"], name="folder_of_unit"),
            models.Index(fields=["hub", "kind"], name="folder_of_hub"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class InFolder(models.Model):
    """A row that lies in a folder. The database holds its partnership to its folder's."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Because(models.TextChoices):
    """What gave rise to an interest."""

    CONTRIBUTES = "contributes", "Works on it with the hub"
    LEADS = "leads", "Leads it"
    REFERRED = "referred", "Referred it"
    REQUEST = "request", "Asked to see it and was given sight"
    NAMED = "named", "Named, because it is restricted"
    MEETS = "meets", "Sits in the meeting that speaks of it"
    HANDED_OVER = "handed_over", "Handed it over"
    EMERGENCY = "emergency", "Opened it in an emergency"


class Interest(Record):
    """One unit, or one named person, may see one folder: for this purpose, on this gateway, under this
    agreement, from and until, because.

    Only an interest in somebody's own name may rest on no agreement: an emergency, or an agency's own
    people on its own restricted record.
    """

    # Its own indexes below begin with it; a second, narrower one would only lead the planner to the rows.
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="interests", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # A unit's number, or a person's below zero: one index answers for both.
    holder = models.GeneratedField(
        expression=Coalesce(models.F("unit_id"), -models.F("user_id")),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    sensitivity = models.SmallIntegerField(
        choices=Sensitivity, default=Sensitivity.NORMAL, help_text="The most sensitive folder it opens"
    )
    purpose = models.CharField(max_length=80)
    gateway = models.CharField(max_length=80, blank=True)
    agreement = models.ForeignKey(
        "sharing.Agreement", on_delete=models.PROTECT, null=True, related_name="interests"
    )
    because = models.CharField(max_length=20, choices=Because)
    valid_from = models.DateTimeField(help_text="Business time")
    valid_until = models.DateTimeField(null=True, help_text="Business time; none: open")
    given_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    ended_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    ended_at = models.DateTimeField(null=True, help_text="Real time")
    end_reason = models.TextField(blank=True)

    class Meta:
        db_table = "sharing_interest"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, user__isnull=False) | Q(unit__isnull=False, user__isnull=True),
                name="interest_of_a_unit_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(sensitivity=0) | Q(user__isnull=False), name="interest_restricted_is_named"
            ),
            models.CheckConstraint(
                condition=Q(agreement__isnull=False) | Q(user__isnull=False),
                name="interest_of_a_unit_rests_on_an_agreement",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="interest_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="", end_reason="")
                | (Q(ended_at__isnull=False, valid_until__isnull=False) & ~Q(ended_by="")),
                name="interest_ended_by_and_at",
            ),
            # A double click gives no second interest. It leads with the folder, so a clash tells nothing
            # to somebody who does not see that folder.
            models.UniqueConstraint(
                fields=["folder", "holder", "purpose", "agreement"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="interest_open_once",
            ),
        ]
        indexes = [
            # The holder is included and no key: as a key, the planner expects to look up each of the reader's
            # units in turn, and reads the rows themselves instead.
            models.Index(
                fields=["folder"],
                include=["holder", "sensitivity", "agreement", "valid_from", "valid_until"],
                name="interest_by_folder",
            ),
            models.Index(
                fields=["holder", "folder"],
                include=["sensitivity", "agreement", "valid_from", "valid_until"],
                name="interest_by_holder",
            ),
            models.Index(fields=["agreement", "folder"], name="interest_by_agreement"),
        ]

    def __str__(self) -> str:
        return f"interest {self.public_id}"


class Enclosure(Record):
    """The record of a person or place lies in a matter it was given for. One level, no further."""

    inner = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+", db_index=False)
    outer = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    ended_at = models.DateTimeField(null=True, help_text="Real time")
    ended_by = models.CharField(max_length=16, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        db_table = "sharing_enclosure"
        constraints = [
            models.CheckConstraint(condition=~Q(inner=models.F("outer")), name="enclosure_not_in_itself"),
            models.UniqueConstraint(
                fields=["inner", "outer"], condition=Q(ended_at__isnull=True), name="enclosure_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="", end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="enclosure_ended_by_and_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["inner", "outer"], condition=Q(ended_at__isnull=True), name="enclosure_inner"
            ),
            models.Index(
                fields=["outer", "inner"], condition=Q(ended_at__isnull=True), name="enclosure_outer"
            ),
        ]


class Revision(InFolder):
    """What an edit left: every field after it. In the folder of what was edited, so that disposal can
    erase it; the audit beside it holds no values.

    `outer` is the second folder that was asked of what was edited, where there is one: history is seen by whoever
    sees what it is the history of, and by nobody else.
    """

    id = models.BigAutoField(primary_key=True)
    outer = models.ForeignKey(Folder, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40, help_text="What was edited: sharing.matter, people.person …")
    subject = models.CharField(max_length=16, help_text="public_id of what was edited")
    number = models.PositiveIntegerField(help_text="The version that this edit made; 1 is the first")
    values = models.JSONField()
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    agency = models.CharField(max_length=80, blank=True, help_text="Code of that account's agency")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "sharing_revision"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "kind", "subject", "number"], name="revision_once"),
            models.CheckConstraint(
                condition=Q(outer__isnull=True) | ~Q(outer=models.F("folder")),
                name="revision_outer_is_another",
            ),
        ]
