"""What one actor sees: her hubs, the units she stands for, the agreements that bind her agency."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from saferhub.accounts.models import Status
from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor, Permission, Role
from saferhub.partnership.models import Hub, Unit
from saferhub.partnership.queries import in_force
from saferhub.sharing.models import Agreement, AgreementHub, Enclosure, Folder, Interest, Sensitivity

from .reached import reach_on

M = TypeVar("M", bound=models.Model)
# The kind of folder that is its hub's alone: the unit that opened it does not see it as its own.
HUBS_ALONE = "work"


@dataclass(frozen=True, slots=True)
class Sight:
    """What an actor's sight rests on. Empty for whoever works on no matter.

    `holders`: her unit and the units above it, and herself as her account's number below zero.
    `governs`: the partnership whose disclosures and emergencies she answers for, or None.
    """

    hubs: tuple[int, ...] = ()
    holders: tuple[int, ...] = ()
    agreements: tuple[int, ...] = ()
    governs: int | None = None
    partnership: int | None = None

    @property
    def is_blind(self) -> bool:
        return not self.hubs and not self.holders


def sight_of(actor: Actor) -> Sight:
    """The actor's sight, worked out once for each actor. At most five queries."""
    known = actor.__dict__.get("_sight")
    if known is None:
        known = actor.__dict__["_sight"] = _sight(actor)
    return known


def hubs_of(actor: Actor) -> list[Hub]:
    """The hubs whose work she sees. One query, asked once on a page; none where there is none."""
    numbers = sight_of(actor).hubs
    return once(("hubs_of", numbers), lambda: list(Hub.objects.filter(pk__in=numbers)))


def _sight(actor: Actor) -> Sight:
    if actor.user is None or actor.unit is None or actor.user.status != Status.ACTIVE:
        return Sight()
    partnership = actor.unit.agency.partnership_id
    roles = {held.role for held in actor.roles}
    governs = partnership if Role.INFORMATION_GOVERNANCE in roles else None
    if not actor.has(Permission.WORK_ON_MATTERS):
        return Sight(governs=governs, partnership=partnership)
    agreements = list(
        Agreement.objects.binding(actor.unit.agency_id, actor.on).only("id", "opens_hubs", "gateways")
    )
    return Sight(
        hubs=_hubs(actor, agreements),
        holders=(*_units_above(actor.unit), -actor.user.pk),
        agreements=tuple(sorted(agreement.pk for agreement in agreements)),
        governs=governs,
        partnership=partnership,
    )


def _units_above(unit: Unit) -> list[int]:
    """The unit and those above it, up to the whole agency. One query unless the unit is the agency."""
    if unit.parent_id is None:
        return [unit.pk]
    parents = dict(Unit.objects.filter(agency_id=unit.agency_id).values_list("id", "parent_id"))
    found: list[int] = []
    above: int | None = unit.pk
    while above is not None:
        found.append(above)
        above = parents[above]
    return found


def _hubs(actor: Actor, agreements: list[Agreement]) -> tuple[int, ...]:
    """The hubs whose work she sees: those of her roles, as far as an agreement in force opens them to her
    agency, on a legal gateway that names its kind. The lead authority's own staff need none."""
    partnership, agency = actor.partnership, actor.agency
    if partnership is None or agency is None:
        return ()
    held = [h for h in actor.roles if Permission.SEE_HUB in h.role.facts.permissions]
    if not held:
        return ()
    hubs = Hub.objects.filter(partnership=partnership)
    if all(h.hub is not None for h in held):
        hubs = hubs.filter(pk__in=[h.hub.pk for h in held if h.hub])
    if not _leads(actor):
        reach = reach_on(partnership, actor.on)
        opening = [one.pk for one in agreements if reach.opens(one, agency)]
        covered = AgreementHub.objects.filter(agreement__in=opening, hub=OuterRef("pk"))
        every = Agreement.objects.filter(pk__in=opening, every_hub=True)
        hubs = hubs.filter(Exists(covered) | Exists(every))
    return tuple(sorted(hubs.values_list("pk", flat=True)))


def _leads(actor: Actor) -> bool:
    """Whether her agency is the partnership's lead authority on her day."""
    entries = in_force.entries(actor.partnership, "partnership", actor.on)
    return any(not e.is_national and e.item.lead_agency == actor.agency_code for e in entries)


def interests_live_on(now: datetime) -> Q:
    """Interests that have begun and not ended; whether their agreement holds is another question."""
    return Q(Q(valid_until__isnull=True) | Q(valid_until__gt=now), valid_from__lte=now)


def _live(sight: Sight) -> QuerySet[Interest]:
    return Interest.objects.filter(
        interests_live_on(clock.now()),
        Q(agreement__isnull=True) | Q(agreement__in=sight.agreements),
        holder__in=sight.holders,
    )


def _arms(sight: Sight, prefix: str = "") -> Q:
    """Arms one to three, on the columns of a folder, or of a table that carries its folder's."""
    folder = "folder" if prefix == "listed" else "pk"
    live = _live(sight).filter(folder=OuterRef(folder), sensitivity__gte=OuterRef("sensitivity"))
    own = Q(sensitivity=Sensitivity.NORMAL, unit__in=[h for h in sight.holders if h > 0])
    if prefix != "listed":  # no listed row lies in a folder that is the hub's alone
        own &= ~Q(kind=HUBS_ALONE)
    return Q(sensitivity=Sensitivity.NORMAL, hub__in=sight.hubs) | own | Q(Exists(live))


# Beyond so many, the planner does better with the condition on each row.
_FEW = 20_000


def _holds_many(actor: Actor, sight: Sight) -> bool:
    """Whether she holds more live interests than a list of their folders is good for. Counted once."""
    known = actor.__dict__.get("_holds_many")
    if known is None:
        known = actor.__dict__["_holds_many"] = _live(sight).order_by()[: _FEW + 1].count() > _FEW
    return bool(known)


def folders_visible_to(actor: Actor) -> QuerySet[Folder]:
    """Folders seen in their own right: her hubs', her unit's own, those she holds a live interest in."""
    sight = sight_of(actor)
    if sight.is_blind:
        return Folder.objects.none()
    # What a page asks in many places is put together once; each asks by a copy of its own.
    return once(("folders_visible_to", sight), lambda: Folder.objects.filter(_arms(sight))).all()


def folders_readable_by(actor: Actor) -> QuerySet[Folder]:
    """Those, and the normal ones enclosed in them."""
    sight = sight_of(actor)
    if sight.is_blind:
        return Folder.objects.none()

    def put_together() -> QuerySet[Folder]:
        return Folder.objects.filter(
            _arms(sight) | Q(pk__in=_enclosed(actor), sensitivity=Sensitivity.NORMAL)
        )

    return once(("folders_readable_by", sight), put_together).all()


def readable_of(actor: Actor, folders: Iterable[Folder], *, inside: Collection[int] = ()) -> list[Folder]:
    """Those of these folders, as the database has just given them, that the actor may read: the same rule, and asked
    of the database only for those whose own row does not answer it. One query at most.

    `inside`: numbers of those that lie today in a folder which the caller loaded as seen in its own right.
    """
    sight = sight_of(actor)
    if sight.is_blind:
        return []
    rows, within = list(folders), frozenset(inside)
    asked = {one.pk for one in rows if not (one.pk in within and _is_normal(one)) and not _is_own(sight, one)}
    if asked:
        asked -= set(folders_readable_by(actor).filter(pk__in=asked).values_list("pk", flat=True))
    return [one for one in rows if one.pk not in asked]


def _is_normal(folder: Folder) -> bool:
    return folder.sensitivity == Sensitivity.NORMAL


def _is_own(sight: Sight, folder: Folder) -> bool:
    """Arms one and two on a row: her hub's, or her unit's own."""
    return _is_normal(folder) and (
        folder.hub_id in sight.hubs or (folder.unit_id in sight.holders and folder.kind != HUBS_ALONE)
    )


def _enclosed(actor: Actor) -> Any:
    return Enclosure.objects.filter(
        inner=OuterRef("pk"), ended_at__isnull=True, outer__in=folders_visible_to(actor)
    ).values("inner")


def in_folders_readable_by(actor: Actor, rows: QuerySet[M], *, column: str = "folder") -> QuerySet[M]:
    """Those of `rows` whose folder the actor may read.

    Asked of each row by itself, which suits one record and its parts. The arm that is never true keeps the
    planner from turning it into a join of all folders first; IN with the row's own number inside is planned
    once, where EXISTS would be planned twice at each level, and every level has policies of its own.
    """
    if sight_of(actor).is_blind:
        return rows.none()
    readable = folders_readable_by(actor).filter(pk=OuterRef(column))
    return rows.filter(Q(**{f"{column}__in": readable.values("pk")}) | Q(pk=-1))


def listed_visible_to(actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
    """Those of a listed table's rows (hub, unit and sensitivity on the row) that the actor sees."""
    sight = sight_of(actor)
    if sight.is_blind:
        return rows.none()
    arms = once(("arms", sight), lambda: _arms(sight, "listed"))
    if sight.hubs or _holds_many(actor, sight):
        return rows.filter(arms)
    # Gathered without looking at any folder, then asked of each row by what it carries.
    own = Folder.objects.filter(
        sensitivity=Sensitivity.NORMAL, unit__in=[holder for holder in sight.holders if holder > 0]
    )
    gathered: Any = own.values("pk").order_by().union(_live(sight).order_by().values("folder"))
    return rows.filter(arms, folder__in=gathered)


def listed_in_hubs_of(actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
    """Those of a listed table's rows that the actor sees as her hubs' (the first of the four ways)."""
    hubs = sight_of(actor).hubs
    return rows.filter(sensitivity=Sensitivity.NORMAL, hub__in=hubs) if hubs else rows.none()


def listed_by_unit_or_interest(actor: Actor, rows: QuerySet[M]) -> list[QuerySet[M]] | None:
    """Those that she sees in the second and third way and that are not her hubs', each found along an index of its
    own, to be gathered whole. None for whoever holds so many interests that gathering them costs more than asking
    of each row; then `listed_visible_to` answers. One query at most."""
    sight = sight_of(actor)
    if sight.is_blind:
        return []
    if _holds_many(actor, sight):
        return None
    if sight.hubs:
        rows = rows.exclude(sensitivity=Sensitivity.NORMAL, hub__in=sight.hubs)
    units = [holder for holder in sight.holders if holder > 0]
    live = _live(sight).order_by()
    reaches = live.filter(folder=OuterRef("folder"), sensitivity__gte=OuterRef("sensitivity"))
    return [
        rows.filter(sensitivity=Sensitivity.NORMAL, unit__in=units),
        rows.filter(Exists(reaches), folder__in=live.values("folder")),
    ]


def interests_visible_to(actor: Actor) -> QuerySet[Interest]:
    """Her own interests, sleeping ones too, and all those in folders she sees in their own right."""
    sight = sight_of(actor)
    if sight.is_blind:
        return Interest.objects.none()
    return Interest.objects.filter(Q(holder__in=sight.holders) | Q(folder__in=folders_visible_to(actor)))


def enclosures_visible_to(actor: Actor) -> QuerySet[Enclosure]:
    """What lies in the folders she sees in their own right."""
    return Enclosure.objects.filter(outer__in=folders_visible_to(actor))


def governed_by(actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
    """Rows in folders the actor may read, and those that she answers for as information governance lead."""
    sight = sight_of(actor)
    condition = Q(Exists(folders_readable_by(actor).filter(pk=OuterRef("folder"))), pk__isnull=False)
    if sight.is_blind:
        condition = Q(pk=-1)
    if sight.governs is not None:
        condition |= Q(partnership=sight.governs)
    return rows.filter(condition)
