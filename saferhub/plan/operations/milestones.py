"""The steps on the way to an action's end: set, moved, reached, dropped. Whoever leads the action keeps them."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor
from saferhub.plan import access
from saferhub.plan.models import Milestone, PlanAction

from .actions import check_open


@transaction.atomic
def add_milestone(*, action_id: str, words: str, due_on: date, by: Actor, on: date) -> Milestone:
    """A step more. Raises NotAllowed unless the actor leads the action or writes the plan; Refusal for a day outside
    of the action's year, for words that stand there already, and once the year was reviewed."""
    action = access.get_for_update(by, PlanAction, action_id, version=None)
    access.check_leads(by, action)
    check_open(action.plan)
    _check_day(action, due_on)
    if action.milestones.filter(words__iexact=words.strip(), due_on=due_on).exists():
        raise Refusal("milestone_stands", "This milestone stands already.")
    milestone = Milestone.objects.create(
        partnership_id=action.partnership_id, action=action, words=words.strip(), due_on=due_on
    )
    audit.record("plan.milestone_added", milestone, by=by, action=action.public_id)
    return milestone


def values_of(milestone: Milestone) -> dict[str, object]:
    """How it stands, by field of its form."""
    return {"words": milestone.words, "due_on": milestone.due_on}


@transaction.atomic
def change_milestone(
    *, milestone_id: str, words: str, due_on: date, by: Actor, on: date, seen: int
) -> Milestone:
    """Other words or another day. Raises as `add_milestone`; Conflict; Refusal for one that is reached or dropped."""
    milestone = _locked(by, milestone_id, seen)
    _check_waits(milestone)
    if (words.strip(), due_on) == (milestone.words, milestone.due_on):
        return milestone
    _check_day(milestone.action, due_on)
    milestone.words, milestone.due_on = words.strip(), due_on
    _save(milestone, "words", "due_on")
    audit.record("plan.milestone_changed", milestone, by=by, version=milestone.version)
    return milestone


@transaction.atomic
def reach_milestone(
    *, milestone_id: str, done_on: date, evidence: str, by: Actor, on: date, seen: int
) -> Milestone:
    """Record that it was reached, on which day, and what shows it. Raises as `change_milestone`, and Refusal for a day
    to come."""
    milestone = _locked(by, milestone_id, seen)
    _check_waits(milestone)
    if done_on > on:
        raise Refusal("done_ahead", "Choose today or a day before.")
    milestone.done_on, milestone.evidence = done_on, evidence.strip()
    _save(milestone, "done_on", "evidence")
    audit.record("plan.milestone_done", milestone, by=by, day=done_on)
    return milestone


@transaction.atomic
def drop_milestone(*, milestone_id: str, why: str, by: Actor, on: date, seen: int) -> Milestone:
    """Say that it is not wanted any more, and why. Raises as `change_milestone`, and Refusal without a reason."""
    milestone = _locked(by, milestone_id, seen)
    _check_waits(milestone)
    if not why.strip():
        raise Refusal("no_why", "Say why it is not wanted any more.")
    milestone.dropped_why = why.strip()
    _save(milestone, "dropped_why")
    audit.record("plan.milestone_dropped", milestone, by=by)
    return milestone


@transaction.atomic
def open_milestone(*, milestone_id: str, by: Actor, on: date, seen: int) -> Milestone:
    """Take back that it was reached or dropped: it waits again. Raises NotAllowed, Conflict, and Refusal for one that
    waits and once the year was reviewed."""
    milestone = _locked(by, milestone_id, seen)
    if milestone.done_on is None and not milestone.dropped_why:
        raise Refusal("waits_already", "This milestone is still to come.")
    milestone.done_on, milestone.evidence, milestone.dropped_why = None, "", ""
    _save(milestone, "done_on", "evidence", "dropped_why")
    audit.record("plan.milestone_opened", milestone, by=by)
    return milestone


def _locked(by: Actor, milestone_id: str, seen: int) -> Milestone:
    milestone = access.get_for_update(by, Milestone, milestone_id, version=seen)
    access.check_leads(by, milestone.action)
    check_open(milestone.action.plan)
    return milestone


def _check_waits(milestone: Milestone) -> None:
    if milestone.done_on is not None or milestone.dropped_why:
        raise Refusal("milestone_closed", "This milestone was reached or dropped. Take that back first.")


def _check_day(action: PlanAction, due_on: date) -> None:
    if not action.plan.first_day <= due_on <= action.plan.last_day:
        raise Refusal("due_outside_year", "Choose a day within the plan’s year.")


def _save(milestone: Milestone, *fields: str) -> None:
    milestone.version += 1
    milestone.save(update_fields=[*fields, "version"])
