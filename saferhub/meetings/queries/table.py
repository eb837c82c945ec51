"""Who sits at the table of a meeting, and on what each may see its items: asked when agencies are asked or the agenda
is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from saferhub.accounts.models import Status, User
from saferhub.casework.queries.cases_sharing import Ground, candidates
from saferhub.foundation.one_page import once
from saferhub.meetings.models import Item, Meeting, Member, Seat
from saferhub.partnership.access import Actor, Permission, Role
from saferhub.partnership.models import Hub, Membership, Unit
from saferhub.sharing.models import AgreementParty

# What an item about no matter is seen for, where the kind of meeting names no purpose.
NO_MATTER = "prevent_crime_disorder"
WORKING = tuple(role.code for role in Role if Permission.WORK_ON_MATTERS in role.facts.permissions)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit at the table: its seats, and the agreement and gateway that carry an item to it; none where nothing does.

    `is_own`: of the organiser's own agency, whose people need no agreement and are named one by one.
    """

    unit: Unit
    seats: tuple[Member, ...]
    ground: Ground | None
    is_own: bool = False

    @property
    def is_reached(self) -> bool:
        return self.ground is not None or self.is_own

    @property
    def is_asked(self) -> bool:
        """Whether it is asked what it holds: whoever only observes is not."""
        return any(seat.seat != Seat.OBSERVER for seat in self.seats)

    @property
    def name(self) -> str:
        return unit_name(self.unit)


def unit_name(unit: Unit) -> str:
    """ "North Yorkshire Police", or "Housing, Selby District Council" for a part of an agency."""
    return unit.agency.name if unit.is_whole_agency else f"{unit.name}, {unit.agency.name}"


def members_on(meeting: Meeting) -> list[Member]:
    """The seats of the group on the day of the meeting."""
    return list(
        Member.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=meeting.on),
            group=meeting.group_id,
            valid_from__lte=meeting.on,
        )
        .select_related("agency", "unit__agency", "user", "deputy")
        .order_by("agency__name", "id")
    )


def table_of(
    actor: Actor, meeting: Meeting, *, purpose: str, hub: Hub | None = None, owner: Unit | None = None
) -> list[Place]:
    """Every unit with a seat, the organiser's own and those of the hub included. About ten queries for each purpose.

    `hub`: of the matter, where the meeting has none. `owner`: whose the matter is; an agreement that its agency has
    not signed carries nothing of it.
    """
    by_unit: dict[int, list[Member]] = {}
    for member in members_on(meeting):
        by_unit.setdefault(member.unit_id, []).append(member)
    if not by_unit:
        return []
    found = candidates(actor, purpose=purpose, hub=meeting.hub or hub)
    signed = _signed_by(actor, owner)
    own = actor.agency.pk if actor.agency is not None else 0
    places = []
    for seats in by_unit.values():
        unit = seats[0].unit
        known = found.units.get(unit.public_id)
        grounds = [
            one for one in (known.grounds if known else ()) if signed is None or one.agreement.pk in signed
        ]
        places.append(Place(unit, tuple(seats), grounds[0] if grounds else None, unit.agency_id == own))
    return places


def ground_for(
    actor: Actor,
    unit: Unit,
    meeting: Meeting,
    *,
    purpose: str,
    hub: Hub | None = None,
    owner: Unit | None = None,
) -> Ground | None:
    """On what somebody of a unit without a seat may see an item; None where nothing carries it, and for the actor's
    own unit, which needs nothing."""
    known = candidates(actor, purpose=purpose, hub=meeting.hub or hub).units.get(unit.public_id)
    signed = _signed_by(actor, owner)
    grounds = [
        one for one in (known.grounds if known else ()) if signed is None or one.agreement.pk in signed
    ]
    return grounds[0] if grounds else None


def _signed_by(actor: Actor, owner: Unit | None) -> set[int] | None:
    """The agreements that bind the agency whose the matter is; None where that is the actor's own."""
    if owner is None or (actor.agency is not None and owner.agency_id == actor.agency.pk):
        return None
    parties = AgreementParty.objects.signed_on_day(actor.on).filter(agency=owner.agency_id)
    return set(parties.values_list("agreement_id", flat=True))


def purpose_of(item: Item, kind_purpose: str | None) -> str:
    """The purpose for which an item is seen: its matter's, else that of the kind of meeting; "" without either."""
    return item.matter.purpose if item.matter is not None else (kind_purpose or "")


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody who works in a unit at the table, or sits for it and works elsewhere in its agency.

    `unit`: where she works; `is_within`: in the unit that has the seat or below it, so that she sees what it sees.
    `is_named`: holds the seat, or nobody is named in it; `is_deputy`: comes instead of whoever holds it.
    """

    user: User
    unit: Unit
    is_within: bool
    is_named: bool
    is_deputy: bool = False


def people_at(actor: Actor, places: Iterable[Place]) -> dict[int, list[Seated]]:
    """Who works on matters in each unit at the table or sits for it, by the number of the unit; only those in work
    there on the actor's day, each in the unit that she acts for. Three queries."""
    places = list(places)
    above = _parents(actor)
    units = {one for one in above if any(is_within(one, place.unit.pk, above) for place in places)}
    named = {user for place in places for user in _named(place)}
    held = Membership.objects.in_force_on(actor.on).filter(
        partnership=actor.partnership, user__status=Status.ACTIVE
    )
    rows = (
        held.filter(user__in=held.filter(Q(user__in=named) | Q(unit__in=units)).values("user"))
        .select_related("user", "unit__agency")
        .order_by("valid_from", "id")
    )
    acting: dict[int, Membership] = {}
    works: set[int] = set()
    for row in rows:
        first = acting.setdefault(row.user_id, row)
        if row.unit_id == first.unit_id and row.role in WORKING:
            works.add(row.user_id)
    found: dict[int, list[Seated]] = {}
    for place in places:
        mine = _named(place)
        found[place.unit.pk] = [
            Seated(
                one.user,
                one.unit,
                is_within(one.unit_id, place.unit.pk, above),
                not mine or number in mine,
                mine.get(number, False),
            )
            for number, one in acting.items()
            if number in works
            and one.unit.agency_id == place.unit.agency_id
            and (number in mine or is_within(one.unit_id, place.unit.pk, above))
        ]
    return found


def _named(place: Place) -> dict[int, bool]:
    """Those with a name in the place's seats, holders first, and whether each is only a deputy."""
    found: dict[int, bool] = {}
    for seat in place.seats:
        if seat.user_id is not None:
            found[seat.user_id] = False
    for seat in place.seats:
        if seat.deputy_id is not None:
            found.setdefault(seat.deputy_id, True)
    return found


def _parents(actor: Actor) -> dict[int, int | None]:
    rows = Unit.objects.filter(agency__partnership=actor.partnership).values_list("id", "parent_id")
    return once(("parents_of_units", actor.partnership), lambda: dict(rows))


def units_below(actor: Actor, unit: int) -> set[int]:
    """The unit and those below it. One query."""
    above = _parents(actor)
    return {one for one in above if is_within(one, unit, above)}


def is_within(unit: int, other: int, above: dict[int, int | None]) -> bool:
    """Whether a unit is the other one or lies below it."""
    at: int | None = unit
    while at is not None:
        if at == other:
            return True
        at = above.get(at)
    return False
