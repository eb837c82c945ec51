"""What a matter may be opened for, changed to, and when it may close."""

from __future__ import annotations

from collections.abc import Collection

from saferhub.foundation.refusals import Refusal
from saferhub.sharing.models import MatterStatus

LONGEST_PREFIX = 4


def prefix_of(hub_prefix: str, agency_name: str) -> str:
    """What a reference begins with: the hub's prefix, or the initials of the agency that keeps it alone."""
    if hub_prefix:
        return hub_prefix
    initials = "".join(word[0] for word in agency_name.split() if word[0].isascii() and word[0].isupper())
    return initials[:LONGEST_PREFIX] if len(initials) > 1 else "OWN"


def opening_refusals(
    *, purpose: str, purposes: Collection[str], hub: str, agency: str, carried: Collection[str] | None
) -> list[Refusal]:
    """Why a matter cannot be opened. `carried`: the purposes that agreements carry from the agency to the
    hub; None where no hub is named, or where the agency leads the partnership and needs none."""
    if purpose not in purposes:
        return [Refusal("unknown_purpose", "Choose a purpose from the list.")]
    if carried is None or purpose in carried:
        return []
    if not carried:
        return [
            Refusal(
                "hub_without_agreement",
                f"No sharing agreement in force lets {agency} share with {hub}. Open it for your own unit only.",
            )
        ]
    return [
        Refusal(
            "other_purpose",
            f"No sharing agreement in force between {agency} and {hub} covers this purpose.",
        )
    ]


def edit_refusals(*, status: str) -> list[Refusal]:
    """Why a matter's words cannot be changed."""
    if status == MatterStatus.CLOSED:
        return [Refusal("closed", "This matter is closed. Open it again before you change it.")]
    return []


def reason_refusals(reason: str, sentence: str) -> list[Refusal]:
    """An act that must say why."""
    return [] if reason.strip() else [Refusal("reason_missing", sentence)]


def restriction_refusals(*, names: Collection[int], author: int, seers: Collection[int]) -> list[Refusal]:
    """Why a matter cannot be restricted to these people (numbers of accounts)."""
    if author not in names:
        return [
            Refusal(
                "author_not_named", "Name yourself too. Otherwise nobody who decides about it would see it."
            )
        ]
    if not set(names) <= set(seers):
        return [Refusal("not_a_seer", "Choose only people who see this matter now.")]
    return []
