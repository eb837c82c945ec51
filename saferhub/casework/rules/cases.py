"""What may be done to a case while it lives: which moves need a reason, when it is looked at next."""

from __future__ import annotations

from datetime import date, timedelta

from saferhub.casework.models import CASE_LIFECYCLE, CaseStatus
from saferhub.foundation.refusals import Refusal

# A review further away than this is a slip of the pen.
LONGEST = timedelta(days=366)
# Moves that somebody will ask about later.
_NEEDS_REASON = {
    (CaseStatus.ACTIVE, CaseStatus.MONITORING): "Say what shows that it holds.",
    (CaseStatus.MONITORING, CaseStatus.ACTIVE): "Say what has happened.",
    (CaseStatus.ASSESSING, CaseStatus.MONITORING): "Say why watching is enough.",
}
_CLOSING = (CaseStatus.CLOSED, CaseStatus.REOPENED)


def moves_from(status: str) -> list[CaseStatus]:
    """The statuses a case may be put into by hand; closing and reopening have pages of their own."""
    return [one for one in CASE_LIFECYCLE.transitions[CaseStatus(status)] if one not in _CLOSING]


def move_refusals(status: str, target: str, reason: str) -> list[Refusal]:
    """Why a case cannot go from one status to another by hand."""
    if target not in moves_from(status):
        return [
            Refusal(
                "illegal_move",
                f"This case is {CaseStatus(status).label.lower()} now and cannot be put there from here.",
            )
        ]
    asked = _NEEDS_REASON.get((CaseStatus(status), CaseStatus(target)))
    return [Refusal("reason_missing", asked)] if asked and not reason.strip() else []


def words_refusals(*, status: str, title: str, why: str) -> list[Refusal]:
    """Why what a case says cannot be changed to this."""
    found = []
    if status == CaseStatus.CLOSED:
        found.append(Refusal("is_closed", "This case is closed. Open it again before you change it."))
    if not title.strip():
        found.append(Refusal("title_missing", "Enter a title."))
    if not why.strip():
        found.append(Refusal("why_missing", "Say why this is a case."))
    return found


def review_refusals(*, status: str, words: str, next_on: date | None, on: date) -> list[Refusal]:
    """Why a review cannot be kept: what was found is missing, or the next day is."""
    found = []
    if status == CaseStatus.CLOSED:
        found.append(Refusal("is_closed", "This case is closed, so it is not looked at again."))
    if not words.strip():
        found.append(Refusal("words_missing", "Say what you found."))
    if next_on is None:
        found.append(Refusal("next_missing", "Enter the day on which it is looked at again."))
    elif next_on <= on:
        found.append(Refusal("next_passed", "The next review must be after today."))
    elif next_on - on > LONGEST:
        found.append(Refusal("next_too_far", "A case is looked at again within a year."))
    return found


def lead_refusals(*, status: str, is_same: bool, note: str) -> list[Refusal]:
    """Why the case cannot be handed to another officer with this note."""
    if status == CaseStatus.CLOSED:
        return [Refusal("is_closed", "This case is closed. Open it again before somebody else leads it.")]
    if is_same:
        return [Refusal("same_lead", "This person leads it already. Choose somebody else.")]
    if not note.strip():
        return [Refusal("note_missing", "Write what the new lead officer must know.")]
    return []
