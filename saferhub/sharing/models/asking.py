"""Ways to a record that one may not see: the pointer, the request, the emergency.

A pointer says that something is held and whom to ask. A request is decided by the hub that holds it. In
an emergency one record opens for some hours to one named person, loudly.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Partnership

from .agreements import Agreement
from .folders import Folder, InFolder


class Search(models.Model):
    """One search for a person or place, written on a connection of its own so that nothing takes it back.

    It keeps keyed hashes of what was typed, never the words: it tells that two searches were for the
    same, and not for whom.
    """

    id = models.BigAutoField(primary_key=True)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.CharField(max_length=80, blank=True, help_text="Code")
    kind = models.CharField(max_length=12, help_text="search, or create: before a new record")
    purpose = models.CharField(max_length=80)
    terms = models.JSONField(default=dict, help_text="Which fields were given, each as a keyed hash")
    pointed = models.BooleanField(
        default=False, help_text="It also asked for pointers, so it counts to the limit"
    )
    at = models.DateTimeField(auto_now_add=True, help_text="Real time")
    seen = models.IntegerField(null=True, help_text="How many records it showed")
    hits = models.IntegerField(null=True, help_text="How many pointers it gave")

    class Meta:
        db_table = "sharing_search"
        indexes = [models.Index(fields=["user", "at"], name="search_of_user")]


class PointerHit(models.Model):
    """What a pointer stands for. Only the gate's functions read and write it: the token that a page
    carries says nothing."""

    id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=80)
    likely = models.BooleanField()
    at = models.DateTimeField(help_text="Real time")

    class Meta:
        db_table = "sharing_pointer_hit"


class RequestStatus(models.TextChoices):
    ASKED = "asked", "Waiting for a decision"
    GRANTED = "granted", "Sight given"
    ANSWERED = "answered", "Answered without sight"
    REFUSED = "refused", "Refused"
    WITHDRAWN = "withdrawn", "Withdrawn"


REQUEST_LIFECYCLE = Lifecycle(
    RequestStatus,
    start=RequestStatus.ASKED,
    transitions={
        RequestStatus.ASKED: [
            RequestStatus.GRANTED,
            RequestStatus.ANSWERED,
            RequestStatus.REFUSED,
            RequestStatus.WITHDRAWN,
        ],
        RequestStatus.GRANTED: [],
        RequestStatus.ANSWERED: [],
        RequestStatus.REFUSED: [],
        RequestStatus.WITHDRAWN: [],
    },
    owners={
        RequestStatus.ASKED: "The co-ordinator of the hub that was asked",
        RequestStatus.GRANTED: "The agency that asked",
        RequestStatus.ANSWERED: "The agency that asked",
        RequestStatus.REFUSED: "The agency that asked, which may turn to information governance",
        RequestStatus.WITHDRAWN: "Nobody",
    },
)


class AccessRequest(Record, InFolder):
    """A request to see what a hub holds. Its folder is the asking unit's and lies in the hub that is asked,
    so both see it and nobody else does."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32, blank=True, help_text="The pointer it came from")
    about = models.JSONField(
        default=dict, help_text="What the asker typed: name, born, address, telephone, reference"
    )
    purpose = models.CharField(max_length=80)
    gateway = models.CharField(max_length=80)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    least = models.TextField(help_text="The least that needs to be known")
    until = models.DateField(help_text="Last day for which sight is asked")
    asked_on = models.DateField(help_text="The business day")
    due_on = models.DateField(help_text="The day by which it is to be decided")
    status = models.CharField(max_length=10, choices=RequestStatus, default=RequestStatus.ASKED)
    decided_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    decided_at = models.DateTimeField(null=True, help_text="Business time")
    reason = models.TextField(blank=True, help_text="Why it was decided so")
    answer = models.TextField(blank=True, help_text="What was answered instead of giving sight")
    opened = models.CharField(max_length=16, blank=True, help_text="public_id of the matter that was opened")
    until_given = models.DateField(null=True, help_text="Last day of the sight that was given")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "sharing_access_request"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["folder"], name="access_request_folder_once"),
            models.CheckConstraint(
                condition=Q(status__in=RequestStatus.values), name="access_request_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="asked", decided_at__isnull=True, decided_by="")
                | (~Q(status="asked") & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="access_request_decided_by_and_at",
            ),
        ]


class Emergency(Record, InFolder):
    """That a record was opened in an emergency: by whom, until when, and whether it was justified.

    Its folder is the opener's unit's and lies in the hub whose record was opened; information governance
    sees it too, and not what was opened. Why it was opened stands apart, in `EmergencyReason`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+", help_text="The matter")
    tried = models.BooleanField(help_text="The co-ordinator was tried, or there was no time")
    opened_at = models.DateTimeField(help_text="Business time")
    until = models.DateTimeField(help_text="Business time")
    reviewed_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    reviewed_at = models.DateTimeField(null=True, help_text="Business time")
    justified = models.BooleanField(null=True)

    class Meta:
        db_table = "sharing_emergency"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["folder"], name="emergency_folder_once"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by="", justified__isnull=True)
                | (Q(reviewed_at__isnull=False, justified__isnull=False) & ~Q(reviewed_by="")),
                name="emergency_reviewed_by_and_at",
            ),
        ]


class EmergencyReason(InFolder):
    """Why a record was opened in an emergency, and what the review found.

    Behind a wall of its own: for whoever opened it, whoever decides for the hub whose record it was, and
    information governance. The opener's colleagues and others of the hub read the emergency and not this.
    """

    id = models.BigAutoField(primary_key=True)
    emergency = models.OneToOneField(Emergency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who opened it"
    )
    danger = models.CharField(max_length=10, help_text="Who is in danger: adult, child, worker")
    reason = models.TextField(help_text="What could happen if one waits")
    incident = models.CharField(max_length=40, blank=True, help_text="999 or 101 incident number")
    findings = models.TextField(blank=True, help_text="What the review found")

    class Meta:
        db_table = "sharing_emergency_reason"
        constraints = [
            models.CheckConstraint(
                condition=Q(danger__in=["adult", "child", "worker"]), name="emergency_danger_known"
            ),
        ]
