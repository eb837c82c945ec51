"""What actions give to the pages and commands of lower apps, and to the case page."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework import registries
    from saferhub.casework.operations import actions_chasing  # noqa: F401 - declares the job that chases
    from saferhub.casework.operations.actions_following import actions_follow
    from saferhub.casework.queries import actions_places as places
    from saferhub.foundation.registries import OPEN_WORK, WORK
    from saferhub.sharing.registries import FOLLOWERS

    # After the unit that leads the case has followed, for that is who is given what somebody lost.
    FOLLOWERS.register(actions_follow, order=900)
    registries.CASE_TABS.register(places.tab, order=30)
    registries.CASE_BUTTONS.register(places.buttons, order=20)
    registries.TIMELINE.register(places.timeline, order=30)
    registries.BLOCKERS.register(places.blockers, order=10)
    registries.NEXT.register(places.next_steps, order=10)
    WORK.register(places.work_items, order=15)
    OPEN_WORK.register(places.open_work, order=20)
