"""The access register: for each protected table, the function that loads what an actor may see of it.

Upper apps add theirs (`register_loaders`, when they are ready). A test holds every loader to the
database's own answer and to a plain statement of the rule, over random worlds; a protected table
without a loader fails it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model, OuterRef, Q, QuerySet

from saferhub.partnership.access import Actor
from saferhub.sharing.models import (
    AccessRequest,
    Emergency,
    EmergencyReason,
    Enclosure,
    Folder,
    Handover,
    Interest,
    Matter,
    MatterMove,
    Revision,
    Search,
)

from .emergencies import reasons_visible_to
from .matters import matters_visible_to
from .sight import (
    enclosures_visible_to,
    folders_readable_by,
    governed_by,
    in_folders_readable_by,
    interests_visible_to,
    sight_of,
)

Loader = Callable[[Actor], QuerySet[Any]]
_loaders: dict[type[Model], Loader] = {}


def register_loaders(loaders: Mapping[type[Model], Loader]) -> None:
    """Add an app's loaders. Raises ValueError when a model has another loader already."""
    for model, loader in loaders.items():
        if _loaders.get(model, loader) is not loader:
            raise ValueError(f"{model._meta.label} has a loader already")
        _loaders[model] = loader


def all_loaders() -> dict[type[Model], Loader]:
    return dict(_loaders)


def revisions_readable_by(actor: Actor) -> QuerySet[Revision]:
    """What edits left, in folders the actor may read; of what needs sight of two folders, both."""
    rows = in_folders_readable_by(actor, Revision.objects.all())
    readable = folders_readable_by(actor).filter(pk=OuterRef("outer"))
    return rows.filter(Q(outer__isnull=True) | Q(outer__in=readable.values("pk")))


def moves_readable_by(actor: Actor) -> QuerySet[MatterMove]:
    """Moves of matters, in folders the actor may read."""
    return in_folders_readable_by(actor, MatterMove.objects.all())


def handovers_readable_by(actor: Actor) -> QuerySet[Handover]:
    """Hand-overs, in folders the actor may read."""
    return in_folders_readable_by(actor, Handover.objects.all())


def requests_readable_by(actor: Actor) -> QuerySet[AccessRequest]:
    """Requests of the actor's unit, and those put to her hubs."""
    return in_folders_readable_by(actor, AccessRequest.objects.all())


def emergencies_readable_by(actor: Actor) -> QuerySet[Emergency]:
    """Emergencies of the actor's unit and hubs; for information governance, of its whole partnership."""
    return governed_by(actor, Emergency.objects.all())


def searches_visible_to(actor: Actor) -> QuerySet[Search]:
    """One's own searches; for information governance, those of its whole partnership."""
    own = Q(user=actor.user) if actor.unit is not None else Q(pk__in=[])
    governs = sight_of(actor).governs
    return Search.objects.filter(own | Q(partnership=governs) if governs is not None else own)


register_loaders(
    {
        Folder: folders_readable_by,
        Interest: interests_visible_to,
        Enclosure: enclosures_visible_to,
        Matter: matters_visible_to,
        Revision: revisions_readable_by,
        MatterMove: moves_readable_by,
        Handover: handovers_readable_by,
        AccessRequest: requests_readable_by,
        Emergency: emergencies_readable_by,
        EmergencyReason: reasons_visible_to,
        Search: searches_visible_to,
    }
)
