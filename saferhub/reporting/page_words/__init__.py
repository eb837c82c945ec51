"""What the pages of reporting with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

from . import committees, published, questions, reports, sections

_WORDS = {
    name: words
    for subject in (committees, questions, reports, published, sections)
    for name, words in subject.WORDS.items()
}


def page_words(name: str) -> str | None:
    """The words for an address of reporting; None for any other."""
    return _WORDS.get(name)
