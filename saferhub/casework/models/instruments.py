"""Instruments: scoring forms in versions, and the assessments made with them.

A version's definition never changes once it is published; an assessment keeps the version it was made with, so
that an old score can be explained. Incomplete is "incomplete", never low.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import EntryVersion, Partnership
from saferhub.people.models import Person
from saferhub.sharing.models import InFolder, Matter


class Instrument(Record):
    """A scoring form of one partnership, such as its matrix."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "casework_instrument"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="instrument_once")]

    def __str__(self) -> str:
        return self.name


class VersionStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    DISCARDED = "discarded", "Discarded"


VERSION_LIFECYCLE = Lifecycle(
    VersionStatus,
    start=VersionStatus.DRAFT,
    transitions={
        VersionStatus.DRAFT: [VersionStatus.PUBLISHED, VersionStatus.DISCARDED],
        VersionStatus.PUBLISHED: [],
        VersionStatus.DISCARDED: [],
    },
    owners={
        VersionStatus.DRAFT: "The partnership manager writes it",
        VersionStatus.PUBLISHED: "Whoever scores uses it from its first day until the next one's",
        VersionStatus.DISCARDED: "Nobody",
    },
)


class InstrumentVersion(Record):
    """One version of an instrument. `definition` has the shape of the pack section `instruments`."""

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    effective_from = models.DateField(null=True, help_text="First day of use")
    reconstruction = models.BooleanField(
        default=False, help_text="Topics only: may not be published outside demonstration"
    )
    note = models.TextField(blank=True, help_text="What changed, and why")
    from_pack = models.ForeignKey(EntryVersion, on_delete=models.PROTECT, null=True, related_name="+")
    made_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    published_by = models.CharField(max_length=16, blank=True)
    published_at = models.DateTimeField(null=True, help_text="Business time")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit of a draft")

    class Meta:
        db_table = "casework_instrument_version"
        ordering = ["instrument", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "number"], name="instrument_version_once"),
            models.CheckConstraint(
                condition=Q(status__in=VersionStatus.values), name="instrument_version_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | Q(effective_from__isnull=False, published_at__isnull=False),
                name="instrument_version_published_from_and_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} version {self.number}"


class Assessment(Record, InFolder):
    """One scoring of a referral or case, or of one person in it. Never changed: a new look is a new one.

    `answers`: item code → option code, or `dont_know`; an item that is missing was not answered. `score` counts
    the points of what is answered, `most` what it would be if every unknown went the worst way. `band` is blank
    while it is incomplete. `outside`: counts from outside the form that a band rule asks for.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    instrument_version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    outside = models.JSONField(default=dict)
    score = models.IntegerField(null=True)
    most = models.IntegerField(null=True)
    is_complete = models.BooleanField()
    band = models.CharField(max_length=40, blank=True, help_text="As computed; blank: incomplete")
    judged_band = models.CharField(max_length=40, blank=True, help_text="Where judgement differs")
    judged_why = models.TextField(blank=True)
    panel_agrees = models.BooleanField(null=True)
    with_victim_alone = models.BooleanField(null=True)
    prompts = models.JSONField(default=list, help_text="Codes of the prompts that it raised")
    note = models.TextField(blank=True)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    agency = models.CharField(max_length=80, blank=True, help_text="Code")
    on = models.DateField(help_text="The business day")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "casework_assessment"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_complete=True) | Q(band=""), name="assessment_incomplete_has_no_band"
            ),
            models.CheckConstraint(
                condition=Q(judged_band="") | ~Q(judged_why=""), name="assessment_judged_with_a_reason"
            ),
            models.UniqueConstraint(fields=["folder", "id"], name="assessment_in_folder"),
        ]
        indexes = [models.Index(fields=["matter", "on", "id"], name="assessment_of_matter")]

    @property
    def standing_band(self) -> str:
        """The band that counts: the judged one where there is one."""
        return self.judged_band or self.band


class PromptOutcome(models.TextChoices):
    DONE = "done", "Done as prompted"
    NOT_DONE = "not_done", "Decided against it"


class PromptAnswer(Record, InFolder):
    """What somebody decided about a prompt that an assessment raised. The score prompts; she decides."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="prompt_answers")
    prompt = models.CharField(max_length=80, help_text="Code of the prompt in the instrument's version")
    outcome = models.CharField(max_length=8, choices=PromptOutcome)
    words = models.TextField(help_text="What was decided, with whom, and why")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    agency = models.CharField(max_length=80, blank=True, help_text="Code")
    on = models.DateField(help_text="The business day")

    class Meta:
        db_table = "casework_prompt_answer"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "prompt"], name="prompt_answered_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=PromptOutcome.values), name="prompt_outcome_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="prompt_answered_in_words"),
        ]
