"""What meetings give to lower apps: agenda."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.meetings.operations.keeping import items_follow
    from saferhub.meetings.operations.matter_followed import records_follow
    from saferhub.sharing.registries import FOLLOWERS

    # First: what a meeting was to speak of closes before anything is handed on.
    FOLLOWERS.register(records_follow, order=45)
    FOLLOWERS.register(items_follow, order=50)
