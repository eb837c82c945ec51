"""The partnership, and what packs say: every entry as it was loaded, dated, never overwritten.

An entry is the identity of something a pack describes; its versions say what it is and when that
holds. A corrected version withdraws the one before it and leaves it where it is, so that whatever
was decided on it can still be explained. The database refuses any other change.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from saferhub.foundation.models import Record


class Partnership(Record):
    """A community safety partnership that works here. Every protected row belongs to one."""

    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)

    class Meta:
        db_table = "partnership_partnership"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def partnership_code(self) -> str:
        """Its code, by the name under which the audit asks whose business an entry is."""
        return self.code


class PackRelease(Record):
    """One version of one pack, as it was loaded."""

    class Kind(models.TextChoices):
        NATIONAL = "national", "National"
        PARTNERSHIP = "partnership", "Partnership"

    pack = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.TextField()
    about = models.JSONField(help_text="The content of pack.yaml")
    sha256 = models.CharField(max_length=64, help_text="Of the pack's whole content")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, null=True, related_name="pack_releases"
    )
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account; blank: the system"
    )

    class Meta:
        db_table = "partnership_pack_release"
        ordering = ["pack", "version"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "version"], name="pack_release_once"),
            models.CheckConstraint(
                condition=Q(kind="national", partnership__isnull=True)
                | Q(kind="partnership", partnership__isnull=False),
                name="pack_release_partnership_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} version {self.version}"


class Entry(models.Model):
    """The identity of something a pack describes; without a partnership it is national."""

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, related_name="entries")
    section = models.CharField(max_length=80)
    code = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0, help_text="Its place in the pack's file, for lists")

    class Meta:
        db_table = "partnership_entry"
        ordering = ["section", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "section", "code"], name="entry_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}/{self.code}"


class EntryVersionQuerySet(models.QuerySet["EntryVersion"]):
    def live(self) -> EntryVersionQuerySet:
        """What stands, whatever its dates: not withdrawn by a later release."""
        return self.filter(withdrawn_in__isnull=True)

    def in_force_on(self, day: date) -> EntryVersionQuerySet:
        """What stands and holds on that day."""
        return self.live().filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
        )


class EntryVersion(models.Model):
    """What an entry is from one day until another, both inclusive; null: without limit."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    payload = models.JSONField()
    source = models.JSONField()
    verify = models.BooleanField(default=False)
    recorded_in = models.ForeignKey(PackRelease, on_delete=models.PROTECT, related_name="recorded")
    withdrawn_in = models.ForeignKey(
        PackRelease, on_delete=models.PROTECT, null=True, related_name="withdrawn"
    )

    objects = EntryVersionQuerySet.as_manager()

    class Meta:
        db_table = "partnership_entry_version"
        ordering = ["entry", "valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_from__lte=F("valid_until")),
                name="entry_version_dates_in_order",
            ),
            # The entry is compared as a range of one, so that no extension of the database is needed.
            ExclusionConstraint(
                name="entry_version_dates_apart",
                expressions=[
                    (
                        Func("entry_id", "entry_id", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("valid_from", "valid_until", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(withdrawn_in__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        begins, ends = self.valid_from or "the beginning", self.valid_until or "further notice"
        return f"{self.entry} from {begins} until {ends}"
