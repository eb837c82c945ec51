"""Measures: what is counted, in which words, since when; what was observed; what its owner says of it.

A figure is never overwritten: one that is counted again or corrected is another row that replaces it, so that an old
report can be explained. Observations name nobody and are read by everybody who works in the partnership; what they were
counted from stays where it is, behind both walls.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record
from saferhub.partnership.models import Agency, Partnership

from .strategy import Area, Objective


class Polarity(models.TextChoices):
    UP = "up", "More is better"
    DOWN = "down", "Less is better"
    NEITHER = "neither", "Neither is better by itself"


class Unit(models.TextChoices):
    COUNT = "count", "Number"
    PER_CENT = "per_cent", "Per cent"
    RATE = "rate", "Rate"
    DAYS = "days", "Days (median)"
    POUNDS = "pounds", "Pounds"


class Every(models.TextChoices):
    MONTH = "month", "Month"
    QUARTER = "quarter", "Quarter"
    YEAR = "year", "Year"


class Measure(Record):
    """A measure of the partnership, by its code. What it means on a day is in its versions."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="measures")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    owner_post = models.CharField(max_length=200)
    ended_on = models.DateField(null=True, help_text="The last day on which it was kept")
    ended_why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "plan_measure"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="plan_measure_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | ~Q(ended_why=""), name="plan_measure_ended_with_a_reason"
            ),
        ]


class MeasureVersion(Record):
    """What a measure means from a day on. `counted_by`: the code of a counter; blank: its figures are entered."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    name = models.CharField(max_length=200)
    definition = models.TextField(help_text="In plain words")
    formula = models.TextField(help_text="What is divided by what, or counted")
    source = models.TextField(help_text="Where the figures come from")
    counted_by = models.CharField(max_length=80, blank=True)
    unit = models.CharField(max_length=10, choices=Unit)
    per = models.PositiveIntegerField(default=1, help_text="For a rate: per how many")
    every = models.CharField(max_length=8, choices=Every, default=Every.QUARTER)
    polarity = models.CharField(max_length=8, choices=Polarity)
    rise_may_mean = models.CharField(
        max_length=300, blank=True, help_text="What a rise may mean, where neither is better"
    )
    target = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    tolerance = models.DecimalField(
        max_digits=14, decimal_places=3, null=True, help_text="How far from its target it is amber, not red"
    )
    target_why = models.TextField(blank=True, help_text="Why this target")
    baseline = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    baseline_words = models.CharField(max_length=300, blank=True, help_text="Of what time the baseline is")
    comparator = models.CharField(
        max_length=300, blank=True, help_text="With whom it is compared, in which version"
    )
    small = models.PositiveSmallIntegerField(
        default=5,
        help_text="Counts of people from 1 up to one less are not published; 0 or 1: nothing is withheld",
    )
    caveat = models.TextField(blank=True)
    why = models.TextField(blank=True, help_text="Why this version replaced the one before")
    made_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account; blank: the pack"
    )
    made_on = models.DateField(help_text="The business day on which it was written")

    class Meta:
        db_table = "plan_measure_version"
        ordering = ["measure", "number"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "number"], name="plan_measure_version_once"),
            models.UniqueConstraint(fields=["measure", "valid_from"], name="plan_measure_version_a_day"),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | Q(tolerance__isnull=True),
                name="plan_measure_tolerance_of_a_target",
            ),
            models.CheckConstraint(
                condition=~Q(polarity="neither") | Q(target__isnull=True),
                name="plan_measure_target_has_a_direction",
            ),
        ]


class Observation(Record):
    """A figure for a time: the whole (`part` blank) or one part of a breakdown, such as a hub or an agency.

    `value` is numerator ÷ denominator in the unit, or the numerator itself; none says that there were no rows to
    tell it from. `rows_hash` is of the rows that a counter counted, so that a later change of them is noticed.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="observations")
    version = models.ForeignKey(MeasureVersion, on_delete=models.PROTECT, related_name="+")
    split = models.CharField(
        max_length=40, blank=True, help_text="By what it is broken down: hub, agency, kind"
    )
    part = models.CharField(max_length=80, blank=True, help_text="Code of the part")
    part_words = models.CharField(max_length=200, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    numerator = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    denominator = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    rows = models.PositiveIntegerField(null=True, help_text="How many rows were counted")
    rows_hash = models.CharField(max_length=64, blank=True)
    missing_why = models.CharField(max_length=300, blank=True, help_text="Why there is no figure")
    evidence = models.TextField(blank=True, help_text="Of an entered one: what shows it")
    on = models.DateField(help_text="The business day on which it was entered or counted")
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account; blank: counted")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    replaced_why = models.CharField(max_length=300, blank=True, help_text="Why it replaces the one before")
    is_newest = models.BooleanField(default=True)

    class Meta:
        db_table = "plan_observation"
        ordering = ["first_day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "split", "part", "first_day", "last_day"],
                condition=Q(is_newest=True),
                name="plan_observation_newest_once",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="plan_observation_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(missing_why=""),
                name="plan_observation_missing_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["partnership", "split", "first_day"],
                condition=Q(is_newest=True),
                name="plan_observation_of",
            )
        ]


class Commentary(Record):
    """What a measure's owner says of a quarter, or that she was asked to. Another word on it is another row."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="commentaries")
    quarter = models.DateField(help_text="First day of the quarter")
    asked_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    on = models.DateField(null=True)
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "plan_commentary"
        ordering = ["quarter", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "quarter"], condition=Q(replaces__isnull=True), name="plan_commentary_once"
            ),
            models.CheckConstraint(
                condition=Q(on__isnull=True, by="", words="")
                | (Q(on__isnull=False) & ~Q(by="") & ~Q(words="")),
                name="plan_commentary_said_by_and_on",
            ),
        ]


class Step(Record):
    """That a measure's limits are calculated anew from a day on, because something is known to have changed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="steps")
    first_day = models.DateField(help_text="First day of the first period after the change")
    why = models.TextField()
    on = models.DateField()
    by = models.CharField(max_length=16, help_text="public_id of the account")
    taken_back_on = models.DateField(null=True)
    taken_back_why = models.TextField(blank=True)

    class Meta:
        db_table = "plan_step"
        ordering = ["first_day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "first_day"],
                condition=Q(taken_back_on__isnull=True),
                name="plan_step_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True) | ~Q(taken_back_why=""),
                name="plan_step_taken_back_why",
            ),
        ]
