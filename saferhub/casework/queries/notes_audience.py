"""Who would see something that is written to a case, by name: what the form says before anything is saved.

The three choices are worked out from everybody who sees the case today. Whoever joins the case later sees what was
shared with everybody, and whoever joins a unit sees that unit's.
"""

from __future__ import annotations

from dataclasses import dataclass

from saferhub.accounts.models import User
from saferhub.casework.models import Case
from saferhub.casework.rules.notes import people_words
from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.sharing.access.seers import Seer, bindings, seers_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Because, Interest, Sensitivity

HUB = "hub"
_PASSING = (Because.EMERGENCY, Because.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may be named: the hub, another agency's unit, or in a restricted case a person.

    `interest`: that on which they see the case, whose purpose, gateway, agreement and end a note to them rests on;
    None for the hub.
    """

    key: str
    name: str
    people: tuple[str, ...]
    unit: Unit | None = None
    user: User | None = None
    interest: Interest | None = None

    @property
    def hint(self) -> str:
        return f"Today: {people_words(self.people)}"


@dataclass(frozen=True, slots=True)
class Audience:
    """The three choices in names."""

    everybody: tuple[str, ...]
    own: tuple[str, ...]
    own_name: str
    parties: tuple[Party, ...]
    is_restricted: bool

    def party(self, key: str) -> Party | None:
        return next((one for one in self.parties if one.key == key), None)


def unit_name(unit: Unit) -> str:
    """A unit with its agency, as pages name it."""
    return unit.agency.name if unit.is_whole_agency else f"{unit.name} ({unit.agency.name})"


def audience_of(actor: Actor, case: Case) -> Audience:
    """Everybody who would see what this actor writes to the case, for each choice. About fifteen queries.

    The case was loaded through access.
    """
    seers = seers_of(case.folder)
    parents: dict[int, int | None] = dict(
        Unit.objects.filter(agency__partnership_id=case.partnership_id).values_list("id", "parent_id")
    )
    own = actor.unit
    restricted = case.folder.sensitivity != Sensitivity.NORMAL
    own_people = [one for one in seers if own and own.pk in _above(one.unit.pk, parents)]
    parties: list[Party] = []
    if restricted:
        parties = _persons(actor, case, seers)
    else:
        if case.hub is not None:
            staff = tuple(_named(one) for one in seers if one.works_in_hub)
            parties.append(Party(HUB, f"Everybody who works in {_the_hub(case.hub.name)}", staff))
        parties += _units(actor, case, seers, parents)
    return Audience(
        everybody=tuple(_named(one) for one in seers),
        own=tuple(_named(one) for one in own_people),
        own_name=unit_name(own) if own else "",
        parties=tuple(parties),
        is_restricted=restricted,
    )


def _the_hub(name: str) -> str:
    return name if name.lower().startswith("the ") else f"the {name}"


def _above(unit: int, parents: dict[int, int | None]) -> set[int]:
    found: set[int] = set()
    number: int | None = unit
    while number is not None:
        found.add(number)
        number = parents.get(number)
    return found


def _named(one: Seer) -> str:
    return f"{one.user.name} ({one.unit.agency.name})"


def _live(case: Case) -> list[Interest]:
    return list(
        Interest.objects.filter(interests_live_on(clock.now()), folder=case.folder_id)
        .select_related("unit__agency", "user", "agreement")
        .order_by("id")
    )


def _units(actor: Actor, case: Case, seers: list[Seer], parents: dict[int, int | None]) -> list[Party]:
    """Other units that see the case by a live interest under an agreement that binds their agency today."""
    bound = bindings(case.partnership, actor.on)
    mine = _above(actor.unit.pk, parents) if actor.unit else set()
    found: dict[int, Party] = {}
    for interest in _live(case):
        unit = interest.unit
        if unit is None or unit.pk in mine or unit.pk in found or interest.agreement_id is None:
            continue
        if interest.agreement_id not in {one.pk for one in bound.of(unit.agency_id)}:
            continue
        people = tuple(one.user.name for one in seers if unit.pk in _above(one.unit.pk, parents))
        found[unit.pk] = Party(
            f"unit:{unit.public_id}", unit_name(unit), people, unit=unit, interest=interest
        )
    return sorted(found.values(), key=lambda one: one.name)


def _persons(actor: Actor, case: Case, seers: list[Seer]) -> list[Party]:
    """In a restricted case: those named in it, one by one. Not whoever looks at it in an emergency, or for the one
    day after handing it over."""
    known = {one.user.pk: one for one in seers}
    found: dict[int, Party] = {}
    for interest in _live(case):
        user = interest.user
        if user is None or user == actor.user or user.pk not in known or user.pk in found:
            continue
        if interest.sensitivity < case.folder.sensitivity or interest.because in _PASSING:
            continue
        name = f"{user.name}, {known[user.pk].unit.agency.name}"
        found[user.pk] = Party(f"person:{user.public_id}", name, (user.name,), user=user, interest=interest)
    return sorted(found.values(), key=lambda one: one.name)
