"""A plan to test with: the pack's strategy of 2018 to 2021, and a year of its own that no demonstration touches."""

from __future__ import annotations

from datetime import date
from typing import Any

from saferhub.partnership.access import Actor
from saferhub.plan.models import ActionPlan, ActionUpdate, Area, Milestone, Objective, PlanAction, Strategy
from saferhub.plan.operations import actions, milestones, strategy_pack, updates, years
from saferhub.plan.operations.actions import ActionValues
from tests.builders.casework import actor

Cast = dict[str, Any]
MAYA, CHRIS, RACHEL, OLIVIA = "maya.manager", "chris.chair", "rachel.referrer", "olivia.outsider"
POLICE, COUNTY = "north_yorkshire_police", "north_yorkshire_county_council"
FIRST, LAST = date(2019, 4, 1), date(2020, 3, 31)
PLANNED = date(2018, 8, 28)  # well ahead: the demonstration’s first day
DAY = date(2019, 7, 10)  # a Wednesday of that year, after its first quarter


def a_plan(cast: Cast) -> Strategy:
    maya = actor(cast, MAYA)
    assert maya.partnership is not None
    strategy_pack.begin_from_pack(partnership=maya.partnership, by=maya, on=PLANNED)
    return Strategy.objects.get(partnership=maya.partnership, code="plan_2018_2021")


def an_area(strategy: Strategy, code: str = "community_safety_hubs") -> Area:
    return strategy.areas.get(code=code)


def an_objective(strategy: Strategy, code: str = "swifter_closure") -> Objective:
    return Objective.objects.get(area__strategy=strategy, code=code, valid_until__isnull=True)


def a_year(cast: Cast, *, agreed: bool = False) -> ActionPlan:
    """The year from April 2019: a draft without an action; agreed, with one."""
    strategy, maya = a_plan(cast), actor(cast, MAYA)
    plan = years.draft_year(strategy_id=strategy.public_id, first_day=FIRST, by=maya, on=PLANNED)
    if agreed:
        an_action(cast, plan)
        plan = agree(cast, plan)
    return plan


def the_year(cast: Cast) -> ActionPlan:
    """The agreed year, whether it stands already or not."""
    found = a_plan(cast).years.filter(first_day=FIRST).first()
    return a_year(cast, agreed=True) if found is None else found


def the_draft(cast: Cast) -> ActionPlan:
    """The year after it, a draft, whether it stands already or not."""
    strategy, first = a_plan(cast), FIRST.replace(year=FIRST.year + 1)
    found = strategy.years.filter(first_day=first).first()
    if found is not None:
        return found
    return years.draft_year(strategy_id=strategy.public_id, first_day=first, by=actor(cast, MAYA), on=PLANNED)


def agree(cast: Cast, plan: ActionPlan) -> ActionPlan:
    plan.refresh_from_db()
    return years.agree_year(
        plan_id=plan.public_id, where="Board meeting", when=PLANNED, by=actor(cast, MAYA), on=PLANNED, seen=plan.version
    )  # fmt: skip


def values(strategy: Strategy, **more: Any) -> ActionValues:
    given: dict[str, Any] = {
        "what": "Look through what is open longest",
        "objective": an_objective(strategy).public_id,
        "lead_agency": POLICE,
        "lead_post": "Neighbourhood policing lead",
        "due_on": date(2019, 12, 31),
        **more,
    }
    return ActionValues(**given)


def an_action(cast: Cast, plan: ActionPlan, **more: Any) -> PlanAction:
    maya: Actor = actor(cast, MAYA)
    return actions.add_action(
        plan_id=plan.public_id, values=values(plan.strategy, **more), by=maya, on=PLANNED,
        reason="Agreed by the board",
    )  # fmt: skip


def a_milestone(cast: Cast, action: PlanAction) -> Milestone:
    return milestones.add_milestone(
        action_id=action.public_id,
        words="Every hub was asked",
        due_on=date(2019, 9, 30),
        by=actor(cast, MAYA),
        on=FIRST,
    )


def an_update(cast: Cast, action: PlanAction, *, by: str = MAYA, on: date = DAY, **more: Any) -> ActionUpdate:
    action.refresh_from_db()
    given = {"status": "on_track", "words": "Two hubs have begun.", **more}
    return updates.say_update(
        action_id=action.public_id, **given, by=actor(cast, by), on=on, seen=action.version
    )
