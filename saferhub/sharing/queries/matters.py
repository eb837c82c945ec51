"""The list of matters, one matter's page, its history, and what waits in Your work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.registries import NavItem, WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Agency, Hub, Partnership
from saferhub.partnership.queries.members import agency_names, names_of
from saferhub.sharing.access import in_folders_readable_by, matters_visible_to, sight_of
from saferhub.sharing.access.sight import hubs_of
from saferhub.sharing.models import (
    Handover,
    Matter,
    MatterMove,
    MatterStatus,
    Revision,
    Sensitivity,
)
from saferhub.sharing.registries import kind_words

from .packs_in_words import PackWords, pack_words

PER_PAGE = 25
MOST_COUNTED = 1_000
MOST_EXPORTED = 10_000
LATELY = timedelta(days=14)
MOST_WORK = 20
PLAIN = "matter"

# Each walks an index. By what stands in another table there is none: hub, agency and leader are filters.
SORTS: dict[str, tuple[str, ...]] = {
    "reference": ("reference",),
    "-reference": ("-reference",),
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "opened": ("opened_on", "id"),
    "-opened": ("-opened_on", "-id"),
}
NEWEST = "-opened"


@dataclass(frozen=True)
class Filters:
    """What the reader chose; empty means everything she may see."""

    reference: str = ""
    hub: str = ""
    status: str = ""
    agency: str = ""
    kind: str = ""
    whose: str = ""
    sort: str = NEWEST

    @property
    def is_empty(self) -> bool:
        return self == replace(Filters(), sort=self.sort)


def matters(actor: Actor, filters: Filters) -> QuerySet[Matter]:
    """The matters that the actor may see and that answer, sorted; with all that a row shows."""
    found = narrowed(actor, filters)
    return found.select_related("hub", "unit__agency", "lead").order_by(
        *SORTS.get(filters.sort, SORTS[NEWEST])
    )


def narrowed(actor: Actor, filters: Filters) -> QuerySet[Matter]:
    """Which matters answer. What names a hub or an agency is looked up first, so that the rows are
    compared by number."""
    found = matters_visible_to(actor)
    ours = {"partnership": actor.partnership}
    if filters.hub == "none":
        found = found.filter(hub__isnull=True)
    elif filters.hub:
        found = found.filter(
            hub__in=list(Hub.objects.filter(**ours, code=filters.hub).values_list("pk", flat=True))
        )
    if filters.agency:
        units = Agency.objects.filter(**ours, code=filters.agency).values_list("units", flat=True)
        found = found.filter(unit__in=list(units))
    if filters.status:
        found = found.filter(status=filters.status)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.reference:
        found = found.filter(reference=filters.reference.strip().upper())
    if filters.whose == "lead":
        found = found.filter(lead=actor.user)
    elif filters.whose == "unit":
        found = found.filter(unit__in=[one for one in sight_of(actor).holders if one > 0])
    return found


def hubs_by_code(partnership: Partnership | None) -> dict[str, Hub]:
    """The hubs of a partnership, for a form to choose from."""
    return {hub.code: hub for hub in Hub.objects.filter(partnership=partnership)}


def rows_of(numbers: list[int]) -> QuerySet[Matter]:
    """Matters of a list by number, with all that a row shows. The numbers come from `matters`."""
    return Matter.objects.filter(pk__in=numbers).select_related("hub", "unit__agency", "lead")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many answer, counted no further than a thousand."""

    number: int
    is_more: bool

    @property
    def words(self) -> str:
        if self.is_more:
            return f"More than {MOST_COUNTED:,} matters"
        return "1 matter" if self.number == 1 else f"{self.number:,} matters"


def counted(found: QuerySet[Matter]) -> Counted:
    """A capped count: a whole one would read every row the reader may see."""
    number = found.select_related(None).order_by()[: MOST_COUNTED + 1].count()
    return Counted(min(number, MOST_COUNTED), number > MOST_COUNTED)


def filter_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: hubs and agencies of the partnership. Two queries, whatever the list holds."""
    if actor.partnership is None:
        return {"hub": [], "agency": []}
    hubs = list(Hub.objects.filter(partnership=actor.partnership).values_list("code", "name"))
    return {
        "hub": [*hubs, ("none", "No hub")],
        "agency": list(Agency.objects.filter(partnership=actor.partnership).values_list("code", "name")),
    }


def list_lines(found: QuerySet[Matter], words: PackWords) -> Iterator[list[Any]]:
    """The list as rows of a file, and a last row where more were left out."""
    rows = list(found[: MOST_EXPORTED + 1])
    yield [
        "Reference",
        "Title",
        "Kind",
        "Purpose",
        "Hub",
        "Agency",
        "Unit",
        "Opened",
        "Status",
        "Closed",
        "Restricted",
        "Leads",
    ]
    for row in rows[:MOST_EXPORTED]:
        yield [
            row.reference,
            row.title,
            kind_words(row.kind),
            words.purpose(row.purpose),
            row.hub.name if row.hub else "",
            row.unit.agency.name,
            row.unit.name,
            row.opened_on,
            row.get_status_display(),
            row.closed_on,
            "" if row.sensitivity == Sensitivity.NORMAL else row.get_sensitivity_display(),
            row.lead.name if row.lead else "",
        ]
    if len(rows) > MOST_EXPORTED:
        yield [f"Only {MOST_EXPORTED:,} matters are in this file. Narrow the filters for the others."]


# --- History ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a matter's history."""

    title: str
    at: datetime | date
    by: str
    reason: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()  # field, before, after


_LABELS = {"title": "Title", "about": "What it is about", "purpose": "Purpose", "lead": "Who leads it"}
_OTHER = {"sharing.restricted": "Restricted to named people", "sharing.opened_up": "Restriction lifted"}


def history(actor: Actor, matter: Matter) -> list[Happened]:
    """Every edit, move, restriction and hand-over, the newest first. Eight queries at most."""
    revisions = list(
        in_folders_readable_by(actor, Revision.objects.filter(subject=matter.public_id)).order_by("id")
    )
    moves = list(in_folders_readable_by(actor, MatterMove.objects.filter(matter=matter)).order_by("id"))
    handovers = list(
        in_folders_readable_by(actor, Handover.objects.filter(matter=matter))
        .select_related("from_hub", "to_hub", "from_unit__agency", "to_unit__agency")
        .order_by("id")
    )
    names = names_of(
        [one.by for one in revisions]
        + [one.by for one in moves]
        + [one.by for one in handovers]
        + [str(one.values.get("lead", "")) for one in revisions],
        actor,
    )
    agencies = agency_names((one.agency for one in revisions), actor)
    words = pack_words(matter.partnership, actor.on)
    happened: list[tuple[datetime, int, Happened]] = []
    before: dict[str, Any] = {}
    for number, one in enumerate(revisions):
        who = ", ".join(filter(None, (names.get(one.by, ""), agencies.get(one.agency, ""))))
        if one.kind in _OTHER:
            told = Happened(_OTHER[one.kind], one.at, who, str(one.values.get("reason", "")))
        else:
            said = {name: _say(name, one.values.get(name), names, words) for name in _LABELS}
            changes = tuple(
                (_LABELS[name], before[name], said[name])
                for name in _LABELS
                if before and before[name] != said[name]
            )
            before = said
            if not changes and one.number == 1:
                told = Happened("Opened", matter.opened_on, who)
                happened.append((_start_of(matter.opened_on, one.at), number, told))
                continue
            told = Happened("Changed", one.at, who, changes=changes)
        happened.append((one.at, number, told))
    real = {"closed": "Closed", "open": "Opened again"}
    # What is told by a day only stands after what happened before in that day.
    for number, move in enumerate(moves):
        if move.from_status:
            told = Happened(
                real.get(move.to_status, move.to_status), move.on, names.get(move.by, ""), move.reason
            )
            happened.append((_day_end(move.on, happened), 10_000 + number, told))
    for number, row in enumerate(handovers):
        told = Happened(_handed(row), row.on, names.get(row.by, ""), row.reason)
        happened.append((_day_end(row.on, happened), 20_000 + number, told))
    return [told for *_, told in sorted(happened, key=lambda one: one[:2], reverse=True)]


def _start_of(day: date, at: datetime) -> datetime:
    return min(at, datetime(day.year, day.month, day.day, tzinfo=at.tzinfo))


def _day_end(day: date, happened: list[tuple[datetime, int, Happened]]) -> datetime:
    zone = happened[0][0].tzinfo if happened else None
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone)


def _say(name: str, value: Any, names: dict[str, str], words: PackWords) -> str:
    if name == "purpose":
        return words.purpose(str(value))
    if name == "lead":
        return names.get(str(value), "Nobody") if value else "Nobody"
    return str(value or "Nothing")


def _handed(row: Handover) -> str:
    parts = []
    if row.from_hub_id != row.to_hub_id:
        parts.append(
            f"from {row.from_hub.name if row.from_hub else 'no hub'} to {row.to_hub.name if row.to_hub else 'no hub'}"
        )
    if row.from_unit_id != row.to_unit_id:
        parts.append(
            f"from {row.from_unit.name}, {row.from_unit.agency.name}, to {row.to_unit.name}, {row.to_unit.agency.name}"
        )
    return f"Handed over {' and '.join(parts)}"


def last_handover(actor: Actor, matter: Matter) -> Happened | None:
    """The latest hand-over in words, for the matter's page. Two queries."""
    row = (
        in_folders_readable_by(actor, Handover.objects.filter(matter=matter))
        .select_related("from_hub", "to_hub", "from_unit__agency", "to_unit__agency")
        .order_by("-id")
        .first()
    )
    if row is None:
        return None
    return Happened(_handed(row), row.on, names_of([row.by], actor).get(row.by, ""), row.reason)


# --- Navigation and Your work ---------------------------------------------------------------------------------


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Matters, for those whose role works on them."""
    if actor.has(Permission.WORK_ON_MATTERS):
        yield NavItem("Matters", reverse("matters"), "matters")


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Matters handed to the actor's hub or unit in the last fortnight, and those that she leads."""
    if actor.user is None or not actor.has(Permission.WORK_ON_MATTERS):
        return
    told = set()
    for row in _handed_lately(actor):
        told.add(row.matter_id)
        where = (
            row.to_hub.name if row.to_hub and row.from_hub_id != row.to_hub_id else row.to_unit.agency.name
        )
        yield WorkItem(
            kind="handover",
            kind_words="Matters handed over",
            title=row.matter.title,
            url=reverse("matter", args=[row.matter.public_id]),
            why=f"Handed to {where}: see what is known, and who leads it now",
            rank=3,
            due_on=None,
            step="Open matter",
            step_url=reverse("matter", args=[row.matter.public_id]),
            reference=row.matter.reference,
        )
    leads = (
        matters_visible_to(actor)
        # A kind with pages of its own says itself what waits.
        .filter(lead=actor.user, status=MatterStatus.OPEN, kind=PLAIN)
        .exclude(pk__in=told)
        .order_by("-opened_on", "-id")[:MOST_WORK]
    )
    for matter in leads:
        yield WorkItem(
            kind="matter",
            kind_words="Matters you lead",
            title=matter.title,
            url=reverse("matter", args=[matter.public_id]),
            why="You lead it",
            rank=9,
            due_on=None,
            step="Open matter",
            step_url=reverse("matter", args=[matter.public_id]),
            reference=matter.reference,
        )


def _handed_lately(actor: Actor) -> list[Handover]:
    sight = sight_of(actor)
    mine = [one for one in sight.holders if one > 0]
    deciding = [hub.pk for hub in hubs_of(actor) if actor.has(Permission.DECIDE_SHARING, hub=hub)]
    to_hub = Q(to_hub__in=deciding, matter__hub=F("to_hub")) & (
        Q(from_hub__isnull=True) | ~Q(from_hub=F("to_hub"))
    )
    to_unit = Q(to_unit__in=mine, matter__unit=F("to_unit")) & ~Q(from_unit=F("to_unit"))
    seen = matters_visible_to(actor).filter(pk=OuterRef("matter")).order_by()
    return list(
        # Hand-overs of a fortnight are few: each is asked for by itself, not joined to all matters.
        Handover.objects.filter(Q(Exists(seen)) | Q(pk=-1))
        .filter(to_hub | to_unit, on__gt=actor.on - LATELY, matter__status=MatterStatus.OPEN)
        .exclude(by=actor.public_id)
        .select_related("matter", "to_hub", "to_unit__agency")
        .order_by("-id")[:MOST_WORK]
    )


def open_work(user: User, actor: Actor) -> Iterator[Any]:
    """The open matters that somebody leads, as far as the actor may see them."""
    from saferhub.foundation.registries import OpenWork

    led = matters_visible_to(actor).filter(lead=user, status=MatterStatus.OPEN, kind=PLAIN)
    for matter in led[:MOST_WORK]:
        yield OpenWork(
            kind_words="Matter",
            title=f"{matter.reference} {matter.title}",
            url=reverse("matter", args=[matter.public_id]),
        )
