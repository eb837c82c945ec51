"""Many new persons at once, as `persons.record_person` records one: checked first, each by itself, then written in
one statement for each table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from saferhub.audit.operations import Change
from saferhub.partnership.access import Actor
from saferhub.people.models import EqualityAnswer, Person, SafeContact
from saferhub.sharing.models import Matter, Revision
from saferhub.sharing.operations.folders import revision_of
from saferhub.sharing.operations.many import enclose_all, keep_revisions, open_folders

from .part_kinds import PartKind, Values, dates, kept
from .parts import kind_of, new_part
from .persons import facts_of, kept_of_person, main_name, new_person


@dataclass(frozen=True, slots=True)
class Checked:
    """A person who can be recorded: what was given, and the columns that it makes."""

    values: Values
    facts: Values
    parts: list[tuple[PartKind, Values]]


def checked(values: Values, parts: Sequence[tuple[str, Values]], *, by: Actor, on: date) -> Checked:
    """What was given of a person, ready to be written. Nothing is. Raises Refusal as `record_person` does.

    `parts`: of kinds of which a record may hold several at a time. Of the others the one before gives way, and a new
    record has none.
    """
    found: list[tuple[PartKind, Values]] = []
    for slug, part in [("name", main_name(values)), *parts]:
        kind = kind_of(slug)
        if kind.model in (SafeContact, EqualityAnswer):
            raise ValueError(f"{slug} is recorded one by one")
        found.append((kind, {**kind.clean(part, by, None), **dates(part)}))
    return Checked(values, facts_of(values, on), found)


def record_persons(
    given: Sequence[tuple[Matter, Checked]], *, by: Actor, on: date
) -> list[tuple[Person, list[Change]]]:
    """Record each person in her matter, which the actor has begun just now. Four queries, and one for each kind of
    part. With each person the entries to be recorded."""
    folders = open_folders(len(given), kind="person", by=by)
    enclosed = enclose_all(
        [(folder, matter.folder) for folder, (matter, _) in zip(folders, given, strict=True)], by=by
    )
    persons = [
        new_person(folder, one.values, one.facts, by=by, on=on)
        for folder, (_, one) in zip(folders, given, strict=True)
    ]
    Person.objects.bulk_create(persons)
    revisions: list[Revision] = []
    by_model: dict[Any, list[Any]] = defaultdict(list)
    found: list[tuple[Person, list[Change]]] = []
    for person, (matter, one), entry in zip(persons, given, enclosed, strict=True):
        recorded = {"matter": matter.public_id}
        changes = [entry, Change("people.person_recorded", person, matter.purpose, recorded)]
        revisions.append(revision_of(person, folder=person.folder, values=kept_of_person(person), by=by))
        for kind, stored in one.parts:
            part = new_part(kind, person, stored, by=by)
            by_model[kind.model].append(part)
            revisions.append(revision_of(part, folder=person.folder, values=kept(part, kind), by=by))
            changes.append(
                Change("people.part_added", person, codes={"part": kind.slug, "of": part.public_id})
            )
        found.append((person, changes))
    for model, parts in by_model.items():
        model.objects.bulk_create(parts)
    keep_revisions(revisions)
    return found
