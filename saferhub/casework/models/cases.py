"""Cases: what a hub has taken on, its goals and risks, its problem-solving record and its links."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value, When
from django.db.models.functions import Least

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.models import Folder, InFolder, Matter, Sensitivity

from .referrals import SubjectKind


class CaseStatus(models.TextChoices):
    ASSESSING = "assessing", "Assessing"
    ACTIVE = "active", "Active"
    MONITORING = "monitoring", "Monitoring"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"


CASE_LIFECYCLE = Lifecycle(
    CaseStatus,
    start=CaseStatus.ASSESSING,
    transitions={
        CaseStatus.ASSESSING: [CaseStatus.ACTIVE, CaseStatus.MONITORING, CaseStatus.CLOSED],
        CaseStatus.ACTIVE: [CaseStatus.MONITORING, CaseStatus.CLOSED],
        CaseStatus.MONITORING: [CaseStatus.ACTIVE, CaseStatus.CLOSED],
        CaseStatus.CLOSED: [CaseStatus.REOPENED],
        CaseStatus.REOPENED: [CaseStatus.ACTIVE, CaseStatus.MONITORING, CaseStatus.CLOSED],
    },
    owners={
        CaseStatus.ASSESSING: "The lead officer, who finds out what the matter is",
        CaseStatus.ACTIVE: "The lead officer and every contributor with an action",
        CaseStatus.MONITORING: "The lead officer, who watches whether it holds",
        CaseStatus.CLOSED: "Nobody, unless a measure is still watched or it is opened again",
        CaseStatus.REOPENED: "The lead officer, who looks at it afresh",
    },
)
OPEN_STATUSES = tuple(status for status in CaseStatus if status != CaseStatus.CLOSED)
_OPEN = [status.value for status in OPEN_STATUSES]


# Codes of bands, the worst first; "" is a case that has not been scored.
WORST_FIRST = ("very_high", "high", "medium", "", "standard", "low")


class Case(Record, InFolder):
    """One case. Its reference, title, purpose and lead officer stand on its matter; `hub`, `unit` and
    `sensitivity` are the folder's, copied by a trigger.

    `band`, `score` and `banded_on` repeat the newest assessment that counts, so that a list can show and sort
    by them; the operations keep them equal.
    """

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)
    referral_folder = models.ForeignKey(
        Folder,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Of the referral it came from",
    )
    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.ASSESSING)
    subject_kind = models.CharField(max_length=12, choices=SubjectKind)
    why = models.TextField(help_text="Why this is a case")
    wanted = models.TextField(blank=True, help_text="What everybody wants to reach")
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    adopted_on = models.DateField()
    band = models.CharField(max_length=40, blank=True)
    score = models.IntegerField(null=True)
    banded_on = models.DateField(null=True)
    review_on = models.DateField(null=True, help_text="By the band, or set by hand")
    contact_due_on = models.DateField(null=True, help_text="Next contact with the victim; none: no victim")
    next_due_on = models.DateField(
        null=True, help_text="The earliest of open actions' days, kept by operations"
    )
    # What lists sort by, worst first. What has not been scored may be anything, so it stands above what is known to
    # be low. Lateness is the earliest day on which something is due.
    risk_rank = models.GeneratedField(
        expression=models.Case(
            *(When(band=band, then=Value(rank)) for rank, band in enumerate(WORST_FIRST)),
            default=Value(WORST_FIRST.index("")),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    first_due_on = models.GeneratedField(
        expression=Least("next_due_on", "review_on", "contact_due_on"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=80, blank=True, help_text="Code of the section closure_outcomes")
    close_reason = models.TextField(blank=True)
    learning = models.TextField(blank=True)
    told = models.TextField(blank=True, help_text="Who was told that it is closed")
    overridden = models.JSONField(default=list, help_text="Codes of the blockers that were overridden")
    override_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_case"
        ordering = ["-adopted_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "id"], name="case_in_folder"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="case_status_known"),
            models.CheckConstraint(
                condition=(Q(status="closed", closed_on__isnull=False) & ~Q(outcome="") & ~Q(close_reason=""))
                | (~Q(status="closed") & Q(closed_on__isnull=True)),
                name="case_closed_with_outcome_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("adopted_on")),
                name="case_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["hub", "-adopted_on", "-id"], name="case_newest_of_hub"),
            models.Index(fields=["-adopted_on", "-id"], name="case_newest"),
            models.Index(fields=["hub", "status", "review_on", "id"], name="case_review_of_hub"),
            models.Index(fields=["review_on", "id"], name="case_by_review"),
            models.Index(fields=["lead_unit", "status"], name="case_of_lead_unit"),
            models.Index(fields=["lead_unit", "hub"], name="case_of_lead_unit_in_hub"),
            # Lists open with what is open, which is the small part of all there has been.
            models.Index(
                fields=["-adopted_on", "-id"], name="case_open_newest", condition=Q(status__in=_OPEN)
            ),
            models.Index(fields=["review_on", "id"], name="case_open_review", condition=Q(status__in=_OPEN)),
            models.Index(fields=["next_due_on", "id"], name="case_open_next", condition=Q(status__in=_OPEN)),
            models.Index(
                fields=["risk_rank", "first_due_on", "id"],
                name="case_open_worst",
                condition=Q(status__in=_OPEN),
            ),
            models.Index(
                fields=["first_due_on", "id"], name="case_open_latest", condition=Q(status__in=_OPEN)
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status != CaseStatus.CLOSED


class CaseMove(DatedMove, InFolder):
    """One move of a case's status."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "casework_case_move"
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "on"], name="case_move_on")]


class CaseReview(Record, InFolder):
    """A look at a case on its day: what was found, and when it is looked at again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField(help_text="The business day")
    words = models.TextField()
    next_on = models.DateField(null=True)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    agency = models.CharField(max_length=80, blank=True, help_text="Code")

    class Meta:
        db_table = "casework_case_review"
        ordering = ["id"]


class GoalStatus(models.TextChoices):
    OPEN = "open", "Working towards it"
    MET = "met", "Reached"
    NOT_MET = "not_met", "Not reached"
    DROPPED = "dropped", "Given up"


GOAL_LIFECYCLE = Lifecycle(
    GoalStatus,
    start=GoalStatus.OPEN,
    transitions={
        GoalStatus.OPEN: [GoalStatus.MET, GoalStatus.NOT_MET, GoalStatus.DROPPED],
        GoalStatus.MET: [GoalStatus.OPEN],
        GoalStatus.NOT_MET: [GoalStatus.OPEN],
        GoalStatus.DROPPED: [GoalStatus.OPEN],
    },
    owners={
        GoalStatus.OPEN: "The lead officer and every contributor",
        GoalStatus.MET: "Nobody",
        GoalStatus.NOT_MET: "Nobody",
        GoalStatus.DROPPED: "Nobody",
    },
)


class Goal(Record, InFolder):
    """What a case is to reach, and how one will know."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="goals")
    words = models.TextField()
    measure = models.TextField(blank=True, help_text="How one will know")
    by_when = models.DateField(null=True)
    status = models.CharField(max_length=8, choices=GoalStatus, default=GoalStatus.OPEN)
    ended_on = models.DateField(null=True)
    ended_why = models.TextField(blank=True)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "casework_goal"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", ended_on__isnull=True)
                | (~Q(status="open") & Q(ended_on__isnull=False)),
                name="goal_ended_on_its_day",
            )
        ]


class Severity(models.TextChoices):
    HIGH = "high", "High"
    MEDIUM = "medium", "Medium"
    LOW = "low", "Low"


class Risk(Record, InFolder):
    """Something that may go wrong in a case, what is done against it, and who answers for that."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="risks")
    words = models.TextField()
    severity = models.CharField(max_length=6, choices=Severity)
    mitigation = models.TextField(blank=True)
    owner_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_why = models.TextField(blank=True)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "casework_risk"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="risk_severity_known"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_why="")
                | (Q(ended_on__isnull=False) & ~Q(ended_why="")),
                name="risk_ended_on_and_why",
            ),
        ]


class Osara(Record, InFolder):
    """The problem-solving record of a case: objective, scanning, analysis, response, assessment."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="osara")
    objective = models.TextField(blank=True)
    scanning = models.TextField(blank=True)
    analysis = models.TextField(blank=True)
    response = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_osara"


class CaseLink(Record):
    """Two cases that belong together, and why. Seen by whoever sees both."""

    partnership = models.ForeignKey("partnership.Partnership", on_delete=models.PROTECT, related_name="+")
    a = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    b = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    a_folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    b_folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    why = models.TextField()
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day")
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=16, blank=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        db_table = "casework_case_link"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="case_link_in_order"),
            models.UniqueConstraint(
                fields=["a_folder", "b_folder"], condition=Q(ended_on__isnull=True), name="case_link_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by="", ended_why="")
                | (Q(ended_on__isnull=False) & ~Q(ended_by="")),
                name="case_link_ended_by_and_on",
            ),
        ]
