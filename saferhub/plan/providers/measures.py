"""What the plan gives to lower apps: measures."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.plan.operations import commentary_asking  # noqa: F401 - declares the job that asks owners
