"""What leaves: letters and other releases, the check each one passed, and the disclosure it made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency
from saferhub.sharing.models import Agreement, InFolder


class LetterStatus(models.TextChoices):
    DRAFT = "draft", "Being written"
    RELEASED = "released", "Released"
    DROPPED = "dropped", "Dropped"


LETTER_LIFECYCLE = Lifecycle(
    LetterStatus,
    start=LetterStatus.DRAFT,
    transitions={
        LetterStatus.DRAFT: [LetterStatus.RELEASED, LetterStatus.DROPPED],
        LetterStatus.RELEASED: [],
        LetterStatus.DROPPED: [],
    },
    owners={
        LetterStatus.DRAFT: "Whoever writes it, until the release check lets it go",
        LetterStatus.RELEASED: "Nobody: it stays as it left",
        LetterStatus.DROPPED: "Nobody",
    },
)


class Letter(Record, InFolder):
    """A letter in a matter's folder: drafted from a template, checked, then frozen as it left."""

    template = models.CharField(max_length=80, help_text="Code of the section letter_templates")
    template_version = models.BigIntegerField(help_text="Which version of the entry it was drafted from")
    title = models.CharField(max_length=200)
    addressee = models.CharField(max_length=200, help_text="As it stands on the envelope")
    addressee_person = models.CharField(
        max_length=16, blank=True, help_text="public_id of a record in the matter"
    )
    addressee_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.TextField(blank=True)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=LetterStatus, default=LetterStatus.DRAFT)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day it was begun")
    released_at = models.DateTimeField(null=True, help_text="Business time")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "releases_letter"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LetterStatus.values), name="letter_status_known"),
            models.CheckConstraint(
                condition=Q(status="released", released_at__isnull=False)
                | (~Q(status="released") & Q(released_at__isnull=True)),
                name="letter_released_at",
            ),
        ]


class ReleaseCheck(Record, InFolder):
    """One run of the release check: what was looked at, and what was found where."""

    kind = models.CharField(max_length=20, help_text="letter, copy, export, document")
    subject = models.CharField(max_length=60, help_text="public_id or reference of what was to leave")
    passed = models.BooleanField()
    # Which rule, in which field; never the words that were found.
    found = models.JSONField(default=list, help_text="Findings: rule, place, and position")
    set_aside = models.JSONField(
        default=list, help_text="Findings that somebody set aside: rule, place, reason"
    )
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of everything that was checked")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "releases_check"
        ordering = ["-id"]


class Disclosure(Record, InFolder):
    """Something left: what, to whom, on which gateway, under which agreement, why it was necessary."""

    kind = models.CharField(max_length=20, help_text="letter, copy, export, document")
    subject = models.CharField(max_length=60, help_text="public_id or reference of what left")
    title = models.CharField(max_length=200)
    recipient = models.CharField(max_length=200, help_text="To whom, in words")
    recipient_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=80)
    gateway = models.CharField(max_length=80)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    data_items = models.JSONField(default=list, help_text="Codes of the section data_items")
    necessity = models.TextField()
    marking = models.CharField(max_length=40, help_text="As it stands on every sheet")
    checked = models.OneToOneField(ReleaseCheck, on_delete=models.PROTECT, related_name="disclosure")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what left")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    agency = models.CharField(max_length=80, help_text="Code of that account's agency")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "releases_disclosure"
        ordering = ["-id"]
