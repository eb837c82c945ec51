"""What the plan gives to the pages and commands of lower apps, by subject."""

from __future__ import annotations


def register() -> None:
    """Fill the registries."""
    from saferhub.foundation.registries import PAGE_WORDS
    from saferhub.plan import page_words

    from . import actions, counted, measures, scorecard, strategy, support, updates

    PAGE_WORDS.register(page_words.page_words)
    for subject in (strategy, actions, updates, support, measures, counted, scorecard):
        subject.register()
