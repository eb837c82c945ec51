"""What the demonstration's referrals and cases give to the command that makes it."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.operations import demonstration, demonstration_history
    from saferhub.foundation.registries import DEMONSTRATION, DEMONSTRATION_HISTORY

    DEMONSTRATION.register(demonstration.make, order=50)
    DEMONSTRATION_HISTORY.register(demonstration_history.make)
