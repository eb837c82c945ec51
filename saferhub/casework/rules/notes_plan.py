"""Decide what the plan of a case may say: goals, risks, links between cases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from saferhub.casework.models import GoalStatus, Severity
from saferhub.foundation.refusals import Refusal


def open_refusals(*, is_open: bool) -> list[Refusal]:
    """Why nothing of the plan can be changed."""
    if not is_open:
        return [Refusal("case_closed", "This case is closed. Open it again to change its plan.")]
    return []


def goal_refusals(*, words: str, by_when: date | None, adopted_on: date) -> list[Refusal]:
    """Why a goal cannot be kept as it is."""
    found = []
    if not words.strip():
        found.append(Refusal("words_missing", "Write what is to be reached."))
    if by_when is not None and by_when < adopted_on:
        found.append(Refusal("before_case", "Enter a day after the case began."))
    return found


def goal_end_refusals(*, status: str, why: str) -> list[Refusal]:
    """Why a goal cannot be ended so. What was reached says so itself; the rest needs a reason."""
    if status not in GoalStatus.values or status == GoalStatus.OPEN:
        return [Refusal("unknown_status", "Choose what came of it.")]
    if status != GoalStatus.MET and not why.strip():
        return [Refusal("reason_missing", "Say why.")]
    return []


def risk_refusals(
    *, words: str, severity: str, review_on: date | None, today: date, review_before: date | None = None
) -> list[Refusal]:
    """Why a risk cannot be kept as it is. `review_before`: the day that stands already, which may be past."""
    found = []
    if not words.strip():
        found.append(Refusal("words_missing", "Write what may happen, and to whom."))
    if severity not in Severity.values:
        found.append(Refusal("severity_missing", "Choose how grave it is."))
    if review_on is not None and review_on < today and review_on != review_before:
        found.append(Refusal("review_past", "Enter today or a later day."))
    return found


def is_unanswered(*, severity: str, mitigation: str, has_ended: bool) -> bool:
    """Whether a risk keeps its case from closing: high, and nothing is done against it."""
    return severity == Severity.HIGH and not mitigation.strip() and not has_ended


def link_refusals(*, is_same: bool, is_linked: bool, why: str) -> list[Refusal]:
    """Why two cases cannot be linked."""
    if is_same:
        return [Refusal("same_case", "That is this case. Enter the reference of another one.")]
    if is_linked:
        return [Refusal("linked_already", "These two cases are linked already.")]
    if not why.strip():
        return [Refusal("reason_missing", "Say why they belong together.")]
    return []


def holder_refusals(*, holder: str, on_offer: Collection[str]) -> list[Refusal]:
    """Why somebody cannot answer for a risk: only who sees the case can."""
    if holder and holder not in on_offer:
        return [Refusal("holder_does_not_see", "Choose somebody who sees this case.")]
    return []
