"""Who may see a place's record. Who may change it is decided as for a person's."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.partnership.access import Actor
from saferhub.people.models import Place
from saferhub.sharing.access import in_folders_readable_by


def places_visible_to(actor: Actor) -> QuerySet[Place]:
    """The records of places this actor may see."""
    return in_folders_readable_by(actor, Place.objects.all())


def get_place(actor: Actor, public_id: str) -> Place:
    """The record of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = (
        places_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("folder__unit__agency", "partnership")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_place_for_update(actor: Actor, public_id: str) -> Place:
    """The same, locked until the transaction ends."""
    found = (
        places_visible_to(actor)
        .select_related("folder__unit__agency")
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found
