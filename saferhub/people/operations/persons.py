"""Recording a person in a matter, and correcting what a record says of birth, death, sex and language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.people import access
from saferhub.people.models import BirthPrecision, Person
from saferhub.sharing.access import check_can_enclose, get_matter, get_matter_for_update
from saferhub.sharing.models import Folder, Matter, MatterStatus, Sensitivity
from saferhub.sharing.operations import folders
from saferhub.sharing.operations.restricting import follow

from .part_kinds import Values
from .parts import put_part

_FIELDS = ("born_on", "born_precision", "died_on", "sex", "language")


def matter_to_record_in(matter_id: str, by: Actor) -> Matter:
    """A matter into which the actor may put a record. Raises Http404, NotAllowed, Refusal `matter_closed`."""
    matter = get_matter(by, matter_id)
    check_can_enclose(by, matter)
    if matter.status == MatterStatus.CLOSED:
        raise Refusal("matter_closed", "This matter is closed. Open it again before you add to it.")
    return matter


def folder_within(matter: Matter, *, kind: str, by: Actor) -> Folder:
    """A folder of the actor's own unit, enclosed in the matter.

    In a restricted matter it is restricted too and opens to the same named people. Left normal it would
    open to the whole unit of whoever recorded it. The matter is locked, so that it cannot be restricted
    while something is put into it. Raises Http404 where it has gone out of sight meanwhile.
    """
    matter = get_matter_for_update(by, matter.public_id)
    folder = folders.open_folder(kind=kind, by=by)
    folders.enclose(inner=folder, outer=matter.folder, by=by)
    if matter.sensitivity != Sensitivity.NORMAL:
        follow(matter, by=by, reason="")
        folder.refresh_from_db(fields=["sensitivity"])
    return folder


@transaction.atomic
def record_person(
    *, matter_id: str, values: Values, by: Actor, on: date, parts: list[tuple[str, Values]] | None = None
) -> Person:
    """Record a person as one's own agency knows her, in a matter.

    `values`: given, family, name_kind, born_on, born_precision, died_on, sex, language. `parts`: further
    parts, by slug. Raises Http404 for a matter the actor may not see, Refusal for what cannot be stored.
    """
    matter = matter_to_record_in(matter_id, by)
    facts = facts_of(values, on)
    folder = folder_within(matter, kind="person", by=by)
    person = new_person(folder, values, facts, by=by, on=on)
    person.save(force_insert=True)
    folders.revise(person, folder=folder, values=kept_of_person(person), by=by)
    audit.record("people.person_recorded", person, by=by, purpose=matter.purpose, matter=matter.public_id)
    for slug, part in [("name", main_name(values)), *(parts or [])]:
        put_part(owner=person, slug=slug, values=part, by=by, on=on)
    return person


@transaction.atomic
def correct_person(*, person_id: str, values: Values, seen: int, by: Actor, on: date) -> Person:
    """Correct birth, death, sex or language. Raises Conflict when `seen` is no longer the record's version."""
    person = access.get_person_for_update(by, person_id)
    access.check_can_edit_record(by, person)
    folders.check_seen(person, seen)
    stored = facts_of(values, on)
    changed = [name for name, value in stored.items() if getattr(person, name) != value]
    if not changed:
        return person
    for name, value in stored.items():
        setattr(person, name, value)
    person.version += 1
    person.save(update_fields=[*stored, "version"])
    folders.revise(person, folder=person.folder, values=kept_of_person(person), by=by)
    audit.record(
        "people.person_corrected", person, by=by, fields=changed,
        for_hub=access.is_correction_by_hub(by, person),
    )  # fmt: skip
    return person


def new_person(folder: Folder, values: Values, facts: Values, *, by: Actor, on: date) -> Person:
    """The record itself, not saved yet. `facts`: what `facts_of` answered."""
    full = f"{(values.get('given') or '').strip()} {(values.get('family') or '').strip()}".strip()
    return Person(
        partnership_id=folder.partnership_id,
        folder=folder,
        agency=by.agency_code,
        name=full or "?",
        given_on=on,
        given_by=by.public_id,
        **facts,
    )


def main_name(values: Values) -> Values:
    """The name in use, as a part of the record."""
    return {
        "kind": values.get("name_kind") or "known_as",
        "given": values.get("given"),
        "family": values.get("family"),
        "is_main": True,
    }


def kept_of_person(person: Person) -> dict[str, Any]:
    """What history keeps of the record itself."""
    return {
        "born_on": person.born_on.isoformat() if person.born_on else None,
        "born_precision": person.born_precision,
        "died_on": person.died_on.isoformat() if person.died_on else None,
        "sex": person.sex,
        "language": person.language,
    }


def facts_of(values: Values, on: date) -> Values:
    """The columns of birth, death, sex and language. Raises Refusal for days that cannot be."""
    born, died = values.get("born_on"), values.get("died_on")
    precision = values.get("born_precision") or (BirthPrecision.EXACT if born else BirthPrecision.UNKNOWN)
    if born is None:
        precision = BirthPrecision.UNKNOWN
    if born is not None and born > on:
        raise Refusal("born_in_future", "The birth date must be today or earlier.")
    if died is not None and died > on:
        raise Refusal("died_in_future", "The day of death must be today or earlier.")
    if born is not None and died is not None and died < born:
        raise Refusal("born_after_death", "The day of death cannot be before the birth.")
    return {
        "born_on": born,
        "born_precision": str(precision),
        "died_on": died,
        "sex": str(values.get("sex") or "").strip(),
        "language": str(values.get("language") or "").strip(),
    }
