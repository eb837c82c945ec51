"""What scoring gives to the pages and commands of lower apps, and to the pages of cases and referrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def register() -> None:
    """Fill the registries."""
    from saferhub.casework import registries
    from saferhub.casework.queries import scoring_places as places
    from saferhub.foundation.registries import DEMONSTRATION, NAVIGATION, WORK

    registries.CASE_TABS.register(places.tab, order=20)
    registries.CASE_BUTTONS.register(places.buttons, order=30)
    registries.TIMELINE.register(places.timeline, order=20)
    registries.NEXT.register(places.next_steps, order=20)
    registries.REFERRAL_BLOCKS.register(places.referral_block, order=20)
    WORK.register(places.work_items, order=25)
    NAVIGATION.register(places.navigation, order=60)
    # Before any story is told with them.
    DEMONSTRATION.register(take_forms, order=5)


def take_forms(people: dict[str, Any], say: Callable[[str], None]) -> None:
    """The managers take the forms of the packs over; in demonstration they are in use at once."""
    from saferhub.casework.operations.scoring_forms import take_from_pack
    from saferhub.partnership.access import actor_for
    from saferhub.sharing.entering import entered

    say("taking scoring forms from the packs")
    for username in ("maya.manager", "olivia.outsider"):
        with entered(people[username]):
            manager = actor_for(people[username])
            take_from_pack(by=manager, on=manager.on)
