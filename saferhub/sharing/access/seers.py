"""Everybody who sees a folder now, and through which arm. The same rule as `sight`, asked the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch

from saferhub.accounts.models import Status, User
from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Permission, Role
from saferhub.partnership.models import Agency, Membership, Partnership, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.models import (
    Agreement,
    AgreementHub,
    AgreementParty,
    Because,
    Folder,
    Interest,
    Sensitivity,
)

from .reached import Reach, reach_on
from .sight import HUBS_ALONE, interests_live_on

# Sight that ends by itself: whoever has it is given nothing to do and leads nothing.
PASSING = frozenset({Because.EMERGENCY, Because.HANDED_OVER})


@dataclass(frozen=True, slots=True)
class Seer:
    """Somebody who sees it. `why` in words; agreement, purpose and gateway where her sight rests on them."""

    user: User
    unit: Unit
    why: str
    works_in_hub: bool
    owns: bool
    agreement: Agreement | None = None
    purpose: str = ""
    gateway: str = ""
    opening: tuple[Agreement, ...] = ()  # those that open the hub to her agency, any of which would do
    interest: Interest | None = None  # what her sight rests on, where it is an interest

    @property
    def is_lasting(self) -> bool:
        """Whether she sees it by more than an emergency or a look back at what was handed over."""
        return self.interest is None or self.interest.because not in PASSING

    @property
    def with_unit(self) -> bool:
        """Whether she sees it as her unit does, and not because she was named."""
        return self.interest is None or self.interest.unit_id is not None


@dataclass(frozen=True, slots=True)
class Bindings:
    """The agreements in force on a day and whom they bind."""

    by_agency: dict[int, list[Agreement]]
    hubs: dict[int, frozenset[int]]
    reach: Reach

    def of(self, agency_id: int) -> list[Agreement]:
        return self.by_agency.get(agency_id, [])

    def covers(self, agreement: Agreement, hub_id: int | None) -> bool:
        return hub_id is None or agreement.every_hub or hub_id in self.hubs.get(agreement.pk, ())

    def opening(self, agency: Agency, hub_id: int | None) -> list[Agreement]:
        """Those that show this agency all that the hub works on."""
        return [a for a in self.of(agency.pk) if self.reach.opens(a, agency) and self.covers(a, hub_id)]

    def between(self, one: int, other: int, hub_id: int | None) -> list[Agreement]:
        """Those that bind both agencies and cover the hub."""
        theirs = {agreement.pk for agreement in self.of(other)}
        return [a for a in self.of(one) if a.pk in theirs and self.covers(a, hub_id)]


def bindings(partnership: Partnership, day: date) -> Bindings:
    """Every agreement in force, with the agencies bound and the hubs covered. Four queries, asked once on a page."""
    return once(("bindings", partnership.pk, day), lambda: _bindings(partnership, day))


def _bindings(partnership: Partnership, day: date) -> Bindings:
    parties = AgreementParty.objects.signed_on_day(day)
    agreements = list(
        Agreement.objects.filter(partnership=partnership)
        .in_force_on(day)
        .prefetch_related(Prefetch("parties", queryset=parties, to_attr="bound"))
        .order_by("title", "id")
    )
    by_agency: dict[int, list[Agreement]] = {}
    for agreement in agreements:
        for party in agreement.bound:
            by_agency.setdefault(party.agency_id, []).append(agreement)
    hubs: dict[int, set[int]] = {}
    for number, hub in AgreementHub.objects.filter(agreement__in=agreements).values_list(
        "agreement_id", "hub_id"
    ):
        hubs.setdefault(number, set()).add(hub)
    covered = {number: frozenset(found) for number, found in hubs.items()}
    return Bindings(by_agency, covered, reach_on(partnership, day))


def bound_by(partnership: Partnership, day: date) -> dict[int, frozenset[int]]:
    """The agreements in force that bind each agency, by number. One query."""
    found: dict[int, set[int]] = {}
    in_use = Agreement.objects.filter(partnership=partnership).in_force_on(day)
    for agency, agreement in (
        AgreementParty.objects.signed_on_day(day)
        .filter(agreement__in=in_use)
        .values_list("agency_id", "agreement_id")
    ):
        found.setdefault(agency, set()).add(agreement)
    return {agency: frozenset(numbers) for agency, numbers in found.items()}


def lead_agency(partnership: Partnership, day: date) -> str:
    """The code of the agency that leads the partnership on that day."""
    own = [e for e in in_force.entries(partnership, "partnership", day) if not e.is_national]
    return str(own[0].item.lead_agency or "") if own else ""


def seers_of(folder: Folder, *, now: datetime | None = None) -> list[Seer]:
    """Everybody who sees this folder in its own right, by name. Nine queries at most, however many people.

    The caller has loaded the folder through access.
    """
    now = now or clock.now()
    day = now.date()
    bound = bindings(folder.partnership, day)
    lead = lead_agency(folder.partnership, day)
    parents: dict[int, int | None] = dict(
        Unit.objects.filter(agency__partnership_id=folder.partnership_id).values_list("id", "parent_id")
    )
    interests = list(
        Interest.objects.filter(
            interests_live_on(now), folder=folder, sensitivity__gte=folder.sensitivity
        ).select_related("agreement")
    )
    # What lasts and what her unit holds says more of her sight than what passes or is in her own name.
    interests.sort(key=lambda one: (one.because in PASSING, one.unit_id is None, one.pk))
    found = []
    for held in _people(folder.partnership, day):
        seer = _seer(folder, held, bound, lead, parents, interests)
        if seer is not None:
            found.append(seer)
    return sorted(found, key=lambda one: (one.user.name, one.user.pk))


def _people(partnership: Partnership, day: date) -> Iterable[list[Membership]]:
    """The roles of each person in the one unit that she acts for."""
    rows = (
        Membership.objects.in_force_on(day)
        .filter(partnership=partnership, user__status=Status.ACTIVE)
        .select_related("user", "unit__agency", "hub")
        .order_by("valid_from", "id")
    )
    people: dict[int, list[Membership]] = {}
    for row in rows:
        people.setdefault(row.user_id, []).append(row)
    return [[row for row in held if row.unit_id == held[0].unit_id] for held in people.values()]


def _permissions(row: Membership) -> frozenset[Permission]:
    try:
        return Role.of(row.role).facts.permissions
    except KeyError:
        return frozenset()


def _seer(
    folder: Folder,
    held: list[Membership],
    bound: Bindings,
    lead: str,
    parents: dict[int, int | None],
    interests: list[Interest],
) -> Seer | None:
    first = held[0]
    if not any(Permission.WORK_ON_MATTERS in _permissions(row) for row in held):
        return None
    user, unit = first.user, first.unit
    above: set[int] = set()
    number: int | None = unit.pk
    while number is not None:
        above.add(number)
        number = parents.get(number)
    in_hub = folder.hub_id is not None and any(
        Permission.SEE_HUB in _permissions(row) and row.hub_id in (None, folder.hub_id) for row in held
    )
    opening = bound.opening(unit.agency, folder.hub_id)
    leads = unit.agency.code == lead
    in_hub = in_hub and (leads or bool(opening))
    owns = folder.unit_id in above and folder.kind != HUBS_ALONE
    if folder.sensitivity == Sensitivity.NORMAL and owns:
        return Seer(user, unit, "Works in the unit whose it is", in_hub, owns)
    if folder.sensitivity == Sensitivity.NORMAL and in_hub:
        return Seer(
            user, unit, "Works in the hub that has it", in_hub, owns, opening=() if leads else tuple(opening)
        )
    mine = {agreement.pk for agreement in bound.of(unit.agency_id)}
    for interest in interests:
        if interest.holder not in above and interest.holder != -user.pk:
            continue
        if interest.agreement_id is None or interest.agreement_id in mine:
            return Seer(
                user,
                unit,
                str(interest.get_because_display()),
                in_hub,
                owns,
                interest.agreement,
                interest.purpose,
                interest.gateway,
                interest=interest,
            )
    return None
