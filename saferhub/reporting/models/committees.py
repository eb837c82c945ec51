"""Committees that scrutinise the partnership: when they sit, what members asked, what they look at closer.

Police and Justice Act 2006 ss.19-21 and SI 2009/942: at least one sitting in twelve months; what is recommended is
answered in writing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, Board, Partnership


class Committee(Record):
    """A committee to which the partnership gives account. `board`: its entry in the pack, where it has one."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=300)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The council whose committee it is",
    )
    outline = models.CharField(max_length=80, help_text="Code of the section report_outlines")
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_committee"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "name"], name="committee_once")]

    def __str__(self) -> str:
        return self.name


class Sitting(Record):
    """A day on which a committee meets on crime and disorder: its forward plan, and afterwards what it did."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="sittings")
    on = models.DateField()
    papers_due_on = models.DateField(null=True, help_text="When the committee's clerk wants the report")
    place = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True, help_text="What it is to look at")
    outcome = models.TextField(blank=True, help_text="What it did, once it has met")
    is_cancelled = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_sitting"
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "on"], condition=Q(is_cancelled=False), name="sitting_once_a_day"
            )
        ]


class QuestionStatus(models.TextChoices):
    OPEN = "open", "To be answered"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Reported to members"
    WITHDRAWN = "withdrawn", "Withdrawn"


QUESTION_LIFECYCLE = Lifecycle(
    QuestionStatus,
    start=QuestionStatus.OPEN,
    transitions={
        QuestionStatus.OPEN: [QuestionStatus.ANSWERED, QuestionStatus.WITHDRAWN],
        # Members were not content with the answer.
        QuestionStatus.ANSWERED: [QuestionStatus.CLOSED, QuestionStatus.OPEN],
        QuestionStatus.CLOSED: [QuestionStatus.OPEN],
        QuestionStatus.WITHDRAWN: [],
    },
    owners={
        QuestionStatus.OPEN: "Its owner",
        QuestionStatus.ANSWERED: "The next report to the committee",
        QuestionStatus.CLOSED: "Nobody",
        QuestionStatus.WITHDRAWN: "Nobody",
    },
)


class MemberQuestion(Record):
    """What a member of a committee asked. It stands in every report to it until it has been answered and reported."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField()
    asked_by = models.CharField(
        max_length=200, blank=True, help_text="The member's public office: who, for where"
    )
    words = models.TextField()
    area = models.CharField(
        max_length=80, blank=True, help_text="Code of the area of the plan that it concerns"
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_post = models.CharField(max_length=200)
    due_at = models.ForeignKey(
        Sitting,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The sitting by which it is answered",
    )
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=QuestionStatus, default=QuestionStatus.OPEN)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_question"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=QuestionStatus.values), name="question_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "withdrawn"])
                | (~Q(answer="") & Q(answered_on__isnull=False) & ~Q(answered_by="")),
                name="question_answered_by_and_on",
            ),
        ]


class QuestionMove(DatedMove):
    """One move of a question's status."""

    question = models.ForeignKey(MemberQuestion, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "reporting_question_move"
        ordering = ["id"]


class Theme(Record):
    """A theme that members look at closer, or have been offered: a discussion of its own at a sitting."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="themes")
    title = models.CharField(max_length=300)
    why = models.TextField(blank=True)
    area = models.CharField(
        max_length=80, blank=True, help_text="Code of the area of the plan that it concerns"
    )
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, null=True, related_name="themes")
    brings = models.TextField(blank=True, help_text="Who comes and what they bring: posts and papers")
    outcome = models.TextField(blank=True, help_text="What members made of it")
    is_dropped = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "reporting_theme"
        ordering = ["id"]
