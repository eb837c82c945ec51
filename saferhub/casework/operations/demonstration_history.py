"""The history of the demonstration: seven hubs' three years, and the people who worked in them. All invented.

The workers join through the same functions as the cast; what they wrote is copied in (see
`casework.demonstration.loading`), because three years of seven hubs would take an hour through operations.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction

from saferhub.accounts.models import User
from saferhub.casework.demonstration import loading, measuring, world
from saferhub.casework.demonstration.facts import Facts, gather
from saferhub.casework.demonstration.people import FAMILY, GIVEN
from saferhub.foundation import clock
from saferhub.foundation.models import Milestone
from saferhub.partnership.access import Role
from saferhub.partnership.models import Partnership
from saferhub.partnership.operations.demonstration import Part, Size, invented_person

_NY = "north_yorkshire"
HUBS = ("craven", "hambleton", "harrogate", "richmondshire", "ryedale", "scarborough", "selby")
MILESTONE = "demonstration_history"
# Units that work with every hub: key, agency, unit.
_EVERYWHERE = (
    ("police", "north_yorkshire_police", "neighbourhood_policing"),
    ("mental_health", "mental_health_provider", "community_mental_health"),
    ("victims", "victim_support_service", "caseworkers"),
    ("early_help", "north_yorkshire_county_council", "early_help"),
    ("adults", "north_yorkshire_county_council", "health_and_adults"),
)
_MONTHS = 36


def make(people: dict[str, User], size: Size, say: Callable[[str], None]) -> bool:
    """Make it once. Returns False when it is there already, or nothing is asked for."""
    if Milestone.is_reached(MILESTONE) or (size.scale <= 0 and not size.cases):
        return False
    say("calling those who worked in the hubs")
    manager, today = people["maya.manager"], clock.today()
    if size.cases:
        partnership = Partnership.objects.get(code=_NY)
        measuring.enlarge(partnership, size)
        users, staff = measuring.call(people, size, partnership)
        facts = gather(manager, users, [], today)
        measuring.ground(facts, staff)
    else:
        users, staff = call(people, size.seed)
        facts = gather(manager, users, staff, today)
    say("loading three years of seven hubs" if not size.cases else f"loading {size.cases} cases")
    path = None if size.cases else settings.LOCAL_DIR / loading.TRUTH
    done = loading.load(
        _plan(facts, staff, size), facts, seed=size.seed, say=say, truth=path, settle=_reached
    )
    say(f"{done.cases} cases of {done.stories} referrals in {done.rows} rows; {done.sealed} entries sealed")
    if path is not None:
        say(f"what is true of them, which stands in no table: {path}")
    return True


def _plan(facts: Facts, staff: list[world.Staff], size: Size) -> Any:
    thin = size.cases > 0
    a_month = size.cases / (_MONTHS * len(staff)) if thin else world.ADOPTED_A_MONTH * size.scale
    return world.plan(
        staff=staff, form=facts.planned_form(), until=facts.day, seed=size.seed, months=_MONTHS,
        adoptions=a_month, is_thin=thin,
    )  # fmt: skip


def _reached() -> None:
    Milestone.objects.using("owner").create(name=MILESTONE)


@transaction.atomic
def call(people: dict[str, User], seed: int) -> tuple[dict[str, User], list[world.Staff]]:
    """Everybody who worked in the hubs, by key, and who worked in which. Colin co-ordinates Selby."""
    chance = random.Random(f"workers:{seed}")
    users = {
        key: _worker(chance, key, Part(_NY, agency, unit, Role.PARTNER), "Officer")
        for key, agency, unit in _EVERYWHERE
    }
    staff = []
    for hub in HUBS:
        council = f"{hub}_district_council"
        housing = f"{hub}_housing"
        users[housing] = _worker(
            chance, housing, Part(_NY, council, "housing", Role.PARTNER), "Housing officer"
        )
        key = f"{hub}_hub"
        part = Part(_NY, council, "community_safety", Role.HUB_COORDINATOR, hub)
        users[key] = (
            people["colin.coordinator"] if hub == "selby" else _worker(chance, key, part, "Hub co-ordinator")
        )
        others = tuple(one for one, _, _ in _EVERYWHERE)
        staff.append(
            world.Staff(
                hub=hub,
                town=hub.capitalize(),
                coordinator=key,
                referrers=(housing, "police", "early_help"),
                contributors=(housing, *others),
            )
        )
    return users, staff


def _worker(chance: random.Random, key: str, part: Part, job: str) -> User:
    name = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    username = f"{name.lower().replace(' ', '.')}.{key}"
    there = User.objects.filter(username=username).first()  # a history that was broken off is begun again
    return there or invented_person(username, name, job, f"{username}@demo.invalid", part)
