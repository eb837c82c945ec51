"""Base models, and the one row that moves the demonstration's day."""

from __future__ import annotations

from django.db import models

from .ids import new_public_id


class Record(models.Model):
    """Anything a page can show: a bigint inside, a random `public_id` in addresses and the audit."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        abstract = True


class DatedMove(models.Model):
    """One move of a record's status: what, on which business day, when in truth, by whom, why.

    Stock on any date is computed from these rows, never from the status of today.
    """

    id = models.BigAutoField(primary_key=True)
    from_status = models.CharField(max_length=40, blank=True)
    to_status = models.CharField(max_length=40)
    on = models.DateField(help_text="The business day of the move")
    at = models.DateTimeField(auto_now_add=True, help_text="When it was recorded, in real time")
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account; blank: the system")
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class ClockOffset(models.Model):
    """How many days the business clock stands behind the real one: one row in demonstration, else none.

    Only the owner role may write it. `foundation.clock` and `gate.instant()` both read it, so the
    two walls of access use one time.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    days = models.IntegerField(help_text="Days the business clock is behind the real one")

    class Meta:
        db_table = "foundation_clock_offset"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_offset_one_row")]


class Milestone(models.Model):
    """Set-up steps that happen once in a database's life, such as loading the demonstration."""

    DEMONSTRATION = "demonstration"

    name = models.CharField(max_length=60, primary_key=True)
    reached_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "foundation_milestone"

    @classmethod
    def is_reached(cls, name: str) -> bool:
        return cls.objects.filter(name=name).exists()
