"""Actions of a case, reached through the operations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from saferhub.casework.models import Action, Case
from saferhub.casework.operations.actions import owner_key, set_action
from saferhub.sharing.entering import entered

from .casework import actor, unit_of


def an_action(
    cast: dict[str, Any],
    case: Case,
    *,
    owner: str = "",
    unit_of_username: str = "",
    words: str = "Change the lock at the back door",
    due_on: date | None = None,
    set_before: int = 0,
    by: str = "colin.coordinator",
) -> Action:
    """An action that Colin agrees: with `owner` by name, or with the unit of `unit_of_username` and nobody by name.

    `set_before`: so many days ago, so that its day may have passed since.
    """
    with entered(cast[by]):
        who = actor(cast, by)
        on = who.on - timedelta(days=set_before)
        unit = unit_of(cast, owner or unit_of_username or by)
        return set_action(
            case_id=case.matter.public_id,
            words=words,
            who=owner_key(unit, cast[owner] if owner else None),
            due_on=due_on or on + timedelta(days=7),
            by=who,
            on=on,
        )
