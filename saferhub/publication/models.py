"""Frozen versions of documents. The rows live in the app that owns the kind of document: what is here is abstract."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.foundation.statuses import Lifecycle

from .model import Document
from .stored import content_hash, from_json


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Replaced"
    WITHDRAWN = "withdrawn", "Withdrawn"


VERSION_LIFECYCLE = Lifecycle(
    VersionStatus,
    start=VersionStatus.DRAFT,
    transitions={
        VersionStatus.DRAFT: [VersionStatus.APPROVED, VersionStatus.WITHDRAWN],
        VersionStatus.APPROVED: [VersionStatus.DRAFT, VersionStatus.PUBLISHED],
        VersionStatus.PUBLISHED: [VersionStatus.SUPERSEDED, VersionStatus.WITHDRAWN],
        VersionStatus.SUPERSEDED: [VersionStatus.WITHDRAWN],
        VersionStatus.WITHDRAWN: [],
    },
    owners={
        VersionStatus.DRAFT: "Whoever writes it",
        VersionStatus.APPROVED: "Whoever publishes it, or sends it back",
        VersionStatus.PUBLISHED: "Whoever publishes, to correct or to withdraw it",
        VersionStatus.SUPERSEDED: "Nobody, unless it has to be withdrawn: it stays as it was read",
        VersionStatus.WITHDRAWN: "Nobody",
    },
)

# What stands on a drawn version that is not the one in force.
NOTICES = {
    VersionStatus.DRAFT: "Draft, not approved",
    VersionStatus.APPROVED: "Approved, not published",
    VersionStatus.PUBLISHED: "",
    VersionStatus.SUPERSEDED: "Replaced by a newer version",
    VersionStatus.WITHDRAWN: "Withdrawn",
}


def _pair(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}_by": "", f"{name}_at__isnull": True})
        | (~Q(**{f"{name}_by": ""}) & Q(**{f"{name}_at__isnull": False})),
        name=f"%(class)s_{name}_pair",
    )


class FrozenDocument(Record):
    """One version of a document: its content as one text, the hash of that text, and where its figures came from.

    A model that builds on it inherits `Meta` too (`class Meta(FrozenDocument.Meta)`), lays the trigger on its table
    with `frozen.freeze` in a migration, and is written by `operations.versions` alone.
    """

    number = models.CharField(max_length=20, help_text="Of the version, such as 1.0")
    content = models.TextField(help_text="The document as its one text (publication.stored)")
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of the content")
    figures = models.JSONField(default=dict, help_text="Provenance by the key of a cited figure")
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    made_by = models.CharField(max_length=16, help_text="public_id of the account")
    made_at = models.DateTimeField(help_text="Business time")
    approved_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    approved_at = models.DateTimeField(null=True, help_text="Business time")
    published_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    published_at = models.DateTimeField(null=True, help_text="Business time")
    correction = models.TextField(blank=True, help_text="What was wrong and what is right, in words")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=VersionStatus.values), name="%(class)s_version_status_known"
            ),
            _pair("approved"),
            _pair("published"),
            # Published, or once published: it has been approved, and it has been read.
            models.CheckConstraint(
                condition=~Q(status__in=["published", "superseded"])
                | Q(approved_at__isnull=False, published_at__isnull=False),
                name="%(class)s_published_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(correction="", corrects__isnull=True)
                | (~Q(correction="") & Q(corrects__isnull=False)),
                name="%(class)s_correction_names_what",
            ),
        ]

    def document(self) -> Document:
        """The version's document as it was written. Raises NotADocument."""
        return from_json(self.content)

    def as_it_stands(self) -> Document:
        """The document with a notice of what it is now, where it is not the version in force."""
        found = self.document()
        notice = NOTICES[VersionStatus(self.status)]
        return replace(found, status=notice) if notice else found

    def is_whole(self) -> bool:
        """Whether the content is what was hashed."""
        return content_hash(self.content) == self.content_hash
