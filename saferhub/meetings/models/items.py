"""What is spoken of: items with a folder each, what agencies are asked and answer, what is written and decided.

An item about a case or referral lies in a folder of its own, that opens to those who sit in the meeting from the
sending of its agenda until some days after it. Where an agency or a person must not learn of it, its folder is
restricted and everybody else is named: both walls then keep it from them without a rule of its own.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Agency, Unit
from saferhub.people.models import Person
from saferhub.sharing.models import InFolder, Matter

from .meetings import Meeting


class ItemKind(models.TextChoices):
    STANDING = "standing", "Standing item"
    REFERRAL = "referral", "Referral to decide"
    CASE = "case", "Case"
    CLOSURE = "closure", "Case to close"
    ACTIONS = "actions", "Actions of earlier meetings"
    THEME = "theme", "Theme"
    OTHER = "other", "Other business"


class ItemStatus(models.TextChoices):
    PROPOSED = "proposed", "Proposed"
    ON = "on", "On the agenda"
    REMOVED = "removed", "Taken off"
    DONE = "done", "Done"
    DEFERRED = "deferred", "Put off to the next meeting"


ITEM_LIFECYCLE = Lifecycle(
    ItemStatus,
    start=ItemStatus.PROPOSED,
    transitions={
        ItemStatus.PROPOSED: [ItemStatus.ON, ItemStatus.REMOVED],
        ItemStatus.ON: [ItemStatus.REMOVED, ItemStatus.DONE, ItemStatus.DEFERRED],
        ItemStatus.REMOVED: [ItemStatus.ON],
        ItemStatus.DONE: [ItemStatus.ON],
        ItemStatus.DEFERRED: [ItemStatus.ON],
    },
    owners={
        ItemStatus.PROPOSED: "The co-ordinator, who takes it or leaves it",
        ItemStatus.ON: "The chair",
        ItemStatus.REMOVED: "Nobody",
        ItemStatus.DONE: "Nobody",
        ItemStatus.DEFERRED: "The co-ordinator of the next meeting",
    },
)


class Item(Record, InFolder):
    """One item. `order` is the hub's own; a reader's numbers come from what that reader sees."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=ItemKind)
    code = models.CharField(
        max_length=80, blank=True, help_text="Of a standing item: its code in the kind of meeting"
    )
    title = models.CharField(max_length=200)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, related_name="+", help_text="The case or referral"
    )
    reference = models.CharField(
        max_length=16, blank=True, help_text="Of the case or referral, as it is cited"
    )
    status = models.CharField(max_length=9, choices=ItemStatus, default=ItemStatus.PROPOSED)
    order = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=3, help_text="Time set aside for it")
    why = models.TextField(blank=True, help_text="Why it is on the agenda")
    brief = models.TextField(blank=True, help_text="What those at the table read before: words for them all")
    is_urgent = models.BooleanField(default=False, help_text="Added after the cut-off, by exception")
    began_at = models.DateTimeField(null=True, help_text="Business time; when it first came into focus")
    spent = models.PositiveIntegerField(default=0, help_text="Seconds in focus")
    decision = models.CharField(max_length=80, blank=True, help_text="Code of the section meeting_decisions")
    decision_words = models.TextField(blank=True)
    agreed = models.CharField(max_length=12, blank=True, help_text="all, majority, not_agreed")
    decided_by = models.CharField(
        max_length=16, blank=True, help_text="public_id of the account that recorded it"
    )
    by = models.CharField(max_length=16, help_text="public_id of the account that put it on")
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "meetings_item"
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "id"], name="item_in_folder"),
            # That a matter stands there once is held by the operation, under the meeting's lock: a constraint would
            # tell somebody whom an item is kept from that it is there.
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="item_status_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["referral", "case", "closure"], matter__isnull=False)
                | (~Q(kind__in=["referral", "case", "closure"]) & Q(matter__isnull=True)),
                name="item_about_a_matter_names_it",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "order"], name="item_of_meeting"),
            models.Index(fields=["matter"], name="item_of_matter"),
        ]


class ItemMove(DatedMove, InFolder):
    """Why an item was added, taken off, put off: kept for good."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "meetings_item_move"
        ordering = ["id"]


class KeptFrom(Record, InFolder):
    """That an agency or a person must not learn of an item, and why; or that a member has an interest in it and
    leaves. In a folder of kind "work": the hub's alone."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="kept_from")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    is_conflict = models.BooleanField(
        default=False, help_text="Declared a conflict of interest and left the item"
    )
    why = models.TextField()
    on = models.DateField(help_text="The business day")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    lifted_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=16, blank=True)

    class Meta:
        db_table = "meetings_kept_from"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, user__isnull=False) | Q(unit__isnull=False, user__isnull=True),
                name="kept_from_a_unit_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by="")
                | (Q(lifted_on__isnull=False) & ~Q(lifted_by="")),
                name="kept_from_lifted_by_and_on",
            ),
        ]


class Answered(models.TextChoices):
    NOTHING = "nothing", "Nothing held"
    SHARED = "shared", "Held, and shared here"
    ASK_ME = "ask_me", "Held: ask me"
    DECLINED = "declined", "Declined"


class Ask(Record, InFolder):
    """What one agency is asked about one item, and what it returned. In the item's folder."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="asks")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: about the item as a whole",
    )
    words = models.TextField(blank=True, help_text="What is asked, beyond the usual question")
    asked_on = models.DateField(help_text="The business day")
    due_on = models.DateField()
    answer = models.CharField(max_length=8, choices=Answered, blank=True)
    answer_words = models.TextField(blank=True)
    declined_why = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, help_text="Business time")
    answered_by = models.CharField(max_length=16, blank=True, help_text="public_id of the account")
    reminded_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "meetings_ask"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "unit", "person"], nulls_distinct=False, name="asked_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by="")
                | (~Q(answer="") & Q(answered_at__isnull=False) & ~Q(answered_by="")),
                name="ask_answered_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(declined_why=""), name="ask_declined_with_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["unit", "answer", "due_on"], name="ask_of_unit")]


class Words(Record, InFolder):
    """What one minute-taker wrote on one item, in one sitting at the keyboard.

    Each has rows of her own, so nobody overwrites anybody; the minutes hold both, with author and time. `mark` is
    drawn by the page that writes; a save with a lower `sequence` than the newest came late and changes nothing.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="words")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField(default=0)
    text = models.TextField(blank=True)
    began_at = models.DateTimeField(help_text="Business time of the first save")
    at = models.DateTimeField(help_text="Business time of the last save")

    class Meta:
        db_table = "meetings_words"
        ordering = ["began_at", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "author", "mark"], name="words_once")]


class ItemAction(Record, InFolder):
    """That an action was agreed at an item. The action itself stands in its case."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="actions")
    action = models.CharField(max_length=16, help_text="public_id of the action")
    case = models.CharField(max_length=16, help_text="public_id of the case's matter")
    mark = models.CharField(
        max_length=40, help_text="Of the page that recorded it: a second press makes no second"
    )
    by = models.CharField(max_length=16, help_text="public_id of the account")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "meetings_item_action"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "mark"], name="item_action_once")]
