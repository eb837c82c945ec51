"""What the pages of the plan with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

from . import actions, counted, measures, scorecard, strategy, support, updates

_WORDS = {
    name: words
    for subject in (strategy, actions, updates, support, measures, counted, scorecard)
    for name, words in subject.WORDS.items()
}


def page_words(name: str) -> str | None:
    """The words for an address of the plan; None for any other."""
    return _WORDS.get(name)
