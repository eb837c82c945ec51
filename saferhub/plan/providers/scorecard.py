"""What the plan gives to lower apps: the measures beside its areas, what waits for their owners."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import OPEN_WORK, WORK
    from saferhub.plan.queries import scorecard
    from saferhub.plan.registries import MEASURES

    MEASURES.register(scorecard.of_areas)
    WORK.register(scorecard.work_items, order=34)
    OPEN_WORK.register(scorecard.open_work, order=62)
