"""What reporting gives to lower apps: questions."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
