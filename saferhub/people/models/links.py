"""Link decisions: these two records are the same person, or are not.

Nothing is merged. Which records stand for one person is worked out from the decisions that stand, and
only from those whose two records a reader may see, so that undoing one leaves no trace but itself.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record
from saferhub.partnership.models import Partnership
from saferhub.sharing.models import Folder

from .persons import Person


class Verdict(models.TextChoices):
    SAME = "same", "The same person"
    NOT_SAME = "not_same", "Not the same person"


class LinkDecision(Record):
    """One decision on one pair, the lower number first. It lies in two folders: only who may see both
    records may see it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    a = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    a_folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    b_folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.TextField(help_text="The evidence, in words")
    evidence = models.JSONField(
        default=list, help_text="Codes of what agreed or differed when it was decided"
    )
    model_version = models.CharField(
        max_length=40, blank=True, help_text="Of the model that suggested it; blank: a person found it"
    )
    by = models.CharField(max_length=16, help_text="public_id of the account")
    agency = models.CharField(max_length=80, help_text="Code of that account's agency")
    on = models.DateField(help_text="The business day")
    undone_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    undone_on = models.DateField(null=True, help_text="The business day")
    undone_at = models.DateTimeField(null=True, help_text="Real time")
    undo_reason = models.TextField(blank=True)

    class Meta:
        db_table = "people_link_decision"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="link_lower_first"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="link_verdict_known"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_on__isnull=True, undone_by="", undo_reason="")
                | (
                    Q(undone_at__isnull=False, undone_on__isnull=False)
                    & ~Q(undone_by="")
                    & ~Q(undo_reason="")
                ),
                name="link_undone_by_at_and_why",
            ),
            models.UniqueConstraint(
                fields=["a", "b"], condition=Q(undone_at__isnull=True), name="link_one_standing_for_a_pair"
            ),
        ]
        indexes = [models.Index(fields=["b", "a"], name="link_by_second")]
