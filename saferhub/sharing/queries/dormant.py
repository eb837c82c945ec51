"""Sight that sleeps because the agreement under it does not hold: which matters have lost which partner.

Under the reader's own rights throughout. She is told of the matters that she sees herself; of her own
agency's sleeping sight only how much of it there is, because the matters are hidden from her meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from saferhub.foundation import clock
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Membership, Unit
from saferhub.sharing.access import interests_live_on, matters_visible_to, sight_of
from saferhub.sharing.access.reached import reach_on
from saferhub.sharing.models import (
    Agreement,
    AgreementMove,
    AgreementParty,
    AgreementStatus,
    Interest,
    Standing,
)

# Beyond so many rows nobody turns pages; Your work counts no further than the second.
MOST_SHOWN = 1_000
MOST_TOLD = 250


@dataclass(frozen=True, slots=True)
class Broken:
    """Where agreements do not hold on a day: found first, because it is seldom and the interests are many.

    `stopped`: agreements of which nothing holds. `unbound`: by agreement in force, the holders (units, and
    people below zero) whom it does not bind: their agency has not signed, or has withdrawn, or they left it.
    """

    stopped: tuple[int, ...]
    unbound: dict[int, tuple[int, ...]]
    in_force: tuple[int, ...]
    titles: dict[int, str]

    def arms(self) -> Iterator[Q]:
        """The interests that may sleep: one condition for each agreement, and one for all named people.

        Each is read from an index of its own, in the order of folders, and no further than is asked for.
        """
        for number in self.stopped:
            yield Q(agreement=number)
        people = Q(pk=-1)
        for number, holders in self.unbound.items():
            if units := [one for one in holders if one > 0]:
                yield Q(agreement=number, holder__in=units)
            if users := [one for one in holders if one < 0]:
                people |= Q(agreement=number, holder__in=users)
        if any(one < 0 for holders in self.unbound.values() for one in holders):
            yield Q(people, holder__lt=0)

    def holding(self) -> Q:
        """The interests whose agreement holds for their holder, or that need none."""
        unbound = Q(pk=-1)
        for number, holders in self.unbound.items():
            unbound |= Q(agreement=number, holder__in=holders)
        return Q(agreement__isnull=True) | (Q(agreement__in=self.in_force) & ~unbound)


def broken(actor: Actor) -> Broken:
    """Which agreements of the actor's partnership do not hold on her day, and for whom. Five queries at most."""
    day = actor.on
    known = list(
        Agreement.objects.filter(partnership=actor.partnership)
        .exclude(status=AgreementStatus.DRAFT)
        .order_by("title", "id")
    )
    in_force = [one.pk for one in known if one.standing(day) is Standing.IN_FORCE]
    parties = AgreementParty.objects.filter(agreement__in=in_force)
    bound: dict[int, set[int]] = {number: set() for number in in_force}
    for number, agency in parties.signed_on_day(day).values_list("agreement", "agency"):
        bound[number].add(agency)
    left: dict[int, list[int]] = {number: [] for number in in_force}
    for number, agency in parties.values_list("agreement", "agency"):
        if agency not in bound[number]:
            left[number].append(agency)
    units: dict[int, list[int]] = {}
    for agency, unit in Unit.objects.filter(
        agency__in={agency for agencies in left.values() for agency in agencies}
    ).values_list("agency", "id"):
        units.setdefault(agency, []).append(unit)
    members = Membership.objects.filter(partnership=actor.partnership)
    agencies_of: dict[int, set[int]] = {user: set() for user in members.values_list("user", flat=True)}
    for user, agency in members.in_force_on(day).values_list("user", "unit__agency"):
        agencies_of[user].add(agency)
    return Broken(
        stopped=tuple(one.pk for one in known if one.pk not in bound),
        unbound={
            number: (
                *(unit for agency in left[number] for unit in units.get(agency, ())),
                *(-user for user, agencies in agencies_of.items() if not agencies & bound[number]),
            )
            for number in in_force
        },
        in_force=tuple(in_force),
        titles={one.pk: one.title for one in known},
    )


def _running() -> QuerySet[Interest]:
    """Interests whose own dates hold and that are named finely enough for their folder."""
    return Interest.objects.filter(interests_live_on(clock.now()), sensitivity__gte=F("folder__sensitivity"))


def _asleep(rows: QuerySet[Interest], arm: Q, known: Broken) -> QuerySet[Interest]:
    """Those of one arm whose holder has no other way into the folder."""
    others = _running().filter(known.holding(), folder=OuterRef("folder"), holder=OuterRef("holder"))
    return (
        rows.filter(arm)
        .exclude(Exists(others))
        .exclude(Q(unit__isnull=False) & Q(folder__unit=F("unit")))
        .order_by("folder", "id")
    )


@dataclass(frozen=True, slots=True)
class Asleep:
    """One interest that would open its folder if only its agreement held."""

    number: int
    agreement: int
    folder: int
    holder: int


def asleep_in_matters_of(actor: Actor, *, agreement: int | None = None, most: int) -> list[Asleep]:
    """Those in matters that this actor sees herself, no more than `most` of each agreement."""
    known = broken(actor)
    seen = matters_visible_to(actor).filter(folder=OuterRef("folder")).order_by()
    # The arm that is never true keeps the planner from joining all matters first.
    mine = _running().filter(Q(Exists(seen)) | Q(pk=-1))
    if agreement is not None:
        mine = mine.filter(agreement=agreement)
    found: dict[int, Asleep] = {}
    for arm in known.arms():
        rows = _asleep(mine, arm, known).values_list("pk", "agreement", "folder", "holder")[:most]
        found.update({row[0]: Asleep(*row) for row in rows})
    return sorted(
        found.values(), key=lambda one: (known.titles[one.agreement], one.agreement, one.folder, one.number)
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Why an agreement, or one party to it, opens nothing: a sentence, since when, what to do."""

    sentence: str
    since: date | None
    step: str


_STEPS = {
    "suspended": "It comes back by itself if the agreement is resumed. If the partner is needed sooner, share "
    "it under another agreement that holds, or ask in person and record it.",
    "expired": "Ask the information governance lead for a new agreement, then share the matter under it.",
    "ended": "Decide whether the partner is still needed. If so, share the matter under another agreement; "
    "if not, end its sight.",
    "withdrew": "Decide whether the work can go on without this partner. Sight returns only under another "
    "agreement that it signs.",
}


def why_asleep(interest: Interest, day: date, *, ended: dict[int, date]) -> Why:
    """Why this interest sleeps. `ended`: by agreement, the day on which its status last changed."""
    agreement = interest.agreement
    if agreement is None:
        raise ValueError("An interest that rests on no agreement does not sleep.")
    standing = agreement.standing(day)
    since = ended.get(agreement.pk)
    if standing is Standing.SUSPENDED:
        return Why("The agreement is suspended", since, _STEPS["suspended"])
    if standing is Standing.EXPIRED and agreement.last_day:
        return Why("The agreement has expired", agreement.last_day + timedelta(days=1), _STEPS["expired"])
    if standing is Standing.ENDED:
        return Why("The agreement has ended", since, _STEPS["ended"])
    if standing is Standing.NOT_YET:
        return Why("The agreement has not begun", None, "It begins by itself on its first day.")
    party = next(
        (p for p in agreement.parties.all() if interest.unit and p.agency_id == interest.unit.agency_id), None
    )
    if party is not None and party.withdrawn_on and party.withdrawn_on <= day:
        return Why("The partner has withdrawn from the agreement", party.withdrawn_on, _STEPS["withdrew"])
    return Why("The agreement does not bind the partner’s agency", None, _STEPS["withdrew"])


@dataclass(frozen=True, slots=True)
class Row:
    """One matter and one partner that it has lost."""

    interest: Interest
    partner: str
    why: Why
    matter_url: str


def rows_for(actor: Actor, found: Iterable[Interest]) -> list[Row]:
    """A page's interests as its rows. Two queries."""
    interests = list(found)
    ended = _last_moves({one.agreement_id for one in interests if one.agreement_id})
    return [
        Row(
            one,
            _partner(one),
            why_asleep(one, actor.on, ended=ended),
            _matter_url(one.folder.matter.public_id),
        )
        for one in interests
    ]


def dormant_numbers(actor: Actor, *, agreement: Agreement | None = None) -> list[int]:
    """The interests that the page lists, by agreement and matter: one more than are shown, at most."""
    found = asleep_in_matters_of(actor, agreement=agreement.pk if agreement else None, most=MOST_SHOWN + 1)
    return [one.number for one in found[: MOST_SHOWN + 1]]


def dormant_rows(numbers: Iterable[int]) -> list[Interest]:
    """A page's interests with all that its rows show, in the order given. They are the reader's already."""
    numbers = list(numbers)
    rows = (
        Interest.objects.filter(pk__in=numbers)
        .select_related("folder__matter__hub", "unit__agency", "user", "agreement")
        .prefetch_related("agreement__parties")
    )
    known = {one.pk: one for one in rows}
    return [known[number] for number in numbers if number in known]


def _partner(interest: Interest) -> str:
    if interest.unit is not None:
        agency = interest.unit.agency.name
        return agency if interest.unit.is_whole_agency else f"{agency}, {interest.unit.name}"
    return interest.user.name if interest.user else ""


def _last_moves(agreements: set[int]) -> dict[int, date]:
    moves = AgreementMove.objects.filter(agreement__in=agreements).order_by("id")
    return dict(moves.values_list("agreement_id", "on"))


def _matter_url(public_id: str) -> str:
    try:
        return reverse("matter", args=[public_id])
    except NoReverseMatch:
        return ""


# --- the reader's own -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Own:
    """How many folders the reader's own agency, or she herself, does not see while an agreement does not hold."""

    agreement: Agreement
    matters: int
    is_more: bool = False


def own_asleep(actor: Actor) -> list[Own]:
    """By agreement, in the order of titles, counted no further than a thousand.

    The folders are hidden from her while the interest sleeps, so nothing is asked of them here.
    """
    known = broken(actor)
    holders = sight_of(actor).holders
    running = Interest.objects.filter(interests_live_on(clock.now()), agreement__isnull=False)
    others = Interest.objects.filter(
        known.holding(),
        interests_live_on(clock.now()),
        folder=OuterRef("folder"),
        holder=OuterRef("holder"),
    )
    mine = running.filter(holder__in=holders).exclude(Exists(others)).order_by("folder")
    folders: dict[int, set[int]] = {}
    for arm in known.arms():
        rows = mine.filter(arm).values_list("agreement", "folder").distinct()[: MOST_SHOWN + 1]
        for number, folder in rows:
            folders.setdefault(number, set()).add(folder)
    return [
        Own(one, min(len(folders[one.pk]), MOST_SHOWN), len(folders[one.pk]) > MOST_SHOWN)
        for one in Agreement.objects.filter(pk__in=folders).order_by("title")
    ]


@dataclass(frozen=True, slots=True)
class ShutHub:
    """A hub of the reader's role whose work she does not see, and the agreements that would open it."""

    hub: Hub
    agreements: tuple[Agreement, ...]


def shut_hubs(actor: Actor) -> list[ShutHub]:
    """The hubs that her roles name and no agreement opens to her agency today."""
    if actor.partnership is None or actor.agency is None:
        return []
    held = [one for one in actor.roles if Permission.SEE_HUB in one.role.facts.permissions]
    if not held:
        return []
    hubs = Hub.objects.filter(partnership=actor.partnership).exclude(pk__in=sight_of(actor).hubs)
    if all(one.hub is not None for one in held):
        hubs = hubs.filter(pk__in=[one.hub.pk for one in held if one.hub])
    opening = (
        Agreement.objects.filter(partnership=actor.partnership, opens_hubs=True, parties__agency=actor.agency)
        .exclude(status=AgreementStatus.DRAFT)
        .distinct()
        .prefetch_related("hub_rows")
    )
    reach = reach_on(actor.partnership, actor.on)
    known = [one for one in opening if reach.opens(one, actor.agency)]
    return [
        ShutHub(
            hub,
            tuple(a for a in known if a.every_hub or any(row.hub_id == hub.pk for row in a.hub_rows.all())),
        )
        for hub in hubs
    ]


# --- your work ------------------------------------------------------------------------------------


_STOPPED = {
    Standing.SUSPENDED: "is suspended",
    Standing.EXPIRED: "has expired",
    Standing.ENDED: "has ended",
    Standing.NOT_YET: "has not begun",
    Standing.IN_FORCE: "no longer binds every partner",
}


def work_items(actor: Actor) -> Iterable[WorkItem]:
    """For those who decide on sharing: each agreement that took partners from matters they see, and a hub
    whose work they no longer see themselves."""
    decides = [one for one in actor.roles if Permission.DECIDE_SHARING in one.role.facts.permissions]
    if not actor.is_signed_in or not decides:
        return []
    counted = lost_by_agreement(actor)
    url = reverse("dormant")
    items = [
        WorkItem(
            kind="dormant",
            rank=2,
            kind_words="Partners lost",
            title=f"{one.title} {_STOPPED[one.standing(actor.on)]}: {counted[one.pk].words}",
            url=f"{url}?agreement={one.public_id}",
            why="They no longer see what was shared with them",
            due_on=None,
            step="See which",
            step_url=f"{url}?agreement={one.public_id}",
        )
        for one in Agreement.objects.filter(pk__in=counted).order_by("title")
    ]
    for shut in shut_hubs(actor):
        stopped = [one for one in shut.agreements if one.standing(actor.on) is not Standing.IN_FORCE]
        named = stopped[0] if stopped else None
        items.append(
            WorkItem(
                kind="dormant",
                rank=2,
                kind_words="Partners lost",
                title=f"You no longer see the work of {shut.hub.name}",
                url=url,
                why=f"{named.title} {_STOPPED[named.standing(actor.on)]}"
                if named
                else "No agreement opens it to your agency",
                due_on=None,
                step="See why",
                step_url=url,
            )
        )
    return items


@dataclass(frozen=True, slots=True)
class Lost:
    """How many of the reader's matters lost how many partners; `is_more`: it was counted no further."""

    matters: int
    partners: int
    is_more: bool = False

    @property
    def words(self) -> str:
        """ "3 of your matters lost 2 partners"."""
        least = "at least " if self.is_more else ""
        partners = "1 partner" if self.partners == 1 else f"{self.partners} partners"
        return f"{least}{self.matters} of your matters lost {least}{partners}"


def lost_by_agreement(actor: Actor) -> dict[int, Lost]:
    """What each agreement that does not hold took from the matters she sees."""
    rows: dict[int, list[Asleep]] = {}
    for one in asleep_in_matters_of(actor, most=MOST_TOLD + 1):
        rows.setdefault(one.agreement, []).append(one)
    units = {one.holder for found in rows.values() for one in found if one.holder > 0}
    agencies = dict(Unit.objects.filter(pk__in=units).values_list("id", "agency"))
    return {
        number: Lost(
            matters=len({one.folder for one in found}),
            partners=len({agencies.get(one.holder, one.holder) for one in found}),
            is_more=len(found) > MOST_TOLD,
        )
        for number, found in rows.items()
    }
