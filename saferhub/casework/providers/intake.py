"""What intake give to the pages and commands of lower apps."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework.access.intake import unit_of_key
    from saferhub.partnership.access import register_units_of_keys

    register_units_of_keys(unit_of_key)
