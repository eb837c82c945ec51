"""The plan: a strategy of some years, its areas and objectives, and an action plan for each of its years.

None of it is about a person the partnership works with: it is the partnership's own work, read by everybody who works
in it. Areas and objectives come from the pack and go on as rows with dates, since every yearly review may change
them; an action plan is a year's, so two years stand side by side.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, Board, Partnership


class Strategy(Record):
    """A partnership's plan for some years. `code`: its entry in the pack's section `strategy`."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    first_day = models.DateField()
    last_day = models.DateField()
    agreed_on = models.DateField(
        null=True, help_text="The day on which the partnership agreed it; none: being written"
    )
    agreed_where = models.CharField(
        max_length=300, blank=True, help_text="The meeting or session that agreed it"
    )
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_strategy"
        ordering = ["-first_day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="plan_strategy_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_strategy_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InForceQuerySet(models.QuerySet["models.Model"]):
    def in_force_on(self, day: date) -> InForceQuerySet:
        """What stood on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class Area(Record):
    """An area for delivery. What the pack says of it stays with the pack's entry `code`."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="areas")
    code = models.CharField(
        max_length=80, help_text="Code of the section priorities, where it comes from there"
    )
    number = models.PositiveSmallIntegerField(help_text="Its place in the plan")
    name = models.CharField(max_length=200)
    what = models.TextField(help_text="What it is about")
    lead_post = models.CharField(max_length=200)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    led_by = models.ForeignKey(
        Board,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The board or group that steers it",
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="The last day")
    ended_why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    objects = InForceQuerySet.as_manager()

    class Meta:
        db_table = "plan_area"
        ordering = ["number", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "code"], condition=Q(valid_until__isnull=True), name="plan_area_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="plan_area_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | ~Q(ended_why=""), name="plan_area_ended_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaBefore(models.Model):
    """What an area was called and about, who led and who steered it, up to a day: kept when that is changed, so that a
    page or a report of an earlier day says it as it was then."""

    id = models.BigAutoField(primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="before")
    name = models.CharField(max_length=200)
    what = models.TextField()
    lead_post = models.CharField(max_length=200)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    led_by = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="+")
    last_day = models.DateField(help_text="The last day on which it was so")

    class Meta:
        db_table = "plan_area_before"
        ordering = ["last_day"]
        constraints = [models.UniqueConstraint(fields=["area", "last_day"], name="plan_area_before_a_day")]


class Objective(Record):
    """What an area sets out to do, from a day until another. Other words are another row that follows it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(
        max_length=80, help_text="Id within the pack's priority, where it comes from there"
    )
    order = models.PositiveSmallIntegerField(default=1)
    words = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="The last day")
    ended_why = models.TextField(blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    objects = InForceQuerySet.as_manager()

    class Meta:
        db_table = "plan_objective"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code"], condition=Q(valid_until__isnull=True), name="plan_objective_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="plan_objective_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | ~Q(ended_why=""),
                name="plan_objective_ended_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class YearStatus(models.TextChoices):
    DRAFT = "draft", "Being written"
    IN_FORCE = "in_force", "Agreed"
    REVIEWED = "reviewed", "Reviewed"


YEAR_LIFECYCLE = Lifecycle(
    YearStatus,
    start=YearStatus.DRAFT,
    transitions={
        YearStatus.DRAFT: [YearStatus.IN_FORCE],
        YearStatus.IN_FORCE: [YearStatus.REVIEWED],
        # A review that was closed too soon is opened again, with a reason.
        YearStatus.REVIEWED: [YearStatus.IN_FORCE],
    },
    owners={
        YearStatus.DRAFT: "The partnership manager, until the partnership agrees it",
        YearStatus.IN_FORCE: "The lead of each action",
        YearStatus.REVIEWED: "Nobody: the next year goes on from it",
    },
)


class ActionPlan(Record):
    """The action plan of one year of a strategy."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.PROTECT, related_name="years")
    first_day = models.DateField()
    last_day = models.DateField()
    status = models.CharField(max_length=10, choices=YearStatus, default=YearStatus.DRAFT)
    agreed_where = models.CharField(max_length=300, blank=True)
    review_words = models.TextField(blank=True, help_text="What the yearly review found")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_year"
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "first_day"], name="plan_year_once"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_year_dates_in_order"
            ),
            models.CheckConstraint(condition=Q(status__in=YearStatus.values), name="plan_year_status_known"),
        ]


class YearMove(DatedMove):
    """One move of a year's status."""

    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "plan_year_move"
        ordering = ["id"]


class PlanStatus(models.TextChoices):
    """How an action stands. Late is not a status: it is seen from its dates."""

    NOT_STARTED = "not_started", "Not started"
    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


_GOING = [PlanStatus.ON_TRACK, PlanStatus.AT_RISK, PlanStatus.OFF_TRACK, PlanStatus.DONE, PlanStatus.STOPPED]

ACTION_LIFECYCLE = Lifecycle(
    PlanStatus,
    start=PlanStatus.NOT_STARTED,
    transitions={
        PlanStatus.NOT_STARTED: _GOING,
        PlanStatus.ON_TRACK: [one for one in _GOING if one != PlanStatus.ON_TRACK],
        PlanStatus.AT_RISK: [one for one in _GOING if one != PlanStatus.AT_RISK],
        PlanStatus.OFF_TRACK: [one for one in _GOING if one != PlanStatus.OFF_TRACK],
        PlanStatus.DONE: [PlanStatus.ON_TRACK],
        PlanStatus.STOPPED: [PlanStatus.ON_TRACK],
    },
    owners={
        PlanStatus.NOT_STARTED: "Its lead officer",
        PlanStatus.ON_TRACK: "Its lead officer",
        PlanStatus.AT_RISK: "Its lead officer, with the lead of the area",
        PlanStatus.OFF_TRACK: "Its lead officer, with the lead of the area",
        PlanStatus.DONE: "Nobody",
        PlanStatus.STOPPED: "Nobody",
    },
)


class RolledAs(models.TextChoices):
    """What a yearly review decided about an action of the year before."""

    KEEP = "keep", "Keep"
    CHANGE = "change", "Change"
    STOP = "stop", "Stop"


class PlanAction(Record):
    """An action of a year's plan: who does what by when for an objective, and how one will know."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(ActionPlan, on_delete=models.PROTECT, related_name="actions")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="actions")
    number = models.CharField(max_length=12, help_text="Its place: 2.3 is the third action of area 2")
    what = models.TextField()
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    lead_post = models.CharField(max_length=200)
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    partners = models.ManyToManyField(Agency, through="ActionPartner", related_name="+")
    resources = models.TextField(blank=True, help_text="Money, people, rooms; a funding stands by itself")
    starts_on = models.DateField(null=True)
    due_on = models.DateField()
    baseline = models.CharField(
        max_length=300, blank=True, help_text="How things stood, in words or a figure"
    )
    target = models.CharField(max_length=300, blank=True)
    measure = models.CharField(max_length=80, blank=True, help_text="Code of a measure")
    status = models.CharField(max_length=12, choices=PlanStatus, default=PlanStatus.NOT_STARTED)
    evidence = models.TextField(blank=True, help_text="What shows that it is done")
    rolled_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="rolled_to")
    rolled_as = models.CharField(
        max_length=8, choices=RolledAs, blank=True, help_text="What the review decided of it"
    )
    rolled_why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_action"
        ordering = ["plan", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_action_number_once"),
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values), name="plan_action_status_known"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(due_on__gte=F("starts_on")),
                name="plan_action_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | ~Q(evidence=""), name="plan_action_done_with_evidence"
            ),
            models.CheckConstraint(
                condition=Q(rolled_as="") | ~Q(rolled_why=""), name="plan_action_rolled_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "status", "due_on"], name="plan_action_due")]


class ActionPartner(models.Model):
    """An agency that works on an action with its lead."""

    id = models.BigAutoField(primary_key=True)
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "plan_action_partner"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["action", "agency"], name="plan_action_partner_once")]


class PlanActionMove(DatedMove):
    """One move of an action's status."""

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "plan_action_move"
        ordering = ["id"]


class Milestone(Record):
    """A step on the way to an action's end."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="milestones")
    words = models.CharField(max_length=300)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    evidence = models.CharField(max_length=500, blank=True)
    dropped_why = models.CharField(max_length=500, blank=True, help_text="Why it is not wanted any more")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_milestone"
        ordering = ["due_on", "id"]


class ActionUpdate(Record):
    """What a lead said of an action for a quarter, or that she was asked to. Another word on it is another row."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="updates")
    quarter = models.DateField(help_text="First day of the quarter that it tells of")
    asked_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    status = models.CharField(
        max_length=12, choices=PlanStatus, blank=True, help_text="How she said it stood"
    )
    words = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    on = models.DateField(null=True, help_text="The business day on which she said it")
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "plan_action_update"
        ordering = ["quarter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "quarter"],
                condition=Q(replaces__isnull=True),
                name="plan_update_once_a_quarter",
            ),
            models.CheckConstraint(
                condition=Q(on__isnull=True, by="", words="")
                | (Q(on__isnull=False) & ~Q(by="") & ~Q(words="")),
                name="plan_update_said_by_and_on",
            ),
        ]
