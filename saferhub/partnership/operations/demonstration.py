"""The demonstration partnership: packs, the cast, and an invented history of the statutory calendar.

Everything here is invented and says so. It is written through the same operations as anybody's work,
in one transaction, so that it stands whole or not at all; only the accounts of the cast, who have no
passwords, are made directly.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import connections, transaction
from django.utils.timezone import localdate

from saferhub.accounts.cast import CAST
from saferhub.accounts.models import LIFECYCLE, AccountMove, Status, User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.models import ClockOffset, Milestone
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.registries import DEMONSTRATION, DEMONSTRATION_HISTORY
from saferhub.partnership.access import Role, actor_for
from saferhub.partnership.models import Hub, Membership, Partnership, Unit
from saferhub.partnership.models.duties import DutyOccurrence, DutyStatus
from saferhub.partnership.operations import duties
from saferhub.partnership.operations.packs import load_packs

PACKS = ("england", "north_yorkshire_2018", "wealdshire")
FIRST_DAY = date(2018, 8, 28)
_SINCE = date(2018, 4, 1)
_COLLEAGUES = 40
_MOST_COLLEAGUES = 400
_GIVEN = (
    "Alder",
    "Bryony",
    "Corin",
    "Delphine",
    "Edwin",
    "Fern",
    "Gwilym",
    "Hester",
    "Idris",
    "Juno",
    "Kit",
    "Linnet",
)
_FAMILY = ("Applegarth", "Birkdale", "Coverdale", "Dunstall", "Eskrigg", "Farndale", "Garsdale", "Hawksworth")
_JOBS = ("Caseworker", "Community safety officer", "Prevention officer", "Support worker", "Team leader")


@dataclass(frozen=True, slots=True)
class Size:
    """How large the history of the demonstration is: so many times the usual seven hubs' three years; or, to
    measure with, so many thin cases in so many hubs among so many agencies."""

    scale: float = 1
    seed: int = 1
    cases: int = 0
    hubs: int = 0
    agencies: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the cast is: where she works and in which role, for one hub or for none."""

    partnership: str
    agency: str
    unit: str
    role: Role
    hub: str = ""


_NY = "north_yorkshire"
PARTS: dict[str, Part] = {
    "rachel.referrer": Part(_NY, "selby_district_council", "housing", Role.PARTNER),
    "colin.coordinator": Part(
        _NY, "selby_district_council", "community_safety", Role.HUB_COORDINATOR, "selby"
    ),
    "maya.manager": Part(
        _NY, "north_yorkshire_county_council", "safer_communities", Role.PARTNERSHIP_MANAGER
    ),
    "chris.chair": Part(_NY, "north_yorkshire_police", "neighbourhood_policing", Role.MEETING_CHAIR, "selby"),
    "priya.partner": Part(_NY, "mental_health_provider", "community_mental_health", Role.PARTNER),
    "victor.voluntary": Part(_NY, "victim_support_service", "caseworkers", Role.PARTNER),
    "mina.minutes": Part(_NY, "selby_district_council", "community_safety", Role.MINUTE_TAKER, "selby"),
    "nadia.neighbour": Part(_NY, "selby_district_council", "licensing", Role.PARTNER),
    "fergus.former": Part(_NY, "north_yorkshire_fire_and_rescue", "prevention", Role.PARTNER),
    "olivia.outsider": Part("wealdshire", "wealdshire_council", "community_safety", Role.PARTNERSHIP_MANAGER),
    "ian.governance": Part(
        _NY, "north_yorkshire_county_council", "safer_communities", Role.INFORMATION_GOVERNANCE
    ),
    "ana.analyst": Part(_NY, "north_yorkshire_county_council", "safer_communities", Role.ANALYST),
    "ada.admin": Part(_NY, "north_yorkshire_county_council", "safer_communities", Role.SYSTEM_ADMINISTRATOR),
}


def set_day(as_of: date, *, using: str = "owner") -> int:
    """Let the business clock begin at `as_of` today. Only the owner role may. Returns the days behind."""
    now = clock.real_now()
    days = (localdate(now) - as_of).days
    # Between 23:00 and midnight in winter, so many days of 24 hours before is the next day in summer.
    days += (localdate(now - timedelta(days=days)) - as_of).days
    ClockOffset.objects.using(using).update_or_create(pk=1, defaults={"days": days})
    clock.forget()
    return days


def make(*, as_of: date, say: Callable[[str], None], size: Size | None = None) -> bool:
    """Make the demonstration once, with its history of this size; without a size, what the cast wrote and no more.
    Returns False when it is there already.

    Beyond a scale of 1 the partnership has forty more invented people for each whole step, four hundred at most;
    the seed chooses their names and units. The history comes last, by itself: a demonstration that has none yet
    gets it the next time.

    Raises Refusal outside demonstration mode, or when the database already holds a partnership's work.
    """
    if not settings.DEMONSTRATION:
        raise Refusal(
            "no_demonstration", "Set SAFERHUB_DEMONSTRATION=1: a demonstration never mixes with live data."
        )
    if Milestone.is_reached(Milestone.DEMONSTRATION):
        return _history_of(size, say)
    if User.objects.exists():
        raise Refusal(
            "not_empty", "This database already holds accounts, so no demonstration is put into it."
        )
    if "owner" not in connections.settings:
        raise Refusal("no_owner", "Set DATABASE_OWNER_URL: only the owner may move the demonstration's day.")
    set_day(as_of)
    with transaction.atomic():
        say("loading packs")
        load_packs([settings.BASE_DIR / "packs" / name for name in PACKS])
        say("calling the cast")
        people = _cast()
        if size is not None and size.scale > 1:
            say("calling colleagues")
            _colleagues(min(round(_COLLEAGUES * (size.scale - 1)), _MOST_COLLEAGUES), size.seed)
        say("keeping the statutory calendar")
        for manager in ("maya.manager", "olivia.outsider"):
            _history(people[manager])
        for provider in DEMONSTRATION:
            provider(people, say)
        Milestone.objects.create(name=Milestone.DEMONSTRATION)
    _history_of(size, say)
    return True


def _history_of(size: Size | None, say: Callable[[str], None]) -> bool:
    """What is loaded by the owner, who sees only what is committed. Returns whether anything was."""
    if size is None:
        return False
    people = {user.username: user for user in User.objects.filter(username__in=PARTS)}
    made = [provider(people, size, say) for provider in DEMONSTRATION_HISTORY]
    return any(made)


def _cast() -> dict[str, User]:
    return {
        member.username: invented_person(
            member.username,
            member.name,
            member.job_title,
            member.email,
            PARTS[member.username],
            telephone=member.telephone,
        )
        for member in CAST
    }


def invented_person(
    username: str, name: str, job_title: str, email: str, part: Part, telephone: str = ""
) -> User:
    """One invented account with its role. It has no password, so only the demonstration can sign it in."""
    user = User(
        email=email,
        username=username,
        name=name,
        job_title=job_title,
        telephone=telephone,
        status=Status.ACTIVE,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    AccountMove.objects.create(
        user=user, from_status=LIFECYCLE.start, to_status=Status.ACTIVE, on=_SINCE, reason="Demonstration"
    )
    partnership = Partnership.objects.get(code=part.partnership)
    membership = Membership.objects.create(
        user=user,
        partnership=partnership,
        unit=Unit.objects.get(agency__partnership=partnership, agency__code=part.agency, code=part.unit),
        role=part.role.code,
        hub=Hub.objects.get(partnership=partnership, code=part.hub) if part.hub else None,
        valid_from=_SINCE,
        reason="Demonstration",
    )
    audit.record("account.joined", user, by=None, concerning=partnership, demonstration=True)
    audit.record("member.role_given", membership, by=None, concerning=partnership, role=part.role.code)
    return user


def _colleagues(count: int, seed: int) -> None:
    """More invented partners, spread over the units of the main partnership; the same for the same seed."""
    chance = random.Random(seed)
    units = list(
        Unit.objects.filter(agency__partnership__code=_NY)
        .order_by("agency__code", "code")
        .values_list("agency__code", "code")
    )
    for number in range(count):
        name = f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
        username = f"{name.lower().replace(' ', '.')}.{number + 1}"
        agency, unit = chance.choice(units)
        part = Part(_NY, agency, unit, Role.PARTNER)
        invented_person(username, name, chance.choice(_JOBS), f"{username}@demo.invalid", part)


def _history(manager: User) -> None:
    """Plan the calendar and record what an invented partnership had done by the first day, some of it late."""
    today = clock.today()
    actor = actor_for(manager)
    if actor.partnership is None:
        raise Refusal("no_partnership", f"{manager.username} belongs to no partnership.")
    duties.plan_calendar(actor.partnership, on=today, by=actor)
    behind = (
        DutyOccurrence.objects.filter(partnership=actor.partnership, status=DutyStatus.DUE, due_on__lt=today)
        .order_by("due_on", "id")
        .values_list("public_id", "due_on", "started_on")
    )
    # Every seventh stays open, so that the calendar shows what late looks like.
    for place, (occurrence, due_on, started_on) in enumerate(list(behind)):
        if place % 7 == 6 or due_on is None:
            continue
        early_or_late = timedelta(days=(-9, -3, 4)[place % 3])
        done_on = min(max(due_on + early_or_late, started_on or due_on), today)
        duties.record_done(
            occurrence_id=occurrence,
            done_on=done_on,
            evidence="Recorded for the demonstration; nothing of the kind was received",
            evidence_reference="",
            by=actor,
            on=today,
        )
