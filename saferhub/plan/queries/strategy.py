"""The plan as it stood on a day: areas and objectives in force, the year's actions, how each stood then.

Today's status is the last move of its actions; an earlier day's is the last move up to it. So one page shows any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import (
    ActionPlan,
    Area,
    Milestone,
    Objective,
    PlanAction,
    PlanActionMove,
    PlanStatus,
    Strategy,
    YearMove,
    YearStatus,
)
from saferhub.plan.registries import MEASURES, AreaMeasures
from saferhub.plan.rules import actions as rules
from saferhub.plan.rules.strategy import review_opens, year_words, years_of

from .areas import worded_on


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An action as it stood on the day of the page."""

    action: PlanAction
    status: str
    state: rules.State
    counts_as: str
    next_step: Milestone | None = None


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective in force on the day, its actions of the year, and its measures."""

    objective: Objective
    actions: Sequence[ActionLine]
    measures: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area in force on the day, and how it stands as a whole."""

    area: Area
    objectives: Sequence[ObjectiveLine]
    overall: rules.State
    strip: Sequence[str]
    strip_words: str
    late: int
    measures: AreaMeasures | None = None

    @property
    def actions(self) -> list[ActionLine]:
        """The actions of all its objectives, in the order of their numbers."""
        found = [one for objective in self.objectives for one in objective.actions]
        return sorted(found, key=lambda one: rules.number_key(one.action.number))


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year of the strategy: its plan on the day, where it was drafted by then."""

    number: int
    words: str
    first_day: date
    last_day: date
    plan: ActionPlan | None
    status: str


@dataclass(frozen=True, slots=True)
class PlanOn:
    """Everything that the page of the plan shows."""

    strategy: Strategy
    day: date
    years: Sequence[YearLine]
    year: YearLine | None
    areas: Sequence[AreaLine] = ()
    states: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_agreed(self) -> bool:
        return self.strategy.agreed_on is not None and self.strategy.agreed_on <= self.day

    @property
    def year_words(self) -> str:
        """ "Year 1 of 3, 2018-19"."""
        return f"Year {self.year.number} of {len(self.years)}, {self.year.words}" if self.year else ""

    @property
    def has_measures(self) -> bool:
        return any(one.measures is not None for one in self.areas)

    @property
    def attention(self) -> list[str]:
        """The names of the areas that are off track or at risk."""
        return [one.area.name for one in self.areas if one.overall.mark in ("off_track", "at_risk")]

    @property
    def needs_attention(self) -> AreaLine | None:
        """The area that stands worst, the first of several."""
        worst = ("off_track", "at_risk", "not_started", "on_track", "done", "no_target")
        return min(self.areas, key=lambda one: worst.index(one.overall.mark), default=None)


def strategies(actor: Actor) -> list[Strategy]:
    """The strategies of the actor's partnership, the latest first. One query."""
    return list(access.visible_to(actor, Strategy).order_by("-first_day", "id"))


def strategy_on(found: Sequence[Strategy], day: date) -> Strategy | None:
    """Of these the one whose years hold the day; else the last that began before it; else the first to come."""
    begun = [one for one in found if one.first_day <= day]
    held = [one for one in begun if one.last_day >= day]
    return next(iter(held or begun), found[-1] if found else None)


def plan_on(
    actor: Actor, strategy: Strategy, day: date, *, plan: ActionPlan | None = None, with_measures: bool = True
) -> PlanOn:
    """The plan as it stood on a day: its year of that day, or the year given. What is still to come today,
    a strategy or a year of it, is shown as it will begin. Nine queries, ten of an earlier day, however large it is."""
    years = year_lines(strategy, day)
    at = day
    if plan is not None or day >= actor.on:
        at = max(day, plan.first_day if plan is not None else strategy.first_day)
    if plan is not None:
        year = next((one for one in years if one.first_day == plan.first_day), None)
        # A year that was asked for is shown even where its dates lie ahead.
        year = replace(year, plan=plan, status=year.status or plan.status) if year else None
    else:
        year = next((one for one in years if one.first_day <= at <= one.last_day), None)
    since = min(year.first_day, at) if year else at
    held = Q(valid_from__lte=at) & (Q(valid_until__isnull=True) | Q(valid_until__gte=since))
    areas = list(strategy.areas.filter(held).select_related("lead_agency", "led_by").order_by("number", "id"))
    if day < actor.on:
        areas = worded_on(areas, day)
    objectives = _newest(
        Objective.objects.filter(held, area__in=[one.pk for one in areas]).order_by("valid_from", "id")
    )
    lines = action_lines(year.plan, day, is_today=day >= actor.on) if year and year.plan else []
    measures: dict[int, AreaMeasures] = {}
    if with_measures:
        for provider in MEASURES:
            measures.update(provider(actor, areas, day))
    by_objective: dict[tuple[int, str], list[ActionLine]] = {}
    for line in lines:
        objective = line.action.objective
        by_objective.setdefault((objective.area_id, objective.code), []).append(line)
    found = [
        _area_line(
            area,
            [one for one in objectives if one.area_id == area.pk],
            by_objective,
            measures.get(area.pk),
            at,
        )
        for area in areas
    ]
    # What ended within the year stands as long as it had something to do in it.
    found = [one for one in found if one.actions or _stands(one.area, at)]
    states: dict[str, int] = {
        code: sum(line.counts_as == code for line in lines)
        for code in (PlanStatus.OFF_TRACK, PlanStatus.AT_RISK, PlanStatus.ON_TRACK, PlanStatus.NOT_STARTED,
                     PlanStatus.DONE, PlanStatus.STOPPED)
    }  # fmt: skip
    return PlanOn(strategy, day, years, year, found, states)


def _stands(one: Area | Objective, day: date) -> bool:
    return one.valid_until is None or one.valid_until >= day


def _newest(rows: Iterable[Objective]) -> list[Objective]:
    """Of each chain of words the last, in the order of the plan."""
    newest = {(one.area_id, one.code): one for one in rows}
    return sorted(newest.values(), key=lambda one: (one.order, one.pk))


def _area_line(
    area: Area,
    objectives: Sequence[Objective],
    by_objective: Mapping[tuple[int, str], Sequence[ActionLine]],
    measures: AreaMeasures | None,
    day: date,
) -> AreaLine:
    """An action of an objective in other words stands with the words of the day: the chain has one code."""
    lines = [
        ObjectiveLine(
            one,
            by_objective.get((area.pk, one.code), ()),
            measures.by_objective.get(one.code, ()) if measures else (),
        )
        for one in objectives
        if _stands(one, day) or (area.pk, one.code) in by_objective
    ]
    actions = sorted(
        (action for line in lines for action in line.actions),
        key=lambda one: rules.number_key(one.action.number),
    )
    counted = [one.counts_as for one in actions]
    order = {code: place for place, code in enumerate(rules.STRIP_ORDER)}
    return AreaLine(
        area=area,
        objectives=lines,
        overall=rules.overall(counted),
        strip=sorted(counted, key=lambda code: order[PlanStatus(code)]),
        strip_words=rules.strip_words(counted),
        late=sum(one.state.is_late for one in actions),
        measures=measures,
    )


def year_lines(strategy: Strategy, day: date) -> list[YearLine]:
    """The years of a strategy, the first first, each as it stood on the day. Two queries."""
    plans = {one.first_day: one for one in strategy.years.all()}
    # In the order in which they were recorded: an agreement may lie before the day on which its year was begun here.
    moves = YearMove.objects.filter(plan__in=[one.pk for one in plans.values()], on__lte=day).order_by("id")
    status = {one.plan_id: one.to_status for one in moves}
    found = []
    for number, (first, last) in enumerate(years_of(strategy.first_day, strategy.last_day), start=1):
        plan = plans.get(first)
        stood = status.get(plan.pk, "") if plan else ""
        found.append(YearLine(number, year_words(first, last), first, last, plan if stood else None, stood))
    return found


def action_lines(plan: ActionPlan, day: date, *, is_today: bool) -> list[ActionLine]:
    """The actions of a year as they stood on a day, in order; those planned later are not there. Three queries, two
    where the day is today."""
    rows = list(
        plan.actions.select_related("objective", "objective__area", "lead_agency", "lead").order_by("id")
    )
    stood = {one.pk: one.status for one in rows} if is_today else stood_on(rows, day)
    steps: dict[int, Milestone] = {}
    waiting = Milestone.objects.filter(action__plan=plan, done_on__isnull=True, dropped_why="")
    for step in waiting.order_by("-due_on", "-id"):
        steps[step.action_id] = step
    lines = [
        ActionLine(
            one,
            stood[one.pk],
            rules.state_of(stood[one.pk], one.due_on, day),
            rules.counts_as(stood[one.pk], one.due_on, day),
            steps.get(one.pk) if stood[one.pk] not in rules.CLOSED else None,
        )
        for one in rows
        if one.pk in stood
    ]
    return sorted(lines, key=lambda one: rules.number_key(one.action.number))


def stood_on(rows: Iterable[PlanAction], day: date) -> dict[int, str]:
    """How each of these stood on a day, by its number; one that was planned later is not there. One query."""
    moves = PlanActionMove.objects.filter(action__in=[one.pk for one in rows], on__lte=day).order_by(
        "on", "id"
    )
    return {one.action_id: one.to_status for one in moves}


@dataclass(frozen=True, slots=True)
class Ended:
    """An area, or the words of an objective, that do not stand any more."""

    what: str
    words: str
    first_day: date
    last_day: date
    why: str
    followed_by: str = ""


def ended_in(area: Area, day: date) -> list[Ended]:
    """The objectives of an area that ended before the day or had other words, the latest first. One query."""
    rows = list(area.objectives.order_by("-valid_until", "order", "id"))
    after = {one.follows_id: one.words for one in rows if one.follows_id}
    return [
        Ended("Objective", one.words, one.valid_from, one.valid_until, one.ended_why, after.get(one.pk, ""))
        for one in rows
        if one.valid_until is not None and one.valid_until < day
    ]


def coming_in(area: Area, day: date) -> list[Objective]:
    """The objectives of an area, or their other words, that begin after the day, the first first. One query."""
    return list(area.objectives.filter(valid_from__gt=day).order_by("valid_from", "order", "id"))


def is_review_time(year: YearLine, on: date) -> bool:
    """Whether a year is to be reviewed: agreed, and in its last weeks or over."""
    return year.status == YearStatus.IN_FORCE and on >= review_opens(year.last_day)
