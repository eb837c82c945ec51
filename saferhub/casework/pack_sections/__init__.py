"""The sections of packs that casework reads."""

from __future__ import annotations


def register() -> None:
    """Make the sections of casework known. Doing so again changes nothing."""
    from . import common, scoring

    common.register()
    scoring.register()
