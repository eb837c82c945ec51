"""What keys and links may do, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from saferhub.foundation.refusals import Refusal

# What another system may be let do: code -> in words.
SCOPES: dict[str, str] = {
    "referrals:write": "send referrals in the unit’s name",
    "referrals:read": "read the unit’s own referrals and what became of them",
    "cases:read": "read which cases the unit sees: reference, title, status, who leads",
    "actions:read": "read the actions that the unit is to do",
    "actions:write": "record an action of the unit as done",
}
MOST_KEY_DAYS = 366
MOST_LINK_DAYS = 90
MOST_LINK_USES = 200
# Calls that one key may make in a minute; a sender that loops is stopped before it fills a hub's list.
MOST_CALLS = 600


def scope_refusals(scopes: Collection[str]) -> list[Refusal]:
    """Why a key cannot have these scopes."""
    if not scopes:
        return [Refusal("scopes_missing", "Choose what the other system may do.")]
    if set(scopes) - set(SCOPES):
        return [Refusal("unknown_scope", "Choose from what a key may do.")]
    return []


def expiry_refusals(last: date | None, on: date, most_days: int) -> list[Refusal]:
    """Why something given on the day `on` cannot hold until the end of the day `last`."""
    if last is None:
        return [Refusal("expiry_missing", "Say until which day it holds.")]
    if last < on:
        return [Refusal("expiry_passed", "That day has passed. Choose today or a later day.")]
    if last > on + timedelta(days=most_days):
        return [
            Refusal("expiry_too_far", f"Choose a day within {most_days} days: what is forgotten should end.")
        ]
    return []


def uses_refusals(most_uses: int) -> list[Refusal]:
    """Why a link cannot be used so often."""
    if not 1 <= most_uses <= MOST_LINK_USES:
        return [Refusal("uses_out_of_range", f"Choose a number from 1 to {MOST_LINK_USES}.")]
    return []
