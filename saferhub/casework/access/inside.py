"""What lies in a matter that the reader was just given, asked once on a page.

Whoever may read a matter's folder may read every row in it, so such rows are read by the folder's number, behind
the second wall. Which of the folders enclosed in it she may read is asked of the rule, once for all of them; the
rows in those are then read by number too.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from saferhub.casework.models import Action, Case, Intervention, Involved, Referral
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.access import folders_readable_by
from saferhub.sharing.models import Enclosure, Folder, Matter

M = TypeVar("M", bound=Model)
MOST = 500


def parts_in(held: Case | Referral | Action | Intervention, model: type[M]) -> QuerySet[M]:
    """The rows of a part that lie in the folder of something that the caller loaded through access."""
    return model._default_manager.filter(folder=held.folder_id)


def folders_inside(actor: Actor, matter: Matter) -> list[Folder]:
    """The folders enclosed in a matter that the actor may read. One query."""
    within = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
    return once(
        ("folders_inside", actor, matter.folder_id),
        lambda: list(folders_readable_by(actor).filter(pk__in=within).only("id", "kind").order_by("id")),
    )


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


def involved_in(actor: Actor, matter: Matter) -> list[Involved]:
    """Who and what has or had a part in a matter. A record that the actor may not read is None. One query."""
    return once(
        ("involved_in", actor, matter.folder_id),
        lambda: list(
            Involved.objects.filter(folder=matter.folder_id, matter=matter.pk)
            .select_related("person", "place")
            .order_by("id")
        ),
    )
