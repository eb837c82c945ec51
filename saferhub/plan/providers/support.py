"""What the plan gives to lower apps and to its own pages: bids due in Your work, what stands beside an area."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import WORK
    from saferhub.plan.queries import support
    from saferhub.plan.registries import BESIDE_AREA

    WORK.register(support.work_items, order=61)
    BESIDE_AREA.register(support.beside_area)
