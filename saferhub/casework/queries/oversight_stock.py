"""Stock and flow of cases, counted in the database from dated moves: what was open on any day, never from the status
of today.

A case is open from its adoption; each closing takes it out and each reopening puts it back. So what is open on a day
is adoptions less closings plus reopenings up to it, in any group of cases; in a hub also what came from other hubs,
less what went to them (`oversight_moved`). The first wall stands in `cases_visible_to`; the second filters both tables
again, cases by hub, unit and sight, moves by their folder.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from saferhub.casework import access
from saferhub.casework.models import Case, CaseMove, CaseStatus
from saferhub.casework.rules.oversight_figures import age_bounds
from saferhub.partnership.access import Actor

from . import oversight_moved as moved

_TURNS = (CaseStatus.CLOSED.value, CaseStatus.REOPENED.value)
_OLD = ("under_12", "over_12")
_HIGH = ("high", "very_high")


def cases_of(actor: Actor, hubs: Iterable[int]) -> QuerySet[Case]:
    """The cases of these hubs that the actor sees; of every hub where none is named."""
    rows = access.cases_visible_to(actor).order_by()
    hubs = list(hubs)
    return rows.filter(hub__in=hubs) if hubs else rows


def turns_of(actor: Actor, hubs: Iterable[int]) -> QuerySet[CaseMove]:
    """Closings and reopenings of those cases."""
    return CaseMove.objects.filter(case__in=cases_of(actor, hubs), to_status__in=_TURNS).order_by()


def open_on(actor: Actor, day: date, hubs: Iterable[int]) -> QuerySet[Any]:
    """Numbers of the cases, of those that these hubs have now, that were open at the end of a day."""
    hubs = list(hubs)
    shut = (
        turns_of(actor, hubs)
        .filter(on__lte=day)
        .values("case")
        .annotate(net=Sum(Choose(When(to_status=CaseStatus.CLOSED, then=1), default=-1)))
        .filter(net__gt=0)
    )
    return cases_of(actor, hubs).filter(adopted_on__lte=day).exclude(pk__in=shut.values("case")).values("pk")


@dataclass(slots=True)
class Counts:
    """Counts by the first day of a month."""

    opened: dict[date, int] = field(default_factory=dict)
    closed: dict[date, int] = field(default_factory=dict)
    reopened: dict[date, int] = field(default_factory=dict)
    came: dict[date, int] = field(default_factory=dict)
    went: dict[date, int] = field(default_factory=dict)

    def of(self, turn: str) -> dict[date, int]:
        """The counts of one kind of turn."""
        kinds = {
            "adopted": self.opened,
            "closed": self.closed,
            "reopened": self.reopened,
            "came": self.came,
            "went": self.went,
        }
        return kinds[turn]


def monthly(actor: Actor, hubs: Iterable[int], last: date) -> dict[int, Counts]:
    """What came into each hub and went from it up to a day, by hub and month. Three queries."""
    hubs = list(hubs)
    found: dict[int, Counts] = {}
    opened = (
        cases_of(actor, hubs)
        .filter(adopted_on__lte=last, hub__isnull=False)
        .values_list("hub", TruncMonth("adopted_on"))
        .annotate(number=Count("pk"))
    )
    for hub, month, number in opened:
        found.setdefault(hub, Counts()).opened[month] = number
    turns = (
        turns_of(actor, hubs)
        .filter(on__lte=last, case__hub__isnull=False)
        .values_list("case__hub", "to_status", TruncMonth("on"))
        .annotate(number=Count("pk"))
    )
    for hub, status, month, number in turns:
        counts = found.setdefault(hub, Counts())
        counts.of(status)[month] = number
    for turn in moved.turns(actor, hubs, last):
        by_month, month = found.setdefault(turn.hub, Counts()).of(turn.turn), turn.on.replace(day=1)
        by_month[month] = by_month.get(month, 0) + turn.number
    return found


def closings(
    actor: Actor, hubs: Iterable[int], first: date, last: date
) -> dict[int, list[tuple[date, date]]]:
    """Adoption and closing of each closing within the days, by the hub that closed it. Two queries."""
    hubs = list(hubs)
    found: dict[int, Counter[tuple[date, date]]] = {}
    rows = turns_of(actor, hubs).filter(
        to_status=CaseStatus.CLOSED, on__range=(first, last), case__hub__isnull=False
    )
    for hub, adopted, closed in rows.values_list("case__hub", "case__adopted_on", "on"):
        found.setdefault(hub, Counter())[adopted, closed] += 1
    for turn in moved.turns(actor, hubs, last):
        if turn.turn == CaseStatus.CLOSED and turn.on >= first:
            found.setdefault(turn.hub, Counter())[turn.adopted_on, turn.on] += turn.number
    return {hub: list(pairs.elements()) for hub, pairs in found.items()}


@dataclass(slots=True)
class Made:
    """What is open at the end of a day, by what it is."""

    total: int = 0
    bands: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    ages: dict[str, int] = field(default_factory=dict)


def made_of(actor: Actor, hubs: Iterable[int], day: date) -> Made:
    """What was open at the end of a day: by age, by kind of subject, by the band that counts today. Three queries."""
    hubs, made = list(hubs), Made()
    rows = (
        cases_of(actor, hubs)
        .filter(adopted_on__lte=day, hub__isnull=False)
        .annotate(age=_age("adopted_on", day))
        .values_list("band", "subject_kind", "age")
        .annotate(number=Count("pk"))
    )
    for band, subject, age, number in rows:
        _add(made, band, subject, age, number)
    turned = (
        turns_of(actor, hubs)
        .filter(on__lte=day, case__hub__isnull=False)
        .annotate(age=_age("case__adopted_on", day))
        .values_list("case__band", "case__subject_kind", "age", "to_status")
        .annotate(number=Count("pk"))
    )
    for band, subject, age, status, number in turned:
        _add(made, band, subject, age, -number if status == CaseStatus.CLOSED else number)
    for turn in moved.turns(actor, hubs, day):
        _add(made, turn.band, turn.subject, _age_of(turn.adopted_on, day), turn.opens)
    return made


@dataclass(slots=True)
class Compared:
    """What stands beside other hubs' figures: what came and went by month, each closing within the days (adopted,
    closed), and of what is open at their end how many, how many for more than six months, how many at high risk."""

    counts: Counts = field(default_factory=Counts)
    closed: Counter[tuple[date, date]] = field(default_factory=Counter)
    open: int = 0
    old: int = 0
    high: int = 0

    @property
    def closings(self) -> list[tuple[date, date]]:
        return list(self.closed.elements())

    def add(self, turn: str, month: date, number: int) -> None:
        """So many more turns of one kind in that month."""
        by_month = self.counts.of(turn)
        by_month[month] = by_month.get(month, 0) + number

    def stand(self, number: int, old: int, high: int) -> None:
        """So many more are open at the end."""
        self.open, self.old, self.high = self.open + number, self.old + old, self.high + high


def compared(actor: Actor, hubs: Iterable[int], first: date, last: date) -> dict[int, Compared]:
    """What `monthly`, `closings` and `made_of` say of hubs side by side, by hub, in three queries: cases and their
    moves are read once, which are many where all hubs are asked."""
    hubs = list(hubs)
    found: defaultdict[int, Compared] = defaultdict(Compared)
    # Adopted so long before that it is among the old ones.
    before = max(until for code, _, _, until in age_bounds(last) if code in _OLD)
    opened = (
        cases_of(actor, hubs)
        .filter(adopted_on__lte=last, hub__isnull=False)
        .values_list("hub", TruncMonth("adopted_on"))
        .annotate(
            number=Count("pk"),
            old=Count("pk", filter=Q(adopted_on__lte=before)),
            high=Count("pk", filter=Q(band__in=_HIGH)),
        )
    )
    for hub, month, number, old, high in opened:
        found[hub].add("adopted", month, number)
        found[hub].stand(number, old, high)
    within = Q(to_status=CaseStatus.CLOSED, on__gte=first)
    turns = (
        turns_of(actor, hubs)
        .filter(on__lte=last, case__hub__isnull=False)
        .annotate(
            adopted=Choose(When(within, then=F("case__adopted_on")), default=None),
            closed=Choose(When(within, then=F("on")), default=None),
        )
        .values_list("case__hub", "to_status", TruncMonth("on"), "adopted", "closed")
        .annotate(
            number=Count("pk"),
            old=Count("pk", filter=Q(case__adopted_on__lte=before)),
            high=Count("pk", filter=Q(case__band__in=_HIGH)),
        )
    )
    for hub, status, month, adopted, closed, number, old, high in turns:
        found[hub].add(status, month, number)
        sign = -1 if status == CaseStatus.CLOSED else 1
        found[hub].stand(sign * number, sign * old, sign * high)
        if closed is not None:
            found[hub].closed[adopted, closed] += number
    for turn in moved.turns(actor, hubs, last):
        one = found[turn.hub]
        one.add(turn.turn, turn.on.replace(day=1), turn.number)
        is_old, is_high = turn.adopted_on <= before, turn.band in _HIGH
        one.stand(turn.opens, turn.opens * is_old, turn.opens * is_high)
        if turn.turn == CaseStatus.CLOSED and turn.on >= first:
            one.closed[turn.adopted_on, turn.on] += turn.number
    return found


def _add(made: Made, band: str, subject: str, age: str, number: int) -> None:
    made.total += number
    for counts, key in ((made.bands, band), (made.subjects, subject), (made.ages, age)):
        counts[key] = counts.get(key, 0) + number


def _age_of(adopted: date, day: date) -> str:
    for code, _, first, last in age_bounds(day):
        if adopted <= last and (first is None or adopted >= first):
            return code
    return ""


def _age(column: str, day: date) -> Choose:
    spans = [
        When(**({f"{column}__gte": first} if first else {f"{column}__lte": last}), then=Value(code))
        for code, _, first, last in age_bounds(day)
    ]
    return Choose(*spans, default=Value(""), output_field=CharField())
