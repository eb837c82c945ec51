"""Telling the co-ordinators what an agreement that stopped has taken from their partners.

By mail, because sight is lost at once and the work goes on. A mail leaves the service unprotected: it names
the agreement and says how many matters it touches, never which, and nothing about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from saferhub.accounts import mail
from saferhub.accounts.models import Status
from saferhub.audit import operations as audit
from saferhub.audit.models import Entry
from saferhub.foundation import clock
from saferhub.partnership.access import Permission, Role
from saferhub.partnership.models import Membership
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.jobs import steward_job
from saferhub.sharing.models import Agreement, AgreementParty, AgreementStatus, Interest

_TOLD = "agreement.coordinators_told"
# How far back a night looks for what the nights before it missed.
LOOK_BACK = timedelta(days=14)
_SUBJECTS = {
    "suspended": "{title} is suspended",
    "ended": "{title} has ended",
    "expired": "{title} has expired",
    "withdrawn": "A party has withdrawn from {title}",
    "resumed": "{title} is in force again",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One who is to be told, and how many of her hubs' matters it touches."""

    email: str
    matters: int


def tell(agreement: Agreement, what: str, *, agency: str = "") -> None:
    """Queue the telling, in the caller's transaction: undone with it, done once it stands."""
    tell_of_agreement.defer(agreement=agreement.public_id, what=what, agency=agency)


@steward_job("sharing.tell_of_agreement")
def tell_of_agreement(*, using: str, agreement: str, what: str, agency: str = "") -> int:
    """Mail the co-ordinators of the hubs concerned. Returns how many were told."""
    found = Agreement.objects.select_related("partnership").get(public_id=agreement)
    return send(found, what, concerned(found, agency=agency, using=using), agency=agency)


@steward_job("sharing.tell_of_days_passed", every="20 0 * * *")
def tell_of_days_passed(*, using: str) -> int:
    """Soon after midnight: the agreements whose last day has passed, and parties bound no more.

    What was told stands in the log, so nobody is told twice, and what a night missed is told by the next.
    """
    today = clock.today()
    told = 0
    for agreement in Agreement.objects.select_related("partnership").filter(
        status=AgreementStatus.IN_FORCE, last_day__gte=today - LOOK_BACK, last_day__lt=today
    ):
        if not _was_told(agreement, "expired", using=using):
            told += send(agreement, "expired", concerned(agreement, using=using))
    for party in AgreementParty.objects.select_related("agreement__partnership", "agency").filter(
        withdrawn_on__gt=today - LOOK_BACK,
        withdrawn_on__lte=today,
        agreement__in=Agreement.objects.in_force_on(today),
    ):
        agency = party.agency.code
        if not _was_told(party.agreement, "withdrawn", agency=agency, using=using):
            to = concerned(party.agreement, agency=agency, using=using)
            told += send(party.agreement, "withdrawn", to, agency=agency)
    return told


def _was_told(agreement: Agreement, what: str, *, agency: str = "", using: str) -> bool:
    return (
        Entry.objects.using(using)
        .filter(
            subject=agreement.public_id,
            event=_TOLD,
            codes__what=what,
            **({"codes__agency": agency} if agency else {}),
        )
        .exists()
    )


def concerned(agreement: Agreement, *, using: str, agency: str = "") -> list[Told]:
    """Those who decide on sharing in a hub of which something rests on this agreement.

    `using` is a connection that sees every row: the steward's.
    """
    resting = Interest.objects.using(using).filter(
        interests_live_on(clock.now()), agreement_id=agreement.pk, folder__hub__isnull=False
    )
    if agency:
        resting = resting.filter(
            Q(unit__agency__code=agency) | Q(user__memberships__unit__agency__code=agency),
        )
    hub_of = dict(resting.values_list("folder_id", "folder__hub_id"))
    matters: dict[int, int] = {}
    for hub in hub_of.values():
        matters[hub] = matters.get(hub, 0) + 1
    opened: set[int] = set()
    if agreement.opens_hubs:
        hubs = agreement.partnership.hubs.all()
        if not agreement.every_hub:
            hubs = hubs.filter(pk__in=agreement.hub_rows.values("hub"))
        opened = set(hubs.values_list("pk", flat=True))
    return _deciders(agreement, matters, opened | set(matters))


def _deciders(agreement: Agreement, matters: dict[int, int], hubs: set[int]) -> list[Told]:
    roles = [role.code for role in Role if Permission.DECIDE_SHARING in role.facts.permissions]
    rows = (
        Membership.objects.in_force_on(clock.today())
        .filter(partnership=agreement.partnership, role__in=roles, user__status=Status.ACTIVE)
        .values_list("user__email", "hub_id")
    )
    found: dict[str, int] = {}
    for email, hub in rows:
        if hub is None or hub in hubs:
            found[email] = max(
                found.get(email, 0), sum(matters.values()) if hub is None else matters.get(hub, 0)
            )
    return [Told(email, number) for email, number in sorted(found.items()) if hubs and email]


def send(agreement: Agreement, what: str, to: list[Told], *, agency: str = "") -> int:
    """Queue one mail to each, all or none."""
    with transaction.atomic():
        for told in to:
            mail.send(
                _SUBJECTS[what].format(title=agreement.title),
                render_to_string(
                    "sharing/agreements/mail.txt",
                    {
                        "what": what,
                        "title": agreement.title,
                        "matters": told.matters,
                        "partnership_name": agreement.partnership.name,
                        "service_name": settings.SERVICE_NAME,
                    },
                ),
                to=told.email,
            )
        if to:
            audit.record(
                _TOLD,
                agreement,
                by=None,
                concerning=agreement.partnership,
                agreement=agreement.code,
                what=what,
                agency=agency,
                people=len(to),
            )
    return len(to)
