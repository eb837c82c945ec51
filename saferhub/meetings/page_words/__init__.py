"""What the pages of meetings with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

from . import agenda, asks, calendar, live, measures, minutes

_WORDS = {
    name: words
    for subject in (calendar, agenda, asks, live, minutes, measures)
    for name, words in subject.WORDS.items()
}


def page_words(name: str) -> str | None:
    """The words for an address of meetings; None for any other."""
    return _WORDS.get(name)
