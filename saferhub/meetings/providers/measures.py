"""What meetings give to lower apps: measures, and the demonstration's meetings."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION, DEMONSTRATION_HISTORY
    from saferhub.meetings.operations import demonstration, demonstration_year

    DEMONSTRATION.register(demonstration.make, order=60)
    # Behind the history of cases, on which it stands.
    DEMONSTRATION_HISTORY.register(demonstration_year.make, order=160)
