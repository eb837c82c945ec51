"""What the plan gives to lower apps: the counters, and the demonstration's figures."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import DEMONSTRATION, DEMONSTRATION_HISTORY
    from saferhub.plan.counters import (  # noqa: F401 - each makes itself known
        attendance,
        cases,
        plan,
        referrals,
        victims,
        work,
    )
    from saferhub.plan.operations import counting  # noqa: F401 - declares the job that counts
    from saferhub.plan.operations import demonstration_measures as demonstration

    DEMONSTRATION.register(demonstration.make, order=75)
    # After the history that it counts.
    DEMONSTRATION_HISTORY.register(demonstration.count_history, order=200)
