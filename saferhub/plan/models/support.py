"""What stands beside the action plan: money, training, what connected partnerships reported, whom the partnership has
asked, and what crime and disorder weighed in decisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, Board, Partnership

from .strategy import Area, Objective


class FundingStatus(models.TextChoices):
    WANTED = "wanted", "Sought"
    BID = "bid", "Bid sent"
    REFUSED = "refused", "Bid refused"
    SECURED = "secured", "Secured"
    ENDED = "ended", "Ended"


FUNDING_LIFECYCLE = Lifecycle(
    FundingStatus,
    start=FundingStatus.WANTED,
    transitions={
        FundingStatus.WANTED: [FundingStatus.BID, FundingStatus.SECURED, FundingStatus.ENDED],
        FundingStatus.BID: [FundingStatus.SECURED, FundingStatus.REFUSED, FundingStatus.WANTED],
        FundingStatus.REFUSED: [FundingStatus.WANTED],
        FundingStatus.SECURED: [FundingStatus.ENDED],
        FundingStatus.ENDED: [],
    },
    owners={
        FundingStatus.WANTED: "Who writes the bid",
        FundingStatus.BID: "The funder",
        FundingStatus.REFUSED: "The partnership manager",
        FundingStatus.SECURED: "Who monitors it",
        FundingStatus.ENDED: "Nobody",
    },
)


class Funding(Record):
    """Money sought or had for something, and what it buys: a service that is commissioned, or work of our own."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    funder = models.CharField(max_length=200, help_text="An agency or a body outside the partnership")
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, help_text="Pounds; none: not known yet"
    )
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    buys = models.TextField(help_text="What it pays for")
    provider = models.CharField(
        max_length=200, blank=True, help_text="Who delivers it, where it is commissioned"
    )
    monitoring = models.TextField(blank=True, help_text="What is looked at, how often, by which post")
    bid_due_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=FundingStatus, default=FundingStatus.WANTED)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_funding"
        ordering = ["-first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FundingStatus.values), name="plan_funding_status_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="plan_funding_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(first_day__isnull=True)
                | Q(last_day__isnull=True)
                | Q(last_day__gte=F("first_day")),
                name="plan_funding_dates_in_order",
            ),
        ]


class FundingMove(DatedMove):
    """One move of a funding's status."""

    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "plan_funding_move"
        ordering = ["id"]


class FundingReport(Record):
    """What monitoring found over a time: what was spent and what came of it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    funding = models.ForeignKey(Funding, on_delete=models.PROTECT, related_name="reports")
    first_day = models.DateField()
    last_day = models.DateField()
    spent = models.DecimalField(max_digits=12, decimal_places=2, null=True, help_text="Pounds")
    words = models.TextField()
    on = models.DateField()
    by = models.CharField(max_length=16, help_text="public_id of the account")

    class Meta:
        db_table = "plan_funding_report"
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_funding_report_dates_in_order"
            )
        ]


class Training(Record):
    """Training or awareness that was given: to how many, on what, and what came of it. Nobody is named."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    topic = models.CharField(max_length=200)
    given_by = models.CharField(max_length=200, help_text="A post or a body")
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose staff; none: several, or residents",
    )
    audience = models.CharField(max_length=200, help_text="Who came: a kind of staff, or of residents")
    count = models.PositiveIntegerField(help_text="How many people came")
    asked = models.PositiveIntegerField(
        null=True, help_text="How many answered when asked what it was worth to them"
    )
    more_confident = models.PositiveIntegerField(
        null=True, help_text="How many of those said they act with more confidence"
    )
    outcome = models.TextField(blank=True, help_text="What changed afterwards, and how one knows")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_training"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__isnull=True, more_confident__isnull=True)
                | Q(asked__lte=F("count"), more_confident__isnull=True)
                | Q(asked__lte=F("count"), more_confident__lte=F("asked")),
                name="plan_training_answers_of_those_who_came",
            )
        ]


class ConnectedReport(Record):
    """A report or an update that the partnership has had from a board it is connected with."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField()
    title = models.CharField(max_length=300)
    received_at = models.CharField(max_length=300, help_text="The meeting that heard it")
    words = models.TextField(help_text="What it said that matters here")
    follows = models.TextField(blank=True, help_text="What the partnership does about it")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_connected_report"
        ordering = ["-on", "-id"]


class ConsultationKind(models.TextChoices):
    SURVEY = "survey", "Survey"
    PUBLIC_MEETING = "public_meeting", "Public meeting"
    EVENT = "event", "Event or workshop"
    INTERVIEWS = "interviews", "Interviews or a focus group"
    WRITTEN = "written", "Written views"


class Consultation(Record):
    """That the partnership asked people what they think, and what it did with the answers.

    SI 2007/1830 reg.12 as made: residents and workers, groups that represent or are most affected, and one public
    meeting a year with senior people of the responsible authorities, date and outcome made known.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=ConsultationKind)
    title = models.CharField(max_length=300)
    first_day = models.DateField()
    last_day = models.DateField()
    said = models.TextField(blank=True, help_text="What people said")
    changed = models.TextField(blank=True, help_text="What changed because of it, or why nothing did")
    made_known = models.CharField(
        max_length=500, blank=True, help_text="How date and outcome were made known"
    )
    senior_posts = models.TextField(
        blank=True, help_text="Which senior posts of the responsible authorities were there"
    )
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_consultation"
        ordering = ["-first_day", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_consultation_dates_in_order"
            )
        ]


class ConsultedGroup(Record):
    """A group that a consultation meant to reach: how many it reached, or why it did not."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=200)
    reached = models.PositiveIntegerField(null=True, help_text="How many people; none: not known")
    gap = models.TextField(blank=True, help_text="Who of it was not reached, why, and what will be tried")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_consulted_group"
        ordering = ["id"]


class CrimeNote(Record):
    """How crime and disorder weighed in a decision (Crime and Disorder Act 1998 s.17)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="The day of the decision")
    decision = models.CharField(max_length=300)
    body = models.CharField(max_length=200, help_text="Who decided")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    effects = models.TextField(
        help_text="Likely effects on crime, disorder, substance misuse and re-offending"
    )
    done = models.TextField(blank=True, help_text="What is done about them")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_crime_note"
        ordering = ["-on", "-id"]
