"""What the pages of search read: records compared line by line, places, matters, candidates of a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.people.access import search as access
from saferhub.people.models import Address, ContactPoint, Identifier, Name, Person, Place
from saferhub.people.rules.search import (
    LIKELIHOOD,
    Line,
    OnRecord,
    Typed,
    compare,
    likelihood,
    reference_in,
)
from saferhub.sharing.models import Matter
from saferhub.sharing.queries.requests_kept import kept
from saferhub.sharing.registries import kind_words, matter_facts

from .lists import matters_by_folder
from .protecting import Tags, tags_of

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Match:
    """A record that the reader may see, beside what was typed."""

    person: Person
    agency: str
    lines: list[Line]
    likelihood: str
    matters: list[Matter]
    tags: Tags = ()

    @property
    def words(self) -> str:
        return LIKELIHOOD[self.likelihood][0]

    @property
    def tone(self) -> str:
        return LIKELIHOOD[self.likelihood][1]


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    place: Place
    address: str
    agency: str
    matters: list[Matter]


@dataclass(frozen=True, slots=True)
class MatterFound:
    """A matter that answers: what kind it is of, how it stands, how risky it is."""

    matter: Matter
    kind: str
    status: str
    band: str


def matters_found(actor: Actor, words: str, *, most: int = 25) -> list[MatterFound]:
    """The matters whose title these words are of, the best first."""
    rows = access.matters(actor, access.matter_numbers(words)[:most])
    facts = matter_facts(actor, rows)
    return [
        MatterFound(
            row,
            kind_words(row.kind),
            facts[row.pk].status if row.pk in facts else str(row.get_status_display()),
            facts[row.pk].band if row.pk in facts else "",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that could be the one a request means."""

    title: str
    url: str
    note: str
    matter_id: str
    matter_reference: str


def typed_to_keep(typed: Typed) -> dict[str, str]:
    """What was typed, as texts to keep with the session; the birth in words and as a date."""
    return {
        "name": typed.name,
        "born": date_in_words(typed.born) if typed.born else "",
        "born_on": typed.born.isoformat() if typed.born else "",
        "address": typed.address,
        "postcode": typed.postcode,
        "telephone": typed.telephone,
        "identifier": typed.identifier,
    }


def typed_from(kept: dict[str, Any]) -> Typed:
    """The same, back."""
    return Typed(
        name=kept.get("name", ""),
        born=date.fromisoformat(kept["born_on"]) if kept.get("born_on") else None,
        address=kept.get("address", ""),
        postcode=kept.get("postcode", ""),
        telephone=kept.get("telephone", ""),
        identifier=kept.get("identifier", ""),
    )


def typed_before(session: Any, key: str, matter_id: str) -> dict[str, Any]:
    """For the form of a new record in this matter: what was typed in the search before it; {} where nothing was."""
    found = kept(session, key) if key else None
    if found is None or found.get("kind") != "create" or found.get("matter") != matter_id:
        return {}
    typed = typed_from(found["typed"])
    given, family = typed.parts
    return {
        "given": given,
        "family": family,
        "born": typed.born,
        "lines": typed.address,
        "postcode": typed.postcode,
        "telephone": typed.telephone,
    }


def matches(actor: Actor, typed: Typed, persons: list[Person]) -> list[Match]:
    """These records, which the reader may see, compared with what was typed. Eleven queries, however many."""
    numbers = [person.pk for person in persons]
    # Parts lie in their person's folder, so whose record is seen, hers are too.
    names = _by_person(Name.objects.order_by("-is_main", "id"), numbers)
    addresses = _by_person(Address.objects.order_by("-valid_from", "-id"), numbers)
    contacts = _by_person(ContactPoint.objects.all(), numbers)
    identifiers = _by_person(Identifier.objects.all(), numbers)
    around = matters_by_folder(actor, [person.folder_id for person in persons])
    agencies = agency_names({person.agency for person in persons}, actor)
    tags = tags_of(actor, numbers)
    found = []
    for person in persons:
        lines = compare(
            typed,
            OnRecord(
                names=tuple((one.given, one.family) for one in names.get(person.pk, [])),
                born=person.born_on,
                born_precision=person.born_precision,
                addresses=tuple(
                    (one.key, _said(one, typed), one.lines) for one in addresses.get(person.pk, [])
                ),
                telephones=tuple(
                    (one.key, "" if one.is_protected and one.key != typed.telephone_key else one.value)
                    for one in contacts.get(person.pk, [])
                    if one.kind != "email"
                ),
                identifiers=tuple((one.key, one.value) for one in identifiers.get(person.pk, [])),
            ),
        )
        found.append(
            Match(
                person,
                agencies.get(person.agency, person.agency),
                lines,
                likelihood(lines),
                around.get(person.folder_id, []),
                tags.get(person.pk, ()),
            )
        )
    return found


def _said(address: Address, typed: Typed) -> str:
    """A protected address is shown on the record's own page, with its warning, and not in a list of results."""
    if address.is_protected and address.key != typed.address_key:
        return "protected"
    return address.one_line


def _by_person(rows: Any, persons: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows.filter(person__in=persons):
        found.setdefault(row.person_id, []).append(row)
    return found


def place_matches(actor: Actor, places: list[Place]) -> list[PlaceMatch]:
    """These places, which the reader may see, with address and matters. Four queries."""
    addresses: dict[int, list[Address]] = {}
    for row in Address.objects.filter(place__in=places):
        addresses.setdefault(row.place_id or 0, []).append(row)
    around = matters_by_folder(actor, [place.folder_id for place in places])
    agencies = agency_names({place.agency for place in places}, actor)
    return [
        PlaceMatch(
            place,
            _of_place(addresses.get(place.pk, [])),
            agencies.get(place.agency, place.agency),
            around.get(place.folder_id, []),
        )
        for place in places
    ]


def _of_place(addresses: list[Address]) -> str:
    if not addresses:
        return ""
    return "Protected address" if addresses[0].is_protected else addresses[0].one_line


def candidates(actor: Actor, about: dict[str, Any]) -> Iterable[Candidate]:
    """What of the actor's own sight resembles what somebody asked about: never more than she may see herself."""
    if reference := reference_in(str(about.get("reference", ""))):
        for matter in access.matters(actor, access.matter_numbers(reference))[:1]:
            if matter.reference == reference:
                url = reverse("matter", args=[matter.public_id])
                yield Candidate(
                    f"{matter.reference} {matter.title}", url, "", matter.public_id, matter.reference
                )
    typed = typed_from({**about, "born_on": _birth(about.get("born", ""))})
    if typed.is_empty:
        return
    persons = access.persons(actor, access.person_numbers(typed)[:MOST_CANDIDATES])
    for match in matches(actor, typed, persons):
        if match.likelihood == "unlikely":
            continue
        inside = match.matters[0] if match.matters else None
        yield Candidate(
            match.person.name,
            reverse("known-person", args=[match.person.public_id]),
            f"{match.words}, given by {match.agency}",
            inside.public_id if inside else "",
            inside.reference if inside else "",
        )


def _birth(words: str) -> str:
    try:
        return datetime.strptime(words, "%d %B %Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return ""
