"""What is written into a referral or a case: notes, contacts, files, and calls counted before and after.

A note for everybody lies in the matter's folder. One for named agencies, or for the writer's own unit, lies in
a folder of its own; the database asks for sight of both, so that whoever loses the case loses the note with it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.partnership.models import Partnership, Unit
from saferhub.people.models import Person
from saferhub.sharing.models import Folder, Matter

from .cases import Case
from .referrals import Referral


class InTwoFolders(models.Model):
    """A row seen by whoever sees the matter and may read the row's own folder (often the same)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    matter_folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class NoteKind(models.TextChoices):
    NOTE = "note", "Note"
    UPDATE = "update", "Update"
    CONTACT = "contact", "Contact"


class Sharing(models.TextChoices):
    ALL = "all", "Everybody who sees the case"
    NAMED = "named", "Agencies I name"
    OWN = "own", "My unit only"


class Note(Record, InTwoFolders):
    """A note, an update, or a contact with a person (`person`, `how`, `reached`)."""

    kind = models.CharField(max_length=8, choices=NoteKind, default=NoteKind.NOTE)
    sharing = models.CharField(max_length=6, choices=Sharing, default=Sharing.ALL)
    words = models.TextField()
    on = models.DateField(help_text="The business day on which it happened")
    at = models.DateTimeField(help_text="Business time of writing")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=80, blank=True, help_text="Code of the section contact_ways")
    reached = models.BooleanField(null=True)
    unsafe_why = models.TextField(blank=True, help_text="Why a way that is not safe for them was used")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, help_text="Business time")
    withdrawn_by = models.CharField(max_length=16, blank=True)
    withdrawn_why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_note"
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="", withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawn_why="")),
                name="note_withdrawn_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(sharing="all", folder=models.F("matter_folder"))
                | (~Q(sharing="all") & ~Q(folder=models.F("matter_folder"))),
                name="note_lies_where_its_sharing_says",
            ),
        ]
        indexes = [models.Index(fields=["matter", "-on", "-id"], name="note_of_matter")]


class Attachment(Record, InTwoFolders):
    """A file. Its bytes lie outside the web root under `stored`, and leave only through access."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, help_text="As its owner called it")
    about = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=64, unique=True, help_text="Random name of the stored file")
    scanned = models.CharField(max_length=12, default="not_scanned", help_text="not_scanned, clean")
    sharing = models.CharField(max_length=6, choices=Sharing, default=Sharing.ALL)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text="The business day")
    withdrawn_at = models.DateTimeField(null=True, help_text="Business time")
    withdrawn_by = models.CharField(max_length=16, blank=True)
    withdrawn_why = models.TextField(blank=True)

    class Meta:
        db_table = "casework_attachment"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="", withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="") & ~Q(withdrawn_why="")),
                name="attachment_withdrawn_by_and_at",
            )
        ]
        indexes = [models.Index(fields=["matter", "-id"], name="attachment_of_matter")]


class DemandEvent(Record):
    """Calls or incidents about a subject on one day, before a referral or after. Counts, no words.

    Of a case; or, where the referral was not taken on, of that referral, in the hub's own folder beside it: what
    hubs achieve can only be told by looking at those they did not take on too.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=80, help_text="Code of the section demand_kinds")
    on = models.DateField()
    count = models.PositiveIntegerField(default=1)
    agency = models.CharField(max_length=80, help_text="Code of the agency that counted")

    class Meta:
        db_table = "casework_demand_event"
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, referral__isnull=True)
                | Q(case__isnull=True, referral__isnull=False),
                name="demand_of_a_case_or_a_referral",
            )
        ]
        indexes = [models.Index(fields=["case", "on"], name="demand_of_case")]
