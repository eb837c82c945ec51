"""What stands beside the plan, in lists, files and pages: money, training, consultation, reports, decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum
from django.urls import reverse

from saferhub.foundation.registries import WorkItem
from saferhub.foundation.templatetags.words import count_words
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.plan import access
from saferhub.plan.models import (
    FUNDING_LIFECYCLE,
    Area,
    ConnectedReport,
    Consultation,
    ConsultedGroup,
    CrimeNote,
    Funding,
    FundingReport,
    FundingStatus,
    Objective,
    Training,
)
from saferhub.plan.registries import Beside
from saferhub.plan.rules import support as rules
from saferhub.plan.rules.periods import containing

from .actions import Moved

PER_PAGE = 25
SOON = 28  # days before a bid is due on which it stands in Your work


@dataclass(frozen=True, slots=True)
class Listing:
    """A list beside the plan: its table, how a filter narrows it, how it sorts, and what its file holds. `narrow`: by
    name of the filter the look-up; `day`: the field by which a time narrows it."""

    model: type[Model]
    related: tuple[str, ...]
    filters: tuple[str, ...]
    narrow: Mapping[str, str]
    day: str
    sorts: Mapping[str, str]
    standard: str
    headings: tuple[str, ...]


LISTINGS: Mapping[str, Listing] = {
    "funding": Listing(
        Funding, ("area", "objective"), ("area", "status"), {"area": "area__public_id", "status": "status"},
        "first_day",
        {"title": "title", "amount": "amount", "until": "last_day", "status": "status"}, "-first_day",
        ("Area", "What for", "Funder", "Amount in pounds", "From", "Until", "What it buys", "Who delivers it",
         "Monitoring", "Bid due", "Status", "Spent in pounds"),
    ),
    "training": Listing(
        Training, ("area", "agency"), ("area", "agency", "since", "until"),
        {"area": "area__public_id", "agency": "agency__code"}, "on",
        {"day": "on", "topic": "topic", "count": "count"}, "-on",
        ("Day", "Area", "Topic", "Agency", "Who came", "Who gave it", "How many came", "Answered", "More confident",
         "What changed"),
    ),
    "received": Listing(
        ConnectedReport, ("board", "area"), ("board", "area", "since", "until"),
        {"board": "board__code", "area": "area__public_id"}, "on",
        {"day": "on", "title": "title", "board": "board__name"}, "-on",
        ("Day", "Who reported", "Title", "Heard at", "Area", "What it said", "What follows"),
    ),
    "consultations": Listing(
        Consultation, (), ("kind", "since", "until"), {"kind": "kind"}, "last_day",
        {"day": "first_day", "title": "title", "kind": "kind"}, "-first_day",
        ("From", "Until", "Kind", "Title", "What people said", "What changed", "Made known", "Senior posts there",
         "Groups"),
    ),
    "notes": Listing(
        CrimeNote, ("agency", "area", "by"), ("agency", "area", "since", "until"),
        {"agency": "agency__code", "area": "area__public_id"}, "on",
        {"day": "on", "decision": "decision", "body": "body"}, "-on",
        ("Day", "What was decided", "Who decided", "Agency", "Area", "Likely effects", "What is done", "Noted by"),
    ),
}  # fmt: skip


def rows(actor: Actor, code: str, given: Mapping[str, Any], sort: str = "") -> QuerySet[Any]:
    """The rows of a list that answer to the filters, in the order chosen."""
    listing = LISTINGS[code]
    found = access.visible_to(actor, listing.model).select_related(*listing.related)
    for name, look_up in listing.narrow.items():
        if value := given.get(name):
            found = found.filter(**{look_up: value})
    if since := given.get("since"):
        found = found.filter(**{f"{listing.day}__gte": since})
    if until := given.get("until"):
        found = found.filter(**{f"{listing.day}__lte": until})
    field = listing.sorts.get(sort.removeprefix("-"), "")
    chosen = f"-{field}" if field and sort.startswith("-") else field
    return found.order_by(chosen or listing.standard, "id")


def codes_of(actor: Actor, code: str, name: str) -> set[str]:
    """The codes of the agencies or boards (`name`: of the field) that the rows of a list have. One query."""
    found = access.visible_to(actor, LISTINGS[code].model).order_by().exclude(**{name: None})
    return set(found.values_list(f"{name}__code", flat=True))


def file_lines(actor: Actor, code: str, found: Iterable[Any]) -> Iterator[list[object]]:
    """The rows as lines of a file, the headings first."""
    yield [*LISTINGS[code].headings]
    found = list(found)
    spent = _spent(found) if code == "funding" else {}
    groups = _groups(found) if code == "consultations" else {}
    for one in found:
        yield [*_LINES[code](one, spent, groups)]


def _spent(found: Sequence[Funding]) -> dict[int, Decimal | None]:
    sums = FundingReport.objects.filter(funding__in=[one.pk for one in found]).order_by().values("funding")
    return dict(sums.annotate(total=Sum("spent")).values_list("funding", "total"))


def _groups(found: Sequence[Consultation]) -> dict[int, str]:
    said: dict[int, list[str]] = {}
    for one in ConsultedGroup.objects.filter(consultation__in=[one.pk for one in found]):
        reached = "not known" if one.reached is None else f"{one.reached}"
        said.setdefault(one.consultation_id, []).append(
            f"{one.name}: {reached}{f' ({one.gap})' if one.gap else ''}"
        )
    return {consultation: "; ".join(words) for consultation, words in said.items()}


_LINES: Mapping[str, Any] = {
    "funding": lambda one, spent, _: (
        one.area.name, one.title, one.funder, one.amount, one.first_day, one.last_day, one.buys, one.provider,
        one.monitoring, one.bid_due_on, one.get_status_display(), spent.get(one.pk),
    ),
    "training": lambda one, *_: (
        one.on, one.area.name, one.topic, one.agency.name if one.agency else "", one.audience, one.given_by, one.count,
        one.asked, one.more_confident, one.outcome,
    ),
    "received": lambda one, *_: (
        one.on, one.board.name, one.title, one.received_at, one.area.name if one.area else "", one.words, one.follows,
    ),
    "consultations": lambda one, _, groups: (
        one.first_day, one.last_day, one.get_kind_display(), one.title, one.said, one.changed, one.made_known,
        one.senior_posts, groups.get(one.pk, ""),
    ),
    "notes": lambda one, *_: (
        one.on, one.decision, one.body, one.agency.name if one.agency else "", one.area.name if one.area else "",
        one.effects, one.done, one.by.name,
    ),
}  # fmt: skip


# --- Money ------------------------------------------------------------------------------------------------------


def funding_sums(found: QuerySet[Funding]) -> list[tuple[str, str, int]]:
    """How much is sought, bid for and secured among these: words, pounds, how many. One query."""
    sums = found.order_by().values("status").annotate(total=Sum("amount"), number=Count("id"))
    known = {one["status"]: (one["total"], one["number"]) for one in sums}
    return [
        (label, rules.pounds(known[status][0]), known[status][1])
        for status, label in (
            (FundingStatus.SECURED, "secured"), (FundingStatus.BID, "bid for"), (FundingStatus.WANTED, "sought"),
        )
        if status in known
    ]  # fmt: skip


def spent(funding: Funding, on: date) -> rules.Spent:
    """How much of it was spent over how much of its time. One query."""
    reported = funding.reports.values_list("spent", flat=True)
    return rules.spent_of(funding.amount, reported, funding.first_day, funding.last_day, on)


def funding_history(funding: Funding, actor: Actor) -> list[Moved]:
    """How it came to stand as it does, the latest first. Two queries."""
    moves = list(funding.moves.order_by("-id"))
    names = names_of((one.by for one in moves), actor)
    return [
        Moved(
            one.on, FundingStatus(one.to_status).label, names.get(one.by, "Somebody"), one.reason, "decision"
        )
        for one in moves
    ]


def funding_moves(funding: Funding) -> list[str]:
    """What can become of it next."""
    return [one.value for one in FUNDING_LIFECYCLE.transitions[FundingStatus(funding.status)]]


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Bids that are due soon, for whoever writes the plan. One query."""
    if actor.partnership is None or not access.can_keep_plan(actor):
        return
    waiting = access.visible_to(actor, Funding).filter(status=FundingStatus.WANTED, bid_due_on__isnull=False)
    for one in waiting.order_by("bid_due_on", "id")[:50]:
        if one.bid_due_on is not None and (one.bid_due_on - actor.on).days <= SOON:
            url = reverse("plan-funding-one", args=[one.public_id])
            yield WorkItem(
                kind="plan_bid", kind_words="Bids", title=one.title, url=url, why=f"A bid to {one.funder}",
                due_on=one.bid_due_on, step="Record the bid",
                step_url=reverse("plan-funding-move", args=[one.public_id]),
                note="Plan", rank=6,
            )  # fmt: skip


# --- Training, boards, consultation -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrainedSums:
    """How many trainings, how many came; of those who were asked how many act with more confidence."""

    trainings: int
    came: int
    asked: int
    confident: int

    @property
    def words(self) -> str:
        """ "4 trainings, 96 people came; 41 of 60 who answered act with more confidence"."""
        said = f"{count_words(self.trainings, 'training')}, {count_words(self.came, 'person', 'people')} came"
        if self.asked:
            said += f"; {self.confident} of {self.asked} who answered act with more confidence"
        return said


def training_sums(found: QuerySet[Training]) -> TrainedSums:
    """One query. Somebody who came twice counts twice."""
    answered = Q(asked__isnull=False, more_confident__isnull=False)
    sums = found.order_by().aggregate(
        trainings=Count("id"),
        came=Sum("count"),
        those_asked=Sum("asked", filter=answered),
        confident=Sum("more_confident", filter=answered),
    )
    return TrainedSums(sums["trainings"], sums["came"] or 0, sums["those_asked"] or 0, sums["confident"] or 0)


@dataclass(frozen=True, slots=True)
class BoardHeard:
    """A connected partnership, and when it was heard last."""

    code: str
    name: str
    last: ConnectedReport | None
    is_due: bool


def boards_heard(actor: Actor) -> list[BoardHeard]:
    """The boards that report here as the packs say, those not heard for a year first. Three queries."""
    said = [one for one in in_force.entries(actor.partnership, "boards", actor.on) if one.item.reported_to_us]
    newest: dict[str, ConnectedReport] = {}
    heard = access.visible_to(actor, ConnectedReport).filter(board__code__in=[one.code for one in said])
    for one in heard.select_related("board").order_by("on", "id"):
        newest[one.board.code] = one
    found = [
        BoardHeard(
            one.code,
            one.item.name,
            last := newest.get(one.code),
            last is None or (actor.on - last.on).days > 365,
        )
        for one in said
    ]
    return sorted(found, key=lambda one: (not one.is_due, one.name))


def consultation_gaps(actor: Actor) -> tuple[str, list[str]]:
    """What the consultation of the year that runs still lacks: the year's words, and a sentence for each. Two
    queries."""
    year = containing("year", actor.on)
    held = access.visible_to(actor, Consultation).filter(last_day__range=(year.first, year.last))
    groups: dict[int, list[tuple[str, int | None, str]]] = {}
    for one in ConsultedGroup.objects.filter(consultation__in=held):
        groups.setdefault(one.consultation_id, []).append((one.name, one.reached, one.gap))
    consulted = [
        rules.Consulted(
            one.kind,
            one.last_day,
            bool(one.made_known),
            bool(one.senior_posts),
            tuple(groups.get(one.pk, ())),
        )
        for one in held
    ]
    return year.words, rules.consultation_gaps(consulted, first=year.first, last=year.last)


# --- Beside an area, and what forms offer ------------------------------------------------------------------------


def beside_area(actor: Actor, area: Area, on: date) -> list[Beside]:
    """What stands beside an area of the plan, where there is any. Four queries."""
    found = []
    money = access.visible_to(actor, Funding).filter(area=area)
    if sums := funding_sums(money):
        words = ", ".join(f"{pounds} {label}" for label, pounds, _ in sums)
        found.append(Beside("Funding", words, f"{reverse('plan-funding')}?area={area.public_id}"))
    trained = training_sums(access.visible_to(actor, Training).filter(area=area))
    if trained.trainings:
        found.append(Beside("Training", trained.words, f"{reverse('plan-training')}?area={area.public_id}"))
    heard = access.visible_to(actor, ConnectedReport).filter(area=area).count()
    if heard:
        url = f"{reverse('plan-reports-received')}?area={area.public_id}"
        found.append(Beside("Reports received", count_words(heard, "report"), url))
    notes = access.visible_to(actor, CrimeNote).filter(area=area).count()
    if notes:
        url = f"{reverse('plan-crime-notes')}?area={area.public_id}"
        found.append(Beside("Decisions", count_words(notes, "note"), url))
    return found


def areas_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The areas of the plan: those that stand today, then those that have ended or belong to other years. One query."""
    rows = access.visible_to(actor, Area).select_related("strategy")
    found = list(rows.order_by("-strategy__first_day", "number", "id"))
    standing = [one for one in found if _stands(one, actor.on)]
    others = [one for one in found if not _stands(one, actor.on)]
    return [
        *((one.public_id, one.name) for one in standing),
        *((one.public_id, f"{one.name} ({one.strategy.name})") for one in others),
    ]


def _stands(area: Area, on: date) -> bool:
    is_open = area.valid_until is None or area.valid_until >= on
    return is_open and area.strategy.first_day <= on <= area.strategy.last_day


def objectives_on_offer(
    actor: Actor, kept: Objective | None = None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """The objectives that stand today, under their areas, and the one that a record has already. One query."""
    stands = Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on)
    standing = access.visible_to(actor, Objective).filter(stands | Q(pk=kept.pk) if kept else stands)
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in standing.select_related("area").order_by("area__number", "order", "id"):
        groups.setdefault(one.area.name, []).append((one.public_id, one.words))
    return list(groups.items())
