"""What the pages of casework with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

from . import actions, cases, intake, interventions, notes, oversight, referrals, scoring

_WORDS = {
    name: words
    for subject in (referrals, scoring, cases, notes, actions, interventions, oversight, intake)
    for name, words in subject.WORDS.items()
}


def page_words(name: str) -> str | None:
    """The words for an address of casework; None for any other."""
    return _WORDS.get(name)
