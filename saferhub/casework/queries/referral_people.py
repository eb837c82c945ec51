"""Who and what stands in a referral, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from saferhub.casework.access.inside import involved_in, persons_inside, places_inside
from saferhub.casework.models import Involved, Referral
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names
from saferhub.people.models import Person, Place
from saferhub.people.queries.household import places_with_risk
from saferhub.people.queries.protecting import RISK, Tags, tags_of
from saferhub.people.rules import births


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody or some place in a referral. `part`: as what, in words; empty where nobody has said yet.
    `involved`: the entry's public_id, empty for a record that only lies there."""

    what: str
    record: str
    name: str
    url: str
    note: str
    part: str
    is_subject: bool
    involved: str
    tags: tuple[tuple[str, str], ...] = ()


def roles(actor: Actor) -> list[Any]:
    """The parts that somebody may have, in the packs' order. One query."""
    return in_force.entries(actor.partnership, "case_roles", actor.on)


def standing_in(actor: Actor, referral: Referral) -> list[Standing]:
    """Everybody and every place in it, whom it is about first; then records whose part is not said yet.

    About twelve queries, however many stand in it.
    """
    rows = [one for one in involved_in(actor, referral.matter) if one.ended_on is None]
    rows.sort(key=lambda one: (not one.is_subject, one.pk))
    persons, places = _known(actor, referral)
    named = {one.code: one.item.name for one in roles(actor)}
    found = []
    for row in rows:
        if row.person_id in persons:
            found.append(_standing("person", persons[row.person_id], row, named))
        elif row.place_id in places:
            found.append(_standing("place", places[row.place_id], row, named))
    placed = {row.person_id for row in rows} - {None}
    for number, known in persons.items():
        if number not in placed:
            found.append(_standing("person", known, None, named))
    placed = {row.place_id for row in rows} - {None}
    for number, known in places.items():
        if number not in placed:
            found.append(_standing("place", known, None, named))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """A record as the referral shows it."""

    record: Person | Place
    agency: str
    born: str
    tags: Tags


def _known(actor: Actor, referral: Referral) -> tuple[dict[int, _Known], dict[int, _Known]]:
    """The persons and the places in it by number."""
    persons = persons_inside(actor, referral.matter)
    places = places_inside(actor, referral.matter)
    agencies = agency_names({*(one.agency for one in persons), *(one.agency for one in places)}, actor)
    tags = tags_of(actor, [one.pk for one in persons])
    risky = places_with_risk(actor, places) if places else set()
    return {
        one.pk: _Known(
            one,
            agencies.get(one.agency, one.agency),
            births.born_words(one.born_on, one.born_precision),
            tags.get(one.pk, ()),
        )
        for one in persons
    }, {
        one.pk: _Known(one, agencies.get(one.agency, one.agency), "", (RISK,) if one.pk in risky else ())
        for one in places
    }


def _standing(what: str, known: _Known, row: Involved | None, named: dict[str, str]) -> Standing:
    record, born = known.record, known.born
    return Standing(
        what=what,
        record=record.public_id,
        name=record.name,
        url=reverse("known-person" if what == "person" else "place", args=[record.public_id]),
        note=", ".join(part for part in (f"born {born}" if born else "", known.agency) if part),
        part="" if row is None else named.get(row.role, row.role or "Where it happens"),
        is_subject=row is not None and row.is_subject,
        involved=row.public_id if row else "",
        tags=known.tags,
    )
