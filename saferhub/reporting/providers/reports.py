"""What reporting gives to lower apps: its place in the navigation, Your work, a leaver's open work."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import NAVIGATION, OPEN_WORK, WORK
    from saferhub.reporting.queries import home

    NAVIGATION.register(home.navigation, order=34)
    WORK.register(home.work_items, order=45)
    OPEN_WORK.register(home.open_work, order=60)
