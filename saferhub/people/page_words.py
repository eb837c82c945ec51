"""What the pages of people with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

_WORDS = {
    "known-persons": "People",
    "known-person": "A person",
    "known-person-details": "A person’s details",
    "known-person-new": "Record a person",
    "known-person-correct": "Correct a person’s record",
    "known-person-add": "Add to a person’s record",
    "known-person-part": "Correct part of a person’s record",
    "known-person-part-end": "End part of a person’s record",
    "known-person-choose": "Choose a record to compare",
    "known-person-compare": "Compare two records",
    "link-decision-undo": "Undo a decision on two records",
    "places": "Places",
    "place": "A place",
    "place-new": "Record a place",
    "place-correct": "Correct a place’s record",
    "place-add": "Add to a place’s record",
    "place-part": "Correct an address of a place",
    "place-part-end": "End an address of a place",
}


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
