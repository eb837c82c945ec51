"""Actions that agencies have agreed to do in a case, and how they were chased."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.models import InFolder, Sensitivity

from .cases import Case


class ActionStatus(models.TextChoices):
    OPEN = "open", "Open"
    BLOCKED = "blocked", "Blocked"
    DONE = "done", "Done"
    DROPPED = "dropped", "No longer needed"


ACTION_LIFECYCLE = Lifecycle(
    ActionStatus,
    start=ActionStatus.OPEN,
    transitions={
        ActionStatus.OPEN: [ActionStatus.BLOCKED, ActionStatus.DONE, ActionStatus.DROPPED],
        ActionStatus.BLOCKED: [ActionStatus.OPEN, ActionStatus.DONE, ActionStatus.DROPPED],
        ActionStatus.DONE: [ActionStatus.OPEN],
        ActionStatus.DROPPED: [ActionStatus.OPEN],
    },
    owners={
        ActionStatus.OPEN: "The agency that agreed to do it",
        ActionStatus.BLOCKED: "The lead officer, who clears the way or drops it",
        ActionStatus.DONE: "Nobody",
        ActionStatus.DROPPED: "Nobody",
    },
)
OPEN_ACTIONS = (ActionStatus.OPEN, ActionStatus.BLOCKED)


class Action(Record, InFolder):
    """One action. `hub`, `unit` and `sensitivity` are the folder's, copied by a trigger; `owner_unit` is the
    agency's unit that does it, which sees the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="actions")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)
    words = models.TextField(help_text="What is to be done")
    owner_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    status = models.CharField(max_length=8, choices=ActionStatus, default=ActionStatus.OPEN)
    set_on = models.DateField(help_text="The business day")
    set_by = models.CharField(max_length=16, help_text="public_id of the account")
    evidence = models.TextField(blank=True, help_text="What was done, and how one can tell")
    ended_on = models.DateField(null=True, help_text="When it was done or dropped")
    blocked_why = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(default=0, help_text="How far it has been escalated")
    chased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_action"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "id"], name="action_in_folder"),
            models.CheckConstraint(condition=Q(status__in=ActionStatus.values), name="action_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "blocked"], ended_on__isnull=True)
                | Q(status__in=["done", "dropped"], ended_on__isnull=False),
                name="action_ended_on_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "status", "due_on"], name="action_of_case"),
            models.Index(fields=["owner_unit", "status", "due_on"], name="action_of_owner_unit"),
            models.Index(fields=["owner_unit", "hub"], name="action_of_owner_unit_in_hub"),
            models.Index(fields=["owner", "status", "due_on"], name="action_of_owner"),
            models.Index(fields=["hub", "status", "due_on", "id"], name="action_of_hub"),
            models.Index(fields=["due_on", "id"], name="action_by_due"),
            models.Index(
                fields=["due_on", "id"],
                name="action_open_by_due",
                condition=Q(status__in=["open", "blocked"]),
            ),
        ]

    def __str__(self) -> str:
        return f"action {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ACTIONS


class ActionMove(DatedMove, InFolder):
    """One move of an action's status, or of its owner or day, with the reason."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "casework_action_move"
        ordering = ["id"]


class Chase(Record, InFolder):
    """That somebody was reminded of an action, and at which step of the ladder. The mail carries a reference."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="chases")
    level = models.PositiveSmallIntegerField()
    to = models.CharField(max_length=16, help_text="public_id of the account that was told")
    on = models.DateField(help_text="The business day")
    mailed = models.BooleanField(default=True)

    class Meta:
        db_table = "casework_chase"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["action", "level", "to", "on"], name="chase_once_a_day")
        ]


class CalendarFeed(Record):
    """A secret address under which one person's calendar program reads her days: references, nothing more."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    read_at = models.DateTimeField(null=True, help_text="Real time of the last reading")

    class Meta:
        db_table = "casework_calendar_feed"
