"""What the pages of releases with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

_WORDS = {
    "letters": "Letters",
    "letter": "A letter",
    "letter-start": "Write a letter",
    "letter-edit": "Change a letter",
    "letter-check": "Check a letter",
    "letter-release": "Release a letter",
    "letter-drop": "Drop a letter",
    "letter-sheet": "A letter to print",
    "letter-file": "A letter as a file",
    "known-person-copy": "A copy for a person’s own request",
    "known-person-copy-sheet": "A released copy to print",
    "known-person-copy-file": "A released copy as a file",
    "disclosures": "Disclosures",
    "disclosure": "A disclosure",
    "releases-stopped": "What was stopped",
}


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
