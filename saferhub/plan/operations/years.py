"""The years of a strategy: drafted, agreed, reviewed action by action, and carried over into the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import (
    YEAR_LIFECYCLE,
    ActionPartner,
    ActionPlan,
    Objective,
    PlanAction,
    PlanActionMove,
    PlanStatus,
    RolledAs,
    Strategy,
    YearMove,
    YearStatus,
)
from saferhub.plan.rules import actions as action_rules
from saferhub.plan.rules import strategy as rules

from .actions import set_status

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A year that was reviewed, the draft of the next one, how many actions went into it, and the numbers of those
    whose objective does not stand in it."""

    plan: ActionPlan
    next: ActionPlan | None
    carried: int
    left: tuple[str, ...]


@transaction.atomic
def draft_year(*, strategy_id: str, first_day: date, by: Actor, on: date) -> ActionPlan:
    """Begin the action plan of a year of the strategy, empty. Raises NotAllowed; Refusal for a day with which none of
    its years begins, and for a year that is drafted already."""
    access.check_can_keep_plan(by)
    strategy = access.get_for_update(by, Strategy, strategy_id, version=None)
    last = dict(rules.years_of(strategy.first_day, strategy.last_day)).get(first_day)
    if last is None:
        raise Refusal("no_such_year", "Choose one of the strategy’s years.")
    if strategy.years.filter(first_day=first_day).exists():
        raise Refusal("year_stands", "This year’s plan was begun already.")
    return make_year(strategy, first_day, last, by=by, on=on)


def make_year(strategy: Strategy, first: date, last: date, *, by: Actor | None, on: date) -> ActionPlan:
    """A year's action plan as a draft, within the caller's transaction."""
    plan = ActionPlan.objects.create(
        partnership_id=strategy.partnership_id, strategy=strategy, first_day=first, last_day=last
    )
    _move(plan, "", YearStatus.DRAFT, by=by, on=on)
    audit.record("plan.year_drafted", plan, by=by, concerning=strategy.partnership, year=first)
    return plan


@transaction.atomic
def agree_year(*, plan_id: str, where: str, when: date | None, by: Actor, on: date, seen: int) -> ActionPlan:
    """Record that the partnership agreed a year's action plan: in which meeting, on which day. From then on leads are
    asked about their actions, and changes need a reason.

    Raises NotAllowed, Conflict, and Refusal for the rules of `year_agree_refusals` and for a year that is no draft."""
    access.check_can_keep_plan(by)
    plan = access.get_for_update(by, ActionPlan, plan_id, version=seen)
    YEAR_LIFECYCLE.check(YearStatus(plan.status), YearStatus.IN_FORCE)
    if plan.status != YearStatus.DRAFT:
        raise Refusal("reviewed_already", "This year was reviewed. Open the review again instead.")
    refuse_if(
        rules.year_agree_refusals(
            where=where, when=when, on=on, actions=plan.actions.count(), unchanged=still_unchanged(plan)
        )
    )
    assert when is not None
    plan.status, plan.agreed_where = YearStatus.IN_FORCE, where.strip()
    _save(plan, "status", "agreed_where")
    _move(plan, YearStatus.DRAFT, YearStatus.IN_FORCE, by=by, on=when)
    audit.record("plan.year_agreed", plan, by=by, day=when)
    return plan


def still_unchanged(plan: ActionPlan) -> list[str]:
    """The numbers of actions that the review before decided to change and that still stand as they were carried over.
    One query."""
    rows = plan.actions.filter(rolled_from__rolled_as=RolledAs.CHANGE, version=1)
    return list(rows.exclude(status__in=action_rules.CLOSED).values_list("number", flat=True))


@transaction.atomic
def decide_action(*, action_id: str, decision: str, why: str, by: Actor, on: date, seen: int) -> PlanAction:
    """Decide in the yearly review whether an action is kept, changed or stopped, and why. It can be decided anew until
    the review is closed.

    Raises NotAllowed, Conflict; Refusal without a decision or a reason, for one that is done or stopped, before the
    review opens, and outside of an agreed year."""
    access.check_can_keep_plan(by)
    action = access.get_for_update(by, PlanAction, action_id, version=seen)
    _check_under_review(action.plan, on)
    if action.status in action_rules.CLOSED:
        raise Refusal("closed_action", "What is done or stopped needs no decision.")
    refuse_if(action_rules.decision_refusals(decision=decision, why=why))
    if (action.rolled_as, action.rolled_why) == (decision, why.strip()):
        return action
    action.rolled_as, action.rolled_why = decision, why.strip()
    action.version += 1
    action.save(update_fields=["rolled_as", "rolled_why", "version"])
    audit.record("plan.action_decided", action, by=by, decision=decision)
    return action


@transaction.atomic
def close_review(*, plan_id: str, words: str, by: Actor, on: date, seen: int) -> Reviewed:
    """Close the yearly review, and carry what goes on into the draft of the next year: of this strategy, or of the one
    that follows it.

    What is carried keeps its number where that is free, its partners, its target; its dates move by a year. Where the
    review was closed before, what was carried then stays as it was written since; what is to stop is stopped there.

    Raises NotAllowed, Conflict, Refusal outside of an agreed year and for the rules of `review_refusals`."""
    access.check_can_keep_plan(by)
    plan = access.get_for_update(by, ActionPlan, plan_id, version=seen)
    YEAR_LIFECYCLE.check(YearStatus(plan.status), YearStatus.REVIEWED)
    actions = sorted(
        plan.actions.select_for_update(of=("self",)).select_related("objective__area"),
        key=lambda one: action_rules.number_key(one.number),
    )
    undecided = [one.number for one in actions if action_rules.needs_decision(one.status, one.rolled_as)]
    refuse_if(rules.review_refusals(words=words, undecided=undecided, on=on, last_day=plan.last_day))
    plan.status, plan.review_words = YearStatus.REVIEWED, words.strip()
    _save(plan, "status", "review_words")
    _move(plan, YearStatus.IN_FORCE, YearStatus.REVIEWED, by=by, on=on)
    following = _following(plan, by=by, on=on)
    carried, left = _carry(actions, following, by=by, on=on) if following else (0, ())
    audit.record("plan.year_reviewed", plan, by=by, carried=carried)
    return Reviewed(plan, following, carried, left)


@transaction.atomic
def reopen_review(*, plan_id: str, reason: str, by: Actor, on: date, seen: int) -> ActionPlan:
    """Open a review again that was closed too soon, with the reason.

    Raises NotAllowed, Conflict; Refusal without a reason, for a year that is not reviewed, and once the next year's
    plan is agreed."""
    access.check_can_keep_plan(by)
    plan = access.get_for_update(by, ActionPlan, plan_id, version=seen)
    if plan.status != YearStatus.REVIEWED:
        raise Refusal("not_reviewed", "This year was not reviewed yet.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why the review is opened again.")
    after = access.visible_to(by, ActionPlan).filter(first_day=plan.last_day + _DAY).first()
    if after is not None and after.status != YearStatus.DRAFT:
        raise Refusal(
            "next_agreed",
            "The next year’s plan is agreed and rests on this review. Change that plan instead.",
        )
    plan.status = YearStatus.IN_FORCE
    _save(plan, "status")
    _move(plan, YearStatus.REVIEWED, YearStatus.IN_FORCE, by=by, on=on, reason=reason.strip())
    audit.record("plan.year_reopened", plan, by=by)
    return plan


def _check_under_review(plan: ActionPlan, on: date) -> None:
    if plan.status != YearStatus.IN_FORCE:
        raise Refusal("no_review", "Decisions are made in the review of an agreed year.")
    if on < rules.review_opens(plan.last_day):
        raise Refusal("review_early", "A year is reviewed from its last three months on.")


def _following(plan: ActionPlan, *, by: Actor, on: date) -> ActionPlan | None:
    """The draft of the year after, made where it is missing; None where no strategy reaches so far, or where that
    year's plan is agreed already."""
    first = plan.last_day + _DAY
    # The strategy that begins on that day counts before one that runs on beyond it.
    found = access.visible_to(by, Strategy).filter(first_day__lte=first, last_day__gte=first)
    for strategy in found.select_for_update(of=("self",)).order_by("-first_day"):
        last = dict(rules.years_of(strategy.first_day, strategy.last_day)).get(first)
        if last is None:
            continue
        after = strategy.years.filter(first_day=first).first()
        if after is None:
            return make_year(strategy, first, last, by=by, on=on)
        return after if after.status == YearStatus.DRAFT else None
    return None


def _carry(
    actions: list[PlanAction], after: ActionPlan, *, by: Actor, on: date
) -> tuple[int, tuple[str, ...]]:
    rows: Any = Objective.objects.in_force_on(after.first_day).filter(area__strategy=after.strategy_id)
    objectives: dict[tuple[str, str], Objective] = {
        (one.area.code, one.code): one for one in rows.select_related("area")
    }
    there = {
        one.rolled_from_id: one
        for one in after.actions.select_for_update(of=("self",)).exclude(rolled_from=None)
    }
    taken = set(after.actions.values_list("number", flat=True))
    carried, left = 0, []
    for action in actions:
        goes_on = (
            action.rolled_as in (RolledAs.KEEP, RolledAs.CHANGE) and action.status not in action_rules.CLOSED
        )
        if (made := there.get(action.pk)) is not None:
            if not goes_on and made.status not in action_rules.CLOSED:
                set_status(
                    made,
                    PlanStatus.STOPPED,
                    reason=action.rolled_why or action.evidence,
                    evidence="",
                    by=by,
                    on=on,
                )
            continue
        if not goes_on:
            continue
        objective = objectives.get((action.objective.area.code, action.objective.code))
        if objective is None:
            left.append(action.number)
            continue
        number = action.number
        if number in taken or not number.startswith(f"{objective.area.number}."):
            number = action_rules.next_number(objective.area.number, taken)
        taken.add(number)
        _copy(action, after, objective, number, by=by, on=on)
        carried += 1
    return carried, tuple(left)


def _copy(
    action: PlanAction, after: ActionPlan, objective: Objective, number: str, *, by: Actor, on: date
) -> PlanAction:
    begun = action.status != PlanStatus.NOT_STARTED
    due = min(max(rules.a_year_later(action.due_on), after.first_day), after.last_day)
    starts = None if begun else action.starts_on and min(max(action.starts_on, after.first_day), due)
    made = PlanAction.objects.create(
        partnership_id=after.partnership_id, plan=after, objective=objective, number=number, what=action.what,
        lead_agency_id=action.lead_agency_id, lead_post=action.lead_post, lead_id=action.lead_id,
        resources=action.resources, starts_on=starts, due_on=due, baseline=action.baseline, target=action.target,
        measure=action.measure, rolled_from=action,
    )  # fmt: skip
    PlanActionMove.objects.create(action=made, to_status=PlanStatus.NOT_STARTED, on=on, by=by.public_id)
    ActionPartner.objects.bulk_create(
        ActionPartner(action=made, agency_id=one)
        for one in ActionPartner.objects.filter(action=action).values_list("agency", flat=True)
    )
    if begun:
        # It goes on, with a new day: whether that is at risk its lead says anew.
        made.status = PlanStatus.ON_TRACK
        made.save(update_fields=["status"])
        PlanActionMove.objects.create(
            action=made, from_status=PlanStatus.NOT_STARTED, to_status=PlanStatus.ON_TRACK, on=on, by=by.public_id,
            reason=f"Goes on from {action.number} of the year before.",
        )  # fmt: skip
    return made


def _save(plan: ActionPlan, *fields: str) -> None:
    plan.version += 1
    plan.save(update_fields=[*fields, "version"])


def _move(plan: ActionPlan, before: str, after: str, *, by: Actor | None, on: date, reason: str = "") -> None:
    YearMove.objects.create(
        plan=plan, from_status=before, to_status=after, on=on, by=by.public_id if by else "", reason=reason
    )
