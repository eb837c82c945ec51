"""The agreements of the demonstration: those of the packs, signed and in force since their first day.

The first partnership's are made by its information governance lead, as anybody's work is. In the second one
nobody of the cast keeps agreements, so there they are the system's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from saferhub.accounts.models import User
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force

from .entering import entered
from .operations.agreements import begin
from .operations.agreements_text import take_from_pack

_SINCE = date(2018, 4, 1)


def make_agreements(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Take each partnership's agreements from its pack and put them in force."""
    say("putting sharing agreements in force")
    keeper = people["ian.governance"]
    with entered(keeper):
        actor = actor_for(keeper, on=_SINCE)
        for partnership in Partnership.objects.order_by("id"):
            ours = actor.partnership is not None and partnership.pk == actor.partnership.pk
            _take_all(partnership, by=actor if ours else None)


def _take_all(partnership: Partnership, *, by: Actor | None) -> None:
    for one in in_force.entries(partnership, "agreements", _SINCE):
        agreement = take_from_pack(code=one.code, by=by, on=_SINCE, partnership=partnership)
        begin(agreement, by=by, on=_SINCE)
