"""What reporting gives to lower apps: published."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.plan.registries import PUBLISHED
    from saferhub.reporting.queries.putting_together import earlier_releases

    PUBLISHED.register(earlier_releases)
