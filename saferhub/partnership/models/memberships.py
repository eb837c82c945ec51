"""Memberships: which person works in which unit, in which role, from when until when."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from saferhub.foundation.models import Record
from saferhub.partnership.role_codes import ROLE_CODES

from .organisations import Board, Hub, Unit
from .packs import Partnership


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force_on(self, day: date) -> MembershipQuerySet:
        """Those that hold on that day; the last day is included, unless it ended in its course."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=day) | Q(valid_until=day, ended_at_once=False),
            valid_from__lte=day,
        )


class Membership(Record):
    """One role of one person, for the partnership or for one hub or one board.

    `role` is a code of `partnership.access.Role`, which also says what a role is held for. Whoever ends
    it before its time leaves a name, a reason and the moment; ended again sooner, it keeps the latest.
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
    reason = models.TextField(blank=True, help_text="Why it was given")
    ended_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    end_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Real time")
    # A role given by mistake, or held by somebody who left, must not come back before midnight.
    ended_at_once = models.BooleanField(default=False, help_text="It no longer holds on its last day")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        db_table = "partnership_membership"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=ROLE_CODES), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(hub__isnull=True) | Q(board__isnull=True), name="membership_hub_or_board"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__lte=F("valid_until")),
                name="membership_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="", end_reason="", ended_at_once=False)
                | (
                    Q(ended_at__isnull=False, valid_until__isnull=False) & ~Q(ended_by="") & ~Q(end_reason="")
                ),
                name="membership_ended_by_at_and_why",
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

    def is_open_on(self, today: date) -> bool:
        """Whether it still holds today or will begin to."""
        return not self.ended_at_once and (self.valid_until is None or self.valid_until >= today)
