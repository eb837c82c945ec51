"""Matters of the demonstration, opened, shared and ended by the cast as anybody's work is.

All of it is invented. Titles name nobody. The people in these matters are added by the app that holds them,
which finds the matters by their titles (`TITLES`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from saferhub.accounts.models import User
from saferhub.foundation import clock
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Hub, Unit

from .entering import entered
from .models import Agreement, Interest, Matter
from .operations import handover, interests_given
from .operations import matters as operations

FLATS = "Shouting and a broken door in a block of flats"
FIRES = "Small fires behind the leisure centre"
NEXT_DOOR = "Noise between two tenants"
CONDUCT = "Conduct of somebody trusted with keys"
HARBOUR = "Thefts from shops at the harbour"
BEFRIENDED = "An older man befriended by strangers"
BINS = "Bins pushed over in the market place"
MOVED = "Threats that followed a family from the coast"
QUARRY = "Motorbikes in the old quarry"
TITLES = (FLATS, FIRES, NEXT_DOOR, CONDUCT, HARBOUR, BEFRIENDED, BINS, MOVED, QUARRY)


def make_matters(people: dict[str, User], say: Callable[[str], None]) -> None:
    """Open the matters and share them."""
    say("opening matters")
    rachel, colin, maya = (people[name] for name in ("rachel.referrer", "colin.coordinator", "maya.manager"))
    flats = _open(
        rachel,
        FLATS,
        "reduce_asb",
        date(2018, 7, 9),
        "selby",
        "A couple shout at night; a door was kicked in and an older neighbour is afraid to go out. Housing, "
        "police and support each acted alone. We want quiet nights for eight weeks and the couple in touch with help.",
    )
    _open(
        rachel,
        NEXT_DOOR,
        "reduce_asb",
        date(2018, 8, 20),
        "",
        "Two tenants complain about each other’s music. Housing tries mediation first.",
    )
    fires = _open(
        colin,
        FIRES,
        "prevent_crime_disorder",
        date(2018, 5, 14),
        "selby",
        "Four small fires since April, always at weekends. Prevention visits were made in May and June.",
    )
    conduct = _open(
        colin,
        CONDUCT,
        "safeguard_adult",
        date(2018, 8, 13),
        "selby",
        "A worker with keys to several homes is said to have borrowed money. Nothing is established yet.",
    )
    bins = _open(
        colin, BINS, "reduce_asb", date(2018, 6, 4), "selby", "Bins pushed over on Friday nights in May."
    )
    _open(
        maya,
        HARBOUR,
        "prevent_crime_disorder",
        date(2018, 8, 6),
        "scarborough",
        "Seven shops report thefts by what may be the same small group.",
    )
    _open(
        maya,
        BEFRIENDED,
        "exploitation",
        date(2018, 7, 30),
        "scarborough",
        "People nobody knows have begun to stay at the home of an older man. His post is opened.",
    )
    moved = _open(
        maya,
        MOVED,
        "reduce_asb",
        date(2018, 8, 1),
        "scarborough",
        "A family moved inland after threats; messages have begun to reach them again.",
    )
    with entered(colin):
        actor = actor_for(colin)
        _share(flats, "priya.partner", "mental_health", people, actor, "safeguard_adult", date(2018, 7, 16))
        _share(
            flats, "victor.voluntary", "victim_support_2018", people, actor, "reduce_asb", date(2018, 7, 23)
        )
        former = _share(
            fires, "fergus.former", "hubs_2018", people, actor, "prevent_crime_disorder", date(2018, 5, 21)
        )
        interests_given.end_sight(
            matter_id=fires.public_id,
            interest_id=former.public_id,
            reason="The prevention visits are done.",
            by=actor,
            on=actor.on,
        )
        interests_given.restrict(
            matter_id=conduct.public_id,
            names=[colin.public_id, maya.public_id],
            reason="The worker is known to people in the hub.",
            by=actor,
            on=actor.on,
        )
        operations.close_matter(
            matter_id=bins.public_id,
            reason="Nothing since the lamps were mended.",
            by=actor,
            on=date(2018, 7, 2),
        )
    with entered(maya):
        actor = actor_for(maya)
        handover.hand_over(
            matter_id=moved.public_id,
            to_hub=Hub.objects.get(partnership=actor.partnership, code="selby"),
            to_unit=Unit.objects.select_related("agency").get(pk=moved.unit_id),
            decisions={},
            reason="The family lives near Selby now.",
            by=actor,
            on=actor.on - timedelta(days=4),
        )
    _open(
        people["olivia.outsider"],
        QUARRY,
        "reduce_asb",
        date(2018, 8, 7),
        "first",
        "Riders cross the footpath at speed on Sundays.",
    )


def _open(user: User, title: str, purpose: str, day: date, hub: str, about: str) -> Matter:
    with entered(user):
        actor = actor_for(user)
        hubs = Hub.objects.filter(partnership=actor.partnership).order_by("code")
        found = hubs.first() if hub == "first" else hubs.filter(code=hub).first()
        return operations.open_matter(title=title, about=about, purpose=purpose, hub=found, by=actor, on=day)


def _share(
    matter: Matter, who: str, agreement: str, people: dict[str, User], by: Actor, purpose: str, day: date
) -> Interest:
    """Sight for the unit of one of the cast, since `day`, on the first gateway that serves."""
    unit = actor_for(people[who]).unit
    found = Agreement.objects.get(partnership=matter.partnership, code__startswith=agreement)
    serving = interests_given.gateways_serving(found, purpose, by.on, reaching=unit.agency if unit else None)
    interest = interests_given.give_sight(
        matter_id=matter.public_id,
        unit=unit,
        agreement=found,
        purpose=purpose,
        gateway=serving[0],
        reason="Their work is needed to make it stop.",
        by=by,
        on=by.on,
    )
    # The demonstration begins after its own past: what was given in July says so.
    interest.valid_from = datetime.combine(day, time(9, 30), tzinfo=clock.now().tzinfo)
    interest.save(update_fields=["valid_from"])
    return interest
