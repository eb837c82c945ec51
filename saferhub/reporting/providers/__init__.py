"""What reporting gives to the pages and commands of lower apps, by subject."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import PAGE_WORDS
    from saferhub.reporting import page_words

    from . import committees, published, questions, reports, sections

    PAGE_WORDS.register(page_words.page_words)
    for subject in (committees, questions, reports, published, sections):
        subject.register()
