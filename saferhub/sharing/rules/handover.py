"""When a matter goes to another hub or unit, every agency's sight is decided again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from saferhub.foundation.refusals import Refusal

KEEP, END = "keep", "end"


@dataclass(frozen=True, slots=True)
class Standing:
    """One interest before the hand-over. `cannot_keep`: why it cannot go along; empty where it can."""

    public_id: str
    holder: str
    cannot_keep: str = ""


def cannot_keep(*, title: str, covers: bool, hub: str, is_new_owner_party: bool, owner: str) -> str:
    """Why an interest that rests on this agreement cannot go along; nothing where it can."""
    if not covers:
        return f"“{title}” does not cover {hub}"
    if not is_new_owner_party:
        return f"{owner} has not signed “{title}”"
    return ""


def place_refusals(*, is_same: bool, hub: str, receiver: str, is_carried: bool) -> list[Refusal]:
    """Why it cannot go to that place."""
    if is_same:
        return [Refusal("same_place", "It is there already. Choose another hub or another unit.")]
    if not is_carried:
        between = f"{receiver} and {hub}" if hub else f"its present agency and {receiver}"
        return [
            Refusal(
                "not_carried",
                f"No sharing agreement in force between {between} covers this matter’s purpose.",
            )
        ]
    return []


def decision_refusals(interests: Iterable[Standing], decisions: Mapping[str, str]) -> list[Refusal]:
    """Undecided interests first, all named; then those that were kept and cannot be."""
    interests = list(interests)
    undecided = [one.holder for one in interests if decisions.get(one.public_id) not in (KEEP, END)]
    if undecided:
        return [
            Refusal(
                "undecided", f"Decide first who goes on seeing it. Not decided yet: {', '.join(undecided)}."
            )
        ]
    return [
        Refusal("cannot_keep", f"{one.holder} cannot go on seeing it: {one.cannot_keep}.")
        for one in interests
        if one.cannot_keep and decisions[one.public_id] == KEEP
    ]


def restricted_refusals(*, is_restricted: bool, is_received: bool) -> list[Refusal]:
    """A restricted matter must not arrive where nobody may open it."""
    if is_restricted and not is_received:
        return [
            Refusal(
                "nobody_receives",
                "It is restricted, and nobody who goes on seeing it works in the place it goes to. Give somebody "
                "there sight first, or lift the restriction.",
            )
        ]
    return []
