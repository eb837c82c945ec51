"""Who acts, when an account signs in or out.

The audit wants agency and partnership beside the account, and those are the partnership's to say. So
the app above registers how to turn an account into its actor; without it an account acts for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from saferhub.audit.operations import Concerned, Who
from saferhub.foundation.registry import Registry

# provider(user) -> the actor that this account is today
ACTOR: Registry[[Any], Who] = Registry("actor of an account")
# provider(public_id) -> the partnership whose log tells what happens to this account, a leaver's too
CONCERNED: Registry[[str], Concerned | None] = Registry("partnership of an account")


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """An account acting for itself, known to no agency."""

    public_id: str
    agency_code: str = ""
    partnership_code: str = ""


def actor_of(user: Any) -> Who:
    """The actor that this account is: from the first provider, else the account itself."""
    for provider in ACTOR:
        return provider(user)
    return AccountHolder(user.public_id)


def concerned_by(user: Any) -> Concerned | None:
    """In whose log an attempt on this account belongs, when nobody is signed in; None where none knows.

    An address without an account (None) is asked about like any other: the same work takes the same time.
    """
    public_id = user.public_id if user else ""
    return next((found for provider in CONCERNED if (found := provider(public_id))), None)
