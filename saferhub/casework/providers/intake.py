"""What intake give to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.access.intake import unit_of_key
    from saferhub.casework.queries import intake_giving
    from saferhub.foundation.registries import OPEN_WORK
    from saferhub.partnership.access import register_units_of_keys

    register_units_of_keys(unit_of_key)
    OPEN_WORK.register(intake_giving.open_work, order=35)
