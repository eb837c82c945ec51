"""What people puts on a matter's page, and into the navigation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from saferhub.foundation.registries import NavItem
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.models import Matter, MatterStatus
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
    rows = lists.rows_of(actor, lists.persons_in(actor, matter)[:MOST])
    return MatterSection(
        "persons",
        "People in this matter",
        [
            SectionRow(
                title=row.record.name,
                url=reverse("known-person", args=[row.record.public_id]),
                note=", ".join(part for part in (f"born {row.born}" if row.born else "", row.agency) if part),
                tags=(("Risk to staff", "red"),) if row.has_risk else (),
            )
            for row in rows
        ],
        "Nobody is recorded here yet.",
        _add(actor, matter, "search-before-create", "Add a person"),
    )


def places_section(actor: Any, matter: Matter) -> MatterSection:
    """Places in the matter."""
    kinds = dict(pack_words(actor).choices("place_kinds"))
    rows = lists.rows_of(actor, lists.places_in(actor, matter)[:MOST], kinds)
    return MatterSection(
        "places",
        "Places in this matter",
        [
            SectionRow(
                title=row.record.name,
                url=reverse("place", args=[row.record.public_id]),
                note=", ".join(part for part in (row.kind, row.agency) if part),
            )
            for row in rows
        ],
        "No place is recorded here yet.",
        _add(actor, matter, "place-new", "Add a place"),
    )


def _add(actor: Actor, matter: Matter, name: str, words: str) -> tuple[SectionLink, ...]:
    if matter.status == MatterStatus.CLOSED or not actor.has(Permission.WORK_ON_MATTERS):
        return ()
    return (SectionLink(words, reverse(name, args=[matter.public_id])),)
