"""What the pages of sharing with a form are called, for somebody who has to recognise hers."""

from __future__ import annotations

_WORDS: dict[str, str] = {}
_AGREEMENTS = {
    "agreements": "Sharing agreements",
    "agreement": "A sharing agreement",
    "agreement-write": "Write a sharing agreement",
    "agreement-from-pack": "Take a sharing agreement from the pack",
    "agreement-edit": "Edit a draft agreement",
    "agreement-put-in-force": "Put an agreement in force",
    "agreement-suspend": "Suspend an agreement",
    "agreement-resume": "Resume an agreement",
    "agreement-end": "End an agreement",
    "agreement-review": "Record the review of an agreement",
    "agreement-replace": "Replace an agreement",
    "agreement-sign": "Record a signature",
    "agreement-withdraw": "Record that a party withdraws",
    "dormant": "Partners lost",
}
_WORDS |= _AGREEMENTS
_MATTERS = {
    "matters": "Matters",
    "matter": "A matter",
    "matter-open": "Open a matter",
    "matter-edit": "Change a matter",
    "matter-history": "How a matter was changed",
    "matter-sights": "Who has seen a matter",
    "matter-close": "Close a matter",
    "matter-reopen": "Open a matter again",
    "matter-give-sight": "Give sight of a matter",
    "matter-end-sight": "End sight of a matter",
    "matter-restrict": "Restrict a matter to named people",
    "matter-lift": "Lift the restriction of a matter",
    "matter-hand-over": "Hand a matter over",
    "matter-put-in": "Put a record into a matter",
    "matter-take-out": "Take a record out of a matter",
}
_WORDS |= _MATTERS


def page_words(name: str) -> str | None:
    """The words for the address of this name; None where it is not one of these."""
    return _WORDS.get(name)
