"""Reports: what is put together, by whom it is approved, how it stood when it was published, what members resolved.

The author's words hold marks such as [adopted]; a mark stands for a figure that a section's source gives, so nobody
types a figure. What is frozen is a document (publication) with each figure's provenance: its measure, definition,
rows counted and their hash, by which a later change of the rows is noticed and alters nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Partnership
from saferhub.publication.models import FrozenDocument

from .committees import Committee, Sitting


class ReportKind(models.TextChoices):
    SCRUTINY = "scrutiny_report", "Report to a scrutiny committee"
    PLAN = "partnership_plan", "Partnership plan"
    REVIEW = "annual_review", "Annual review"


class ReportStatus(models.TextChoices):
    WRITING = "writing", "Being written"
    APPROVING = "approving", "Waiting for approval"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DROPPED = "dropped", "Dropped"


REPORT_LIFECYCLE = Lifecycle(
    ReportStatus,
    start=ReportStatus.WRITING,
    transitions={
        # A correction that is given up leaves what was published as it was; what is withdrawn is so at any time.
        ReportStatus.WRITING: [
            ReportStatus.APPROVING,
            ReportStatus.PUBLISHED,
            ReportStatus.WITHDRAWN,
            ReportStatus.DROPPED,
        ],
        ReportStatus.APPROVING: [ReportStatus.WRITING, ReportStatus.PUBLISHED, ReportStatus.WITHDRAWN],
        # A correction is another version, with a notice.
        ReportStatus.PUBLISHED: [ReportStatus.WRITING, ReportStatus.WITHDRAWN],
        # It is written anew, as another version.
        ReportStatus.WITHDRAWN: [ReportStatus.WRITING],
        ReportStatus.DROPPED: [],
    },
    owners={
        ReportStatus.WRITING: "Its author",
        ReportStatus.APPROVING: "The two who approve it",
        ReportStatus.PUBLISHED: "Nobody",
        ReportStatus.WITHDRAWN: "Nobody, unless it is written anew",
        ReportStatus.DROPPED: "Nobody",
    },
)


class Report(Record):
    """A report on the way from an outline to a published version."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ReportKind)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, null=True, related_name="reports")
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="reports")
    title = models.CharField(max_length=300)
    as_of = models.DateField(help_text="The day up to which figures and facts are told")
    outline = models.CharField(max_length=80, help_text="Code of the section report_outlines")
    outline_day = models.DateField(help_text="The outline as it was on this day")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    author_post = models.CharField(max_length=200)
    due_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.WRITING)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_report"
        ordering = ["-as_of", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="report_status_known"),
            models.CheckConstraint(
                condition=~Q(kind="scrutiny_report") | Q(committee__isnull=False),
                name="report_to_a_committee",
            ),
        ]


class ReportMove(DatedMove):
    """One move of a report's status."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "reporting_report_move"
        ordering = ["id"]


class ReportSection(Record):
    """A section of a report while it is written: where its content comes from, and the author's own words."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=80, help_text="Within the outline, or own_1 …")
    provider = models.CharField(
        max_length=80, blank=True, help_text="What fills it; blank: the author's words alone"
    )
    priority = models.CharField(
        max_length=80, blank=True, help_text="Code of the area of the plan it tells of"
    )
    order = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=200)
    words = models.TextField(
        blank=True, help_text="Paragraphs, with marks for figures, in place of the proposed ones"
    )
    is_own_words = models.BooleanField(
        default=False, help_text="The author has written in place of what was proposed"
    )
    is_left_out = models.BooleanField(default=False)
    left_out_why = models.CharField(max_length=300, blank=True)
    is_exempt = models.BooleanField(default=False, help_text="For members alone, not for the public")
    exempt_why = models.CharField(max_length=500, blank=True, help_text="The ground on which it is exempt")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_section"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="report_section_once"),
            models.CheckConstraint(
                condition=Q(is_exempt=False) | ~Q(exempt_why=""), name="exempt_section_says_why"
            ),
            models.CheckConstraint(
                condition=Q(is_left_out=False) | ~Q(left_out_why=""), name="section_left_out_says_why"
            ),
        ]


class Audience(models.TextChoices):
    PUBLIC = "public", "Public"
    MEMBERS = "members", "Members, with exempt parts"


class ReportVersion(FrozenDocument):
    """A version of a report for one audience, frozen with its figures. Both audiences share the number."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.PUBLIC)

    class Meta(FrozenDocument.Meta):
        db_table = "reporting_report_version"
        ordering = ["report", "id"]
        constraints = [
            *FrozenDocument.Meta.constraints,
            models.UniqueConstraint(fields=["report", "number", "audience"], name="report_version_once"),
        ]


class Approval(Record):
    """That somebody approved a report, having read the version whose hashes stand here. Two different people do."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="approvals")
    number = models.CharField(max_length=20, help_text="Of the version")
    hashes = models.TextField(help_text="Of each audience's version, as they were read")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=200)
    on = models.DateField()
    saw_all = models.BooleanField(
        default=False, help_text="Sees every hub's work, so the check looked among all of it"
    )
    taken_back_on = models.DateField(null=True)
    taken_back_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "reporting_approval"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number", "by"],
                condition=Q(taken_back_on__isnull=True),
                name="approved_once_by_each",
            )
        ]


class Resolution(Record):
    """A recommendation that a report made or that members made of it, what they resolved, and the written answer."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="resolutions")
    number = models.CharField(
        max_length=12, blank=True, help_text="As the report numbers it; blank: members' own"
    )
    taken_out_in = models.CharField(
        max_length=20,
        blank=True,
        help_text="Number of the version of the report that does not ask it any more; blank: it stands",
    )
    words = models.TextField()
    resolved = models.TextField(blank=True, help_text="What members resolved")
    resolved_on = models.DateField(null=True)
    copied_to = models.TextField(blank=True, help_text="To which authorities it was copied, and when")
    answer_due_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_resolution"
        ordering = ["report", "id"]
