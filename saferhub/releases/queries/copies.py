"""What the page of a person's copy reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.models import Person
from saferhub.people.queries.details import PersonCopy
from saferhub.publication.model import Document
from saferhub.releases.access import disclosures_visible_to
from saferhub.releases.models import Disclosure
from saferhub.releases.operations.copies import KIND, PURPOSE, key_of, leaving_of, origin_of, recipient_of
from saferhub.releases.queries.facts import facts_around
from saferhub.releases.queries.letters import Piece, marked
from saferhub.releases.rules.check import Addressee, Finding, check
from saferhub.releases.rules.copies import copy_document


def found_in(actor: Actor, copy: PersonCopy) -> list[Finding]:
    """What the release check finds now, as far as she may know it. Nothing is kept and nothing asked
    elsewhere: the release does both."""
    origin, to = origin_of(copy.person, actor), recipient_of(copy.person)
    facts = facts_around(actor, origin.around, on=actor.on, about=copy.person)
    return check(leaving_of(copy).parts, [Addressee(to.name, facts.key_of(to.record))], facts.persons)


def releases_of(actor: Actor, person: Person) -> list[Disclosure]:
    """The disclosures that copies of this record made, the newest first."""
    return list(disclosures_visible_to(actor).filter(kind=KIND, subject=person.public_id))


def released_as_it_is(copy: PersonCopy, made: Sequence[Disclosure]) -> Disclosure | None:
    """The newest release of exactly what the copy holds now; None where that has not been released."""
    now = leaving_of(copy).content_hash
    return next((one for one in made if one.content_hash == now), None)


def document_of(copy: PersonCopy, disclosure: Disclosure) -> Document:
    """A copy that was released as it is, as a document."""
    return copy_document(
        public_id=disclosure.public_id,
        name=copy.person.name,
        agency=copy.agency,
        sections=[(title, [(row.label, row.text) for row in rows]) for title, rows in copy.sections],
        left_out=copy.left_out,
        marking=disclosure.marking,
        on=timezone.localtime(disclosure.at).date(),
    )


def gateways(actor: Actor) -> list[tuple[str, str]]:
    """On what a person's own request may be answered. Two queries."""
    purpose = in_force.entry(actor.partnership, "purposes", PURPOSE, actor.on)
    allowed = purpose.item.gateways if purpose else ()
    return [
        (one.code, one.item.name)
        for one in in_force.entries(actor.partnership, "gateways", actor.on)
        if one.code in allowed
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the copy with what was found in it marked."""

    label: str
    pieces: list[Piece]


def lines(copy: PersonCopy, findings: Sequence[Finding]) -> list[tuple[str, list[Line]]]:
    """The copy by its sections."""
    return [
        (
            title,
            [
                Line(row.label, marked(row.text, key_of(number, place), findings))
                for place, row in enumerate(rows)
            ],
        )
        for number, (title, rows) in enumerate(copy.sections)
    ]


def mend_urls(copy: PersonCopy) -> dict[str, str]:
    """Where each row of the copy is corrected, by its key."""
    person = copy.person.public_id
    return {
        key_of(number, place): reverse("known-person-part", args=[person, row.slug, row.part_id])
        if row.slug
        else reverse("known-person-correct", args=[person])
        for number, (_, rows) in enumerate(copy.sections)
        for place, row in enumerate(rows)
    }
