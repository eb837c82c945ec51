"""What reporting gives to lower apps: its part of the demonstration."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION
    from saferhub.reporting.operations import demonstration

    DEMONSTRATION.register(demonstration.make, order=85)
