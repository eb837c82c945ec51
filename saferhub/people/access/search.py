"""Finding what the actor may see. The gate's functions find by index and give numbers, best first; what they give
is read again under her own sight, by both walls, so that a fault in one of them shows nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import Person, Place
from saferhub.people.rules.search import Typed
from saferhub.sharing.access import matters_visible_to
from saferhub.sharing.models import Matter

from .persons import persons_visible_to
from .places import places_visible_to

M = TypeVar("M", bound=Model)
MOST = 1_000

# The gate's functions that find and list, how many arguments each takes, and what their numbers are.
SEARCHES: list[tuple[str, int, type[Model]]] = [
    ("gate.find_persons", 7, Person),
    ("gate.find_places", 2, Place),
    ("gate.find_matters", 1, Matter),
    ("gate.list_persons", 4, Person),
    ("gate.list_places", 5, Place),
]


def check_can_search(actor: Actor) -> None:
    """Raise NotAllowed unless she works on matters."""
    actor.check(Permission.WORK_ON_MATTERS)


def can_search(actor: Actor) -> bool:
    """Whether she works on matters: for the box in the header."""
    try:
        check_can_search(actor)
    except NotAllowed:
        return False
    return True


def _numbers(statement: str, values: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [number for (number,) in cursor.fetchall()]


def person_numbers(typed: Typed) -> list[int]:
    """Numbers of records that the entered actor may read, the best match first, a thousand at most."""
    given, family = typed.parts
    return _numbers(
        "SELECT * FROM gate.find_persons(%s, %s, %s, %s, %s, %s, %s)",
        [
            given,
            family,
            typed.born,
            typed.address_key,
            typed.address,
            typed.telephone_key,
            typed.identifier_key,
        ],
    )


def place_numbers(words: str, address_key: str = "") -> list[int]:
    """Numbers of records of places that the entered actor may read, the best match first."""
    return _numbers("SELECT * FROM gate.find_places(%s, %s)", [words, address_key])


def matter_numbers(words: str) -> list[int]:
    """Numbers of matters that the entered actor may see, the best match first."""
    return _numbers("SELECT * FROM gate.find_matters(%s)", [words])


def listed_persons(agency: str, sorted_by: str, backwards: bool, most: int) -> list[int]:
    """Numbers of the persons that the entered actor may read, sorted, `most` at most; `agency` "" for all."""
    return _numbers("SELECT * FROM gate.list_persons(%s, %s, %s, %s)", [agency, sorted_by, backwards, most])


def listed_places(agency: str, kind: str, sorted_by: str, backwards: bool, most: int) -> list[int]:
    """The same of places; `kind` "" for all."""
    return _numbers(
        "SELECT * FROM gate.list_places(%s, %s, %s, %s, %s)", [agency, kind, sorted_by, backwards, most]
    )


def persons(actor: Actor, numbers: Iterable[int]) -> list[Person]:
    """Those of these records that the actor may see, in the order of the numbers."""
    return _in_order(persons_visible_to(actor).select_related("folder__unit__agency"), numbers)


def places(actor: Actor, numbers: Iterable[int]) -> list[Place]:
    """Those of these records of places that the actor may see, in the order of the numbers."""
    return _in_order(places_visible_to(actor), numbers)


def matters(actor: Actor, numbers: Iterable[int]) -> list[Matter]:
    """Those of these matters that the actor may see, in the order of the numbers."""
    return _in_order(matters_visible_to(actor).select_related("hub"), numbers)


def _in_order(rows: QuerySet[M], numbers: Iterable[int]) -> list[M]:
    wanted = list(numbers)
    found = {row.pk: row for row in rows.filter(pk__in=wanted)}
    return [found[number] for number in wanted if number in found]
