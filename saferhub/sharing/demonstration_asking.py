"""Requests and an emergency of the demonstration, made by the cast as anybody's are. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection

from saferhub.accounts.models import User
from saferhub.partnership.access import actor_for

from .access import matters_visible_to
from .demonstration_matters import BEFRIENDED, HARBOUR
from .entering import entered
from .models import Matter
from .operations import emergencies, requests


def make_asking(people: dict[str, User], say: Callable[[str], None]) -> None:
    """One request that waits, one that was answered, one emergency to be reviewed."""
    say("asking for sight")
    rachel, maya, priya = (people[name] for name in ("rachel.referrer", "maya.manager", "priya.partner"))
    harbour, befriended = _reference(maya, HARBOUR), _reference(maya, BEFRIENDED)
    _ask(
        rachel,
        harbour,
        "Whether any of the young people named rents from us, and whether visiting officers are at risk.",
        "prevent_crime_disorder",
    )
    told = _ask(rachel, befriended, "Whether the tenancy next door is part of it.", "safeguard_adult")
    with entered(maya):
        requests.answer(
            request_id=told, answer="By telephone: it is not. Please tell us of strangers on the stairs.",
            by=actor_for(maya),
        )  # fmt: skip
    say("opening a record in an emergency")
    _emergency(priya)


def _reference(user: User, title: str) -> str:
    with entered(user):
        found: Matter = matters_visible_to(actor_for(user)).get(title=title)
        return found.reference


def _ask(user: User, reference: str, least: str, purpose: str) -> str:
    with entered(user):
        actor = actor_for(user)
        return requests.ask(
            purpose=purpose, least=least, until=actor.on + timedelta(days=60), about={}, reference=reference,
            by=actor, on=actor.on,
        ).public_id  # fmt: skip


def _emergency(user: User) -> None:
    """She had been pointed to the hub that holds it; she looked, and closed it."""
    with entered(user):
        actor = actor_for(user)
        token = _pointed(["Sabina", "Exemplar", date(1987, 2, 11), "", "", "reduce_asb"])
        if not token:
            return
        opened = emergencies.open_in_emergency(
            token=token,
            danger="adult",
            reason="A caller said that somebody was at her door with a hammer, and rang off.",
            incident="NYP-DEMO-0117",
            tried=True,
            by=actor,
        )
        emergencies.end_early(emergency_id=opened.public_id, by=actor)


def _pointed(known: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM gate.point(%s, %s, %s, %s, %s, %s)", known)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
