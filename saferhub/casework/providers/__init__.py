"""What casework gives to the pages and commands of lower apps, by subject."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.casework import access, page_words
    from saferhub.foundation.registries import PAGE_WORDS
    from saferhub.sharing.access.loaders import register_loaders

    from . import (
        actions,
        cases,
        demonstration,
        intake,
        interventions,
        notes,
        oversight,
        referrals,
        scoring,
    )

    register_loaders(access.LOADERS)
    PAGE_WORDS.register(page_words.page_words)
    for subject in (
        referrals,
        scoring,
        cases,
        notes,
        actions,
        interventions,
        oversight,
        intake,
        demonstration,
    ):
        subject.register()
