"""Risks to staff that follow an address or a household: whoever calls on one meets the others.

Every record is loaded through access by itself. What the reader may not see raises no alert and leaves no
trace: neither a risk, nor the relationship or the address through which it would have come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access
from saferhub.people.models import Address, Person, Place, StaffRisk
from saferhub.people.rules import links as link_rules
from saferhub.people.rules import risks as rules

from .links import standing_around
from .person_page import is_current
from .words import PackWords

# How a risk comes near, the surest first.
AT_ADDRESS, IN_HOUSEHOLD, WITH_PARTNER = "at this address", "in this household", "where the partner is"
# Partners may live apart, and often do not.
_PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class NearRisk:
    """A risk in another person's record. `title` says how it comes near."""

    title: str
    risk: StaffRisk
    person: Person
    instruction: str
    agency: str
    is_overdue: bool


def risks_around(actor: Actor, group: Collection[Person], words: PackWords) -> list[NearRisk]:
    """The risks of those who live with a person, or at her address. `group`: the records that stand as her.

    Up to eight queries, whatever is recorded.
    """
    ours = {one.pk for one in group}
    addresses = access.addresses_visible_to(actor).filter(person__in=ours)
    near = dict.fromkeys(_living_at(actor, addresses) - ours, AT_ADDRESS)
    for number, how in _related(actor, ours).items():
        near.setdefault(number, how)
    return _told(actor, _with_linked(actor, near, ours), words)


def risks_at(actor: Actor, place: Place, words: PackWords) -> list[NearRisk]:
    """The risks of those who are recorded at a place's address now."""
    there = _living_at(actor, access.addresses_visible_to(actor).filter(place=place))
    return _told(actor, _with_linked(actor, dict.fromkeys(there, AT_ADDRESS), set()), words)


def places_with_risk(actor: Actor, places: Collection[Place]) -> set[int]:
    """Which of these places have somebody at their address with a risk to staff. Up to five queries."""
    addresses: dict[int, list[Address]] = {}
    for one in access.addresses_visible_to(actor).filter(place__in=places):
        addresses.setdefault(one.place_id or 0, []).append(one)
    lived = {number: rules.lived_at(rows, actor.on) for number, rows in addresses.items()}
    rows = _addresses_like(actor, lived.values())
    near = _with_linked(actor, dict.fromkeys({one.person_id or 0 for one in rows}, AT_ADDRESS), set())
    risky = {one.person_id for one in _current_risks(actor, near)}
    standing = standing_around(actor, near) if risky else []
    return {
        number
        for number, (keys, references) in lived.items()
        for one in rows
        if (one.key in keys or one.uprn in references)
        and risky & link_rules.identity(one.person_id or 0, standing)
    }


def _living_at(actor: Actor, addresses: Iterable[Address]) -> set[int]:
    """The records of persons at one of these addresses today."""
    found = _addresses_like(actor, [rules.lived_at(addresses, actor.on)])
    return {one.person_id for one in found if one.person_id is not None}


def _addresses_like(actor: Actor, lived: Iterable[tuple[frozenset[str], frozenset[str]]]) -> list[Address]:
    held = list(lived)
    keys = {key for one, _ in held for key in one}
    references = {number for _, one in held for number in one}
    if not keys and not references:
        return []
    rows = access.addresses_visible_to(actor).filter(
        Q(key__in=keys) | Q(uprn__in=references), person__isnull=False
    )
    return [one for one in rows if rules.holds(one, actor.on)]


def _related(actor: Actor, ours: set[int]) -> dict[int, str]:
    """Who is recorded as of one household, or as the partner, by either of the two."""
    rows = access.relationships_visible_to(actor).filter(
        Q(person__in=ours) | Q(other__in=ours), Q(group="household") | Q(kind=_PARTNER), other__isnull=False
    )
    found: dict[int, str] = {}
    for row in rows:
        if is_current(row, actor.on):
            number = row.other_id if row.person_id in ours else row.person_id
            if number is not None and number not in ours:
                how = IN_HOUSEHOLD if row.group == "household" else WITH_PARTNER
                found[number] = how if found.get(number) != IN_HOUSEHOLD else IN_HOUSEHOLD
    return found


def _with_linked(actor: Actor, near: dict[int, str], ours: set[int]) -> dict[int, str]:
    """The same with the records that stand as one person with each: a risk may be on another agency's."""
    if not near:
        return {}
    standing = standing_around(actor, near)
    found = dict(near)
    for number, how in near.items():
        for other in link_rules.identity(number, standing) - ours:
            found.setdefault(other, how)
    return found


def _current_risks(actor: Actor, numbers: Collection[int]) -> list[StaffRisk]:
    if not numbers:
        return []
    rows = access.staff_risks_visible_to(actor).filter(person__in=list(numbers)).select_related("person")
    return [one for one in rows if is_current(one, actor.on)]


def _told(actor: Actor, near: dict[int, str], words: PackWords) -> list[NearRisk]:
    rows = _current_risks(actor, near)
    rows.sort(key=lambda one: (words.severity(one.kind), one.person.name, -one.pk))
    agencies = agency_names((one.person.agency for one in rows), actor) if rows else {}
    found = []
    for one in rows:
        item = words.item("staff_risks", one.kind)
        found.append(
            NearRisk(
                f"Risk to staff {near[one.person_id]}: {words.name('staff_risks', one.kind).lower()}",
                one,
                one.person,
                one.instruction or (str(item.instruction) if item else ""),
                agencies.get(one.person.agency, one.person.agency),
                one.review_on is not None and one.review_on < actor.on,
            )
        )
    return found
