"""Beginning the plan from the pack: its strategies, areas, objectives, and the actions that it drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Board, Partnership
from saferhub.partnership.packs.local import Priority
from saferhub.partnership.packs.local import Strategy as StrategyItem
from saferhub.partnership.queries import in_force
from saferhub.plan import access
from saferhub.plan.models import (
    ActionPartner,
    ActionPlan,
    Area,
    Milestone,
    Objective,
    PlanAction,
    PlanActionMove,
    PlanStatus,
    Strategy,
    YearStatus,
)
from saferhub.plan.pack_sections import PlanActionItem
from saferhub.plan.rules import strategy as rules

from .years import make_year


@transaction.atomic
def begin_from_pack(*, partnership: Partnership, by: Actor | None, on: date) -> list[Strategy]:
    """Put into the plan what the pack in force says and the plan does not have yet: strategies that have not ended,
    their areas and objectives, the year of `on` as a draft, and the actions that the pack drafts for it.

    Done twice it does nothing the second time; what the partnership changed stays as it is. `by` None: the system.
    Returns the strategies that it began or added to. Raises NotAllowed unless the actor writes the plan.
    """
    if by is not None:
        access.check_can_keep_plan(by)
        if by.partnership != partnership:
            raise Refusal("another_partnership", "This is another partnership’s plan.")
    # Two who begin it at once take turns.
    Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)
    said = in_force.sections(partnership, ["strategy", "priorities", "plan_actions"], on)
    priorities = {one.code: one.item for one in said["priorities"]}
    drafted: dict[str, PlanActionItem] = {one.code: one.item for one in said["plan_actions"]}
    touched = []
    for entry in said["strategy"]:
        item: StrategyItem = entry.item
        if item.last_day < on:
            continue
        strategy, new = _strategy(partnership, entry.code, item)
        counts: dict[str, Any] = _areas(
            strategy, [(code, priorities[code]) for code in item.priorities if code in priorities]
        )
        counts["actions"] = _years(strategy, list(drafted.values()), on=on, by=by)
        if new or any(counts.values()):
            audit.record("plan.begun", strategy, by=by, concerning=partnership, **counts)
            touched.append(strategy)
    return touched


def _strategy(partnership: Partnership, code: str, item: StrategyItem) -> tuple[Strategy, bool]:
    agreed = next((one.day for one in item.states if one.state == "in_force"), None)
    return Strategy.objects.get_or_create(
        partnership=partnership,
        code=code,
        defaults={
            "name": item.name,
            "first_day": item.first_day,
            "last_day": item.last_day,
            "agreed_on": agreed,
            "agreed_where": (item.agreed or "")[:300] if agreed else "",
        },
    )


def _areas(strategy: Strategy, said: list[tuple[str, Priority]]) -> dict[str, int]:
    """Areas and objectives that the strategy never had. What has ended here is not begun again."""
    agencies = {one.code: one for one in Agency.objects.filter(partnership=strategy.partnership_id)}
    boards = {one.code: one for one in Board.objects.filter(partnership=strategy.partnership_id)}
    there = {one.code: one for one in strategy.areas.order_by("id")}
    had = set(Objective.objects.filter(area__strategy=strategy).values_list("area__code", "code"))
    counts = {"areas": 0, "objectives": 0}
    for code, item in said:
        area = there.get(code)
        if area is None:
            area = Area.objects.create(
                partnership_id=strategy.partnership_id,
                strategy=strategy,
                code=code,
                number=item.number,
                name=item.name,
                what=item.what,
                lead_post=item.lead_post,
                lead_agency=agencies.get(item.lead_agency or ""),
                led_by=boards.get(item.led_by or ""),
                valid_from=strategy.first_day,
            )
            counts["areas"] += 1
        if area.valid_until is not None:
            continue
        for order, objective in enumerate(item.objectives, start=1):
            if (code, objective.id) not in had:
                Objective.objects.create(
                    partnership_id=strategy.partnership_id,
                    area=area,
                    code=objective.id,
                    order=order,
                    words=objective.words,
                    valid_from=strategy.first_day,
                )
                counts["objectives"] += 1
    return counts


def _years(strategy: Strategy, items: Sequence[PlanActionItem], *, on: date, by: Actor | None) -> int:
    """The draft of the year of `on`, and of each year for which the pack drafts actions. Returns how many actions."""
    made = 0
    for first, last in rules.years_of(strategy.first_day, strategy.last_day):
        own = [one for one in items if one.year == first.year]
        plan = ActionPlan.objects.filter(strategy=strategy, first_day=first).first()
        if plan is None:
            if not own and not first <= on <= last:
                continue
            plan = make_year(strategy, first, last, by=by, on=on)
        if plan.status == YearStatus.DRAFT:
            made += _actions(plan, own, by=by, on=on)
    return made


def _actions(plan: ActionPlan, items: list[PlanActionItem], *, by: Actor | None, on: date) -> int:
    agencies = {one.code: one for one in Agency.objects.filter(partnership=plan.partnership_id)}
    objectives = {
        (one.area.code, one.code): one
        for one in Objective.objects.filter(
            area__strategy=plan.strategy_id, valid_until__isnull=True
        ).select_related("area")
    }
    taken = set(plan.actions.values_list("number", flat=True))
    made = 0
    for item in items:
        objective = objectives.get((item.priority, item.objective))
        agency = agencies.get(item.lead_agency)
        if objective is None or agency is None or item.number in taken:
            continue
        action = PlanAction.objects.create(
            partnership_id=plan.partnership_id,
            plan=plan,
            objective=objective,
            number=item.number,
            what=item.what,
            lead_agency=agency,
            lead_post=item.lead_post,
            resources=item.resources or "",
            starts_on=item.starts,
            due_on=item.due,
            baseline=(item.baseline or "")[:300],
            target=(item.target or "")[:300],
            measure=item.measure or "",
        )
        PlanActionMove.objects.create(
            action=action, to_status=PlanStatus.NOT_STARTED, on=on, by=by.public_id if by else ""
        )
        ActionPartner.objects.bulk_create(
            ActionPartner(action=action, agency=agencies[code]) for code in item.partners if code in agencies
        )
        Milestone.objects.bulk_create(
            Milestone(
                partnership_id=plan.partnership_id, action=action, words=step.words[:300], due_on=step.due
            )
            for step in item.steps
        )
        made += 1
    return made
