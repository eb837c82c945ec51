"""Link decisions as pages and operations read them: only those on records that the reader may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access
from saferhub.people.models import LinkDecision
from saferhub.people.rules.links import Decided, Known


def decided(rows: Iterable[LinkDecision]) -> list[Decided]:
    """Rows as the rules take them."""
    return [Decided(row.a_id, row.b_id, row.verdict, row.public_id) for row in rows]


def standing_around(actor: Actor, numbers: Collection[int]) -> list[Decided]:
    """The standing decisions visible to the actor on these records and on all that stand with them.

    One query, and where there are any two for each step along the chain, which is rarely more than two long.
    Asked once on a page for the same records.
    """
    return once(("standing_around", actor, frozenset(numbers)), lambda: _standing_around(actor, set(numbers)))


def _standing_around(actor: Actor, numbers: Collection[int]) -> list[Decided]:
    known: dict[int, LinkDecision] = {}
    asked: set[int] = set()
    front = set(numbers)
    while front:
        asked |= front
        found = access.standing_decisions_on(actor, front)
        front = set()
        for row in found:
            known[row.pk] = row
            if row.verdict == "same":
                front |= {row.a_id, row.b_id} - asked
    return decided(known.values())


def known_of(actor: Actor, numbers: Collection[int]) -> dict[int, Known]:
    """What tells people apart, of these records as far as the actor may see them. Five queries."""
    persons = {p.pk: p for p in access.persons_visible_to(actor).filter(pk__in=numbers)}
    names = _by_person(access.names_visible_to(actor), persons)
    addresses = _by_person(access.addresses_visible_to(actor), persons)
    identifiers = _by_person(access.identifiers_visible_to(actor), persons)
    contacts = _by_person(access.contact_points_visible_to(actor), persons)
    return {
        number: Known(
            names=frozenset((one.given, one.family) for one in names.get(number, [])),
            born=person.born_on,
            born_precision=person.born_precision,
            addresses=frozenset(one.key for one in addresses.get(number, [])),
            identifiers=frozenset((one.kind, one.key) for one in identifiers.get(number, [])),
            contacts=frozenset(one.key for one in contacts.get(number, [])),
        )
        for number, person in persons.items()
    }


def _by_person(rows: Any, persons: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.filter(person__in=persons):
        found.setdefault(row.person_id, []).append(row)
    return found


def names_by_number(actor: Actor, numbers: Collection[int]) -> dict[int, str]:
    """“Joanne Frith (North Yorkshire Police)” for each record that the actor may see."""
    persons = list(access.persons_visible_to(actor).filter(pk__in=numbers))
    agencies = agency_names((person.agency for person in persons), actor)
    return {one.pk: f"{one.name} ({agencies.get(one.agency, one.agency)})" for one in persons}
