"""What meetings give to the pages and commands of lower apps, by subject."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import PAGE_WORDS
    from saferhub.meetings import access, page_words
    from saferhub.sharing.access.loaders import register_loaders

    from . import agenda, asks, calendar, live, measures, minutes

    register_loaders(access.LOADERS)
    PAGE_WORDS.register(page_words.page_words)
    for subject in (calendar, agenda, asks, live, minutes, measures):
        subject.register()
