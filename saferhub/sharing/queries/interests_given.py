"""To whom sight of a matter may be offered, and under which agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.accounts.models import Status, User
from saferhub.partnership.access import Permission, Role
from saferhub.partnership.models import Membership, Unit
from saferhub.sharing.access.seers import Bindings, bindings
from saferhub.sharing.models import Agreement, Matter


@dataclass(frozen=True, slots=True)
class Person:
    user: User
    unit: Unit


@dataclass(frozen=True)
class Offer:
    """Units and people of agencies that an agreement in force joins to the matter's own, for its hub."""

    matter: Matter
    bound: Bindings
    agencies: frozenset[int]
    units: list[Unit]
    people: list[Person]

    def unit(self, public_id: str) -> Unit | None:
        return next((one for one in self.units if one.public_id == public_id), None)

    def person(self, public_id: str) -> Person | None:
        return next((one for one in self.people if one.user.public_id == public_id), None)

    def unit_of(self, user: User | None) -> Unit | None:
        return next((one.unit for one in self.people if user is not None and one.user.pk == user.pk), None)

    def agreements(self, agency_id: int) -> list[Agreement]:
        """Those in force that bind both agencies and cover the hub."""
        return self.bound.between(self.matter.unit.agency_id, agency_id, self.matter.hub_id)


def offer(matter: Matter, day: date) -> Offer:
    """Who may be given sight of a matter on that day. Five queries."""
    bound = bindings(matter.partnership, day)
    owner = matter.unit.agency_id
    agencies = frozenset(one for one in bound.by_agency if bound.between(owner, one, matter.hub_id))
    units = list(
        Unit.objects.filter(agency__in=agencies)
        .exclude(pk=matter.unit_id)
        .select_related("agency")
        .order_by("agency__name", "parent_id", "name")
    )
    units.sort(key=lambda one: (one.agency.name, not one.is_whole_agency, one.name))
    people: dict[int, Person] = {}
    works = {role.code for role in Role if Permission.WORK_ON_MATTERS in role.facts.permissions}
    for row in (
        Membership.objects.in_force_on(day)
        .filter(
            partnership=matter.partnership,
            unit__agency__in=agencies | {owner},
            user__status=Status.ACTIVE,
            role__in=works,
        )
        .select_related("user", "unit__agency")
        .order_by("user__name", "valid_from", "id")
    ):
        people.setdefault(row.user_id, Person(row.user, row.unit))
    return Offer(matter, bound, agencies, units, list(people.values()))
