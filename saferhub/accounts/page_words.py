"""What the pages of accounts with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

_WORDS = {
    "account": "Your account",
    "account_details": "Change your details",
}


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
