"""What the plan gives to lower apps: actions."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
