"""Agencies, their units, hubs and boards: rows that others point at, thin on purpose.

What they are on a day (legal role, members, areas, aliases) is in their entry's versions
(`queries.in_force`); `name` here is the latest known.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record

from .packs import Entry, Partnership

WHOLE_AGENCY = "whole"


class Agency(Record):
    """An agency in one partnership. A force that sits in two partnerships has two rows."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="agency")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "partnership_agency"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="agency_once")]

    def __str__(self) -> str:
        return self.name


class Unit(Record):
    """A part of an agency; the one without a parent is the whole agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "partnership_unit"
        ordering = ["agency", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_once"),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(parent__isnull=True), name="unit_one_root"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, code=WHOLE_AGENCY)
                | (Q(parent__isnull=False) & ~Q(code=WHOLE_AGENCY)),
                name="unit_root_is_whole",
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole_agency(self) -> bool:
        return self.parent_id is None


class Hub(Record):
    """A community safety hub. `prefix` begins the references of what it works on."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="hubs")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="hub")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=3)

    class Meta:
        db_table = "partnership_hub"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "code"], name="hub_once"),
            models.UniqueConstraint(fields=["partnership", "prefix"], name="hub_prefix_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Board(Record):
    """A board, group or committee."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="boards")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="board")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)

    class Meta:
        db_table = "partnership_board"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["partnership", "code"], name="board_once")]

    def __str__(self) -> str:
        return self.name
