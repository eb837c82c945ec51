"""What lies in a matter that the reader was just given, asked once on a page.

Whoever may read a matter's folder may read every row in it, so such rows are read by the folder's number, behind
the second wall. Which of the folders enclosed in it she may read is asked of the rule, once for all of them; the
rows in those are then read by number too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from saferhub.casework.models import Action, Case, Intervention, Involved, Referral
from saferhub.foundation.one_page import batched, once
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.access.sight import readable_of
from saferhub.sharing.models import Enclosure, Folder, Matter

M = TypeVar("M", bound=Model)
MOST = 500


def parts_in(held: Case | Referral | Action | Intervention, model: type[M]) -> QuerySet[M]:
    """The rows of a part that lie in the folder of something that the caller loaded through access."""
    return model._default_manager.filter(folder=held.folder_id)


def folders_inside(actor: Actor, matter: Matter, known: Collection[int] | None = None) -> list[Folder]:
    """The folders enclosed in a matter that the actor may read. `known`: the numbers of all that are enclosed in it,
    where the caller has read them. One query, two where one of them is restricted, none where nothing is enclosed."""

    def ask() -> list[Folder]:
        if known is not None:
            return list(readable_among(actor, known, inside=known).values())
        within = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
        rows = list(Folder.objects.filter(pk__in=within).order_by("id"))
        return readable_of(actor, rows, inside=[one.pk for one in rows])

    return once(("folders_inside", actor, matter.folder_id), ask)


def readable_among(
    actor: Actor, numbers: Collection[int], *, inside: Collection[int] = ()
) -> dict[int, Folder]:
    """Those of these folders that the actor may read, by number. `inside`: those that lie today in a matter which the
    caller loaded through access. Two queries at most, none for those that the page has asked for."""

    def read(missing: Collection[int]) -> dict[int, Folder]:
        found = Folder.objects.filter(pk__in=list(missing)).order_by("id")
        return {one.pk: one for one in readable_of(actor, found, inside=inside)}

    return batched(("readable_among", actor), numbers, read) if numbers else {}


def readable_rows(actor: Actor, rows: Iterable[M]) -> list[M]:
    """Those of these rows, found by number behind the second wall, that lie in folders which the actor may read. Two
    queries beside theirs at most."""
    found = list(rows)
    readable = readable_among(actor, {one.folder_id for one in found})  # type: ignore[attr-defined]
    return [one for one in found if one.folder_id in readable]  # type: ignore[attr-defined]


def rows_inside(actor: Actor, matter: Matter, model: type[M], kind: str) -> QuerySet[M]:
    """The rows that lie in enclosed folders of this kind which the actor may read; no query where there is none."""
    numbers = [one.pk for one in folders_inside(actor, matter) if one.kind == kind]
    return model._default_manager.filter(folder__in=numbers)


def persons_inside(actor: Actor, matter: Matter) -> list[Person]:
    """Persons recorded in a matter that the actor may read, by name. One query beside that for the folders."""
    return once(
        ("persons_inside", actor, matter.folder_id),
        lambda: list(rows_inside(actor, matter, Person, "person").order_by("name", "id")[:MOST]),
    )


def places_inside(actor: Actor, matter: Matter) -> list[Place]:
    """The same of places."""
    return once(
        ("places_inside", actor, matter.folder_id),
        lambda: list(rows_inside(actor, matter, Place, "place").order_by("name", "id")[:MOST]),
    )


def involved_in(actor: Actor, matter: Matter, known: list[Involved] | None = None) -> list[Involved]:
    """Who and what has or had a part in a matter. A record that the actor may not read is None. `known`: the rows,
    where the caller has read them. One query; for known rows one more for each kind of record that lies in the
    matter no longer."""

    def ask() -> list[Involved]:
        rows = Involved.objects.filter(folder=matter.folder_id, matter=matter.pk)
        if known is None:
            return list(rows.select_related("person", "place").order_by("id"))
        give_records(actor, matter, known)
        return known

    return once(("involved_in", actor, matter.folder_id), ask)


def give_records(actor: Actor, matter: Matter, rows: Collection[Any]) -> None:
    """Give rows of a matter the person and the place that they name; None where the actor may not read it."""
    for name, model, inside in (("person", Person, persons_inside), ("place", Place, places_inside)):
        numbers = {getattr(one, f"{name}_id") for one in rows} - {None}
        known: dict[int | None, Any] = {one.pk: one for one in inside(actor, matter)} if numbers else {}
        if unknown := numbers - set(known):
            known |= model._default_manager.in_bulk(unknown)
        for one in rows:
            setattr(one, name, known.get(getattr(one, f"{name}_id")))
