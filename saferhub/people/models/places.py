"""Places, and dated addresses of persons and places.

An address lies in the folder of the person or place it is an address of. Two records with the same
address share nothing but a key to compare by.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record
from saferhub.sharing.models import InFolder

from .persons import Person


class Place(Record, InFolder):
    """One agency's record of a place: a home, a block, a shop, an open space."""

    agency = models.CharField(max_length=80, help_text="Code of the agency that gave it")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=80, help_text="Code of the section place_kinds")
    about = models.TextField(blank=True)
    given_on = models.DateField(help_text="The business day on which it was given")
    given_by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "people_place"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["folder"], name="place_folder_once"),
            models.UniqueConstraint(fields=["folder", "id"], name="place_in_folder"),
        ]
        indexes = [models.Index(fields=["partnership", "name", "id"], name="place_by_name")]

    def __str__(self) -> str:
        return f"place {self.public_id}"


class Address(Record, InFolder):
    """An address from one day until another, of a person or of a place."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="addresses")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="addresses")
    kind = models.CharField(max_length=80, help_text="Code of the section address_kinds")
    lines = models.TextField(help_text="The address without its postcode, a line for each part")
    postcode = models.CharField(max_length=10, blank=True)
    uprn = models.CharField(max_length=12, blank=True, help_text="Unique property reference number")
    key = models.CharField(max_length=120, help_text="Postcode and number, to compare by")
    is_protected = models.BooleanField(default=False, help_text="Must not reach those it protects from")
    valid_from = models.DateField(null=True, help_text="None: not known")
    valid_until = models.DateField(null=True, help_text="Last day, inclusive; none: still so")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "people_address"
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, place__isnull=True)
                | Q(person__isnull=True, place__isnull=False),
                name="address_of_a_person_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="address_dates_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="address_key"),
            models.Index(fields=["uprn"], name="address_uprn"),
        ]

    @property
    def one_line(self) -> str:
        parts = [part.strip() for part in self.lines.splitlines() if part.strip()]
        return ", ".join([*parts, self.postcode] if self.postcode else parts)
