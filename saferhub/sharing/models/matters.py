"""The plain matter: something that partners work on together, with a folder of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Partnership, Unit

from .folders import Folder, InFolder, Sensitivity


class MatterStatus(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


MATTER_LIFECYCLE = Lifecycle(
    MatterStatus,
    start=MatterStatus.OPEN,
    transitions={MatterStatus.OPEN: [MatterStatus.CLOSED], MatterStatus.CLOSED: [MatterStatus.OPEN]},
    owners={
        MatterStatus.OPEN: "The hub that works on it, or the unit whose it is",
        MatterStatus.CLOSED: "Nobody, unless it is opened again",
    },
)


class Matter(Record):
    """A matter. Later kinds (referral, case, concern) build on its folder, reference and list.

    `hub`, `unit` and `sensitivity` are the folder's, copied by a trigger so that a list of many
    matters can be read without looking into each folder.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    folder = models.OneToOneField(Folder, on_delete=models.PROTECT, related_name="matter")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)
    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=40, default="matter")
    title = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    purpose = models.CharField(max_length=80, help_text="Code of the section purposes")
    status = models.CharField(max_length=10, choices=MatterStatus, default=MatterStatus.OPEN)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    opened_by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "sharing_matter"
        ordering = ["-opened_on", "-id"]
        constraints = [
            # Later kinds refer to both, so that none can hang on a matter of another folder.
            models.UniqueConstraint(fields=["folder", "id"], name="matter_in_folder"),
            models.CheckConstraint(condition=Q(status__in=MatterStatus.values), name="matter_status_known"),
            models.CheckConstraint(
                condition=Q(status="open", closed_on__isnull=True)
                | Q(status="closed", closed_on__isnull=False, closed_on__gte=models.F("opened_on")),
                name="matter_closed_on_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["hub", "-opened_on", "-id"], name="matter_newest_of_hub"),
            models.Index(fields=["-opened_on", "-id"], name="matter_newest"),
            models.Index(fields=["unit", "-opened_on", "-id"], name="matter_newest_of_unit"),
            models.Index(fields=["title", "id"], name="matter_by_title"),
        ]

    def __str__(self) -> str:
        return self.reference


class MatterMove(DatedMove, InFolder):
    """One move of a matter's status."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "sharing_matter_move"
        ordering = ["id"]


class Handover(Record, InFolder):
    """A matter went from one hub or unit to another, and every agency's sight was decided again."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="handovers")
    from_hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    to_hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day")
    kept = models.JSONField(default=list, help_text="public_ids of the interests that were kept")
    ended = models.JSONField(default=list, help_text="public_ids of the interests that were ended")

    class Meta:
        db_table = "sharing_handover"
        ordering = ["id"]
