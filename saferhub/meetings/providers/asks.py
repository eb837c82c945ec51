"""What meetings give to lower apps: asks."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import WORK
    from saferhub.meetings.operations import asking_reminders  # noqa: F401 - declares the job that reminds
    from saferhub.meetings.queries import asks_places as places

    WORK.register(places.work_items, order=25)
