"""Who may see a place's record. Who may change it is decided as for a person's."""

from __future__ import annotations

from django.db.models import QuerySet

from saferhub.partnership.access import Actor
from saferhub.people.models import Place
from saferhub.sharing.access import in_folders_readable_by

from .records import one_of, one_of_for_update


def places_visible_to(actor: Actor) -> QuerySet[Place]:
    """The records of places this actor may see."""
    return in_folders_readable_by(actor, Place.objects.all())


def get_place(actor: Actor, public_id: str) -> Place:
    """The record of this identifier. Raises Http404 in the same words whether hidden or missing."""
    return one_of(places_visible_to(actor), public_id)


def get_place_for_update(actor: Actor, public_id: str) -> Place:
    """The same, locked until the transaction ends."""
    return one_of_for_update(places_visible_to(actor), public_id)
