"""Opening a folder of a meeting to those at its table, and narrowing it to some of them.

A unit's interest rests on the agreement that carries the item to it. Where somebody must not learn of an item, its
folder is restricted: whoever saw it is named, on the same ground as her sight, but those it is kept from. First the
named interests, then the folder: a row that hides from its author cannot be written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.queries.cases_sharing import Ground
from saferhub.foundation import clock
from saferhub.meetings.models import Attendance, Came, KeptFrom
from saferhub.meetings.queries.table import Place, Seated, units_below
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.sharing.access.seers import Seer, seers_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Agreement, Because, Folder, Interest, Sensitivity
from saferhub.sharing.operations.folders import end_interest, give_interest
from saferhub.sharing.operations.interests_given import gateways_serving

GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is to see a folder: a unit on its ground, or a person, who needs none in the organiser's own agency."""

    ground: Ground | None
    at: int  # the number of the unit for which it sits at the table
    unit: Unit | None = None
    user: User | None = None

    @property
    def holder(self) -> int:
        """As `Interest.holder` has it: a unit's number, or a person's below zero."""
        return self.unit.pk if self.unit is not None else -(self.user.pk if self.user is not None else 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """Whom an item is kept from, by number: units with those below them, and people."""

    units: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()

    @classmethod
    def of(cls, rows: Iterable[KeptFrom], actor: Actor) -> Kept:
        rows = list(rows)
        units = {one for row in rows if row.unit_id is not None for one in units_below(actor, row.unit_id)}
        return cls(frozenset(units), frozenset(row.user_id for row in rows if row.user_id is not None))

    def __bool__(self) -> bool:
        return bool(self.units or self.users)

    def covers(self, user: int, unit: int) -> bool:
        return user in self.users or unit in self.units


def wanted_of(
    folder: Folder, table: Iterable[Place], people: Mapping[int, Collection[Seated]], kept: Kept
) -> list[Wanted]:
    """Who at the table is to see a folder: units, and by name whoever sits for a unit that is not hers, the organiser's
    own colleagues whom no agreement carries it to, and everybody where the folder is restricted."""
    found: list[Wanted] = []
    for place in table:
        if not place.is_reached or place.unit.pk in kept.units:
            continue
        by_name = folder.sensitivity != Sensitivity.NORMAL or bool(kept) or place.ground is None
        if not by_name:
            found.append(Wanted(place.ground, place.unit.pk, unit=place.unit))
        found += [
            Wanted(place.ground, place.unit.pk, user=one.user)
            for one in people.get(place.unit.pk, ())
            if (by_name or not one.is_within) and not kept.covers(one.user.pk, one.unit.pk)
        ]
    return found


def open_folder_to(
    folder: Folder, wanted: Collection[Wanted], *, purpose: str, until: datetime, reason: str, by: Actor
) -> None:
    """Give these sight of a folder until that moment, and end what the table had beyond it: seats that are over, days
    that have moved, agreements that no longer carry it. Done twice it is the same."""
    live = list(Interest.objects.filter(interests_live_on(clock.now()), folder=folder).order_by("pk"))
    guests = set(bidden().filter(folder=folder).values_list("user_id", flat=True))
    keep: set[int] = set()
    missing: list[Wanted] = []
    for one in wanted:
        agreement = one.ground.agreement.pk if one.ground is not None else None
        fitting = next(
            (
                row
                for row in live
                if row.holder == one.holder
                and row.agreement_id == agreement
                and row.sensitivity >= (folder.sensitivity if one.user is not None else Sensitivity.NORMAL)
                and (row.valid_until is None or row.valid_until == until)
            ),
            None,
        )
        if fitting is None:
            missing.append(one)
        else:
            keep.add(fitting.pk)
    for row in live:
        if row.pk not in keep and row.user_id not in guests and is_the_tables(row):
            end_interest(interest=row, by=by, reason=reason)
    for one in missing:
        give_interest(
            folder=folder,
            by=by,
            purpose=purpose,
            because=Because.MEETS if one.ground is not None else Because.NAMED,
            gateway=one.ground.gateway if one.ground is not None else "",
            agreement=one.ground.agreement if one.ground is not None else None,
            unit=one.unit,
            user=one.user,
            until=until,
            opens=folder.sensitivity if one.user is not None else None,
        )


def bidden() -> QuerySet[Attendance]:
    """Guests, but those who are bidden no longer or did not come."""
    return Attendance.objects.filter(seat=GUEST).exclude(came=Came.ABSENT)


def is_the_tables(row: Interest) -> bool:
    """Whether an interest was given because its holder sits at the table: it has an end, an organiser's has none."""
    return row.because == Because.MEETS or (row.because == Because.NAMED and row.valid_until is not None)


def close_folder(folder: Folder, *, by: Actor, reason: str) -> None:
    """End every sight of a folder that the meeting gave, guests' too. Organisers keep theirs."""
    for row in Interest.objects.filter(interests_live_on(clock.now()), folder=folder).order_by("pk"):
        if is_the_tables(row):
            end_interest(interest=row, by=by, reason=reason)


def narrow(folder: Folder, keeps: Callable[[Seer], bool], *, purpose: str, reason: str, by: Actor) -> int:
    """Restrict a folder to those who see it now and for whom `keeps` holds, each named on the ground of her sight.
    Returns how many. Whoever narrows it is named too, and loses it last where `keeps` does not hold for her.

    Called again for a restricted folder, it takes from those who are not kept, and gives nobody anything.
    """
    seers = seers_of(folder)
    kept = [one for one in seers if keeps(one)]
    me = by.user.pk if by.user is not None else 0
    if folder.sensitivity == Sensitivity.NORMAL:
        for seer in seers:
            if seer.user.pk == me or keeps(seer):
                _name(folder, seer, purpose=purpose, by=by)
    stays = {one.user.pk for one in kept}
    mine: list[Interest] = []
    for row in Interest.objects.filter(interests_live_on(clock.now()), folder=folder).order_by("pk"):
        if row.unit_id is None and row.user_id in stays:
            continue
        if row.user_id == me:
            mine.append(row)
        else:
            end_interest(interest=row, by=by, reason=reason)
    if folder.sensitivity == Sensitivity.NORMAL:
        folder.sensitivity = Sensitivity.RESTRICTED
        folder.save(update_fields=["sensitivity"])
        audit.record("sharing.restricted", folder, by=by, purpose=purpose, people=len(kept))
    for row in mine:
        end_interest(interest=row, by=by, reason=reason)
    return len(kept)


def _name(folder: Folder, seer: Seer, *, purpose: str, by: Actor) -> None:
    """Name somebody on the ground of her sight. A colleague of the hub whom no agreement names for this purpose is
    left out; whoever does it is named all the same, for a row that hides from her could not be written."""
    if not seer.is_lasting:  # what an emergency opened stays what it was
        return
    agreement: Agreement | None = seer.agreement
    gateway, serves, until = seer.gateway, seer.purpose or purpose, None
    because = Because.NAMED
    if seer.interest is not None:
        until = seer.interest.valid_until
        because = Because.MEETS if seer.interest.because == Because.MEETS else Because.NAMED
        if until is not None and _is_named_lastingly(folder, seer, serves, agreement):
            # Who organises a group without a hub is named without an end, and sits at its table too: she keeps that.
            until, because = None, Because.NAMED
    elif seer.opening:
        agreement, gateway = _opening(seer, purpose, by)
        if agreement is None and (by.user is None or seer.user.pk != by.user.pk):
            return
    give_interest(
        folder=folder,
        by=by,
        purpose=serves,
        because=because,
        gateway=gateway,
        agreement=agreement,
        user=seer.user,
        until=until,
        opens=Sensitivity.RESTRICTED,
    )


def _is_named_lastingly(folder: Folder, seer: Seer, purpose: str, agreement: Agreement | None) -> bool:
    """Whether she has an interest of her own without an end on the ground of her sight. One query."""
    rows = Interest.objects.filter(folder=folder, user=seer.user, purpose=purpose, agreement=agreement)
    return rows.filter(valid_until__isnull=True).exists()


def _opening(seer: Seer, purpose: str, by: Actor) -> tuple[Agreement | None, str]:
    for agreement in seer.opening:
        if purpose in agreement.purposes:
            serving = gateways_serving(agreement, purpose, by.on, reaching=seer.unit.agency)
            if serving:
                return agreement, serving[0]
    return None, ""


def name_again(folder: Folder, keeps: Callable[[Seer], bool], *, purpose: str, by: Actor) -> None:
    """Name those of the hub for whom `keeps` holds in a folder that stays restricted: one of several is let in."""
    hubs = Folder(
        pk=folder.pk,
        public_id=folder.public_id,
        partnership_id=folder.partnership_id,
        hub_id=folder.hub_id,
        unit_id=folder.unit_id,
        kind=folder.kind,
        sensitivity=Sensitivity.NORMAL,
    )
    named = {one.user.pk for one in seers_of(folder)}
    for seer in seers_of(hubs):
        if seer.interest is None and seer.user.pk not in named and keeps(seer):
            _name(folder, seer, purpose=purpose, by=by)


def widen(folder: Folder, *, purpose: str, reason: str, by: Actor) -> None:
    """Lift a folder's restriction: the hub sees it again, and the names given for the restriction end. Those of the
    organiser's own agency at the table, and its guests, were named until a day before it was restricted, and stay."""
    if folder.sensitivity != Sensitivity.RESTRICTED:
        return
    folder.sensitivity = Sensitivity.NORMAL
    folder.save(update_fields=["sensitivity"])
    audit.record("sharing.opened_up", folder, by=by, purpose=purpose)
    end_names(folder, reason=reason, by=by)


def end_names(folder: Folder, *, reason: str, by: Actor) -> None:
    """End, in a folder that is open to its hub again, the names given for its restriction."""
    # A meeting without a hub has its organisers by name alone, and they stay.
    staff = {one.user.pk for one in seers_of(folder) if one.works_in_hub}
    for row in Interest.objects.filter(
        interests_live_on(clock.now()),
        folder=folder,
        because=Because.NAMED,
        valid_until__isnull=True,
        user__in=staff,
    ).order_by("pk"):
        end_interest(interest=row, by=by, reason=reason)
