"""What the release check is told about the persons a matter concerns.

Only what the releaser may read: records in the matter, those that stand linked with them, and those they
are related to. What she may not read is asked of the database by yes or no (`elsewhere`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.models import (
    Address,
    ContactPoint,
    Name,
    Person,
    Relationship,
    SafeContact,
    Verdict,
)
from saferhub.people.queries.links import standing_around
from saferhub.people.rules.keys import address_key
from saferhub.people.rules.links import groups
from saferhub.releases.rules.check import Address as AddressFact
from saferhub.releases.rules.check import Addressee, Contact, PersonFacts, forms_of
from saferhub.releases.rules.spotting import AddressForms
from saferhub.sharing.access import in_folders_readable_by
from saferhub.sharing.models import Enclosure, Matter

NO_LETTERS = "letters"  # code of the section safe_contact_never


@dataclass(frozen=True)
class Facts:
    """The persons a matter concerns, as far as the actor may know them. `keys`: record → key of person."""

    persons: list[PersonFacts]
    keys: dict[int, str]
    by_public_id: dict[str, int]
    in_matter: list[int]
    protecting_kinds: list[str] = field(default_factory=list)

    def key_of(self, public_id: str) -> str:
        """The key of the person of a record; "" for one that is not known here."""
        number = self.by_public_id.get(public_id)
        return self.keys.get(number, "") if number is not None else ""


def facts_of(actor: Actor, matter: Matter, *, on: date) -> Facts:
    """Facts about everybody in this matter, linked or related."""
    return facts_around(actor, [matter.folder_id], on=on)


def facts_around(actor: Actor, folders: Iterable[int], *, on: date, about: Person | None = None) -> Facts:
    """Facts about everybody in the matters of these folders, linked or related.

    `about`: whose record is to leave; she is among them, and so is whoever her record names without one.
    Nine queries, and one for each step along a chain of links, however many people."""
    readable = in_folders_readable_by(actor, Person.objects.all())
    inner = Enclosure.objects.filter(outer__in=list(folders), ended_at__isnull=True).values("inner")
    within = Q(folder__in=inner) | (Q(pk=about.pk) if about else Q())
    in_matter = list(readable.filter(within).values_list("pk", flat=True))
    together = _together(actor, in_matter)
    known = _with_linked(in_matter, together)
    protecting = [
        one.code for one in in_force.entries(actor.partnership, "relationship_kinds", on) if one.item.protects
    ]
    apart = list(_relationships(actor, known, on))
    related = {number for one in apart for number in (one.person_id, one.other_id) if number}
    if related - known:
        together = _together(actor, known | related)
    known = _with_linked(known | related, together)
    records = {one.pk: one for one in readable.filter(pk__in=known)}
    keys = {number: f"{min(together.get(number, {number}))}" for number in known}
    persons = _gathered(records, keys, _parts(actor, list(records), on), apart, protecting, on)
    if about is not None:
        persons += _named(about, keys, apart, protecting)
    return Facts(
        persons=persons,
        keys=keys,
        by_public_id={one.public_id: number for number, one in records.items()},
        in_matter=in_matter,
        protecting_kinds=protecting,
    )


def _together(actor: Actor, numbers: Iterable[int]) -> dict[int, frozenset[int]]:
    """With which records each of these, or one linked with it, stands for one person."""
    return groups([one for one in standing_around(actor, set(numbers)) if one.verdict == Verdict.SAME])


def _with_linked(numbers: Iterable[int], together: dict[int, frozenset[int]]) -> set[int]:
    return {one for number in numbers for one in together.get(number, frozenset({number}))}


def _relationships(actor: Actor, numbers: Iterable[int], on: date) -> QuerySet[Relationship]:
    numbers = list(numbers)
    return in_folders_readable_by(actor, Relationship.objects.all()).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        Q(person__in=numbers) | Q(other__in=numbers),
    )


def _parts(actor: Actor, numbers: list[int], on: date) -> dict[str, dict[int, list[Any]]]:
    """Names, addresses, ways to reach, safe contact, by the record they belong to."""
    found: dict[str, dict[int, list[Any]]] = {}
    current = Q(valid_until__isnull=True) | Q(valid_until__gte=on)
    parts: list[tuple[str, QuerySet[Any]]] = [
        ("names", Name.objects.all()),
        ("addresses", Address.objects.all()),
        # An ended number may still ring somewhere: what was protected stays so.
        ("contacts", ContactPoint.objects.filter(current | Q(is_protected=True))),
        # What begins later counts today: a letter may lie for days before it is opened.
        ("safe", SafeContact.objects.filter(current)),
    ]
    for name, rows in parts:
        by_person: dict[int, list[Any]] = defaultdict(list)
        chosen: Any = in_folders_readable_by(actor, rows)
        for row in chosen.filter(person__in=numbers):
            by_person[row.person_id].append(row)
        found[name] = by_person
    return found


def _gathered(
    records: dict[int, Person],
    keys: dict[int, str],
    parts: dict[str, dict[int, list[Any]]],
    apart: list[Relationship],
    protecting: list[str],
    on: date,
) -> list[PersonFacts]:
    members: dict[str, list[int]] = defaultdict(list)
    for number in sorted(records):
        members[keys[number]].append(number)
    from_whom, family, names = _kept_apart(keys, apart, protecting)
    made = []
    for key, numbers in members.items():
        rows = {name: [row for n in numbers for row in by.get(n, ())] for name, by in parts.items()}
        made.append(
            PersonFacts(
                key=key,
                shown=records[numbers[0]].name,
                names=_names(rows["names"], [records[n] for n in numbers]),
                addresses=tuple(_address(row, on) for row in rows["addresses"]),
                contacts=tuple(Contact(row.value, row.is_protected) for row in rows["contacts"]),
                unsafe_addresses=tuple(
                    row.unsafe_addresses for row in rows["safe"] if row.unsafe_addresses.strip()
                ),
                no_letters=any(NO_LETTERS in row.never for row in rows["safe"]),
                kept_apart_from=frozenset(from_whom[key]),
                known_to=frozenset(family[key] - from_whom.get(f"adversary {key}", set())),
                kept_apart_names=(
                    *names[key],
                    *(row.must_not_know for row in rows["safe"] if row.must_not_know.strip()),
                ),
            )
        )
    return made


def _named(
    about: Person, keys: dict[int, str], apart: list[Relationship], protecting: list[str]
) -> list[PersonFacts]:
    """Those whom the person's records name in a relationship and who have no record of their own."""
    her = keys.get(about.pk, "")
    found = []
    for one in apart:
        if one.other_id is None and one.other_name.strip() and keys.get(one.person_id) == her:
            given, _, family = one.other_name.strip().rpartition(" ")
            is_apart = one.group == "adversary" or one.must_not_know or one.kind in protecting
            found.append(
                PersonFacts(
                    key=f"named {one.pk}",
                    shown=one.other_name.strip(),
                    names=((given, family),),
                    kept_apart_from=frozenset({her} if is_apart else ()),
                    known_to=frozenset({her} if one.group in ("family", "household") else ()),
                )
            )
    return found


def _kept_apart(
    keys: dict[int, str], apart: list[Relationship], protecting: list[str]
) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, list[str]]]:
    """From whom each is kept apart (both ways), who of them is family, and names without a record."""
    from_whom: dict[str, set[str]] = defaultdict(set)
    family: dict[str, set[str]] = defaultdict(set)
    names: dict[str, list[str]] = defaultdict(list)
    for one in apart:
        mine = keys.get(one.person_id, f"{one.person_id}")
        is_apart = one.group == "adversary" or one.must_not_know or one.kind in protecting
        if one.other_id is None:
            if is_apart:
                names[mine].append(one.other_name)
            continue
        other = keys.get(one.other_id, f"{one.other_id}")
        if is_apart:
            from_whom[mine].add(other)
            from_whom[other].add(mine)
        if one.group in ("family", "household"):
            family[mine].add(other)
            family[other].add(mine)
        if one.group == "adversary":
            from_whom[f"adversary {mine}"].add(other)
            from_whom[f"adversary {other}"].add(mine)
    return from_whom, family, names


def _names(rows: list[Name], records: list[Person]) -> tuple[tuple[str, str], ...]:
    found = [(row.given, row.family) for row in rows]
    for record in records:
        given, _, family = record.name.strip().rpartition(" ")
        found.append((given, family))
    return tuple(dict.fromkeys(found))


def _address(row: Address, on: date) -> AddressFact:
    return AddressFact(
        AddressForms(row.lines, row.postcode, row.uprn),
        is_protected=row.is_protected,
        # Its last day is included; one that begins later is where the person will be.
        is_current=row.valid_until is None or row.valid_until >= on,
    )


def elsewhere(facts: Facts, folder: int, addressee: Addressee, record: str, told: set[str]) -> bool:
    """Whether something that the actor may not see stops this. One query, yes or no.

    `folder`: of the matter or the record that it leaves. `record`: public_id of the addressee's; `told`: the keys
    of those of whom it tells something. Those who are known to be kept apart are not among them: the check has
    treated them.
    """
    if addressee.is_agency:
        return False
    persons = [number for number in facts.in_matter if facts.keys[number] in told]
    typed = forms_of(addressee.address)
    keys = [address_key(typed.lines.strip().strip(","), typed.postcode)] if addressee.address.strip() else []
    number = facts.by_public_id.get(record)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gate.kept_apart_elsewhere(%s, %s::bigint[], %s, %s::text[], %s::text[])",
            [folder, persons, number, keys, facts.protecting_kinds],
        )
        (stops,) = cursor.fetchone()
    return bool(stops)
