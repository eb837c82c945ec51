"""One record among those an actor may see, and the matters around it. The same for persons and places."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.access import folders_visible_to, sight_of
from saferhub.sharing.models import Enclosure, Matter

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
    """The matters around one record that the actor may see: where it lies, the newest first, and where it
    ever lay, by public_id."""

    matters: list[Matter] = field(default_factory=list)
    ever: set[str] = field(default_factory=set)


def around_each(actor: Actor, records: Iterable[Person | Place]) -> dict[int, Around]:
    """What is around each of these records, by its folder. One query, however many records."""
    found = {record.folder_id: Around() for record in records}
    visible = folders_visible_to(actor).filter(pk=OuterRef("outer"))
    rows = (
        # An item of a meeting, in which a record may lie too, is no matter.
        Enclosure.objects.filter(Exists(visible), inner__in=list(found), outer__matter__isnull=False)
        .select_related("outer__matter__hub", "outer__matter__unit__agency")
        .order_by("-outer__matter__opened_on", "-outer__matter__id")
    )
    for row in rows:
        matter = row.outer.matter
        matter.folder = row.outer
        around = found[row.inner_id]
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


def sees_in_its_own_right(actor: Actor, record: Person | Place, matters: Collection[Matter]) -> bool:
    """Whether she sees a record by more than the matters it lies in: it is her unit's, or it was opened to her
    by itself, which must be so where it lies in no matter that she sees."""
    return not matters or record.folder.unit_id in sight_of(actor).holders
