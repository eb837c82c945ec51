"""Who and what is in a case, as what, and how somebody is reached safely."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from saferhub.casework.access.inside import involved_in, persons_inside, places_inside
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access as people_access
from saferhub.people.models import Person, Place, SafeContact
from saferhub.people.queries.household import places_with_risk
from saferhub.people.queries.links import standing_around
from saferhub.people.queries.person_page import is_current
from saferhub.people.queries.protecting import RISK, SAFE, Tags, tags_of
from saferhub.people.rules import births
from saferhub.people.rules import links as link_rules
from saferhub.sharing.models import Matter

from .cases_timeline import harmed_roles, role_names

# Longer words on who must not know are no mere name.
_A_NAME = 60
# So many people stand under the title of a case.
_UNDER_TITLE = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One part that a record has in a matter."""

    public_id: str
    words: str
    is_subject: bool
    is_harmed: bool = False


@dataclass(frozen=True, slots=True)
class InIt:
    """One person or place in a matter with its parts; `parts` is empty where nobody has said as what."""

    record: Person | Place
    is_person: bool
    known: str
    parts: tuple[Part, ...]
    tags: Tags

    @property
    def part_words(self) -> str:
        return ", ".join(one.words for one in self.parts if one.words)

    @property
    def is_subject(self) -> bool:
        return any(one.is_subject for one in self.parts)

    @property
    def is_harmed(self) -> bool:
        return any(one.is_harmed for one in self.parts)


@dataclass(frozen=True, slots=True)
class Safe:
    """How one of them is reached without harm."""

    name: str
    safe: SafeContact
    never: str

    @property
    def title(self) -> str:
        return f"Safe contact: {self.name}"

    @property
    def kept_from(self) -> str:
        """Who must not know, as a sentence where a name or a few were written down, else as it was written."""
        said = " ".join(self.safe.must_not_know.split())
        if not said:
            return ""
        if len(said) <= _A_NAME and not any(mark in said for mark in ".:;"):
            return f"{said} must not know that {self.name} is in touch."
        return f"Who must not know that {self.name} is in touch: {said}"


def in_matter(actor: Actor, matter: Matter) -> list[InIt]:
    """Everybody and every place recorded in a matter that the reader may read: whom it is about first. Asked once
    for each page, whichever parts of it want them."""
    return once(("in_matter", actor, matter.pk), lambda: _in_matter(actor, matter))


def _in_matter(actor: Actor, matter: Matter) -> list[InIt]:
    persons, places = persons_inside(actor, matter), places_inside(actor, matter)
    rows = [one for one in involved_in(actor, matter) if one.ended_on is None]
    names, harmed = role_names(actor), harmed_roles(actor)
    parts: dict[tuple[bool, int], list[Part]] = {}
    for row in rows:
        key = (True, row.person_id) if row.person_id else (False, row.place_id or 0)
        parts.setdefault(key, []).append(
            Part(row.public_id, names.get(row.role, row.role), row.is_subject, row.role in harmed)
        )
    tags = tags_of(actor, [one.pk for one in persons])
    risky = places_with_risk(actor, places) if places else set()
    agencies = agency_names({*(one.agency for one in persons), *(one.agency for one in places)}, actor)
    found = [
        InIt(
            one,
            True,
            _known(births.born_words(one.born_on, one.born_precision), agencies.get(one.agency, "")),
            tuple(parts.get((True, one.pk), ())),
            tags.get(one.pk, ()),
        )
        for one in persons
    ]
    found += [
        InIt(
            one,
            False,
            agencies.get(one.agency, ""),
            tuple(parts.get((False, one.pk), ())),
            (RISK,) if one.pk in risky else (),
        )
        for one in places
    ]
    return sorted(found, key=lambda one: (not one.is_subject, not one.is_person))


def _known(born: str, agency: str) -> str:
    return ", ".join(part for part in (f"born {born}" if born else "", agency) if part)


def people_line(rows: Collection[InIt]) -> str:
    """Who is in it and as what, in one line: "Joan Frith (victim) · Marcus Tindall (alleged perpetrator)". Several
    records of one name and part are told once."""
    told = [
        f"{one.record.name} ({one.part_words.lower()})" if one.part_words else str(one.record.name)
        for one in rows
        if one.is_person
    ]
    told = list(dict.fromkeys(told))
    more = len(told) - _UNDER_TITLE
    return " · ".join(told[:_UNDER_TITLE]) + (f" · {more} more" if more > 0 else "")


def safe_contacts(actor: Actor, rows: Collection[InIt]) -> list[Safe]:
    """How the people in it are reached safely, as far as any record that stands for them says so."""
    # Whoever has none has no tag that says so.
    persons = {one.record.pk: one.record for one in rows if one.is_person and SAFE in one.tags}
    if not persons:
        return []
    standing = standing_around(actor, list(persons))
    group_of = {number: link_rules.identity(number, standing) for number in persons}
    everyone = {one for group in group_of.values() for one in group}
    held = [
        one
        for one in people_access.safe_contacts_visible_to(actor).filter(person__in=everyone)
        if is_current(one, actor.on)
    ]
    if not held:
        return []
    never = {
        one.code: str(one.item.name)
        for one in in_force.entries(actor.partnership, "safe_contact_never", actor.on)
    }
    told: set[int] = set()
    found = []
    for number, person in persons.items():
        for one in held:
            if one.person_id in group_of[number] and one.pk not in told:
                told.add(one.pk)
                found.append(Safe(str(person.name), one, _never(one, never)))
    return found


def _never(one: SafeContact, names: dict[str, Any]) -> str:
    return ", ".join(names.get(code, code) for code in one.never).lower()
