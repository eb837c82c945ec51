"""What the plan gives to lower apps: its place in the navigation, updates due in Your work, a leaver's actions."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import NAVIGATION, OPEN_WORK, WORK
    from saferhub.plan.queries import updates

    NAVIGATION.register(updates.navigation, order=32)
    WORK.register(updates.work_items, order=60)
    OPEN_WORK.register(updates.open_work, order=60)
