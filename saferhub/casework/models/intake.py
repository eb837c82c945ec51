"""Other ways in: links for partners without an account, tokens of other systems, spreadsheets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Partnership, Unit
from saferhub.sharing.models import Agreement, InFolder

from .referrals import Referral


class ReferralLink(Record):
    """A time-limited address through which one unit without an account may refer to one hub.

    It shows nothing back but a receipt and never searches. `account` stands for whoever uses it: an account of
    kind link, without roles or sign-in.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", help_text="Whose referrals they are"
    )
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    purpose = models.CharField(max_length=80)
    gateway = models.CharField(max_length=80)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200, help_text="Whom it is for")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(help_text="Real time")
    most_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=16, help_text="public_id of the account")
    made_on = models.DateField(help_text="The business day")
    ended_at = models.DateTimeField(null=True, help_text="Real time")
    ended_by = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "casework_referral_link"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="referral_link_ended_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(uses__lte=models.F("most_uses")), name="referral_link_not_overused"
            ),
        ]


class LinkReceipt(models.Model):
    """What came of one sent form of a link, so that the same form sent again makes no second referral."""

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(ReferralLink, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(
        max_length=64, unique=True, help_text="Hash of the link's secret and the form's mark"
    )
    reference = models.CharField(max_length=20, help_text="Of the referral that was filed")
    at = models.DateTimeField(auto_now_add=True, help_text="Real time")

    class Meta:
        db_table = "casework_link_receipt"


class ApiToken(Record):
    """A key by which another system of one unit works here, within its scopes. `account`: of kind token."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=200)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_on = models.DateField()
    used_at = models.DateTimeField(null=True, help_text="Real time of the last use")
    drawn_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account that knows its secret"
    )
    made_by = models.CharField(max_length=16, help_text="public_id of the account")
    made_on = models.DateField(help_text="The business day")
    ended_at = models.DateTimeField(null=True, help_text="Real time")
    ended_by = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "casework_api_token"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="api_token_ended_by_and_at",
            )
        ]


class IdempotencyKey(models.Model):
    """A call that made something, so that the same call made again is answered alike. No words, no values."""

    id = models.BigAutoField(primary_key=True)
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="Keyed hash of what was sent")
    made = models.CharField(max_length=16, help_text="public_id of what it made")
    answered = models.PositiveSmallIntegerField(help_text="The HTTP status of the first answer")
    at = models.DateTimeField(auto_now_add=True, help_text="Real time")

    class Meta:
        db_table = "casework_idempotency_key"
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_once")]


class ColumnMapping(Record):
    """How one unit's spreadsheet is read: which sheet, which row holds the headings, which column is what."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    settings = models.JSONField(
        default=dict, help_text="Sheet, header row, date order, columns, hub, purpose …"
    )
    made_by = models.CharField(max_length=16, help_text="public_id of the account")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_column_mapping"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="column_mapping_once")]


class SheetImport(Record, InFolder):
    """One file that was read in: what came of it. In a folder of the unit whose file it was."""

    mapping = models.ForeignKey(ColumnMapping, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day")

    class Meta:
        db_table = "casework_sheet_import"
        ordering = ["-id"]


class SheetRow(Record, InFolder):
    """One row of a unit's files, by its own number: the referral it made, and what shows whether it has changed.

    Its words lie in the referral alone: whoever restricts that restricts all of it.
    """

    mapping = models.ForeignKey(ColumnMapping, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, help_text="Keyed hash of the row's own number")
    values = models.JSONField(help_text="Keyed hash of each field that was filled when it was read last")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="+")
    last_import = models.ForeignKey(SheetImport, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "casework_sheet_row"
        constraints = [models.UniqueConstraint(fields=["folder", "mapping", "key"], name="sheet_row_once")]


class LoadStatus(models.TextChoices):
    WAITING = "waiting", "Being read in"
    DONE = "done", "Read in"
    FAILED = "failed", "Not read in"
    CANCELLED = "cancelled", "Stopped"


LOAD_LIFECYCLE = Lifecycle(
    LoadStatus,
    start=LoadStatus.WAITING,
    transitions={
        LoadStatus.WAITING: [LoadStatus.DONE, LoadStatus.FAILED, LoadStatus.CANCELLED],
        LoadStatus.DONE: [],
        LoadStatus.FAILED: [],
        LoadStatus.CANCELLED: [],
    },
    owners={
        LoadStatus.WAITING: "The worker, for whoever asked",
        LoadStatus.DONE: "Nobody: the referrals go their own way",
        LoadStatus.FAILED: "Whoever asked, who mends the sheet and chooses it again",
        LoadStatus.CANCELLED: "Nobody",
    },
)


class SheetLoad(Record):
    """A large sheet that was checked and is read in by the worker.

    What its rows say is sealed for the account that asked, under the service's secret, which the database never
    sees; it is emptied once the sheet is read in, stopped or refused, and after a day the row is deleted, which a
    protected table would forbid. How far it has come is written by a connection of its own, so that a page sees it.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mapping = models.ForeignKey(ColumnMapping, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=80)
    sealed = models.BinaryField(blank=True)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(help_text="New and changed ones")
    done = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=9, choices=LoadStatus, default=LoadStatus.WAITING)
    problem = models.CharField(max_length=500, blank=True, help_text="Why it was not read in, for its reader")
    made = models.CharField(max_length=16, blank=True, help_text="public_id of what came of it")
    job = models.BigIntegerField(null=True, help_text="Its number on the queue")
    expires_at = models.DateTimeField(db_index=True, help_text="Real time")

    class Meta:
        db_table = "casework_sheet_load"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=LoadStatus.values), name="sheet_load_status_known"),
            # Of one kind of sheet one is read in at a time, and a double press makes one.
            models.UniqueConstraint(
                fields=["mapping"], condition=Q(status="waiting"), name="sheet_load_one_waiting"
            ),
        ]
