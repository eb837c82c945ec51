"""What people puts on a matter's page, and into the navigation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse

from saferhub.foundation.refusals import allows
from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access import check_can_edit, check_can_enclose
from saferhub.sharing.access.matters import can_pass_on, holds_record
from saferhub.sharing.models import Folder, Matter, MatterStatus
from saferhub.sharing.registries import MatterSection, SectionLink, SectionRow

from . import lists
from .words import pack_words

MOST = 100


def navigation(actor: Actor) -> Iterable[NavItem]:
    """People, for whoever works on matters."""
    if actor.has(Permission.WORK_ON_MATTERS):
        yield NavItem("People", reverse("known-persons"), "known-persons")


def persons_section(actor: Any, matter: Matter) -> MatterSection:
    """Persons in the matter. What protects staff stands first in each row."""
    rows = lists.rows_of(actor, lists.persons_in(actor, matter).select_related("folder")[:MOST])
    links = _row_links(actor, matter)
    return MatterSection(
        "persons",
        "People in this matter",
        [
            SectionRow(
                title=row.record.name,
                url=reverse("known-person", args=[row.record.public_id]),
                note=", ".join(part for part in (f"born {row.born}" if row.born else "", row.agency) if part),
                tags=row.tags,
                links=links(row.record.folder),
                folder=row.record.folder_id,
            )
            for row in rows
        ],
        "Nobody is recorded here yet.",
        _add(actor, matter, "search-before-create", "Add a person"),
    )


def places_section(actor: Any, matter: Matter) -> MatterSection:
    """Places in the matter."""
    kinds = dict(pack_words(actor).choices("place_kinds"))
    rows = lists.rows_of(actor, lists.places_in(actor, matter).select_related("folder")[:MOST], kinds)
    links = _row_links(actor, matter)
    return MatterSection(
        "places",
        "Places in this matter",
        [
            SectionRow(
                title=row.record.name,
                url=reverse("place", args=[row.record.public_id]),
                note=", ".join(part for part in (row.kind, row.agency) if part),
                tags=row.tags,
                links=links(row.record.folder),
                folder=row.record.folder_id,
            )
            for row in rows
        ],
        "No place is recorded here yet.",
        _add(actor, matter, "place-new", "Add a place"),
    )


def _row_links(actor: Actor, matter: Matter) -> Callable[[Folder], tuple[SectionLink, ...]]:
    """Taking a record out of this matter, for whoever may; putting one's own into another, unless restricted."""
    may_take_out = allows(check_can_edit, actor, matter)

    def links(folder: Folder) -> tuple[SectionLink, ...]:
        found = []
        if may_take_out or holds_record(actor, folder):
            words, where = "Take out", reverse("matter-take-out", args=[matter.public_id, folder.public_id])
            found.append(SectionLink(words, where))
        if can_pass_on(actor, folder):
            where = reverse("matter-put-in", args=[folder.public_id])
            found.append(SectionLink("Put into another matter", where))
        return tuple(found)

    return links


def _add(actor: Actor, matter: Matter, name: str, words: str) -> tuple[SectionLink, ...]:
    if matter.status == MatterStatus.CLOSED or not allows(check_can_enclose, actor, matter):
        return ()
    return (SectionLink(words, reverse(name, args=[matter.public_id])),)
