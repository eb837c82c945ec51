"""What interventions give to the pages and commands of lower apps, and to the case page."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework import registries
    from saferhub.casework.queries import interventions_places as places
    from saferhub.foundation.registries import OPEN_WORK, WORK

    registries.CASE_TABS.register(places.tab, order=70)
    registries.TIMELINE.register(places.timeline, order=40)
    registries.BLOCKERS.register(places.blockers, order=30)
    registries.NEXT.register(places.next_steps, order=40)
    WORK.register(places.work_items, order=45)
    OPEN_WORK.register(places.open_work, order=30)
