"""What meetings give to lower apps: minutes."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.registries import NEXT, TIMELINE
    from saferhub.foundation.registries import WORK
    from saferhub.meetings.queries import minutes_places as places
    from saferhub.releases.registries import DOCUMENTS

    TIMELINE.register(places.timeline, order=60)
    NEXT.register(places.next_steps, order=60)
    WORK.register(places.work_items, order=26)
    DOCUMENTS.register(places.left)
