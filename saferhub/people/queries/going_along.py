"""What goes along when somebody is given sight of a matter, and could harm a person if it came further."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from saferhub.partnership.access import Actor
from saferhub.people.access import persons_visible_to
from saferhub.people.models import Address, ContactPoint, Person, Relationship, SafeContact
from saferhub.sharing.models import Matter

from .lists import persons_in
from .person_page import is_current


def going_along(actor: Actor, matter: Matter) -> Iterator[str]:
    """Protected addresses and numbers, safe contact and who must not know, person by person. Five queries."""
    persons = list(persons_in(actor, matter))
    addresses = _current(actor, Address.objects.filter(is_protected=True), persons)
    numbers = _current(actor, ContactPoint.objects.filter(is_protected=True), persons)
    contacts = _current(actor, SafeContact.objects.all(), persons)
    relations = _current(
        actor, Relationship.objects.filter(must_not_know=True).select_related("other"), persons
    )
    for person in persons:
        if addresses.get(person.pk):
            yield f"{person.name}: a protected address"
        if numbers.get(person.pk):
            yield f"{person.name}: a protected telephone number or e-mail address"
        for contact in contacts.get(person.pk, ()):
            kept = contact.must_not_know.strip()
            yield f"{person.name}: safe contact" + (f". Must not know: {kept}" if kept else "")
        for relation in relations.get(person.pk, ()):
            # Somebody whose record she may not read is not named by it.
            other = relation.other_name or (relation.other.name if _reads(actor, relation) else "")
            yield f"{other or 'Somebody else'} must not learn about {person.name}"


def _reads(actor: Actor, relation: Relationship) -> bool:
    return relation.other_id is not None and persons_visible_to(actor).filter(pk=relation.other_id).exists()


def _current(actor: Actor, rows: Any, persons: list[Person]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.filter(person__in=persons):
        if is_current(row, actor.on):
            found.setdefault(row.person_id, []).append(row)
    return found
