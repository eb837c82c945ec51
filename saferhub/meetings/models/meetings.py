"""Meetings: when, where, how far they have come; who came; what each recipient was sent.

That a meeting takes place is no secret within its partnership. What is spoken of lies in folders: the meeting's own
(`folder`: standing items, attendance) and one for each item (see items.py).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, Hub, Partnership, Unit
from saferhub.sharing.models import Folder, InFolder

from .groups import Group, Member


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    PREPARING = "preparing", "Agenda being prepared"
    SENT = "sent", "Agenda sent"
    RUNNING = "running", "Running"
    DRAFT = "draft", "Minutes in draft"
    APPROVED = "approved", "Minutes approved"
    CANCELLED = "cancelled", "Cancelled"


MEETING_LIFECYCLE = Lifecycle(
    MeetingStatus,
    start=MeetingStatus.PLANNED,
    transitions={
        MeetingStatus.PLANNED: [MeetingStatus.PREPARING, MeetingStatus.CANCELLED],
        MeetingStatus.PREPARING: [MeetingStatus.SENT, MeetingStatus.CANCELLED],
        # An agenda that was sent is sent again where it changes; nothing is taken back unseen.
        MeetingStatus.SENT: [MeetingStatus.RUNNING, MeetingStatus.CANCELLED],
        # Begun by mistake, it waits again, as long as nothing is recorded of it.
        MeetingStatus.RUNNING: [MeetingStatus.DRAFT, MeetingStatus.SENT],
        MeetingStatus.DRAFT: [MeetingStatus.RUNNING, MeetingStatus.APPROVED],
        MeetingStatus.APPROVED: [],
        MeetingStatus.CANCELLED: [],
    },
    owners={
        MeetingStatus.PLANNED: "The co-ordinator, who opens its agenda",
        MeetingStatus.PREPARING: "The co-ordinator, who sends the agenda",
        MeetingStatus.SENT: "Every agency that is asked for something",
        MeetingStatus.RUNNING: "The chair and the minute-takers",
        MeetingStatus.DRAFT: "The minute-taker, and the chair who approves",
        MeetingStatus.APPROVED: "Nobody: the minutes are frozen",
        MeetingStatus.CANCELLED: "Nobody",
    },
)


class Meeting(Record):
    """One meeting. `hub` is its group's; `number` counts the group's meetings, cancelled ones included."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    folder = models.OneToOneField(
        Folder, on_delete=models.PROTECT, null=True, related_name="+", help_text="Once its agenda is begun"
    )
    work_folder = models.OneToOneField(
        Folder, on_delete=models.PROTECT, null=True, related_name="+", help_text="The organisers' alone"
    )
    number = models.PositiveIntegerField()
    on = models.DateField(help_text="The business day")
    starts_at = models.TimeField(help_text="London time")
    minutes = models.PositiveSmallIntegerField(help_text="Planned length, in minutes")
    place = models.CharField(max_length=200, blank=True)
    online = models.CharField(max_length=400, blank=True, help_text="Address of a video meeting, if any")
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.PLANNED)
    moved_from = models.DateField(
        null=True,
        help_text="The day that the cycle gave, where it meets on another: a bank holiday, or moved by hand",
    )
    uid = models.CharField(max_length=80, unique=True, help_text="UID of its calendar entry; never changes")
    sequence = models.PositiveIntegerField(default=0, help_text="SEQUENCE of its calendar entry: it rises")
    cancelled_why = models.TextField(blank=True)
    confidentiality = models.TextField(
        blank=True, help_text="The statement as it stood when the agenda was sent"
    )
    began_at = models.DateTimeField(null=True, help_text="Business time")
    ended_at = models.DateTimeField(null=True, help_text="Business time")
    focus = models.CharField(max_length=16, blank=True, help_text="public_id of the item that is spoken of")
    focus_since = models.DateTimeField(null=True, help_text="Business time at which it came into focus")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "meetings_meeting"
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="meeting_number_once"),
            models.UniqueConstraint(
                fields=["group", "on", "starts_at"],
                condition=~Q(status="cancelled"),
                name="meeting_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(status__in=MeetingStatus.values), name="meeting_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "cancelled"])
                | Q(folder__isnull=False, work_folder__isnull=False),
                name="meeting_has_folders",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=600), name="meeting_length_possible"
            ),
        ]
        indexes = [models.Index(fields=["group", "on"], name="meeting_of_group")]

    def __str__(self) -> str:
        return f"{self.group.name} {self.on.isoformat()}"


class MeetingMove(DatedMove):
    """One move of a meeting's status, or of its day."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "meetings_meeting_move"
        ordering = ["id"]


class Invitation(Record):
    """That somebody was sent the calendar entry, at which SEQUENCE. It holds references, never what is spoken of."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="invitations")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    method = models.CharField(max_length=8, help_text="REQUEST or CANCEL")
    on = models.DateField(help_text="The business day")

    class Meta:
        db_table = "meetings_invitation"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "to", "sequence", "method"], name="invited_once_for_a_change"
            )
        ]


class Apology(Record):
    """That whoever has a seat will not come to a meeting, and who comes instead: said before it begins.

    No secret in the group, and said long before the agenda is sent, so it lies in no folder; the attendance, which
    does, takes it over.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="apologies")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField(help_text="The business day")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    taken_back_on = models.DateField(null=True)
    taken_back_by = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "meetings_apology"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], condition=Q(taken_back_on__isnull=True), name="apology_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_on__isnull=True, taken_back_by="")
                | (Q(taken_back_on__isnull=False) & ~Q(taken_back_by="")),
                name="apology_taken_back_by_and_on",
            ),
        ]


class Came(models.TextChoices):
    EXPECTED = "expected", "Expected"
    PRESENT = "present", "Present"
    DEPUTY = "deputy", "Came as deputy"
    APOLOGIES = "apologies", "Sent apologies"
    ABSENT = "absent", "Absent"


class Attendance(Record, InFolder):
    """Whether somebody came to a meeting, for which agency, and that she acknowledged its confidentiality.

    Lies in the meeting's folder; a guest's, who comes for one item alone, in that item's.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose deputy",
    )
    name = models.CharField(max_length=200, blank=True, help_text="Of somebody without an account")
    seat = models.CharField(max_length=12, help_text="The seat on that day; guest for a guest")
    came = models.CharField(max_length=10, choices=Came, default=Came.EXPECTED)
    acknowledged_at = models.DateTimeField(null=True, help_text="Business time")
    left_at = models.DateTimeField(null=True, help_text="Business time; left before the end")
    by = models.CharField(max_length=16, blank=True, help_text="public_id of the account that recorded it")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "meetings_attendance"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user", "folder"], condition=Q(user__isnull=False), name="attends_once"
            ),
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(name="")) | (Q(user__isnull=True) & ~Q(name="")),
                name="attendance_of_somebody",
            ),
        ]
