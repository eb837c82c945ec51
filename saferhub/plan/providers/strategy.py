"""What the plan gives to lower apps: its part of the demonstration."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION
    from saferhub.plan.operations import demonstration_plan

    DEMONSTRATION.register(demonstration_plan.make, order=70)
