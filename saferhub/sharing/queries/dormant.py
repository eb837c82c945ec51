"""Sight that sleeps because the agreement under it does not hold: which matters have lost which partner.

Under the reader's own rights throughout. She is told of the matters that she sees herself; of her own
agency's sleeping sight only how much of it there is, because the matters are hidden from her meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from saferhub.foundation import clock
from saferhub.foundation.registries import WorkItem
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Membership
from saferhub.sharing.access import interests_live_on, interests_visible_to, matters_visible_to, sight_of
from saferhub.sharing.models import (
    Agreement,
    AgreementMove,
    AgreementParty,
    AgreementStatus,
    Interest,
    Standing,
)


def _bound(agency: str, day: date) -> QuerySet[AgreementParty]:
    """Whether the outer interest's agreement binds the agency that stands in its column `agency`."""
    return AgreementParty.objects.filter(
        agreement=OuterRef("agreement"), agency=OuterRef(agency)
    ).signed_on_day(day)


def _holding(rows: QuerySet[Interest], day: date) -> QuerySet[Interest]:
    """Those of these interests whose agreement holds for their holder's agency on that day, or that need none."""
    of_unit = Q(unit__isnull=False) & Exists(_bound("unit__agency", day))
    place = Membership.objects.in_force_on(day).filter(
        user=OuterRef("user"),
        unit__agency__in=AgreementParty.objects.filter(agreement=OuterRef(OuterRef("agreement")))
        .signed_on_day(day)
        .values("agency"),
    )
    of_person = Q(user__isnull=False) & Exists(place)
    in_force = Q(agreement__in=Agreement.objects.in_force_on(day))
    return rows.filter(Q(agreement__isnull=True) | (in_force & (of_unit | of_person)))


def _running() -> QuerySet[Interest]:
    """Interests whose own dates hold and that are named finely enough for their folder."""
    return Interest.objects.filter(interests_live_on(clock.now()), sensitivity__gte=F("folder__sensitivity"))


def asleep(day: date) -> QuerySet[Interest]:
    """Every interest that would open its folder if only its agreement held, and whose holder has no other way in."""
    holding = _holding(_running(), day)
    others = holding.filter(folder=OuterRef("folder"), holder=OuterRef("holder"))
    return (
        _running()
        .exclude(pk__in=holding.values("pk"))
        .exclude(Exists(others))
        .exclude(Q(unit__isnull=False) & Q(folder__unit=F("unit")))
    )


def asleep_in_matters_of(actor: Actor) -> QuerySet[Interest]:
    """Those in matters that this actor sees herself."""
    return asleep(actor.on).filter(
        pk__in=interests_visible_to(actor).values("pk"),
        folder__in=matters_visible_to(actor).values("folder"),
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Why an agreement, or one party to it, opens nothing: a word, a sentence, since when, what to do."""

    word: str
    sentence: str
    since: date | None
    step: str


_STEPS = {
    "suspended": "It comes back by itself if the agreement is resumed. If the partner is needed sooner, share "
    "it under another agreement that holds, or ask in person and record it.",
    "expired": "Ask the information governance lead for a new agreement, then share the matter under it.",
    "ended": "Decide whether the partner is still needed. If so, share the matter under another agreement; "
    "if not, end the interest.",
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
        return Why("Suspended", "The agreement is suspended", since, _STEPS["suspended"])
    if standing is Standing.EXPIRED and agreement.last_day:
        return Why(
            "Expired", "The agreement has expired", agreement.last_day + timedelta(days=1), _STEPS["expired"]
        )
    if standing is Standing.ENDED:
        return Why("Ended", "The agreement has ended", since, _STEPS["ended"])
    if standing is Standing.NOT_YET:
        return Why("Not begun", "The agreement has not begun", None, "It begins by itself on its first day.")
    party = next(
        (p for p in agreement.parties.all() if interest.unit and p.agency_id == interest.unit.agency_id), None
    )
    if party is not None and party.withdrawn_on and party.withdrawn_on <= day:
        return Why(
            "Withdrew", "The partner has withdrawn from the agreement", party.withdrawn_on, _STEPS["withdrew"]
        )
    return Why("Not bound", "The agreement does not bind the partner’s agency", None, _STEPS["withdrew"])


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


def dormant_rows(actor: Actor, *, agreement: str = "") -> QuerySet[Interest]:
    """What the page lists, by matter: with all that its rows show."""
    rows = asleep_in_matters_of(actor)
    if agreement:
        rows = rows.filter(agreement__public_id=agreement)
    return (
        rows.select_related("folder__matter__hub", "unit__agency", "user", "agreement")
        .prefetch_related("agreement__parties")
        .order_by("folder__matter__reference", "unit__agency__name", "id")
    )


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


def own_asleep(actor: Actor) -> list[Own]:
    """By agreement, in the order of titles. Two queries.

    The folders are hidden from her while the interest sleeps, so nothing is asked of them here.
    """
    own = Interest.objects.filter(
        interests_live_on(clock.now()), agreement__isnull=False, holder__in=sight_of(actor).holders
    )
    holding = _holding(Interest.objects.filter(interests_live_on(clock.now())), actor.on)
    counted = (
        own.exclude(pk__in=_holding(own, actor.on).values("pk"))
        .exclude(Exists(holding.filter(folder=OuterRef("folder"), holder=OuterRef("holder"))))
        .order_by()
        .values("agreement")
        .annotate(matters=Count("folder", distinct=True))
        .values_list("agreement", "matters")
    )
    numbers = dict(counted)
    return [Own(one, numbers[one.pk]) for one in Agreement.objects.filter(pk__in=numbers).order_by("title")]


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
    known = list(opening)
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
    whose work they no longer see themselves. Four queries at most."""
    decides = [one for one in actor.roles if Permission.DECIDE_SHARING in one.role.facts.permissions]
    if not actor.is_signed_in or not decides:
        return []
    counted = {
        number: (matters, partners)
        for number, matters, partners in asleep_in_matters_of(actor)
        .order_by()
        .values("agreement")
        .annotate(
            matters=Count("folder", distinct=True),
            partners=Count(Coalesce("unit__agency", -F("user")), distinct=True),
        )
        .values_list("agreement", "matters", "partners")
    }
    url = reverse("dormant")
    items = [
        WorkItem(
            kind="dormant",
            kind_words="Partners lost",
            title=f"{one.title} {_STOPPED[one.standing(actor.on)]}: {lost_words(*counted[one.pk])}",
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


def lost_words(matters: int, partners: int) -> str:
    """ "3 of your matters lost 2 partners"."""
    of_yours = "1 of your matters" if matters == 1 else f"{matters} of your matters"
    return f"{of_yours} lost {'1 partner' if partners == 1 else f'{partners} partners'}"
