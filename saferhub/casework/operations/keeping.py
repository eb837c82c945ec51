"""What a case repeats from its parts, so that lists can show and sort by it: kept equal here and nowhere else.

Every operation on a part calls the function of its kind inside its own transaction.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from saferhub.casework.models import OPEN_ACTIONS, Action, Case


def keep_next_due(case: Case) -> None:
    """The earliest day of the case's open actions."""
    earliest = Action.objects.filter(case=case, status__in=OPEN_ACTIONS).aggregate(day=Min("due_on"))["day"]
    if case.next_due_on != earliest:
        case.next_due_on = earliest
        case.save(update_fields=["next_due_on"])


def keep_band(case: Case, *, band: str, score: int | None, on: date, review_on: date | None) -> None:
    """The band that counts, its score and day, and the review that follows from it; a review set earlier than
    that stays."""
    case.band, case.score, case.banded_on = band, score, on
    if review_on is not None and (
        case.review_on is None or case.review_on <= on or review_on < case.review_on
    ):
        case.review_on = review_on
    case.save(update_fields=["band", "score", "banded_on", "review_on"])


def keep_contact_due(case: Case, due_on: date | None) -> None:
    """The day by which the victim is to be contacted again; None where nobody has been harmed or it is closed."""
    if case.contact_due_on != due_on:
        case.contact_due_on = due_on
        case.save(update_fields=["contact_due_on"])
