"""Referrals and cases of the demonstration, written by the cast day by day as anybody's work is.

Everything in them is invented: people, places, what happened and what came of it. The couple on the estate and
their neighbour are those whom the demonstration's people already know.
"""

from __future__ import annotations

from collections.abc import Callable

from saferhub.accounts.models import User

from . import demonstration_couple, demonstration_hubs, demonstration_referrals
from .demonstration_words import Telling


def make(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Tell the stories."""
    telling = Telling(people)
    say("referring and deciding")
    demonstration_referrals.tell(telling)
    say("working on cases")
    demonstration_couple.tell(telling)
    demonstration_hubs.tell(telling)
