"""One action with all that was said of it, and the list of the actions of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Board, Membership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.members import names_of
from saferhub.plan import access
from saferhub.plan.models import (
    ActionPlan,
    ActionUpdate,
    Measure,
    MeasureVersion,
    Milestone,
    Objective,
    PlanAction,
    PlanStatus,
    RolledAs,
    Strategy,
)
from saferhub.plan.rules import actions as rules
from saferhub.plan.rules.strategy import year_words
from saferhub.plan.rules.updates import quarter_words

from .strategy import ActionLine, action_lines

PER_PAGE = 30
SORTS = ("number", "due", "lead", "status")


@dataclass(frozen=True, slots=True)
class Told:
    """An update: the newest words on a quarter, and how often they were said otherwise before."""

    update: ActionUpdate
    quarter: str
    state: rules.State
    by: str
    before: Sequence[ActionUpdate] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """One step of an action's history, in words."""

    on: date
    words: str
    by: str
    reason: str
    kind: str


def told(action: PlanAction, actor: Actor) -> list[Told]:
    """What was said of an action, the latest quarter first; unanswered asks are not there. Two queries."""
    rows = [one for one in action.updates.order_by("-quarter", "-id") if one.on is not None]
    names = names_of((one.by for one in rows), actor)
    quarters: dict[date, list[ActionUpdate]] = {}
    for one in rows:
        quarters.setdefault(one.quarter, []).append(one)
    return [
        Told(
            newest := own[0],
            quarter_words(quarter),
            rules.State(newest.status, PlanStatus(newest.status).label),
            names.get(newest.by, "Somebody"),
            own[1:],
        )
        for quarter, own in quarters.items()
    ]


def history(action: PlanAction, actor: Actor) -> list[Moved]:
    """How the action came to stand as it does, the latest first. Two queries."""
    rows = list(action.moves.order_by("-id"))
    names = names_of((one.by for one in rows if one.by), actor)
    found = []
    for one in rows:
        after = PlanStatus(one.to_status).label
        if not one.from_status:
            words = "Planned"
        elif one.from_status == one.to_status:
            words = "Changed"
        else:
            words = f"{PlanStatus(one.from_status).label} to {after[0].lower()}{after[1:]}"
        kind = "risk" if one.to_status in (PlanStatus.AT_RISK, PlanStatus.OFF_TRACK) else "decision"
        found.append(
            Moved(
                one.on, words, names.get(one.by, "Somebody") if one.by else "From the pack", one.reason, kind
            )
        )
    return found


def milestones(action: PlanAction, on: date) -> list[tuple[Milestone, rules.State]]:
    """The milestones of an action, the first due first, and how each stands. One query."""
    return [
        (one, rules.milestone_state(one.due_on, one.done_on, one.dropped_why, on))
        for one in action.milestones.order_by("due_on", "id")
    ]


def carried(action: PlanAction) -> list[tuple[PlanAction, str, str]]:
    """The same action in the years before and after: it, the year's words, and which of the two. Two queries."""
    found = []
    if action.rolled_from is not None:
        plan = action.rolled_from.plan
        found.append((action.rolled_from, year_words(plan.first_day, plan.last_day), "before"))
    for one in action.rolled_to.select_related("plan"):
        found.append((one, year_words(one.plan.first_day, one.plan.last_day), "after"))
    return found


def lead_words(action: PlanAction) -> str:
    """Who leads: the person where one is named, else the post."""
    return action.lead.name if action.lead else action.lead_post


# --- The list ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the reader chose: codes, public_ids, and the order."""

    area: str = ""
    status: str = ""
    agency: str = ""
    whose: str = ""
    sort: str = ""


def lines(actor: Actor, plan: ActionPlan, narrowed: Narrowed, on: date) -> list[ActionLine]:
    """The actions of a year that answer to the filters. Four queries at most."""
    found = action_lines(plan, on, is_today=on >= actor.on)
    if narrowed.whose == "mine":
        own = set(
            access.visible_to(actor, PlanAction)
            .filter(access.led_by(actor), plan=plan)
            .values_list("pk", flat=True)
        )
        found = [one for one in found if one.action.pk in own]
    if narrowed.area:
        found = [one for one in found if one.action.objective.area.public_id == narrowed.area]
    if narrowed.agency:
        found = [one for one in found if one.action.lead_agency.code == narrowed.agency]
    if narrowed.status == "late":
        found = [one for one in found if one.state.is_late]
    elif narrowed.status == "open":
        found = [one for one in found if one.status not in rules.CLOSED]
    elif narrowed.status:
        found = [one for one in found if one.counts_as == narrowed.status]
    return _sorted(found, narrowed.sort)


def _sorted(found: list[ActionLine], sort: str) -> list[ActionLine]:
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    order = {code: place for place, code in enumerate(reversed(rules.STRIP_ORDER))}
    keys: dict[str, Callable[[ActionLine], Any]] = {
        "due": lambda one: (one.action.due_on, rules.number_key(one.action.number)),
        "lead": lambda one: (one.action.lead_agency.name, rules.number_key(one.action.number)),
        "status": lambda one: (order[PlanStatus(one.counts_as)], rules.number_key(one.action.number)),
        "number": lambda one: rules.number_key(one.action.number),
    }
    return sorted(found, key=keys.get(name, keys["number"]), reverse=falling)


HEADINGS = (
    "Number", "Area", "Objective", "Action", "Lead agency", "Lead", "Partners", "Resources", "Begins", "Due",
    "Baseline",
    "Target", "Measure", "Status", "Status since the rule", "Newest update", "Evidence", "Review decided", "Why",
)  # fmt: skip


def file_lines(plan: ActionPlan, found: Sequence[ActionLine]) -> Iterator[list[object]]:
    """These actions as lines of a file, the headings first. Two queries."""
    yield [*HEADINGS]
    partners: dict[int, list[str]] = {}
    pairs = PlanAction.partners.through.objects.filter(action__plan=plan)  # type: ignore[attr-defined]
    for action, name in pairs.order_by("agency__name").values_list("action_id", "agency__name"):
        partners.setdefault(action, []).append(name)
    newest: dict[int, str] = {}
    said = ActionUpdate.objects.filter(action__plan=plan, on__isnull=False)
    for action, words in said.order_by("quarter", "id").values_list("action_id", "words"):
        newest[action] = words
    for one in found:
        action = one.action
        yield [
            action.number, action.objective.area.name, action.objective.words, action.what, action.lead_agency.name,
            lead_words(action), ", ".join(partners.get(action.pk, ())), action.resources, action.starts_on,
            action.due_on,
            action.baseline, action.target, action.measure, PlanStatus(one.status).label, rules.RULES[one.counts_as],
            newest.get(action.pk, ""), action.evidence,
            RolledAs(action.rolled_as).label if action.rolled_as else "", action.rolled_why,
        ]  # fmt: skip


# --- What forms offer -------------------------------------------------------------------------------------------


def areas_of(plan: ActionPlan) -> list[tuple[str, str]]:
    """The areas that a year's actions belong to or may belong to, with their numbers. One query."""
    rows = plan.strategy.areas.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=plan.first_day))
    return [(one.public_id, f"{one.number}. {one.name}") for one in rows.order_by("number", "id")]


def lead_agencies_of(plan: ActionPlan) -> set[str]:
    """The codes of the agencies that lead a year's actions. One query."""
    return set(plan.actions.order_by().values_list("lead_agency__code", flat=True))


def objectives_on_offer(strategy: Strategy, day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The objectives that stand on a day, under their areas. One query."""
    rows: Any = Objective.objects.in_force_on(day).filter(area__strategy=strategy).select_related("area")
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in rows.order_by("area__number", "order", "id"):
        groups.setdefault(f"{one.area.number}. {one.area.name}", []).append((one.public_id, one.words))
    return list(groups.items())


def agencies_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The partnership's agencies by name. One query."""
    return list(
        Agency.objects.filter(partnership=actor.partnership).order_by("name").values_list("code", "name")
    )


def boards_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The boards and groups that the partnership knows, by name. One query."""
    return list(
        Board.objects.filter(partnership=actor.partnership).order_by("name").values_list("code", "name")
    )


def agencies_today(actor: Actor, *keep: str) -> list[tuple[str, str]]:
    """The agencies that stand today, and those of the codes that a record or a list has already. Two queries."""
    codes = {one.code for one in in_force.entries(actor.partnership, "agencies", actor.on)} | set(keep)
    return [one for one in agencies_on_offer(actor) if one[0] in codes]


def boards_today(actor: Actor, *keep: str) -> list[tuple[str, str]]:
    """The same of boards and groups."""
    codes = {one.code for one in in_force.entries(actor.partnership, "boards", actor.on)} | set(keep)
    return [one for one in boards_on_offer(actor) if one[0] in codes]


def people_on_offer(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who works in the partnership today, under their agencies. One query."""
    held = Membership.objects.in_force_on(actor.on).filter(
        partnership=actor.partnership, user__status="active"
    )
    rows = held.order_by("unit__agency__name", "user__name").values_list(
        "unit__agency__name", "user__public_id", "user__name"
    )
    groups: dict[str, dict[str, str]] = {}
    for agency, person, name in rows:
        groups.setdefault(agency, {})[person] = name
    return [(agency, list(people.items())) for agency, people in groups.items()]


def measures_on_offer(actor: Actor) -> list[tuple[str, str]]:
    """The measures that the partnership keeps, by name. Two queries."""
    kept = access.visible_to(actor, Measure).filter(ended_on__isnull=True)
    names = measure_names(kept)
    return sorted(names.items(), key=lambda pair: pair[1])


def measure_names(measures: Iterable[Measure]) -> dict[str, str]:
    """What measures are called now, by code."""
    rows = MeasureVersion.objects.filter(measure__in=[one.pk for one in measures]).order_by("number")
    return dict(rows.values_list("measure__code", "name"))


def measure_of(actor: Actor, action: PlanAction) -> tuple[str, str] | None:
    """The name and public_id of the measure that shows an action, where the partnership keeps it. Two queries."""
    if not action.measure:
        return None
    measure = access.visible_to(actor, Measure).filter(code=action.measure).first()
    if measure is None:
        return None
    return measure_names([measure]).get(measure.code, measure.code), measure.public_id
