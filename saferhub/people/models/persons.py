"""Persons, as each agency gave them. A record is never merged with another; see `links`.

Everything of a person lies in the folder of her record, which is enclosed in the matters it was given
for. Parts are dated and ended, not overwritten.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record
from saferhub.sharing.models import InFolder


class BirthPrecision(models.TextChoices):
    EXACT = "exact", "Exact"
    MONTH = "month", "Month and year"
    YEAR = "year", "Year only"
    ABOUT = "about", "About that year"
    UNKNOWN = "unknown", "Not known"


class Person(Record, InFolder):
    """One agency's record of one person. `name` is the name in use, kept equal to the current main name."""

    agency = models.CharField(max_length=80, help_text="Code of the agency that gave it")
    name = models.CharField(max_length=200, help_text="The name in use, as lists show it")
    born_on = models.DateField(null=True, help_text="First possible day")
    born_precision = models.CharField(max_length=8, choices=BirthPrecision, default=BirthPrecision.UNKNOWN)
    died_on = models.DateField(null=True)
    sex = models.CharField(max_length=40, blank=True, help_text="As the agency recorded it")
    language = models.CharField(max_length=80, blank=True)
    given_on = models.DateField(help_text="The business day on which it was given")
    given_by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "people_person"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["folder"], name="person_folder_once"),
            # Parts refer to both, so that none can hang on a person outside its own folder.
            models.UniqueConstraint(fields=["folder", "id"], name="person_in_folder"),
            models.CheckConstraint(
                condition=Q(born_on__isnull=True, born_precision="unknown")
                | (Q(born_on__isnull=False) & ~Q(born_precision="unknown")),
                name="person_birth_and_precision",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(born_on__isnull=True) | Q(born_on__lte=F("died_on")),
                name="person_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "name", "id"], name="person_by_name")]

    def __str__(self) -> str:
        return f"person {self.public_id}"


class PersonPart(Record, InFolder):
    """Something dated that belongs to a person and lies in her folder."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(null=True, help_text="None: not known")
    valid_until = models.DateField(null=True, help_text="Last day, inclusive; none: still so")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        abstract = True


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from__isnull=True)
        | Q(valid_until__isnull=True)
        | Q(valid_from__lte=F("valid_until")),
        name=f"{name}_dates_in_order",
    )


def _in_order_or_replaced(name: str) -> models.CheckConstraint:
    """A part that another took the place of before it held for a whole day ends on the day before it began,
    so that it holds on no day."""
    return models.CheckConstraint(
        condition=Q(valid_from__isnull=True)
        | Q(valid_until__isnull=True)
        | Q(valid_until__gte=F("valid_from") - timedelta(days=1)),
        name=f"{name}_dates_in_order",
    )


class Name(PersonPart):
    """A name of a person: kind (pack section name_kinds), given and family part, dates."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=80)
    given = models.CharField(max_length=100, blank=True)
    family = models.CharField(max_length=100, blank=True)
    is_main = models.BooleanField(default=False, help_text="The name in use")

    class Meta:
        db_table = "people_name"
        ordering = ["-is_main", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(given="", family=""), name="name_not_empty"),
            models.UniqueConstraint(fields=["person"], condition=Q(is_main=True), name="name_one_main"),
            _in_order("name"),
        ]

    @property
    def full(self) -> str:
        return f"{self.given} {self.family}".strip()


class Identifier(PersonPart):
    """A number by which an agency knows a person (pack section identifier_kinds)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=80)
    value = models.CharField(max_length=80)
    key = models.CharField(max_length=80, help_text="The value without blanks, in capitals, to compare by")

    class Meta:
        db_table = "people_identifier"
        ordering = ["id"]
        constraints = [_in_order("identifier")]
        indexes = [models.Index(fields=["kind", "key"], name="identifier_key")]


class ContactPoint(PersonPart):
    """A telephone number or an e-mail address (pack section contact_kinds)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=80)
    value = models.CharField(max_length=200)
    key = models.CharField(
        max_length=200, help_text="Digits with country code, or small letters, to compare by"
    )
    is_protected = models.BooleanField(
        default=False, help_text="Never leaves in a document unless it is checked"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "people_contact_point"
        ordering = ["id"]
        constraints = [_in_order("contact_point")]
        indexes = [models.Index(fields=["key"], name="contact_point_key")]


class EqualityAnswer(PersonPart):
    """An answer about a protected characteristic; nobody asked is an answer of its own."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="equality_answers")
    characteristic = models.CharField(max_length=80)
    answer = models.CharField(max_length=80, default="not_asked")
    own_words = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "people_equality_answer"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "characteristic"],
                condition=Q(valid_until__isnull=True),
                name="equality_answer_current_once",
            ),
            _in_order_or_replaced("equality_answer"),
        ]


class CommunicationNeed(PersonPart):
    """What a person needs to be understood and to understand (pack section communication_needs)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="communication_needs")
    kind = models.CharField(max_length=80)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "people_communication_need"
        ordering = ["id"]
        constraints = [_in_order("communication_need")]


class StaffRisk(PersonPart):
    """A risk to staff who visit. Shown first wherever the person is shown."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="staff_risks")
    kind = models.CharField(max_length=80)
    words = models.TextField(help_text="What is known, and how")
    instruction = models.TextField(blank=True, help_text="What to do")
    review_on = models.DateField(null=True)

    class Meta:
        db_table = "people_staff_risk"
        ordering = ["-id"]
        constraints = [_in_order("staff_risk")]


class SafeContact(PersonPart):
    """How to reach a person without harm. One holds at a time; earlier ones stay as they were."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="safe_contacts")
    numbers = models.CharField(max_length=200, blank=True, help_text="Safe numbers or addresses to use")
    times = models.CharField(max_length=200, blank=True, help_text="Safe times")
    never = models.JSONField(default=list, help_text="Codes of the section safe_contact_never")
    unsafe_addresses = models.TextField(blank=True, help_text="Where nothing may be sent and nobody may call")
    must_not_know = models.TextField(blank=True, help_text="Who must not learn of it")
    note = models.TextField(blank=True)

    class Meta:
        db_table = "people_safe_contact"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(valid_until__isnull=True), name="safe_contact_one_current"
            ),
            _in_order_or_replaced("safe_contact"),
        ]


class Relationship(PersonPart):
    """How a person stands to another: adversary, family, household, associate; dated.

    It lies in the folder of `person`. The other may be a record elsewhere, which a reader sees only if
    that record is open to her by itself, or a name that nobody has a record of.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    kind = models.CharField(max_length=80, help_text="Code of the section relationship_kinds")
    group = models.CharField(max_length=12, help_text="adversary, family, household, associate")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    other_name = models.CharField(max_length=200, blank=True, help_text="Without a record: the name")
    must_not_know = models.BooleanField(default=False, help_text="The other must not learn where she is")
    note = models.TextField(blank=True)

    class Meta:
        db_table = "people_relationship"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=["adversary", "family", "household", "associate"]),
                name="relationship_group_known",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=False, other_name="") | (Q(other__isnull=True) & ~Q(other_name="")),
                name="relationship_to_a_record_or_a_name",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("person")), name="relationship_not_to_oneself"
            ),
            _in_order("relationship"),
        ]
