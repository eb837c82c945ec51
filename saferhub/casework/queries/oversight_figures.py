"""The figures of a hub, or of several side by side, over a period: only what the reader may see is counted.

Each query goes through the loaders (the first wall); row-level security filters every table once more (the second).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse

from saferhub.casework import access
from saferhub.casework.models import (
    ActionStatus,
    InterventionClass,
    ReferralMove,
    ReferralStatus,
    SubjectKind,
)
from saferhub.casework.rules import oversight_figures as rules
from saferhub.casework.rules.oversight_figures import Adoption, Contribution, Flow, Period, Wait
from saferhub.foundation.templatetags.marks import RISK_BANDS
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.partnership.queries import in_force

from . import oversight_moved as moved
from . import oversight_stock as stocks

CONTRACT = "acceptable_behaviour_contract"
_CAME_OF = ("on_time", "late", "open", "dropped")
_BANDS = ("very_high", "high", "medium", "standard", "low", "")


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a breakdown: how many of all, and the address of its rows."""

    code: str
    words: str
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class HubFigures:
    """Everything on a hub's page of figures."""

    period: Period
    flows: list[Flow]
    open_now: int
    adopted: int
    closed: int
    reopened: int
    came: int
    went: int
    received: int
    waiting: int
    asked: int
    decision: Wait
    closure: Wait
    bands: list[Share]
    subjects: list[Share]
    ages: list[Share]
    adoption: list[Adoption]
    contribution: list[Contribution]
    mix: list[Share]
    contracts: list[Share]
    urls: dict[str, str]


def figures(actor: Actor, hub: Hub, period: Period) -> HubFigures:
    """All figures of one hub. Sixteen queries, however many cases."""
    first, last, one = period.first, period.last, [hub.pk]
    counts = stocks.monthly(actor, one, last).get(hub.pk, stocks.Counts())
    flows = _flows(period, counts)
    made = stocks.made_of(actor, one, last)
    decided = _decided(actor, one, period)
    received, waiting = _waiting(actor, one, period).get(hub.pk, (0, 0))
    link = _Link(hub.code, period)
    return HubFigures(
        period=period,
        flows=flows,
        open_now=made.total,
        adopted=sum(flow.opened for flow in flows),
        closed=sum(flow.closed for flow in flows),
        reopened=sum(flow.reopened for flow in flows),
        came=sum(flow.came for flow in flows),
        went=sum(flow.went for flow in flows),
        received=received,
        waiting=waiting,
        asked=_asked(actor, hub, last),
        decision=rules.wait((row[1], row[2]) for row in decided),
        closure=rules.wait(stocks.closings(actor, one, first, last).get(hub.pk, ())),
        bands=[
            Share(
                code,
                RISK_BANDS[code][0] if code else "Not scored",
                made.bands[code],
                link.open(band=code or "none"),
            )
            for code in _BANDS
            if made.bands.get(code)
        ],
        subjects=[
            Share(kind.value, str(kind.label), made.subjects[kind], link.open(subject=kind.value))
            for kind in SubjectKind
            if made.subjects.get(kind)
        ],
        ages=[
            Share(
                code,
                words,
                made.ages.get(code, 0),
                link.open(adopted_to=until, **({"adopted_from": since} if since else {})),
            )
            for code, words, since, until in rules.age_bounds(last)
        ],
        adoption=_adoption(decided),
        contribution=contribution(actor, one, first, last),
        mix=_mix(actor, hub, period, link),
        contracts=_contracts(actor, hub, period, link),
        urls=link.all(),
    )


def _flows(period: Period, counts: stocks.Counts) -> list[Flow]:
    return rules.flows(
        period.months, counts.opened, counts.closed, counts.reopened, came=counts.came, went=counts.went
    )


class _Link:
    """Addresses of the lists that hold the rows of a figure."""

    def __init__(self, hub: str, period: Period) -> None:
        self._hub, self._first, self._last = hub, period.first, period.last

    def to(self, name: str, **given: Any) -> str:
        return f"{reverse(name)}?{urlencode({'hub': self._hub, 'status': 'all', **given})}"

    def open(self, **given: Any) -> str:
        return self.to("cases", open_on=self._last, **given)

    def all(self) -> dict[str, str]:
        first, last = self._first, self._last
        return {
            "open": self.open(),
            "adopted": self.to("cases", adopted_from=first, adopted_to=last),
            "closed": self.to("cases", closed_from=first, closed_to=last),
            "received": self.to("referrals", sent_from=first, sent_to=last),
            "decided": self.to("referrals", decided_from=first, decided_to=last),
            "actions": self.to("actions", due_from=first, due_to=last),
            "interventions": self.to("interventions", starts_from=first, starts_to=last),
            "contracts": self.to("interventions", power=CONTRACT, ended_from=first, ended_to=last),
        }


Decided = tuple[int, date, date, str, str, str]


def _decided(actor: Actor, hubs: list[int], period: Period) -> list[Decided]:
    """Referrals decided within the period: hub, received, decided, status, agency's code and name. One query."""
    rows = access.referrals_visible_to(actor).filter(
        hub__in=hubs, decided_on__range=(period.first, period.last), sent_on__isnull=False
    )
    columns = ("hub", "sent_on", "decided_on", "status", "unit__agency__code", "unit__agency__name")
    return list(rows.order_by().values_list(*columns))


def _waiting(actor: Actor, hubs: list[int], period: Period) -> dict[int, tuple[int, int]]:
    """Referrals received in the period, and those that waited at its end, by hub. Three queries.

    Waiting is counted from days and moves: received, less decided, less withdrawn after they were sent. A redirected
    one was received by each hub that it came to, and waited there until it went.
    """
    last = period.last
    rows = access.referrals_visible_to(actor).filter(hub__in=hubs, sent_on__lte=last).order_by()
    counted = rows.values_list("hub").annotate(
        received=Count("pk", filter=Q(sent_on__gte=period.first)),
        undecided=Count("pk", filter=Q(decided_on__isnull=True) | Q(decided_on__gt=last)),
    )
    found = {hub: (received, undecided) for hub, received, undecided in counted}
    withdrawn = ReferralMove.objects.filter(
        referral__in=rows.filter(Q(decided_on__isnull=True) | Q(decided_on__gt=last)),
        to_status=ReferralStatus.WITHDRAWN,
        on__lte=last,
    )
    for hub, number in withdrawn.order_by().values_list("referral__hub").annotate(number=Count("referral")):
        received, undecided = found[hub]
        found[hub] = (received, undecided - number)
    for hub, (more, longer) in moved.referrals(actor, hubs, period.first, last).items():
        received, undecided = found.get(hub, (0, 0))
        found[hub] = (received + more, undecided + longer)
    return found


def _asked(actor: Actor, hub: Hub, last: date) -> int:
    """Of the referrals that the hub has now and that waited on a day, those of which more was asked and not answered by
    then. One query."""
    state = ReferralMove.objects.filter(referral=OuterRef("pk"), on__lte=last).order_by("-id")
    waited = access.referrals_visible_to(actor).filter(
        Q(decided_on__isnull=True) | Q(decided_on__gt=last), hub=hub, sent_on__lte=last
    )
    return (
        waited.annotate(state=Subquery(state.values("to_status")[:1]))
        .filter(state=ReferralStatus.ASKED)
        .order_by()
        .count()
    )


def _adoption(decided: Iterable[Decided]) -> list[Adoption]:
    held: dict[tuple[str, str], list[str]] = {}
    for _, _, _, status, code, name in decided:
        held.setdefault((code, name), []).append(status)
    found = [
        Adoption(
            code,
            name,
            len(statuses),
            statuses.count(ReferralStatus.ADOPTED),
            statuses.count(ReferralStatus.ATTACHED),
        )
        for (code, name), statuses in held.items()
    ]
    return sorted(found, key=lambda one: (-one.decided, one.name))


def contribution(actor: Actor, hubs: list[int], first: date, last: date) -> list[Contribution]:
    """Actions due within the days, by the agency that agreed to do them, with the hub that had the case on that day.
    Two queries."""
    done = Q(status=ActionStatus.DONE)
    rows = (
        access.actions_visible_to(actor)
        .filter(hub__in=hubs, due_on__range=(first, last))
        .order_by()
        .values_list("owner_unit__agency__code", "owner_unit__agency__name")
        .annotate(
            on_time=Count("pk", filter=done & Q(ended_on__lte=F("due_on"))),
            late=Count("pk", filter=done & Q(ended_on__gt=F("due_on"))),
            open=Count("pk", filter=Q(status__in=[ActionStatus.OPEN, ActionStatus.BLOCKED])),
            dropped=Count("pk", filter=Q(status=ActionStatus.DROPPED)),
        )
    )
    counts = {row[:2]: dict(zip(_CAME_OF, row[2:], strict=True)) for row in rows}
    for one in moved.work(actor, hubs, first, last):
        if one.what == "action":
            held = counts.setdefault((one.code, one.name), dict.fromkeys(_CAME_OF, 0))
            held[one.came_of] += one.number
    found = [
        Contribution(code, name, sum(held.values()), **held)
        for (code, name), held in counts.items()
        if any(held.values())
    ]
    return sorted(found, key=lambda one: (-one.total, one.name))


def _used(actor: Actor, hub: Hub, period: Period, what: str, counts: dict[str, int]) -> dict[str, int]:
    """The counts of tools by today's hub, made those of the hub that had the case on the day."""
    for one in moved.work(actor, [hub.pk], period.first, period.last):
        if one.what == what and (what == "began" or one.code == CONTRACT):
            counts[one.came_of] = counts.get(one.came_of, 0) + one.number
    return counts


def _mix(actor: Actor, hub: Hub, period: Period, link: _Link) -> list[Share]:
    rows = (
        access.interventions_visible_to(actor)
        .filter(hub=hub, starts_on__range=(period.first, period.last))
        .order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
    )
    counts = _used(actor, hub, period, "began", dict(rows))
    return [
        Share(
            kind.value,
            str(kind.label),
            counts[kind],
            link.to("interventions", kind=kind.value, starts_from=period.first, starts_to=period.last),
        )
        for kind in InterventionClass
        if counts.get(kind)
    ]


def _contracts(actor: Actor, hub: Hub, period: Period, link: _Link) -> list[Share]:
    rows = (
        access.interventions_visible_to(actor)
        .filter(hub=hub, power=CONTRACT, ended_on__range=(period.first, period.last))
        .order_by()
        .values_list("outcome")
        .annotate(number=Count("pk"))
    )
    counts = _used(actor, hub, period, "ended", dict(rows))
    words = {
        one.code: str(one.item.name)
        for one in in_force.entries(actor.partnership, "intervention_outcomes", actor.on)
    }
    days = {"ended_from": period.first, "ended_to": period.last}
    return [
        Share(
            code,
            words.get(code, code or "Not said"),
            number,
            link.to("interventions", power=CONTRACT, **days, **({"outcome": code} if code else {})),
        )
        for code, number in sorted(counts.items(), key=lambda pair: -pair[1])
        if number
    ]


@dataclass(frozen=True, slots=True)
class HubLine:
    """One hub beside the others."""

    hub: Hub
    open_now: int
    over_six: int
    high: int
    adopted: int
    closed: int
    reopened: int
    waiting: int
    decision: Wait
    closure: Wait


def side_by_side(actor: Actor, hubs: list[Hub], period: Period) -> list[HubLine]:
    """The hubs with the figures that compare. Nine queries at most, however many hubs."""
    numbers = [hub.pk for hub in hubs]
    compared = stocks.compared(actor, numbers, period.first, period.last)
    waiting = _waiting(actor, numbers, period)
    waits: dict[int, list[tuple[date, date]]] = {}
    for row in _decided(actor, numbers, period):
        waits.setdefault(row[0], []).append((row[1], row[2]))
    found = []
    for hub in hubs:
        stands = compared.get(hub.pk, stocks.Compared())
        flows = _flows(period, stands.counts)
        found.append(
            HubLine(
                hub,
                stands.open,
                stands.old,
                stands.high,
                sum(flow.opened for flow in flows),
                sum(flow.closed for flow in flows),
                sum(flow.reopened for flow in flows),
                waiting.get(hub.pk, (0, 0))[1],
                rules.wait(waits.get(hub.pk, [])),
                rules.wait(stands.closings),
            )
        )
    return found
