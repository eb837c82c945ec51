"""What meetings give to lower apps: live."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
