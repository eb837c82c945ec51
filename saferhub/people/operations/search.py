"""Searching: written down first, on a connection that nothing takes back, then made.

The log keeps keyed hashes of what was typed. Whoever has the service's secret can tell whether a given name was
searched for; nobody can read names out of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, connections
from django.utils.crypto import salted_hmac

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force
from saferhub.partnership.rules.moments import LONDON
from saferhub.people.access.search import check_can_search
from saferhub.people.rules.search import Typed
from saferhub.sharing.entering import entered
from saferhub.sharing.queries.requests import Contact, contacts_of

_SALT = "saferhub.people.search"
OUTLIVES = "refusals"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Possibly known: to this hub, or, where the purpose names none (`hub` is ""), to ask at this post."""

    token: str
    hub: str
    contact: str
    contacts: tuple[Contact, ...]
    likely: bool


def hashes(fields: dict[str, str]) -> dict[str, str]:
    """Each field as a keyed hash of 128 bits."""
    return {
        name: salted_hmac(f"{_SALT}.{name}", value, algorithm="sha256").hexdigest()[:32]
        for name, value in fields.items()
    }


def note(*, kind: str, purpose: str, fields: dict[str, str], asks: bool, by: Actor) -> int:
    """Write one search down before it is made; it stands whatever becomes of the request. Returns its number.

    `kind`: search, create (before a new record), place, reference. `asks`: it asks for pointers too, which an hour
    allows sixty times. Raises NotAllowed `too_many_searches`, with the time at which it goes on.
    """
    check_can_search(by)
    again: datetime | None = None
    with entered(by.user, using=OUTLIVES), connections[OUTLIVES].cursor() as cursor:
        cursor.execute(
            "SELECT gate.note_search(%s, %s, %s::jsonb, %s)",
            [kind, purpose, json.dumps(hashes(fields)), asks],
        )
        (number,) = cursor.fetchone()
        if number is None:
            cursor.execute("SELECT gate.points_again_at()")
            (again,) = cursor.fetchone()
    if number is None:
        audit.record_refusal("people.search_limited", None, by=by, purpose=purpose)
        when = f" It goes on at {again.astimezone(LONDON):%H:%M}." if again else ""
        raise NotAllowed(
            "too_many_searches",
            f"You have searched for people 60 times within an hour.{when} Until then telephone the hub’s "
            "co-ordinator or the partnership’s manager. If somebody is in danger, call 999.",
        )
    return int(number)


def finished(number: int, *, by: Actor, seen: int | None = None, hits: int | None = None) -> None:
    """Add to the log how much one's own search showed, or how many pointers it gave; each stands once said."""
    with entered(by.user, using=OUTLIVES), connections[OUTLIVES].cursor() as cursor:
        cursor.execute("SELECT gate.finish_search(%s, %s, %s)", [number, seen, hits])


def point(typed: Typed, *, purpose: str, by: Actor) -> list[Pointer]:
    """Ask the gate who else may know somebody. The search has been noted with `asks`."""
    if not typed.points:
        return []
    given, family = typed.parts
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT token, hub_id, contact, likely FROM gate.point(%s, %s, %s, %s, %s, %s)",
            [given, family, typed.born, typed.address_key, typed.telephone_key, purpose],
        )
        rows = cursor.fetchall()
    hubs = Hub.objects.in_bulk([row[1] for row in rows if row[1]])
    made = []
    for token, hub_id, contact, likely in rows:
        hub = hubs.get(hub_id)
        people = tuple(contacts_of(hub, by.on)) if hub else ()
        made.append(Pointer(token, hub.name if hub else "", contact, people, likely))
    return made


def asks_for_pointers(typed: Typed, purpose: str, by: Actor) -> bool:
    """Whether this search is one that a pointer may answer: enough was typed, for a purpose that points."""
    found = in_force.entry(by.partnership, "purposes", purpose, by.on)
    return typed.points and found is not None and found.item.pointer != "none"
