"""One record among those an actor may see, and the matters around it. The same for persons and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from saferhub.foundation import clock
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.access import folders_visible_to, sight_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Enclosure, Interest, Matter

R = TypeVar("R", Person, Place)


def one_of(rows: QuerySet[R], public_id: str) -> R:
    """The record of this identifier. Raises Http404 in the same words whether hidden or missing."""
    return _found(rows.select_related("folder__unit__agency", "partnership"), public_id)


def one_of_for_update(rows: QuerySet[R], public_id: str) -> R:
    """The same, locked until the transaction ends."""
    return _found(rows.select_related("folder__unit__agency").select_for_update(of=("self",)), public_id)


def _found(rows: QuerySet[R], public_id: str) -> R:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """The matters around one record that the actor may see: where it lies, the newest first; and where it ever lay, by
    public_id: of the matter, or of the folder where that is no matter's, such as an item's of a meeting."""

    matters: list[Matter] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)


def around_each(actor: Actor, records: Iterable[Person | Place]) -> dict[int, Around]:
    """What is around each of these records, by its folder. One query, however many records."""
    found = {record.folder_id: Around() for record in records}
    visible = folders_visible_to(actor).filter(pk=OuterRef("outer"))
    rows = (
        Enclosure.objects.filter(Exists(visible), inner__in=list(found))
        .select_related("outer__matter__hub", "outer__matter__unit__agency")
        .order_by("-outer__matter__opened_on", "-outer__matter__id")
    )
    for row in rows:
        around = found[row.inner_id]
        matter: Matter | None = getattr(row.outer, "matter", None)
        if matter is None:
            around.ever.add(row.outer.public_id)
            continue
        matter.folder = row.outer
        around.ever.add(matter.public_id)
        if row.ended_at is None:
            around.matters.append(matter)
    return found


def matters_around(actor: Actor, record: Person | Place) -> QuerySet[Matter]:
    """The matters the actor may see in which this record lies, the newest first. Asked of the few folders
    around it alone, and not of everything she sees."""
    inside = Enclosure.objects.filter(inner=record.folder_id, ended_at__isnull=True)
    return (
        Matter.objects.filter(folder__in=folders_visible_to(actor).filter(pk__in=inside.values("outer")))
        .select_related("hub", "unit__agency", "folder")
        .order_by("-opened_on", "-id")
    )


def is_of_own_unit(actor: Actor, record: Person | Place) -> bool:
    """Whether it is her unit's, or that of one above it, so that she sees it whatever it lies in."""
    return record.folder.unit_id in sight_of(actor).holders


def items_around(actor: Actor, record: Person | Place) -> tuple[list[str], str]:
    """What she sees of what a record lies in that is no matter's, such as items of meetings, by public_id of its
    folder, and the purpose for which it was opened to her last; nothing where the record itself was opened to her, for
    then she sees it in its own right. Two queries."""
    inside = Enclosure.objects.filter(
        inner=record.folder_id, ended_at__isnull=True, outer__matter__isnull=True
    )
    outer = folders_visible_to(actor).filter(pk__in=inside.values("outer"))
    seen = dict(outer.order_by("-pk").values_list("pk", "public_id"))
    sight = sight_of(actor)
    live = Interest.objects.filter(
        interests_live_on(clock.now()),
        Q(agreement__isnull=True) | Q(agreement__in=sight.agreements),
        folder__in=[record.folder_id, *seen],
        holder__in=sight.holders,
    )
    opened = list(live.order_by("-valid_from", "-pk").values_list("folder", "purpose"))
    if any(folder == record.folder_id for folder, _ in opened):
        return [], ""
    return list(seen.values()), opened[0][1] if opened else ""
