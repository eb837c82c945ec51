"""People in a case, and what is written to one, reached through the operations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from saferhub.casework.models import Attachment, Case, Note
from saferhub.casework.operations.involving import involve
from saferhub.casework.operations.notes import record_contact, write_note
from saferhub.casework.operations.notes_files import add_file, check_file
from saferhub.casework.queries.notes_audience import audience_of
from saferhub.people.models import Person
from saferhub.people.operations.persons import record_person
from saferhub.sharing.entering import entered

from .casework import actor

PDF = b"%PDF-1.4\nA letter that nobody sent.\n%%EOF\n"


def a_victim(
    cast: dict[str, Any],
    case: Case,
    *,
    username: str = "rachel.referrer",
    role: str = "victim",
    given: str = "Jo",
    family: str = "Frith",
    **parts: Any,
) -> Person:
    """Somebody in the case, recorded by this member of the cast's unit."""
    with entered(cast[username]):
        by = actor(cast, username)
        person = record_person(
            matter_id=case.matter.public_id,
            values={"given": given, "family": family},
            by=by,
            on=by.on,
            **parts,
        )
        involve(matter=case.matter, person=person, role=role, by=by, on=by.on)
        return person


def a_note(
    cast: dict[str, Any],
    case: Case,
    username: str,
    words: str,
    sharing: str = "all",
    named: Collection[str] = (),
) -> Note:
    """An update by this member of the cast, of today."""
    with entered(cast[username]):
        by = actor(cast, username)
        return write_note(
            case_id=case.matter.public_id, words=words, on=by.on, sharing=sharing, named=named, by=by
        )


def a_contact(
    cast: dict[str, Any],
    case: Case,
    person: Person,
    username: str = "rachel.referrer",
    *,
    reached: bool = True,
    sharing: str = "all",
    **more: Any,
) -> Note:
    """A contact by telephone, of today unless `on` says otherwise."""
    with entered(cast[username]):
        by = actor(cast, username)
        return record_contact(
            case_id=case.matter.public_id,
            person=person,
            how=more.pop("how", "telephone"),
            reached=reached,
            words=more.pop("words", "She is tired of it and wants to stay."),
            on=more.pop("on", by.on),
            sharing=sharing,
            by=by,
            **more,
        )


def a_file(
    cast: dict[str, Any],
    case: Case,
    username: str,
    name: str = "letter.pdf",
    content: bytes = PDF,
    **more: Any,
) -> Attachment:
    """A small file by this member of the cast."""
    with entered(cast[username]):
        by = actor(cast, username)
        return add_file(
            case_id=case.matter.public_id,
            file=check_file(name=name, content=content),
            about=more.pop("about", "Letter to the landlord"),
            by=by,
            **more,
        )


def key_of(cast: dict[str, Any], case: Case, username: str, name: str) -> str:
    """The key by which this member of the cast may name a party whose name begins so."""
    from saferhub.casework.access import get_case

    with entered(cast[username]):
        by = actor(cast, username)
        audience = audience_of(by, get_case(by, case.matter.public_id))
        return next(one.key for one in audience.parties if one.name.startswith(name))
