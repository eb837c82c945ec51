"""The copy for a person's own request: what one record holds about a person, released to that person.

Nothing of it is kept twice. The disclosure holds the hash of what was checked, and only what has that hash
counts as released: where the record changes afterwards, the copy has to be released anew.
"""

from __future__ import annotations

from collections.abc import Mapping

from saferhub.foundation.refusals import Conflict
from saferhub.partnership.access import Actor
from saferhub.people.access import get_person_for_update, matters_around
from saferhub.people.models import Person
from saferhub.people.queries.details import PersonCopy, copy_for_the_person
from saferhub.releases import access
from saferhub.releases.models import Disclosure
from saferhub.releases.operations.release import Leaving, Origin, Reasons, Recipient, release_from
from saferhub.releases.rules.check import Kind, Part

KIND = "copy"
PURPOSE = "persons_request"  # code of the section purposes


def key_of(section: int, row: int) -> str:
    """The key of one row of a copy, as findings name it."""
    return f"row-{section}-{row}"


def parts_of(copy: PersonCopy) -> list[Part]:
    """Every row of a copy, as the release check reads it, and before them all its headings."""
    outline = [copy.agency, *copy.left_out]
    for title, rows in copy.sections:
        outline += [title, *(row.label for row in rows)]
    return [Part("outline", "The headings of the copy", "\n".join(outline))] + [
        Part(
            key_of(number, place),
            f"“{title}: {row.label}”",
            row.text,
            Kind.FORMER if row.is_former else Kind.FIELD,
        )
        for number, (title, rows) in enumerate(copy.sections)
        for place, row in enumerate(rows)
    ]


def leaving_of(copy: PersonCopy) -> Leaving:
    """A copy as the release check takes it."""
    return Leaving(KIND, copy.person.public_id, f"Copy for {copy.person.name}"[:200], parts_of(copy))


def recipient_of(person: Person) -> Recipient:
    """It goes to the person whose record it is, and to nobody else."""
    return Recipient(person.name, record=person.public_id)


def origin_of(person: Person, by: Actor) -> Origin:
    """A person's record, as its copy leaves it: with everybody in the matters around it that the actor sees."""
    matters = list(matters_around(by, person))
    asked = access.folder_to_ask_of(by, person, matters)
    hub = next((matter.hub for matter in matters if matter.hub is not None), None)
    return Origin(
        "person",
        person,
        PURPOSE,
        hub,
        tuple(matter.folder_id for matter in matters),
        asked,
        lambda actor: access.check_can_release_copy(actor, person),
    )


def release_copy(
    *,
    person_id: str,
    seen: str,
    gateway: str,
    necessity: str,
    by: Actor,
    overrides: Mapping[str, str] | None = None,
) -> Disclosure:
    """Let the copy of a record go to the person whose record it is.

    `seen`: the hash of what was read; what was read is what leaves. Raises Http404 for a record not visible,
    Conflict `changed_meanwhile` where it changed since, otherwise as `release_from`. Not one transaction: the
    trace of a check that stops it stays.
    """
    person = get_person_for_update(by, person_id)
    access.check_can_release_copy(by, person)
    leaving = leaving_of(copy_for_the_person(by, person))
    if leaving.content_hash != seen:
        raise Conflict("changed_meanwhile", "Somebody changed this record after you opened this copy.")
    return release_from(
        origin_of(person, by),
        leaving=leaving,
        recipient=recipient_of(person),
        reasons=Reasons(PURPOSE, gateway, necessity),
        by=by,
        overrides=overrides,
    )
