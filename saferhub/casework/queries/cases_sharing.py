"""Who can lead a new case or contribute to it, and on what ground: asked before the case is opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from saferhub.accounts.models import Status, User
from saferhub.partnership.access import Actor, Permission, Role
from saferhub.partnership.models import Hub, Membership, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.access.seers import Bindings, bindings
from saferhub.sharing.models import Agreement


@dataclass(frozen=True, slots=True)
class Ground:
    """An agreement and a legal gateway that carry the case to an agency."""

    agreement: Agreement
    gateway: str
    gateway_name: str

    @property
    def code(self) -> str:
        return f"{self.agreement.public_id}:{self.gateway}"

    @property
    def words(self) -> str:
        return f"“{self.agreement.title}”, {self.gateway_name}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may see the case, and on what; the first ground is the one that a lead sees it on. The decider's
    own unit has none and needs none."""

    unit: Unit
    grounds: tuple[Ground, ...]

    @property
    def name(self) -> str:
        unit = self.unit
        return unit.agency.name if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"


# How near a unit is to the hub's work: the nearest are offered first.
REFERRER, HUB, SERVES, ELSEWHERE = range(4)
_BEGINS = {REFERRER: "Referred it: ", ELSEWHERE: "Elsewhere: "}


@dataclass(frozen=True)
class Candidates:
    """`near`: how near each unit is, by its number; one that is not named there is elsewhere."""

    units: dict[str, Candidate]
    people: dict[str, tuple[User, Unit]]
    near: dict[int, int] = field(default_factory=dict)

    def leads(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Who may lead, under the name of the agency: its people, and each unit without a name yet. First the
        unit that referred it, then those who work in the hub, then others that serve its area."""
        rows = [
            (unit, f"person:{public_id}", f"{user.name}, {unit.name}")
            for public_id, (user, unit) in self.people.items()
        ]
        rows += [
            (one.unit, f"unit:{public_id}", f"{one.name}: nobody named yet")
            for public_id, one in self.units.items()
        ]
        return self._grouped(rows)

    def _grouped(self, rows: Iterable[tuple[Unit, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Choices under the name of each agency, the nearest first."""
        groups: dict[tuple[int, str], list[tuple[str, str]]] = {}
        for unit, code, words in rows:
            near = self.near.get(unit.pk, ELSEWHERE)
            groups.setdefault((near, unit.agency.name), []).append((code, words))
        return [
            (f"{_BEGINS.get(near, '')}{agency}", found) for (near, agency), found in sorted(groups.items())
        ]

    def lead(self, chosen: str) -> tuple[Candidate, User | None] | None:
        """The unit and officer of a choice of `leads`."""
        kind, _, public_id = chosen.partition(":")
        if kind == "unit" and public_id in self.units:
            return self.units[public_id], None
        if kind == "person" and public_id in self.people:
            user, unit = self.people[public_id]
            return self.units[unit.public_id], user
        return None

    def contributors(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Those that would see it by an agreement, under the agency's name, in the order of `leads`."""
        return self._grouped(
            (one.unit, public_id, one.name) for public_id, one in self.units.items() if one.grounds
        )

    def contributor(self, chosen: str) -> tuple[Unit, Ground] | None:
        """The unit of a choice of `contributors`, and the one agreement and gateway on which it sees the case."""
        one = self.units.get(chosen)
        return (one.unit, one.grounds[0]) if one is not None and one.grounds else None


def candidates(actor: Actor, *, purpose: str, hub: Hub | None, referred_by: Unit | None = None) -> Candidates:
    """Units joined with the actor's agency by an agreement in force that covers the hub and the purpose, on a
    gateway on which the law lets that kind of agency be told something. About ten queries.

    `hub`: None for what belongs to no hub, which any hub's agreement covers. `referred_by`: the unit that referred it,
    offered before all others.
    """
    if actor.agency is None or actor.partnership is None or actor.unit is None:
        return Candidates({}, {})
    partnership, on = actor.partnership, actor.on
    bound = bindings(partnership, on)
    sections = in_force.sections(partnership, ["purposes", "gateways", "agencies", "hubs"], on)
    serving = next((one.item for one in sections["purposes"] if one.code == purpose), None)
    known = {one.code: one.item for one in sections["gateways"]}
    kinds = {one.code: str(one.item.kind) for one in sections["agencies"]}
    giver = kinds.get(actor.agency.code, "")
    units = list(
        Unit.objects.filter(agency__in=bound.by_agency)
        .select_related("agency")
        .order_by("agency__name", "name")
    )
    grounds: dict[int, tuple[Ground, ...]] = {}
    for unit in units:
        if unit.agency_id not in grounds and serving is not None:
            kind = kinds.get(unit.agency.code, "")
            codes = [
                code
                for code in serving.gateways
                if code in known
                and (known[code].reaches is None or kind in known[code].reaches)
                and (known[code].givers is None or giver in known[code].givers)
            ]
            # A gateway made for agencies of this kind says more than one that draws no such line.
            codes.sort(key=lambda code: known[code].reaches is None)
            grounds[unit.agency_id] = _grounds(bound, actor.agency.pk, unit, hub, purpose, codes, known)
    found = {
        one.public_id: Candidate(one, () if one.pk == actor.unit.pk else grounds.get(one.agency_id, ()))
        for one in [actor.unit, *units]
        if one.pk == actor.unit.pk or grounds.get(one.agency_id)
    }
    ordered = dict(
        sorted(
            found.items(),
            key=lambda one: (one[1].unit.agency.name, not one[1].unit.is_whole_agency, one[1].name),
        )
    )
    here = next((one.item for one in sections["hubs"] if hub is not None and one.code == hub.code), None)
    areas = {one.code: set(one.item.areas) for one in sections["agencies"]}
    near = {}
    for one in ordered.values():
        unit = one.unit
        if referred_by is not None and unit.pk == referred_by.pk:
            near[unit.pk] = REFERRER
        elif unit.pk == actor.unit.pk or (here is not None and unit.agency.code in here.agencies):
            near[unit.pk] = HUB
        elif here is not None and _serves(areas.get(unit.agency.code, set()), set(here.areas)):
            near[unit.pk] = SERVES
    return Candidates(ordered, _people(actor, ordered), near)


def _serves(agency: set[str], hub: set[str]) -> bool:
    """Whether an agency works in the hub's area; one that names no area works in all of them."""
    return not agency or bool(agency & hub)


def _grounds(
    bound: Bindings,
    owner: int,
    unit: Unit,
    hub: Hub | None,
    purpose: str,
    codes: list[str],
    known: dict[str, Any],
) -> tuple[Ground, ...]:
    """Each agreement that carries it, on its first gateway: those that open the hub to the agency first, then
    those on a gateway made for agencies of its kind, then the hubs' own."""
    number = hub.pk if hub is not None else None
    opening = {one.pk for one in bound.opening(unit.agency, number)}
    found = []
    for agreement in bound.between(owner, unit.agency_id, number):
        fitting = [code for code in codes if code in agreement.gateways]
        if purpose in agreement.purposes and fitting:
            found.append(Ground(agreement, fitting[0], str(known[fitting[0]].name)))
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.agreement.pk not in opening,
                known[one.gateway].reaches is None,
                not one.agreement.opens_hubs,
            ),
        )
    )


def _people(actor: Actor, units: dict[str, Candidate]) -> dict[str, tuple[User, Unit]]:
    works = {role.code for role in Role if Permission.WORK_ON_MATTERS in role.facts.permissions}
    rows = (
        Membership.objects.in_force_on(actor.on)
        .filter(
            partnership=actor.partnership,
            unit__in=[one.unit.pk for one in units.values()],
            user__status=Status.ACTIVE,
            role__in=works,
        )
        .select_related("user", "unit__agency")
        .order_by("user__name", "valid_from", "id")
    )
    found: dict[str, tuple[User, Unit]] = {}
    for row in rows:
        found.setdefault(row.user.public_id, (row.user, row.unit))
    return found
