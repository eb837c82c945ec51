"""Decide what may be written to a case, and how who sees it is said."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from saferhub.casework.models import Sharing
from saferhub.foundation.refusals import Refusal


def writing_refusals(*, words: str, on: date, today: date) -> list[Refusal]:
    """Why a note or contact cannot be kept as it is."""
    found = []
    if not words.strip():
        found.append(Refusal("words_missing", "Write what happened."))
    if on > today:
        found.append(Refusal("not_yet", "Enter the day it happened: today or earlier."))
    return found


def sharing_refusals(
    *, sharing: str, named: Collection[str], on_offer: Collection[str], has_unit: bool
) -> list[Refusal]:
    """Why a choice of who sees it cannot be kept. `named` and `on_offer`: keys of those that may be named."""
    if sharing not in Sharing.values:
        return [Refusal("who_sees_missing", "Choose who is to see it.")]
    if sharing != Sharing.ALL and not has_unit:
        return [Refusal("no_unit", "You belong to no unit, so nothing of yours can be kept here.")]
    if sharing != Sharing.NAMED:
        return []
    if not named:
        return [Refusal("nobody_named", "Choose at least one agency.")]
    if not set(named) <= set(on_offer):
        return [
            Refusal(
                "does_not_see_case",
                "One of those you named no longer sees this case, so nothing was saved. Choose again.",
            )
        ]
    return []


def contact_refusals(
    *, how: str, ways: Collection[str], reached: bool | None, is_in_case: bool
) -> list[Refusal]:
    """Why a contact cannot be kept."""
    found = []
    if not is_in_case:
        found.append(Refusal("not_in_case", "Choose somebody who is in this case."))
    if how not in ways:
        found.append(Refusal("unknown_way", "Choose how you contacted them."))
    if reached is None:
        found.append(Refusal("reached_missing", "Say whether you reached them."))
    return found


def unsafe_refusals(*, not_safe: str, why: str, sharing: str) -> list[Refusal]:
    """Why a contact in a way that is not safe cannot be kept yet. `not_safe`: what is never to be used, in words;
    blank for a way that nothing forbids."""
    if not not_safe:
        return []
    found = []
    if not why.strip():
        found.append(
            Refusal(
                "unsafe_way",
                f"This way is not safe for them ({not_safe}). If it was used all the same, say why and save again.",
            )
        )
    if sharing != Sharing.ALL:
        found.append(
            Refusal(
                "unsafe_for_all",
                "Somebody may be in danger, so everybody who sees this case has to know. Choose everybody; put what "
                "is only for some into a note of its own.",
            )
        )
    return found


def change_refusals(*, is_withdrawn: bool) -> list[Refusal]:
    """Why something that was written cannot be changed any more."""
    if is_withdrawn:
        return [Refusal("withdrawn", "This was withdrawn. It stays as it is, with the reason.")]
    return []


def people_words(names: Sequence[str], *, most: int = 12) -> str:
    """Those who see it, by name, the last joined with "and"; beyond `most` they are counted."""
    shown = list(names[:most])
    rest = len(names) - len(shown)
    if rest > 0:
        shown.append(f"{rest} more")
    if not shown:
        return "nobody today"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
