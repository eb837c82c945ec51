"""Who can see a matter, and why: every interest in words, and the sight that needs none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access.seers import bound_by
from saferhub.sharing.models import Agreement, Because, Interest, Matter, Sensitivity
from saferhub.sharing.rules.interests import last_day, why_not
from saferhub.sharing.rules.interests_given import REASON_KIND

from .packs_in_words import PackWords, pack_words
from .revisions_in import revisions_in


@dataclass(frozen=True, slots=True)
class Row:
    """One interest in words. `dormant`: why it sleeps; empty where it lets its holder see."""

    interest: Interest
    holder: str
    of: str
    because: str
    purpose: str
    gateway: str
    agreement: Agreement | None
    since: datetime
    until: date | None
    given_by: str
    reason: str
    dormant: str
    has_ended: bool
    end_reason: str
    ended_by: str

    @property
    def is_emergency(self) -> bool:
        return self.interest.because == "emergency"


@dataclass(frozen=True, slots=True)
class Arm:
    """Sight that rests on no interest: the hub's staff, the unit whose it is."""

    holder: str
    why: str
    dormant: str = ""


@dataclass(frozen=True, slots=True)
class WhoCanSee:
    arms: list[Arm]
    rows: list[Row]
    ended: list[Row]


def who_can_see(actor: Actor, matter: Matter) -> WhoCanSee:
    """Everything that opens this matter, and what did before. At most ten queries.

    The matter was loaded through access, and whoever sees one sees every interest in it.
    """
    now = clock.now()
    interests = list(
        Interest.objects.filter(folder=matter.folder_id)
        .select_related("unit__agency", "user", "agreement")
        .order_by("valid_from", "id")
    )
    bound = bound_by(matter.partnership, now.date())
    names = names_of((who for one in interests for who in (one.given_by, one.ended_by)), actor)
    agencies = _agencies([one.user_id for one in interests if one.user_id], matter, now.date())
    words = pack_words(matter.partnership, now.date())
    reasons = {
        revision.subject: str(revision.values.get("reason", ""))
        for revision in revisions_in(matter.folder_id, REASON_KIND)
    }
    rows = [_row(one, matter, now, bound, names, agencies, words, reasons) for one in interests]
    return WhoCanSee(
        arms=_arms(matter),
        rows=[row for row in rows if not row.has_ended],
        ended=[row for row in reversed(rows) if row.has_ended],
    )


def _arms(matter: Matter) -> list[Arm]:
    restricted = matter.sensitivity != Sensitivity.NORMAL
    asleep = "Only those named see it" if restricted else ""
    unit = matter.unit
    owner = unit.agency.name if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"
    found = [Arm(owner, "Holds the record", asleep)]
    if matter.hub is not None:
        found.insert(0, Arm(matter.hub.name, "Those who work in the hub", asleep))
    return found


def _agencies(users: list[int], matter: Matter, day: date) -> dict[int, tuple[int, str]]:
    """The agency each of these people acts for."""
    found: dict[int, tuple[int, str]] = {}
    if not users:
        return found
    for row in (
        Membership.objects.in_force_on(day)
        .filter(user__in=users, partnership=matter.partnership_id)
        .select_related("unit__agency")
        .order_by("valid_from", "id")
    ):
        found.setdefault(row.user_id, (row.unit.agency_id, row.unit.agency.name))
    return found


def _row(
    one: Interest,
    matter: Matter,
    now: datetime,
    bound: Mapping[int, frozenset[int]],
    names: dict[str, str],
    agencies: dict[int, tuple[int, str]],
    words: PackWords,
    reasons: dict[str, str],
) -> Row:
    if one.unit is not None:
        whole = one.unit.is_whole_agency
        holder, of, agency = (
            one.unit.agency.name if whole else one.unit.name,
            "" if whole else one.unit.agency.name,
            one.unit.agency_id,
        )
    else:
        agency, of = agencies.get(one.user_id or 0, (0, "No longer works here"))
        # A name shows only for people of the reader's own partnership.
        holder = one.user.name if one.user and agency else "Somebody who has left"
    return Row(
        interest=one,
        holder=holder,
        of=of,
        because=_because(one, matter),
        purpose=words.purpose(one.purpose),
        gateway=words.gateway(one.gateway),
        agreement=one.agreement,
        since=one.valid_from,
        until=last_day(one.valid_until),
        given_by=names.get(one.given_by, ""),
        reason=reasons.get(one.public_id, ""),
        dormant=_dormant(one, agency, matter, now, bound),
        has_ended=one.valid_until is not None and one.valid_until <= now,
        end_reason=one.end_reason,
        ended_by=names.get(one.ended_by, ""),
    )


def _because(one: Interest, matter: Matter) -> str:
    if one.because == Because.LEADS and matter.kind == "case":
        return "Leads the case"
    return str(one.get_because_display())


def _dormant(
    one: Interest, agency: int, matter: Matter, now: datetime, bound: Mapping[int, frozenset[int]]
) -> str:
    """Why an interest that has not ended shows nothing; nothing where it does."""
    if one.valid_from > now:
        return "has not begun"
    if not agency:
        return "works here no longer"
    if one.agreement is not None and one.agreement_id not in bound.get(agency, ()):
        standing = why_not(one.agreement.standing(now.date()))
        return f"agreement {standing}" if standing else "agency not bound by the agreement"
    if one.sensitivity < matter.sensitivity:
        return "restricted to named people"
    return ""
