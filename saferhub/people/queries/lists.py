"""Lists: persons and places that a reader may see, and those of one matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency
from saferhub.partnership.queries.members import agency_names
from saferhub.people import access
from saferhub.people.models import Person, Place
from saferhub.people.rules import births
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Enclosure, Matter

from .household import places_with_risk
from .protecting import RISK, Tags, tags_of

# Beyond so many a reader filters or searches.
MOST_COUNTED = 500


@dataclass(frozen=True, slots=True)
class ListRow:
    """One record with the matters the reader may see it through."""

    record: Person | Place
    agency: str
    born: str
    kind: str
    matters: list[Matter]
    tags: Tags


def persons(*, agency: str = "", sort: str = "") -> list[int]:
    """Numbers of the persons that the entered actor may see: by name unless sorted, one more than
    `MOST_COUNTED` where there are more."""
    return access.listed_persons(agency, *_order(sort), MOST_COUNTED + 1)


def places(*, agency: str = "", kind: str = "", sort: str = "") -> list[int]:
    """The same of places."""
    return access.listed_places(agency, kind, *_order(sort), MOST_COUNTED + 1)


def persons_by_number(actor: Actor, numbers: list[int]) -> QuerySet[Person]:
    """Rows of a page of `persons`, as far as the actor may see each."""
    return access.persons_visible_to(actor).filter(pk__in=numbers)


def places_by_number(actor: Actor, numbers: list[int]) -> QuerySet[Place]:
    """The same for `places`."""
    return access.places_visible_to(actor).filter(pk__in=numbers)


def _order(sort: str) -> tuple[str, bool]:
    """Sorted by what, and whether backwards."""
    return "recorded" if sort.removeprefix("-") == "recorded" else "name", sort.startswith("-")


def rows_of(actor: Actor, records: Iterable[Any], kinds: dict[str, str] | None = None) -> list[ListRow]:
    """One page of a list with matters, agencies and what protects. Seven queries, more where they are linked."""
    records = list(records)
    matters = matters_by_folder(actor, [one.folder_id for one in records])
    agencies = agency_names((one.agency for one in records), actor)
    tags: dict[int, Tags] = {}
    if records and isinstance(records[0], Person):
        tags = tags_of(actor, [one.pk for one in records])
    elif records:
        tags = dict.fromkeys(places_with_risk(actor, records), (RISK,))
    return [
        ListRow(
            one,
            agencies.get(one.agency, one.agency),
            births.born_words(one.born_on, one.born_precision) if isinstance(one, Person) else "",
            (kinds or {}).get(getattr(one, "kind", ""), ""),
            matters.get(one.folder_id, []),
            tags.get(one.pk, ()),
        )
        for one in records
    ]


def matters_by_folder(actor: Actor, folders: list[int]) -> dict[int, list[Matter]]:
    """The matters in which these folders lie, as far as the actor may see them. Two queries."""
    pairs = list(
        Enclosure.objects.filter(inner__in=folders, ended_at__isnull=True).values_list("inner_id", "outer_id")
    )
    matters = {
        one.folder_id: one
        for one in matters_visible_to(actor).filter(folder__in={outer for _, outer in pairs})
    }
    found: dict[int, list[Matter]] = {}
    for inner, outer in pairs:
        if outer in matters:
            found.setdefault(inner, []).append(matters[outer])
    return found


def agencies_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """Agencies to filter by: those of the partnership, whether or not they gave anything."""
    if actor.partnership is None:
        return []
    rows = Agency.objects.filter(partnership=actor.partnership).order_by("name")
    return list(rows.values_list("code", "name"))


def persons_in(actor: Actor, matter: Matter) -> QuerySet[Person]:
    """Persons recorded in a matter, as far as the actor may read each."""
    inside = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
    return access.persons_visible_to(actor).filter(folder__in=inside).order_by("name", "id")


def places_in(actor: Actor, matter: Matter) -> QuerySet[Place]:
    """Places recorded in a matter, as far as the actor may read each."""
    inside = Enclosure.objects.filter(outer=matter.folder_id, ended_at__isnull=True).values("inner")
    return access.places_visible_to(actor).filter(folder__in=inside).order_by("name", "id")


def at_the_same_address(actor: Actor, place: Place) -> list[Any]:
    """Addresses with one of the place's keys that lie in other records the actor may see."""
    keys = {one.key for one in access.addresses_visible_to(actor).filter(place=place) if one.key}
    if not keys:
        return []
    return list(
        access.addresses_visible_to(actor)
        .filter(key__in=keys)
        .exclude(place=place)
        .select_related("person", "place")
        .order_by("-valid_from", "id")[:50]
    )
