"""Who has seen a record, and why: the audit's sights of it, in words.

Names are those of people of the reader's own partnership; somebody else is "somebody of another
partnership", which no protected record should ever say.

A record of a person or place lies in several matters, and whoever sees it through one must not learn from
its sights that there is another. So each of its sights is written down with the matters through which the
record was seen (`seen_through`), or with the items of meetings where it was opened with those alone; a reader
is shown those that share one with her, those by somebody who sees the record in its own right, and her own.
The purpose shows where she sees the matter that it is of.
What is left out is not counted either; the log of information governance holds all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from saferhub.audit import events
from saferhub.audit.models import Entry, Kind
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import agency_names, names_of, purpose_words
from saferhub.sharing.models import Matter

FEW = 5
PER_PAGE = 50
MOST_COUNTED = 1_000
_TOGETHER = timedelta(minutes=1)
_READ = 6  # times as many rows are read as are shown, because some are told together
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


def seen_through(matters: Sequence[Matter], *, in_its_own_right: bool) -> dict[str, Any]:
    """What a sight of a record writes down beside it, to pass to `record_sight`: the matters through which the
    viewer sees it, the newest first, whose purpose is the sight's."""
    codes: dict[str, Any] = {"through": [one.public_id for one in matters]}
    if matters:
        codes |= {"purpose": matters[0].purpose, "matter": matters[0].public_id}
    if in_its_own_right:
        codes["direct"] = True
    return codes


def sights_of(
    subjects: Collection[Any], actor: Actor, limit: int = FEW, *, through: Collection[str] | None = None
) -> Sights:
    """The latest `limit` sights of these records, those close together as one, and how many there are. Five
    queries at most.

    `subjects`: records with a `public_id`, which the caller has loaded through access. `through`: for
    records that lie in matters, the public_ids of those the reader sees; None for a matter itself.
    """
    found = _entries(subjects, actor, through)
    read = list(found[: limit * _READ])
    number = len(read) if len(read) < limit * _READ else found.order_by()[: MOST_COUNTED + 1].count()
    rows = _apart(read)[:limit]
    return Sights(in_words(rows, actor, through), min(number, MOST_COUNTED), number > MOST_COUNTED)


def _apart(entries: Iterable[Entry]) -> list[Entry]:
    """Without those that one person left for the same purpose within a minute before the next of hers: going
    from a page to the next and back is one sight to whoever reads this."""
    found: list[Entry] = []
    latest: dict[tuple[str, str, bool], datetime] = {}
    for entry in entries:
        who = (entry.actor, entry.purpose, bool(entry.codes.get("emergency")))
        later = latest.get(who)
        latest[who] = entry.business_at
        if later is None or later - entry.business_at > _TOGETHER:
            found.append(entry)
    return found


def page_of_sights(
    subjects: Collection[Any], actor: Actor, number: Any, *, through: Collection[str] | None = None
) -> tuple[Page[Any], list[Sight]]:
    """One page of all sights, newest first, of the newest thousand at most."""
    found = _entries(subjects, actor, through)
    shown = Paginator(found[:MOST_COUNTED], PER_PAGE).get_page(number)
    return shown, in_words(list(shown.object_list), actor, through)


def _entries(subjects: Collection[Any], actor: Actor, through: Collection[str] | None) -> QuerySet[Entry]:
    found = Entry.objects.filter(kind=Kind.SIGHT, subject__in=[one.public_id for one in subjects])
    if through is not None:
        known = Q(actor=actor.public_id) | Q(codes__direct=True)
        if through:
            known |= Q(codes__through__has_any_keys=sorted(through))
        found = found.filter(known)
    return found.order_by("-id")


def in_words(entries: Iterable[Entry], actor: Actor, through: Collection[str] | None = None) -> list[Sight]:
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
            purpose=(purposes.get(entry.purpose) or purpose_words(entry.purpose))
            if _may_know_purpose(entry, actor, through)
            else "",
            is_emergency=bool(entry.codes.get("emergency")) or entry.purpose == "emergency",
        )
        for entry in entries
    ]


def _may_know_purpose(entry: Entry, actor: Actor, through: Collection[str] | None) -> bool:
    """A purpose that is no matter's tells of none."""
    matter = entry.codes.get("matter")
    return through is None or matter is None or matter in through or entry.actor == actor.public_id


def purposes_in_words(actor: Actor) -> dict[str, str]:
    """The purposes of the packs by code. One query."""
    return {one.code: str(one.item.name) for one in in_force.entries(actor.partnership, "purposes", actor.on)}
