"""Referrals: what an agency asks of a hub, who is in it, and what the hub decided.

A referral is a matter of the referrer's unit. While it is a draft it lies in no hub, so only her unit sees
it; sending it puts its folder into the hub that is asked. What the hub writes about it lies in two folders that
are the hub's alone: its reasons in `work_folder`, its scores in `score_folder`, which a case takes along. The
referrer sees her referral and its fate and no more.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from saferhub.foundation.models import DatedMove, Record
from saferhub.foundation.statuses import Lifecycle
from saferhub.partnership.models import Hub, Unit
from saferhub.people.models import Person, Place
from saferhub.sharing.models import Agreement, Folder, InFolder, Matter, Sensitivity


class SubjectKind(models.TextChoices):
    """What a referral or case is about."""

    INDIVIDUAL = "individual", "A person"
    GROUP = "group", "A group of people"
    LOCATION = "location", "A location"
    THEME = "theme", "A theme"
    PROPERTY = "property", "A property"
    BUSINESS = "business", "A business"


class ReferralStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SENT = "sent", "Waiting for a decision"
    ASKED = "asked", "More information asked for"
    ADOPTED = "adopted", "Adopted as a case"
    ATTACHED = "attached", "Added to an open case"
    SIGNPOSTED = "signposted", "Signposted elsewhere"
    DECLINED = "declined", "Not taken on"
    PASSED_ON = "passed_on", "Passed to safeguarding or MARAC"
    WITHDRAWN = "withdrawn", "Withdrawn by the referrer"


_DECIDED = (
    ReferralStatus.ADOPTED,
    ReferralStatus.ATTACHED,
    ReferralStatus.SIGNPOSTED,
    ReferralStatus.DECLINED,
    ReferralStatus.PASSED_ON,
)
REFERRAL_LIFECYCLE = Lifecycle(
    ReferralStatus,
    start=ReferralStatus.DRAFT,
    transitions={
        ReferralStatus.DRAFT: [ReferralStatus.SENT, ReferralStatus.WITHDRAWN],
        ReferralStatus.SENT: [ReferralStatus.ASKED, *_DECIDED, ReferralStatus.WITHDRAWN],
        ReferralStatus.ASKED: [ReferralStatus.SENT, *_DECIDED, ReferralStatus.WITHDRAWN],
        **{status: [] for status in _DECIDED},
        ReferralStatus.WITHDRAWN: [],
    },
    owners={
        ReferralStatus.DRAFT: "The unit that writes it",
        ReferralStatus.SENT: "The co-ordinator of the hub that was asked",
        ReferralStatus.ASKED: "The unit that referred it",
        ReferralStatus.ADOPTED: "The case that came of it",
        ReferralStatus.ATTACHED: "The case it was added to",
        ReferralStatus.SIGNPOSTED: "The unit that referred it, with the address it was given",
        ReferralStatus.DECLINED: "The unit that referred it, which may refer again",
        ReferralStatus.PASSED_ON: "Whoever it was passed to",
        ReferralStatus.WITHDRAWN: "Nobody",
    },
)
WAITING = (ReferralStatus.SENT, ReferralStatus.ASKED)
DECIDED = _DECIDED


class Source(models.TextChoices):
    """By which way a referral came in."""

    PAGE = "page", "Written here"
    LINK = "link", "Through a link for partners without an account"
    SHEET = "sheet", "From a spreadsheet"
    API = "api", "From another system"


class Referral(Record, InFolder):
    """One referral. `hub`, `unit` and `sensitivity` are the folder's, copied by a trigger; `to_hub` is the hub
    that is or will be asked."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    sensitivity = models.SmallIntegerField(choices=Sensitivity, default=Sensitivity.NORMAL)
    work_folder = models.ForeignKey(
        Folder,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The hub's own, once it works on it",
    )
    score_folder = models.ForeignKey(
        Folder,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The hub's scores of it, which its case takes along",
    )
    to_hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=12, choices=ReferralStatus, default=ReferralStatus.DRAFT)
    source = models.CharField(max_length=6, choices=Source, default=Source.PAGE)
    subject_kind = models.CharField(max_length=12, choices=SubjectKind, blank=True)
    gateway = models.CharField(max_length=80, blank=True, help_text="Code of the section gateways")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, related_name="+")
    # What happened, in the referrer's words
    happened = models.TextField(blank=True, help_text="What is happening, how often, since when")
    where = models.TextField(blank=True, help_text="Where it happens")
    tried = models.TextField(blank=True, help_text="What the referrer has tried, and what came of it")
    asked_for = models.TextField(blank=True, help_text="What the hub is asked to do")
    children = models.CharField(max_length=10, blank=True, help_text="yes, no or not_known")
    children_words = models.TextField(blank=True)
    wishes = models.TextField(blank=True, help_text="What the victim wants, or why nobody asked")
    told = models.CharField(max_length=10, blank=True, help_text="Was the person told: yes, no")
    not_told_why = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)
    urgent_why = models.TextField(blank=True)
    referrer_name = models.CharField(max_length=200, blank=True, help_text="Where the sender has no account")
    referrer_contact = models.CharField(max_length=200, blank=True)
    external_key = models.CharField(
        max_length=64, blank=True, help_text="Keyed hash of the sender's own number"
    )
    # Clock: from receipt
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="Business time")
    due_on = models.DateField(null=True, help_text="The day by which the hub is to decide")
    decided_on = models.DateField(null=True)
    # What the referrer is told
    answer = models.TextField(blank=True, help_text="What the referrer is told of the decision, or is asked")
    reply = models.TextField(blank=True, help_text="What the referrer answered last")
    case_id_public = models.CharField(max_length=16, blank=True, help_text="public_id of the case's matter")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, help_text="Rises with every edit")

    class Meta:
        db_table = "casework_referral"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["folder", "id"], name="referral_in_folder"),
            models.UniqueConstraint(
                fields=["unit", "external_key"],
                condition=~Q(external_key="") & ~Q(status="withdrawn"),
                name="referral_external_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReferralStatus.values), name="referral_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(sent_on__isnull=False, sent_at__isnull=False),
                name="referral_sent_on_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | Q(sent_on__isnull=False, decided_on__gte=models.F("sent_on")),
                name="referral_decided_after_sent",
            ),
        ]
        indexes = [
            models.Index(fields=["hub", "status", "due_on", "id"], name="referral_waiting"),
            models.Index(fields=["hub", "-sent_on", "-id"], name="referral_newest_of_hub"),
            models.Index(fields=["unit", "-id"], name="referral_of_unit"),
            models.Index(fields=["unit", "hub"], name="referral_of_unit_in_hub"),
            models.Index(fields=["-sent_on", "-id"], name="referral_newest"),
            models.Index(
                fields=["due_on", "id"],
                name="referral_waiting_by_due",
                condition=Q(status__in=["sent", "asked"]),
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.public_id}"


class ReferralMove(DatedMove, InFolder):
    """One move of a referral's status."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="moves")

    class Meta:
        db_table = "casework_referral_move"
        ordering = ["id"]


class Involved(Record, InFolder):
    """A person or place in a referral or a case, and as what. It lies in the matter's folder; the record itself
    is enclosed there."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=80, blank=True, help_text="Code of the section case_roles")
    is_subject = models.BooleanField(default=False, help_text="The matter is about them")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day")
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=16, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        db_table = "casework_involved"
        ordering = ["-is_subject", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, place__isnull=True)
                | Q(person__isnull=True, place__isnull=False),
                name="involved_a_person_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by="", end_reason="")
                | (Q(ended_on__isnull=False) & ~Q(ended_by="")),
                name="involved_ended_by_and_on",
            ),
            models.UniqueConstraint(
                fields=["folder", "person", "role"],
                condition=Q(ended_on__isnull=True, person__isnull=False),
                name="involved_person_once",
            ),
            models.UniqueConstraint(
                fields=["folder", "place", "role"],
                condition=Q(ended_on__isnull=True, place__isnull=False),
                name="involved_place_once",
            ),
        ]


class DecisionKind(models.TextChoices):
    ADOPT = "adopt", "Adopt as a case"
    ATTACH = "attach", "Add to an open case"
    REDIRECT = "redirect", "Redirect to another hub"
    SIGNPOST = "signpost", "Signpost to another service"
    DECLINE = "decline", "Do not take it on"
    ASK = "ask", "Ask for more information"
    SAFEGUARDING = "safeguarding", "Refer to safeguarding"
    MARAC = "marac", "Refer to MARAC"


class Decision(Record, InFolder):
    """What a hub decided about a referral, by whom, why, and which tests of adoption it meets. In the hub's own
    folder; what the referrer is told stands on the referral."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12, choices=DecisionKind)
    reason = models.TextField()
    tests = models.JSONField(default=list, help_text="Codes of the section adoption_tests that it meets")
    told = models.TextField(blank=True, help_text="What the referrer was told")
    hub_from = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+")
    hub_to = models.ForeignKey(Hub, on_delete=models.PROTECT, null=True, related_name="+")
    case_id_public = models.CharField(max_length=16, blank=True, help_text="public_id of the case's matter")
    by = models.CharField(max_length=16, help_text="public_id of the account")
    on = models.DateField(help_text="The business day")
    at = models.DateTimeField(help_text="Business time")

    class Meta:
        db_table = "casework_decision"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["case_id_public"], name="decision_of_case"),
        ]
