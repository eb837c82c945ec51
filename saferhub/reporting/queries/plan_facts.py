"""What a report says of the plan: its areas, objectives and actions as they stood on a day.

Where the partnership has begun its plan the rows say it, each with its dates; before that the packs do. How an action
or a funding stood on a day is its last move up to it; one without any was not there yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from saferhub.foundation.one_page import once
from saferhub.partnership.models import Agency, Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.in_force import InForce
from saferhub.plan.models import (
    ActionPlan,
    Area,
    Funding,
    FundingMove,
    FundingStatus,
    Objective,
    PlanAction,
    PlanActionMove,
    PlanStatus,
    Strategy,
    YearMove,
    YearStatus,
)
from saferhub.plan.queries.areas import worded_on
from saferhub.plan.rules.strategy import year_words, years_of


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """The plan on a day. `entry`: what the pack says of it, None for one that the partnership began itself;
    `agreed_on`: None while it is being written; `is_of_pack`: nobody has begun it here, so that the pack alone tells
    of it."""

    name: str
    first: date
    last: date
    agreed_on: date | None
    agreed_where: str
    entry: InForce | None
    is_of_pack: bool = False


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area of the plan on a day. `entry`: the pack's priority, where it comes from there; `objectives`: code and
    words; `lead_agency` and `led_by`: names, "" for none."""

    code: str
    number: int
    name: str
    what: str
    lead_post: str
    lead_agency: str
    objectives: tuple[tuple[str, str], ...]
    entry: InForce | None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class ActionFacts:
    """An action of a year on a day. `status`: None where the plan has not been begun, so that nothing is known."""

    number: str
    area: str
    what: str
    lead: str
    due: date
    status: PlanStatus | None
    public_id: str = ""


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The action plan of a year: its days, whether it is agreed, its actions."""

    first: date
    last: date
    is_agreed: bool
    actions: tuple[ActionFacts, ...]
    row: int | None = None

    @property
    def words(self) -> str:
        """ "2018-19"; "2018" for a year that is a calendar year."""
        return year_words(self.first, self.last)


def partnership_of(number: int) -> Partnership:
    """The partnership of this number. Raises DoesNotExist."""
    return once(("reporting_partnership", number), lambda: Partnership.objects.get(pk=number))


def scrutiny_committee(partnership: Partnership, day: date) -> str:
    """What the packs call the committee that scrutinises the partnership; "" where they name none."""
    itself = next(iter(in_force.entries(partnership, "partnership", day)), None)
    code = itself.item.scrutiny_board if itself is not None else None
    board = in_force.entry(partnership, "boards", code, day) if code else None
    return str(board.item.name) if board is not None else ""


def plan_on(partnership: Partnership, day: date) -> PlanFacts | None:
    """The plan that holds a day: the newest of those whose years it lies in. Three queries at most; none where the page
    has asked before, as for its areas and years."""
    return once(("reporting_plan", partnership.pk, day), lambda: _plan_on(partnership, day))


def _plan_on(partnership: Partnership, day: date) -> PlanFacts | None:
    entries = {one.code: one for one in in_force.entries(partnership, "strategy", day)}
    row = (
        Strategy.objects.filter(partnership=partnership, first_day__lte=day, last_day__gte=day)
        .order_by("-first_day", "-id")
        .first()
    )
    if row is not None:
        agreed = row.agreed_on if row.agreed_on is not None and row.agreed_on <= day else None
        where = row.agreed_where if agreed is not None else ""
        return PlanFacts(row.name, row.first_day, row.last_day, agreed, where, entries.get(row.code))
    for entry in entries.values():
        item = entry.item
        if item.first_day <= day <= item.last_day:
            agreed = next(
                (one.day for one in item.states if one.state == "in_force" and one.day <= day), None
            )
            return PlanFacts(item.name, item.first_day, item.last_day, agreed, "", entry, is_of_pack=True)
    return None


def areas_on(partnership: Partnership, day: date) -> list[AreaFacts]:
    """The areas of the plan on a day, in their order, called as they were then. Six queries at most."""
    return list(once(("reporting_areas", partnership.pk, day), lambda: _areas_on(partnership, day)))


def _areas_on(partnership: Partnership, day: date) -> list[AreaFacts]:
    said = {one.code: one for one in in_force.entries(partnership, "priorities", day)}
    plan = plan_on(partnership, day)
    rows: list[Any] = list(
        Area.objects.in_force_on(day)
        .filter(partnership=partnership, strategy__first_day__lte=day, strategy__last_day__gte=day)
        .select_related("lead_agency")
        .order_by("number", "id")
    )
    if rows:
        rows = worded_on(rows, day)
        words: dict[int, list[tuple[str, str]]] = {}
        found: Any = Objective.objects.in_force_on(day).filter(area__in=rows)
        for one in found.order_by("order", "id"):
            words.setdefault(one.area_id, []).append((one.code, one.words))
        return [
            AreaFacts(
                row.code, row.number, row.name, row.what, row.lead_post,
                row.lead_agency.name if row.lead_agency else "", tuple(words.get(row.pk, ())), said.get(row.code),
                row.pk,
            )
            for row in rows
        ]  # fmt: skip
    agencies = _agencies(partnership)
    codes = list(said)
    if plan is not None:
        codes = plan.entry.item.priorities if plan.entry is not None else []
    return [
        AreaFacts(
            code, item.number, item.name, item.what, item.lead_post, agencies.get(item.lead_agency or "", ""),
            tuple((one.id, one.words) for one in item.objectives), said[code],
        )
        for code in codes
        if code in said and (item := said[code].item)
    ]  # fmt: skip


def area_on(partnership: Partnership, day: date, code: str) -> AreaFacts | None:
    """One area by its code; None where the plan of that day has none of it."""
    return next((one for one in areas_on(partnership, day) if one.code == code), None)


def year_on(partnership: Partnership, day: date) -> YearFacts | None:
    """The action plan of the year that a day lies in; None where there are no actions for it. One that was begun after
    the day was not there: of that day the pack tells. Four queries at most."""
    return once(("reporting_year", partnership.pk, day), lambda: _year_on(partnership, day))


def _year_on(partnership: Partnership, day: date) -> YearFacts | None:
    begun = YearMove.objects.filter(plan=OuterRef("pk"), on__lte=day)
    plan = (
        ActionPlan.objects.filter(
            Exists(begun), partnership=partnership, first_day__lte=day, last_day__gte=day
        )
        .order_by("-first_day")
        .first()
    )
    if plan is not None:
        return year_of(plan, day)
    found = plan_on(partnership, day)
    if found is None:
        return None
    first, last = next(
        (one for one in years_of(found.first, found.last) if one[0] <= day <= one[1]),
        (found.first, found.last),
    )
    agencies = _agencies(partnership)
    actions = tuple(
        ActionFacts(item.number, item.priority, item.what, _lead(item.lead_post, agencies.get(item.lead_agency, "")),
                    item.due, None)
        for one in in_force.entries(partnership, "plan_actions", day)
        if (item := one.item).year == first.year
    )  # fmt: skip
    return YearFacts(first, last, found.agreed_on is not None, _ordered(actions)) if actions else None


def year_before(partnership: Partnership, day: date) -> YearFacts | None:
    """The newest year whose last day is past, as it stood on a day. Three queries at most."""
    return once(("reporting_year_before", partnership.pk, day), lambda: _year_before(partnership, day))


def _year_before(partnership: Partnership, day: date) -> YearFacts | None:
    plan = ActionPlan.objects.filter(partnership=partnership, last_day__lt=day).order_by("-last_day").first()
    return year_of(plan, day) if plan is not None else None


def year_of(plan: ActionPlan, day: date) -> YearFacts | None:
    """A year's action plan as it stood on a day; None where it had no actions. An action that was planned after the
    day was not there. Two queries."""
    moved = PlanActionMove.objects.filter(action=OuterRef("pk"), on__lte=day).order_by("-on", "-id")
    rows = (
        PlanAction.objects.filter(plan=plan)
        .select_related("lead_agency", "objective__area")
        .annotate(stood=Subquery(moved.values("to_status")[:1]))
        .exclude(stood=None)
    )
    agreed = plan.moves.filter(Q(to_status=YearStatus.IN_FORCE), on__lte=day).exists()
    actions = [
        ActionFacts(
            row.number, row.objective.area.code, row.what, _lead(row.lead_post, row.lead_agency.name), row.due_on,
            PlanStatus(row.stood), row.public_id,
        )
        for row in rows
    ]  # fmt: skip
    if not actions:
        return None
    return YearFacts(plan.first_day, plan.last_day, agreed, _ordered(actions), plan.pk)


@dataclass(frozen=True, slots=True)
class FundingFacts:
    """Money sought or had on a day. `amount`: pounds; None where it was not known then. `is_amount_lost`: it has moved
    on since, and what was sought on the day is not kept."""

    title: str
    buys: str
    provider: str
    funder: str
    area: str
    status: FundingStatus
    amount: Decimal | None
    is_amount_lost: bool
    public_id: str

    @property
    def is_had(self) -> bool:
        return self.status in _HAD


# Where money was once secured its amount stays, whatever came after.
_HAD = (FundingStatus.SECURED, FundingStatus.ENDED)


def fundings_on(partnership: Partnership, day: date, since: date) -> list[FundingFacts]:
    """The money that was sought or had on a day and did not run out before `since`, by area. A bid that was refused by
    then is none. Two queries."""
    moved = FundingMove.objects.filter(funding=OuterRef("pk"), on__lte=day).order_by("-on", "-id")
    rows = list(
        Funding.objects.filter(partnership=partnership)
        .annotate(stood=Subquery(moved.values("to_status")[:1]))
        .exclude(stood=None)
        .exclude(stood=FundingStatus.REFUSED)
        .exclude(last_day__lt=since)
        .exclude(first_day__gt=day, stood=FundingStatus.ENDED)
        .select_related("area")
        .order_by("area__number", "id")
    )
    areas = {one.pk: one.name for one in worded_on([row.area for row in rows], day)}
    found = []
    for row in rows:
        is_lost = row.stood not in _HAD and row.stood != row.status
        found.append(
            FundingFacts(
                row.title, row.buys, row.provider, row.funder, areas[row.area_id], FundingStatus(row.stood),
                None if is_lost else row.amount, is_lost, row.public_id,
            )
        )  # fmt: skip
    return found


def _ordered(actions: Sequence[ActionFacts]) -> tuple[ActionFacts, ...]:
    return tuple(
        sorted(actions, key=lambda one: [int(part) for part in one.number.split(".") if part.isdigit()])
    )


def _lead(post: str, agency: str) -> str:
    return f"{post}, {agency}" if agency else post


def _agencies(partnership: Partnership) -> dict[str, str]:
    return dict(Agency.objects.filter(partnership=partnership).values_list("code", "name"))


# --- Where facts of packs come from ----------------------------------------------------------------------------


def sources_of(partnership: Partnership, entries: Sequence[InForce]) -> tuple[str, ...]:
    """The sources of what the packs say, each once; what is invented or general knowledge says so. One query."""
    if not entries:
        return ()
    unique = list({(one.section, one.code): one for one in entries}.values())
    lines: list[str] = []
    gathered: dict[str, list[str]] = {start: [] for start in _GATHERED}
    for text in (one.text.rstrip(".") for one in Citations(partnership).gathered(unique)):
        start = next((one for one in _GATHERED if text.startswith(f"{one}: ")), "")
        (gathered[start] if start else lines).append(text.removeprefix(f"{start}: "))
    lines += [
        f"{start}: {'; '.join(_lower_first(one) for one in found)}"
        for start, found in gathered.items()
        if found
    ]
    return tuple(_sentence(one) for one in lines)


# Sources of one kind stand in one line.
_GATHERED = ("General knowledge", "Invented")


def _lower_first(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def provenance_of(
    partnership: Partnership, section: str, entries: Sequence[InForce], day: date
) -> dict[str, Any]:
    """Where a number comes from that was counted in the packs: section, entries, the day, the release."""
    releases = sorted({f"{one.release.pack} {one.release.version}" for one in entries})
    return {
        "section": section,
        "entries": [one.code for one in entries],
        "value": len(entries),
        "as_of": day.isoformat(),
        "packs": releases,
    }
