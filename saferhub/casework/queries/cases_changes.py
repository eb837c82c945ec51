"""How what a case says was changed: its own words beside those of its matter."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from saferhub.casework.models import Case
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.sharing.models import Revision
from saferhub.sharing.queries.matters import Happened, history

_LABELS = {"why": "Why this is a case", "wanted": "What we want"}


def changes(actor: Actor, case: Case) -> list[Happened]:
    """Every edit, move, restriction and hand-over, the newest first."""
    kept = list(
        Revision.objects.filter(
            folder=case.folder_id, kind=case._meta.label_lower, subject=case.public_id
        ).order_by("number")
    )
    names = names_of((one.by for one in kept), actor)
    agencies = agency_names((one.agency for one in kept), actor)
    found: list[Happened] = list(history(actor, case.matter))
    before: dict[str, Any] | None = None
    for one in kept:
        said = {name: str(one.values.get(name) or "Nothing") for name in _LABELS}
        differing = tuple(
            (_LABELS[name], before[name], said[name])
            for name in _LABELS
            if before is not None and before[name] != said[name]
        )
        before = said
        if differing:
            who = ", ".join(filter(None, (names.get(one.by, ""), agencies.get(one.agency, ""))))
            found.append(Happened("Changed", one.at, who, changes=differing))
    return sorted(found, key=_order, reverse=True)


def _order(one: Happened) -> tuple[date, str]:
    """By day; within one, what has a time before what has none (which was told by its day alone)."""
    if isinstance(one.at, datetime):
        moment = timezone.localtime(one.at)
        return moment.date(), moment.isoformat()
    # What opened it stands below everything else of its day.
    return one.at, "" if one.title == "Opened" else f"{one.at.isoformat()}T24"
