"""Memberships: which person works in which unit, in which role, from when until when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record

from .organisations import Board, Hub, Unit
from .packs import Partnership


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force_on(self, day: date) -> MembershipQuerySet:
        """Those that hold on that day; the last day is included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class Membership(Record):
    """One role of one person, for the partnership or for one hub or one board.

    `role` is a code of `partnership.access.Role`, which also says what a role is held for.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40)
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True, help_text="Last day, inclusive; none: open")
    given_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account; blank: the system"
    )
    reason = models.TextField(blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "partnership_membership"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(role=""), name="membership_has_role"),
            models.CheckConstraint(
                condition=Q(hub__isnull=True) | Q(board__isnull=True), name="membership_hub_or_board"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                name="membership_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["user", "partnership", "unit", "role", "hub", "board"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="membership_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.unit}"
