"""Minutes: a meeting's record in frozen parts, one in each item's folder, and the copies that were made of them.

A copy holds the parts that its recipient may read, in order, numbered for that copy alone.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from saferhub.foundation.models import Record
from saferhub.partnership.models import Partnership, Unit
from saferhub.publication.models import FrozenDocument
from saferhub.sharing.models import InFolder

from .items import Item
from .meetings import Meeting


class MinutesPart(FrozenDocument, InFolder):
    """The minutes of one item, or of the meeting itself (`item` none: title, attendance, standing items)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="+")
    approved_why = models.TextField(
        blank=True, help_text="Why whoever wrote some of it approved it, where nobody else did"
    )
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit of a draft")

    class Meta(FrozenDocument.Meta):
        db_table = "meetings_minutes_part"
        ordering = ["id"]
        constraints = [
            *FrozenDocument.Meta.constraints,
            models.UniqueConstraint(
                fields=["meeting", "item", "number"], nulls_distinct=False, name="minutes_part_once"
            ),
        ]


class Copy(Record):
    """That a recipient was given the minutes, the agenda or her agency's sheet of actions. References only."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="copies")
    kind = models.CharField(max_length=12, help_text="agenda, minutes, actions")
    number = models.CharField(max_length=20, blank=True, help_text="Of the version")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=8, help_text="page, word, pdf, mail")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "meetings_copy"
        ordering = ["-id"]
        indexes = [models.Index(fields=["meeting", "to"], name="copy_of_meeting")]
