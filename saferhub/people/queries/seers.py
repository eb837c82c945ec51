"""Who can see a record, and why: through the matters around it, and through items of meetings in which it lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.sharing.access import folders_visible_to, interests_live_on
from saferhub.sharing.models import Because, Enclosure, Interest, Matter
from saferhub.sharing.rules.interests import last_day

from .words import PackWords


@dataclass(frozen=True, slots=True)
class SeerRow:
    matter: Matter | None  # none: through an item of a meeting
    who: str
    why: str
    until: date | None


def seers(
    actor: Actor, matters: list[Matter], words: PackWords, folders: Sequence[int] = ()
) -> list[SeerRow]:
    """Through which matters who sees her, and why: the unit whose it is, the hub, each live interest; then who sees
    her through a meeting's item, one row for each, until the last of their days.

    The matters were loaded through access, and whoever sees one sees every interest in it. `folders`: those of the
    records, for the items in which they lie. Two queries.
    """
    found = []
    items = Enclosure.objects.filter(
        Exists(folders_visible_to(actor).filter(pk=OuterRef("outer"))),
        inner__in=folders,
        ended_at__isnull=True,
        outer__matter__isnull=True,
    )
    around = [*(matter.folder_id for matter in matters), *items.values_list("outer", flat=True)]
    interests: list[Any] = list(
        Interest.objects.filter(
            interests_live_on(clock.now()),
            folder__in=around,
            sensitivity__gte=F("folder__sensitivity"),
        )
        .select_related("unit__agency", "user")
        .order_by("id")
    )
    by_folder: dict[int, list[Any]] = {}
    for one in interests:
        by_folder.setdefault(one.folder_id, []).append(one)
    for matter in matters:
        if matter.sensitivity == 0:
            found.append(
                SeerRow(matter, matter.unit.agency.name, f"{matter.unit.name}: the matter is its own", None)
            )
            if matter.hub is not None:
                found.append(SeerRow(matter, matter.hub.name, "The hub works on it", None))
        for one in by_folder.get(matter.folder_id, []):
            who = one.unit.agency.name if one.unit else one.user.name
            found.append(SeerRow(matter, who, _why(one, words), last_day(one.valid_until)))
    mine = {matter.folder_id for matter in matters}
    at_tables: dict[tuple[str, str], SeerRow] = {}
    for one in sorted(
        interests, key=lambda one: (one.valid_until is None, one.valid_until or clock.now(), one.pk)
    ):
        if one.folder_id not in mine:
            who = one.unit.agency.name if one.unit else one.user.name
            at_tables[who, _why(one, words)] = SeerRow(None, who, _why(one, words), last_day(one.valid_until))
    return found + sorted(at_tables.values(), key=lambda row: row.who)


def _why(interest: Interest, words: PackWords) -> str:
    return f"{Because(interest.because).label}, for: {words.name('purposes', interest.purpose).lower()}"
