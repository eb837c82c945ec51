"""Who meets: a group that meets again and again, who sits in it, and the deputy of each."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.partnership.models import Agency, Board, Hub, Partnership, Unit


class Group(Record):
    """One group of a kind that the pack describes: the problem-solving meeting of a hub, a panel, a board.

    What the kind says on a day (cycle, quorum, cut-offs, confidentiality, standing items) is in its entry's versions.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80, help_text="Code of the section meeting_kinds")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    ended_on = models.DateField(null=True, help_text="The last day on which it met")

    class Meta:
        db_table = "meetings_group"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "hub", "board"],
                nulls_distinct=False,
                name="meeting_group_once",
            ),
            models.CheckConstraint(
                condition=Q(hub__isnull=True) | Q(board__isnull=True),
                name="meeting_group_of_a_hub_or_a_board",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(models.TextChoices):
    CHAIR = "chair", "Chair"
    DEPUTY_CHAIR = "deputy_chair", "Deputy chair"
    MINUTES = "minutes", "Minute-taker"
    MEMBER = "member", "Member"
    OBSERVER = "observer", "Observer, without a vote"


class Member(Record):
    """A seat in a group from a day until another: an agency's unit, who usually comes, and who comes instead."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seat = models.CharField(max_length=12, choices=Seat, default=Seat.MEMBER)
    post = models.CharField(
        max_length=200, blank=True, help_text="What the seat is called, where nobody is named"
    )
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="The last day")
    ended_why = models.TextField(blank=True)
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "meetings_member"
        ordering = ["group", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="meeting_member_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["group", "unit", "seat", "user"],
                condition=Q(valid_until__isnull=True),
                nulls_distinct=False,
                name="meeting_member_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | ~Q(user=models.F("deputy")), name="meeting_deputy_is_another"
            ),
        ]
