"""Who has seen a record, and why: the audit's sights of it, in words.

Names are those of people of the reader's own partnership; somebody else is "somebody of another
partnership", which no protected record should ever say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from saferhub.audit import events
from saferhub.audit.models import Entry, Kind
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names, names_of, purpose_words

FEW = 5
PER_PAGE = 50
MOST_COUNTED = 1_000
STRANGER = "Somebody of another partnership"


@dataclass(frozen=True, slots=True)
class Sight:
    """One sight: who, of which agency, did what, when, why; `is_emergency` where it was opened in one."""

    name: str
    agency: str
    words: str
    at: datetime
    purpose: str
    is_emergency: bool


@dataclass(frozen=True, slots=True)
class Sights:
    """The latest sights of a record. `number` is counted no further than a thousand."""

    rows: list[Sight]
    number: int
    is_more: bool

    @property
    def number_words(self) -> str:
        return f"more than {MOST_COUNTED:,}" if self.is_more else f"{self.number:,}"


def sights_of(subjects: Collection[Any], actor: Actor, limit: int = FEW) -> Sights:
    """The latest `limit` sights of these records, and how many there are. Five queries at most.

    `subjects`: records with a `public_id` (a matter; a person's record with its addresses …), which the
    caller has loaded through access: whoever may see a record may see who saw it.
    """
    found = _entries(subjects)
    rows = list(found[:limit])
    number = len(rows) if len(rows) < limit else found.order_by()[: MOST_COUNTED + 1].count()
    return Sights(in_words(rows, actor), min(number, MOST_COUNTED), number > MOST_COUNTED)


def page_of_sights(subjects: Collection[Any], actor: Actor, number: Any) -> tuple[Page[Any], list[Sight]]:
    """One page of all sights, newest first, of the newest thousand at most."""
    found = _entries(subjects)
    shown = Paginator(found[:MOST_COUNTED], PER_PAGE).get_page(number)
    return shown, in_words(list(shown.object_list), actor)


def _entries(subjects: Collection[Any]) -> QuerySet[Entry]:
    return Entry.objects.filter(kind=Kind.SIGHT, subject__in=[one.public_id for one in subjects]).order_by(
        "-id"
    )


def in_words(entries: Iterable[Entry], actor: Actor) -> list[Sight]:
    """Entries with names instead of codes. Three queries, however many."""
    entries = list(entries)
    if not entries:
        return []
    names = names_of((entry.actor for entry in entries), actor)
    agencies = agency_names((entry.agency for entry in entries), actor)
    purposes = purposes_in_words(actor)
    return [
        Sight(
            name=names.get(entry.actor, STRANGER if entry.actor else "The system"),
            agency=agencies.get(entry.agency, "") if entry.actor in names else "",
            words=events.words_for(entry.event),
            at=entry.business_at,
            purpose=purposes.get(entry.purpose) or purpose_words(entry.purpose),
            is_emergency=bool(entry.codes.get("emergency")) or entry.purpose == "emergency",
        )
        for entry in entries
    ]


def purposes_in_words(actor: Actor) -> dict[str, str]:
    """The purposes of the packs by code. One query."""
    return {one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "purposes", actor.on)}
