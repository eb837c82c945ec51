"""What meetings give to lower apps: the navigation, Your work and what stands beside it, calendar feeds."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.registries import FEED
    from saferhub.foundation.registries import NAVIGATION, OPEN_WORK, WORK, WORK_ASIDE
    from saferhub.meetings.queries import calendar_home as home
    from saferhub.meetings.queries.calendar_feed import feed_entries

    NAVIGATION.register(home.navigation, order=18)
    WORK.register(home.work_items, order=25)
    WORK_ASIDE.register(home.next_meeting, order=10)
    OPEN_WORK.register(home.open_work, order=50)
    FEED.register(feed_entries)
