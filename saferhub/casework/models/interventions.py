"""The register of interventions: which tool or power was used, with what checks, how long, what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import EntryVersion, Hub, Unit
from saferhub.people.models import Person, Place
from saferhub.sharing.models import InFolder, Sensitivity

from .cases import Case


class InterventionStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    IN_PLACE = "in_place", "In place"
    BREACHED = "breached", "Breached, still in place"
    ENDED = "ended", "Ended"


INTERVENTION_LIFECYCLE = Lifecycle(
    InterventionStatus,
    start=InterventionStatus.PLANNED,
    transitions={
        InterventionStatus.PLANNED: [InterventionStatus.IN_PLACE, InterventionStatus.ENDED],
        InterventionStatus.IN_PLACE: [InterventionStatus.BREACHED, InterventionStatus.ENDED],
        InterventionStatus.BREACHED: [InterventionStatus.IN_PLACE, InterventionStatus.ENDED],
        InterventionStatus.ENDED: [],
    },
    owners={
        InterventionStatus.PLANNED: "The agency that is to use it",
        InterventionStatus.IN_PLACE: "The agency that watches it",
        InterventionStatus.BREACHED: "The agency that watches it, and decides what follows",
        InterventionStatus.ENDED: "Nobody",
    },
)


class InterventionClass(models.TextChoices):
    SUPPORT = "support", "Support"
    EARLY = "early", "Early"
    RESTORATIVE = "restorative", "Restorative"
    ENFORCEMENT = "enforcement", "Enforcement"


class Intervention(Record, InFolder):
    """One use of a tool or power (pack section `powers`) in a case.

    `checks`: what the pack asks and how it was answered on the day: code → met, not_met, not_known or
    overridden. `watch_…`: who watches it once the case is closed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="interventions")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)
    power = models.CharField(max_length=80, help_text="Code of the section powers")
    power_version = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=InterventionClass)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    used_by = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", help_text="Whose tool it is"
    )
    words = models.TextField(blank=True, help_text="Terms, conditions, what it is for")
    status = models.CharField(max_length=10, choices=InterventionStatus, default=InterventionStatus.PLANNED)
    starts_on = models.DateField(null=True)
    expires_on = models.DateField(null=True, help_text="Last day, inclusive")
    review_on = models.DateField(null=True)
    prior = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    checks = models.JSONField(default=dict)
    override_reason = models.TextField(blank=True)
    outcome = models.CharField(max_length=80, blank=True, help_text="Code of intervention_outcomes")
    outcome_words = models.TextField(blank=True)
    ended_on = models.DateField(null=True)
    watch_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    watcher = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    watch_review_on = models.DateField(null=True)
    set_by = models.CharField(max_length=16, help_text="public_id of the account")
    set_on = models.DateField(help_text="The business day")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_intervention"
        ordering = ["-set_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "id"], name="intervention_in_folder"),
            models.CheckConstraint(
                condition=Q(status__in=InterventionStatus.values), name="intervention_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ended_on__isnull=False)
                | (~Q(status="ended") & Q(ended_on__isnull=True)),
                name="intervention_ended_on_its_day",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(starts_on__lte=F("expires_on")),
                name="intervention_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "status"], name="intervention_of_case"),
            models.Index(fields=["hub", "status", "expires_on", "id"], name="intervention_of_hub"),
            models.Index(fields=["-set_on", "-id"], name="intervention_newest"),
            models.Index(
                fields=["expires_on", "id"],
                name="intervention_live_expiry",
                condition=Q(status__in=["planned", "in_place", "breached"]),
            ),
            models.Index(fields=["used_by", "status"], name="intervention_of_unit"),
            models.Index(fields=["used_by", "hub"], name="intervention_of_unit_in_hub"),
        ]

    def __str__(self) -> str:
        return f"intervention {self.public_id}"


class InterventionMove(DatedMove, InFolder):
    """One move of an intervention's status."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "casework_intervention_move"
        ordering = ["id"]


class Breach(Record, InFolder):
    """One breach of an intervention: when, what, what followed."""

    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="breaches")
    on = models.DateField(help_text="When it happened")
    words = models.TextField()
    response = models.TextField(blank=True, help_text="What followed")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    recorded_on = models.DateField(help_text="The business day")

    class Meta:
        db_table = "casework_breach"
        ordering = ["on", "id"]
