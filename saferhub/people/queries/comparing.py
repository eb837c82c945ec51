"""Two records side by side, and which records are worth comparing with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access
from saferhub.people.models import Person
from saferhub.people.rules import births
from saferhub.people.rules import links as rules

from .links import known_of, standing_around
from .words import pack_words

MOST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison; `how`: agrees, like, differs, or "" where one holds nothing."""

    label: str
    one: str
    other: str
    how: str
    is_protected: bool = False  # one of the values is, so that the line is not printed


@dataclass(frozen=True, slots=True)
class Compared:
    one_agency: str
    other_agency: str
    lines: list[Line]
    evidence: str


def side_by_side(actor: Actor, one: Person, other: Person) -> Compared:
    """What both records hold, line by line, with what agrees and what differs."""
    known = known_of(actor, [one.pk, other.pk])
    codes = rules.evidence(known[one.pk], known[other.pk])
    how = {what: verdict for what, _, verdict in (code.rpartition("_") for code in codes)}
    agencies = agency_names([one.agency, other.agency], actor)
    words = pack_words(actor)
    held = {person.pk: _held(actor, person, words) for person in (one, other)}
    lines = [
        Line("Names", held[one.pk]["names"], held[other.pk]["names"], how.get("name", "")),
        Line(
            "Born",
            births.born_words(one.born_on, one.born_precision),
            births.born_words(other.born_on, other.born_precision),
            how.get("birth", ""),
        ),
        Line(
            "Addresses",
            held[one.pk]["addresses"],
            held[other.pk]["addresses"],
            how.get("address", ""),
            access.addresses_visible_to(actor).filter(person__in=[one, other], is_protected=True).exists(),
        ),
        Line(
            "Telephone or e-mail",
            held[one.pk]["contacts"],
            held[other.pk]["contacts"],
            how.get("contact", ""),
            access.contact_points_visible_to(actor)
            .filter(person__in=[one, other], is_protected=True)
            .exists(),
        ),
        Line("Numbers", held[one.pk]["numbers"], held[other.pk]["numbers"], how.get("identifier", "")),
        Line("Sex", one.sex, other.sex, ""),
    ]
    return Compared(
        agencies.get(one.agency, one.agency),
        agencies.get(other.agency, other.agency),
        [line for line in lines if line.one or line.other],
        rules.evidence_words(codes),
    )


def _held(actor: Actor, person: Person, words: Any) -> dict[str, str]:
    numbers = access.identifiers_visible_to(actor).filter(person=person)
    return {
        "names": "\n".join(one.full for one in access.names_visible_to(actor).filter(person=person)),
        "addresses": "\n".join(
            one.one_line for one in access.addresses_visible_to(actor).filter(person=person)
        ),
        "contacts": "\n".join(
            one.value for one in access.contact_points_visible_to(actor).filter(person=person)
        ),
        "numbers": "\n".join(
            f"{words.name('identifier_kinds', one.kind)} •••• {one.value[-3:]}" for one in numbers
        ),
    }


def worth_comparing(actor: Actor, person: Person) -> list[tuple[str, str]]:
    """Records that the actor may see with something in common with this one: an address, a number, a
    telephone, a family name, a birth date. Those decided on already stay out, and so do those that stand as
    one person with it through others. A person searches for others.
    """
    known = known_of(actor, [person.pk])[person.pk]
    near: set[int] = set()
    for loader, key, values in (
        (access.addresses_visible_to, "key", known.addresses),
        (access.contact_points_visible_to, "key", known.contacts),
        (access.identifiers_visible_to, "key", {key for _, key in known.identifiers}),
        (access.names_visible_to, "family__iexact", {family for _, family in known.names if family}),
    ):
        for value in values:
            rows = loader(actor).filter(**{key: value}, person__isnull=False)
            near.update(rows.values_list("person_id", flat=True)[:MOST])
    if known.born is not None:
        near.update(
            access.persons_visible_to(actor).filter(born_on=known.born).values_list("pk", flat=True)[:MOST]
        )
    decided = access.link_decisions_visible_to(actor).filter(
        Q(a=person) | Q(b=person), undone_at__isnull=True
    )
    done = {number for pair in decided.values_list("a_id", "b_id") for number in pair}
    done |= rules.identity(person.pk, standing_around(actor, [person.pk]))
    found = list(
        access.persons_visible_to(actor)
        .filter(pk__in=near - done - {person.pk})
        .order_by("name", "id")[:MOST]
    )
    agencies = agency_names((one.agency for one in found), actor)
    return [
        (
            one.public_id,
            ", ".join(
                part
                for part in (
                    one.name,
                    f"born {births.born_words(one.born_on, one.born_precision)}" if one.born_on else "",
                    agencies.get(one.agency, one.agency),
                )
                if part
            ),
        )
        for one in found
    ]
