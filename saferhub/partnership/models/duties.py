"""The statutory calendar: what the law asked, from whom, by when, and what shows that it was done.

An occurrence points at the version of the pack's entry it was planned from, and of its clock, so that an
old date can still be explained after the rule has changed. Whether it is late is computed from its dates
and never stored.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.rules.duties import period_in_words

from .organisations import Agency
from .packs import Entry, EntryVersion, Partnership


class DutyStatus(models.TextChoices):
    DUE = "due", "Due"
    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed"
    WITHDRAWN = "withdrawn", "Withdrawn"


DUTY_LIFECYCLE = Lifecycle(
    DutyStatus,
    start=DutyStatus.DUE,
    transitions={
        DutyStatus.DUE: [DutyStatus.DONE, DutyStatus.NOT_NEEDED, DutyStatus.WITHDRAWN],
        DutyStatus.DONE: [DutyStatus.DUE],
        DutyStatus.NOT_NEEDED: [DutyStatus.DUE],
        # Withdrawn by the calendar itself: the act it was counted from was taken back, or the rules no
        # longer ask for it. Only planning brings it back.
        DutyStatus.WITHDRAWN: [DutyStatus.DUE],
    },
    owners={
        DutyStatus.DUE: "Its holder; the partnership manager records it",
        DutyStatus.DONE: "Nobody; the partnership manager may take it back with a reason",
        DutyStatus.NOT_NEEDED: "Nobody; the partnership manager may take it back with a reason",
        DutyStatus.WITHDRAWN: "The calendar",
    },
)


class DutyOccurrenceQuerySet(models.QuerySet["DutyOccurrence"]):
    def late_on(self, day: date) -> DutyOccurrenceQuerySet:
        """Still due, and the last day is past."""
        return self.filter(status=DutyStatus.DUE, due_on__lt=day)

    def waiting(self) -> DutyOccurrenceQuerySet:
        """Still due, whatever the date."""
        return self.filter(status=DutyStatus.DUE)


class DutyOccurrence(Record):
    """One time that a duty is to be done: a quarter's data of one agency, this year's public meeting."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(
        EntryVersion, on_delete=models.PROTECT, related_name="+", help_text="The rule as it was when planned"
    )
    clock_version = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: the partnership itself",
    )
    title = models.TextField()
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    started_on = models.DateField(help_text="The day from which its time is counted")
    started_at = models.DateTimeField(null=True, help_text="The moment, for a clock of hours")
    started_because = models.CharField(max_length=500, blank=True, help_text="The event that started it")
    due_on = models.DateField(null=True, help_text="None while its clock is held without an end")
    due_at = models.DateTimeField(null=True, help_text="The moment, for a clock of hours")
    due_steps = models.JSONField(default=list, help_text="Sentences that explain the date")
    status = models.CharField(max_length=12, choices=DutyStatus, default=DutyStatus.DUE)
    done_on = models.DateField(null=True)
    evidence = models.TextField(blank=True)
    evidence_reference = models.CharField(max_length=300, blank=True)
    responsible_post = models.CharField(max_length=200, blank=True)
    edition = models.PositiveIntegerField(
        default=1, help_text="Rises with each change, to notice two at once"
    )

    objects = DutyOccurrenceQuerySet.as_manager()

    class Meta:
        db_table = "partnership_duty_occurrence"
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["partnership", "status", "due_on"], name="duty_by_due_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "entry", "holder", "period_start", "started_on", "started_because"],
                nulls_distinct=False,
                name="duty_planned_once",
            ),
            models.CheckConstraint(condition=Q(status__in=DutyStatus.values), name="duty_status"),
            models.CheckConstraint(
                condition=(Q(status=DutyStatus.DONE, done_on__isnull=False) & ~Q(evidence=""))
                | (~Q(status=DutyStatus.DONE) & Q(done_on__isnull=True, evidence="", evidence_reference="")),
                name="duty_done_with_evidence",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                name="duty_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("started_on")),
                name="duty_not_done_before_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> str:
        """The period in words, or nothing."""
        return period_in_words(self.period_start, self.period_end)

    @property
    def is_open(self) -> bool:
        return self.status == DutyStatus.DUE

    @property
    def is_done(self) -> bool:
        return self.status == DutyStatus.DONE

    @property
    def is_held(self) -> bool:
        """Whether its clock is held with no end in sight."""
        return self.is_open and self.due_on is None

    def is_late_on(self, day: date) -> bool:
        """Whether it was still to be done when its last day was past, seen on `day`."""
        if self.due_on is None:
            return False
        if self.is_open:
            return self.due_on < day
        return self.done_on is not None and self.done_on > self.due_on


class DutyMove(DatedMove):
    """A dated move of one occurrence. A move to done carries the evidence, which a take-back removes."""

    occurrence = models.ForeignKey(DutyOccurrence, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "partnership_duty_move"
        ordering = ["at", "id"]


class DutyPause(models.Model):
    """Days on which an occurrence's clock does not run: from the first, up to and not including the last."""

    id = models.BigAutoField(primary_key=True)
    occurrence = models.ForeignKey(DutyOccurrence, on_delete=models.PROTECT, related_name="pauses")
    from_on = models.DateField()
    until_on = models.DateField(null=True, help_text="The day it runs again; none: still held")
    reason = models.TextField()
    by = models.CharField(max_length=16, help_text="public_id of the account")
    at = models.DateTimeField(auto_now_add=True)
    ended_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "partnership_duty_pause"
        ordering = ["from_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["occurrence"], condition=Q(until_on__isnull=True), name="duty_pause_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="duty_pause_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="duty_pause_has_reason"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True, ended_at__isnull=True, ended_by="")
                | (Q(until_on__isnull=False, ended_at__isnull=False) & ~Q(ended_by="")),
                name="duty_pause_ended_by_and_at",
            ),
        ]
