"""The append-only record: entries, the seals over them, the eras they belong to.

Rows hold text identifiers and codes, no foreign keys and no values, so that disposal can erase
personal data without touching the chain. The database completes every entry (time, transaction,
role, hash) and refuses to change or remove one; see migrations/0001_initial.py.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class Xid8Field(models.Field):
    """PostgreSQL's 64-bit transaction number."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(value)


class Kind(models.TextChoices):
    WRITE = "write", "Change"
    SIGHT = "sight", "Sight"
    REFUSAL = "refusal", "Refusal"


class Entry(models.Model):
    """One act: who, of which agency, did what, to which record, for which purpose, when."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    event = models.CharField(max_length=60)
    actor = models.CharField(
        max_length=40, blank=True, help_text="public_id; blank: the system, or nobody signed in"
    )
    agency = models.CharField(max_length=60, blank=True)
    partnership = models.CharField(max_length=60, blank=True)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    request = models.CharField(max_length=32, blank=True)
    codes = models.JSONField(default=dict)
    # From here on the database writes, whatever the writer sends.
    at = models.DateTimeField(help_text="Real time")
    business_at = models.DateTimeField(help_text="The demonstration's time; elsewhere the same")
    xid = Xid8Field()
    era = models.IntegerField()
    database_role = models.CharField(max_length=63)
    row_hash = models.BinaryField()

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["xid", "id"], name="audit_entry_seal_order"),
            models.Index(fields=["partnership", "-id"], name="audit_entry_newest"),
            models.Index(fields=["subject", "-id"], name="audit_entry_subject"),
            models.Index(fields=["actor", "-id"], name="audit_entry_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="audit_entry_kind"),
        ]


class Seal(models.Model):
    """A hash over a batch of entries and over the seal before it."""

    number = models.BigIntegerField(primary_key=True)
    era = models.IntegerField()
    from_xid = Xid8Field()
    until_xid = Xid8Field(help_text="Entries of transactions below this one are sealed")
    entries = models.BigIntegerField()
    entries_hash = models.BinaryField()
    previous_hash = models.BinaryField()
    sealed_at = models.DateTimeField()
    seal_hash = models.BinaryField()

    class Meta:
        db_table = "audit_seal"


class Era(models.Model):
    """Between two restores. A restored database counts transactions anew, so sealing starts anew."""

    number = models.IntegerField(primary_key=True)
    cluster = models.CharField(max_length=30, help_text="The database cluster's own identifier")
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "audit_era"
