"""The release check over a paper of a meeting: what protected thing stands in it, and where.

Whoever sits at the table works on these matters, so names are not looked for; a protected address, telephone number
or e-mail address is. No reason sets it aside: minutes and packs travel, and whoever needs the value finds it with the
record, where it is current.
"""

from __future__ import annotations

from collections.abc import Collection

from saferhub.meetings.models import Item
from saferhub.partnership.access import Actor
from saferhub.publication.model import Document
from saferhub.releases.queries.facts import facts_around
from saferhub.releases.rules.check import Addressee, Finding, PersonFacts, check
from saferhub.releases.rules.documents import parts_of_document

from .minutes_copy import folders_told_of


def found_in(actor: Actor, document: Document, items: Collection[Item], *, reader: str) -> list[Finding]:
    """Everything that keeps this paper from its reader, an agency's own or a colleague (`reader`: her name). Ten
    queries, however many items; none for a paper that tells of no matter."""
    folders = folders_told_of([one for one in items if one.matter_id is not None])
    if not folders:
        return []
    persons = [one for one in facts_around(actor, folders, on=actor.on).persons if _has_to_be_kept(one)]
    if not persons:
        return []
    return check(parts_of_document(document), [Addressee(name=reader, is_agency=True)], persons)


def _has_to_be_kept(person: PersonFacts) -> bool:
    """Whether anything about somebody can be found in a paper for an agency: what is protected, or, where the reader
    bears the name of whoever she is kept apart from, all of it."""
    return (
        any(one.is_protected for one in person.addresses)
        or any(one.is_protected for one in person.contacts)
        or bool(person.kept_apart_names)
    )
