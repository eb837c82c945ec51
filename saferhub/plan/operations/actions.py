"""Planning the actions of a year: what is done by whom by when, and moves that only whoever writes the plan makes.

How an action stands is said by its lead (see `updates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.refusals import Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Agency, Membership
from saferhub.partnership.rules.dates_in_words import date_in_words
from saferhub.plan import access
from saferhub.plan.models import (
    ACTION_LIFECYCLE,
    ActionPartner,
    ActionPlan,
    Objective,
    PlanAction,
    PlanActionMove,
    PlanStatus,
    YearStatus,
)
from saferhub.plan.rules import actions as rules

from .strategy import agency_of


@dataclass(frozen=True, slots=True)
class ActionValues:
    """What is written of an action. `objective`: public_id; agencies: codes; `lead`: public_id of an account."""

    what: str
    objective: str
    lead_agency: str
    lead_post: str
    due_on: date
    lead: str = ""
    partners: Sequence[str] = ()
    resources: str = ""
    starts_on: date | None = None
    baseline: str = ""
    target: str = ""
    measure: str = ""


def values_of(action: PlanAction) -> dict[str, object]:
    """How it stands, by field of its form. One query for its partners."""
    return {
        "what": action.what,
        "objective": action.objective.public_id,
        "lead_agency": action.lead_agency.code,
        "lead_post": action.lead_post,
        "lead": action.lead.public_id if action.lead else "",
        "partners": sorted(action.partners.values_list("code", flat=True)),
        "resources": action.resources,
        "starts_on": action.starts_on,
        "due_on": action.due_on,
        "baseline": action.baseline,
        "target": action.target,
        "measure": action.measure,
    }


@transaction.atomic
def add_action(*, plan_id: str, values: ActionValues, by: Actor, on: date, reason: str = "") -> PlanAction:
    """An action more, with the number after the others of its area. In an agreed year the reason is kept.

    Raises NotAllowed unless the actor writes the plan; Http404; Refusal for a reviewed year, an objective that is not
    the strategy's or has ended, an agency or a lead that cannot be, dates outside of the year, and without a reason
    where the year was agreed."""
    access.check_can_keep_plan(by)
    plan = access.get_for_update(by, ActionPlan, plan_id, version=None)
    check_open(plan)
    _check_reason(plan, reason)
    objective = _objective(by, plan, values.objective)
    chosen = _chosen(by, plan, values, on)
    number = rules.next_number(objective.area.number, plan.actions.values_list("number", flat=True))
    action = PlanAction.objects.create(
        partnership_id=plan.partnership_id, plan=plan, objective=objective, number=number,
        lead_agency=chosen.agency, lead=chosen.lead, **_plain(values),
    )  # fmt: skip
    _move(action, "", action.status, by=by, on=on, reason=reason.strip())
    _write_partners(action, chosen.partners)
    audit.record("plan.action_added", action, by=by, plan=plan.public_id, number=number)
    return action


@transaction.atomic
def change_action(
    *, action_id: str, values: ActionValues, by: Actor, on: date, seen: int, reason: str = ""
) -> PlanAction:
    """Write an action anew. In an agreed year its history keeps how it stood before, and the reason.

    Raises NotAllowed, Conflict unless `seen` is its newest version, and Refusal as `add_action`."""
    access.check_can_keep_plan(by)
    action = _locked(by, action_id, seen)
    before = values_of(action)
    objective = _objective(by, action.plan, values.objective, kept=action.objective)
    chosen = _chosen(by, action.plan, values, on, kept=action)
    plain = _plain(values)
    after = {
        **plain, "objective": objective.public_id, "lead_agency": chosen.agency.code,
        "lead": chosen.lead.public_id if chosen.lead else "", "partners": sorted(one.code for one in chosen.partners),
    }  # fmt: skip
    if after == before:
        return action
    _check_reason(action.plan, reason)
    said = _what_changed(action, plain, objective, chosen)
    for name, value in plain.items():
        setattr(action, name, value)
    action.objective, action.lead_agency, action.lead = objective, chosen.agency, chosen.lead
    action.version += 1
    action.save(update_fields=[*plain, "objective", "lead_agency", "lead", "version"])
    if after["partners"] != before["partners"]:
        ActionPartner.objects.filter(action=action).delete()
        _write_partners(action, chosen.partners)
    if reason.strip():
        _move(action, action.status, action.status, by=by, on=on, reason=f"{said} {reason.strip()}".strip())
    audit.record("plan.action_changed", action, by=by, version=action.version)
    return action


@transaction.atomic
def stop_action(*, action_id: str, reason: str, by: Actor, on: date, seen: int) -> PlanAction:
    """Stop an action. It stays in the plan with the reason, and nobody is asked about it any more.

    Raises NotAllowed unless the actor writes the plan, Conflict, Refusal without a reason, for one that is done or
    stopped, and in a year that was reviewed."""
    access.check_can_keep_plan(by)
    action = _locked(by, action_id, seen)
    return set_status(action, PlanStatus.STOPPED, reason=reason, evidence="", by=by, on=on)


@transaction.atomic
def take_up_again(*, action_id: str, reason: str, by: Actor, on: date, seen: int) -> PlanAction:
    """Take up again an action that was stopped or done. Raises as `stop_action`."""
    access.check_can_keep_plan(by)
    action = _locked(by, action_id, seen)
    if action.status not in rules.CLOSED:
        raise Refusal("goes_on", "This action goes on: there is nothing to take up again.")
    return set_status(action, PlanStatus.ON_TRACK, reason=reason, evidence="", by=by, on=on)


def set_status(
    action: PlanAction,
    status: str,
    *,
    reason: str,
    evidence: str,
    by: Actor,
    on: date,
    event: str = "plan.action_moved",
) -> PlanAction:
    """Move a locked action within the caller's transaction; the words go into its history. The same status again is no
    move, and is not refused. Raises Refusal for a move that there is not, and for the rules of `move_refusals`."""
    before = action.status
    if before != status:
        ACTION_LIFECYCLE.check(PlanStatus(before), PlanStatus(status))
    refuse_if(
        rules.move_refusals(before=before, after=status, reason=reason, evidence=evidence or action.evidence)
    )
    if evidence.strip():
        action.evidence = evidence.strip()
    action.status = status
    action.version += 1
    action.save(update_fields=["status", "evidence", "version"])
    if before != status:
        _move(action, before, status, by=by, on=on, reason=reason.strip())
    audit.record(event, action, by=by, before=before, after=str(status))
    return action


def check_open(plan: ActionPlan) -> None:
    """Raise Refusal once a year was reviewed: its actions stay as the review found them."""
    if plan.status == YearStatus.REVIEWED:
        raise Refusal(
            "year_reviewed", "This year was reviewed, so its actions stay as the review found them."
        )


@dataclass(frozen=True, slots=True)
class _Chosen:
    agency: Agency
    lead: User | None
    partners: list[Agency]


def _locked(by: Actor, action_id: str, seen: int) -> PlanAction:
    action = access.get_for_update(by, PlanAction, action_id, version=seen)
    check_open(action.plan)
    return action


def _check_reason(plan: ActionPlan, reason: str) -> None:
    if plan.status == YearStatus.IN_FORCE and not reason.strip():
        raise Refusal("no_reason", "This year’s plan was agreed. Say why it changes.")


def _objective(by: Actor, plan: ActionPlan, public_id: str, *, kept: Objective | None = None) -> Objective:
    """An objective of the plan's strategy that stands in its year; the one that the action has may stay."""
    if kept is not None and kept.public_id == public_id:
        return kept
    found = access.visible_to(by, Objective).filter(public_id=public_id, area__strategy=plan.strategy_id)
    objective = found.select_related("area").first()
    if objective is None:
        raise Refusal("unknown_objective", "Choose an objective of this strategy.")
    if objective.valid_until is not None and objective.valid_until < plan.last_day:
        raise Refusal("objective_ended", "This objective ends within the year. Choose another one.")
    return objective


def _chosen(
    by: Actor, plan: ActionPlan, values: ActionValues, on: date, *, kept: PlanAction | None = None
) -> _Chosen:
    dates = values.due_on, values.starts_on
    if kept is None or dates != (kept.due_on, kept.starts_on) or not values.what.strip():
        refuse_if(
            rules.planned_refusals(
                what=values.what, starts_on=values.starts_on, due_on=values.due_on,
                first_day=plan.first_day, last_day=plan.last_day,
            )
        )  # fmt: skip
    agency = agency_of(by, values.lead_agency)
    if agency is None:
        raise Refusal("unknown_agency", "Choose the agency that leads.")
    partners = [one for code in values.partners if (one := agency_of(by, code)) is not None and one != agency]
    return _Chosen(agency, _lead(agency, values.lead, on, kept), partners)


def _lead(agency: Agency, public_id: str, on: date, kept: PlanAction | None) -> User | None:
    if not public_id:
        return None
    if (
        kept is not None
        and kept.lead is not None
        and kept.lead.public_id == public_id
        and kept.lead_agency == agency
    ):
        return kept.lead
    held = Membership.objects.in_force_on(on).filter(unit__agency=agency)
    lead = User.objects.active().filter(public_id=public_id, pk__in=held.values("user")).first()
    if lead is None:
        raise Refusal("lead_not_of_agency", f"Choose somebody who works for {agency.name} today.")
    return lead


def _plain(values: ActionValues) -> dict[str, object]:
    return {
        "what": values.what.strip(),
        "lead_post": values.lead_post.strip(),
        "resources": values.resources.strip(),
        "starts_on": values.starts_on,
        "due_on": values.due_on,
        "baseline": values.baseline.strip(),
        "target": values.target.strip(),
        "measure": values.measure,
    }


def _what_changed(action: PlanAction, plain: dict[str, object], objective: Objective, chosen: _Chosen) -> str:
    """How the agreed action stood before, as far as it changes and a reader of the plan would ask."""
    return " ".join(_changes(action, plain, objective, chosen))


def _changes(
    action: PlanAction, plain: dict[str, object], objective: Objective, chosen: _Chosen
) -> Iterator[str]:
    if plain["what"] != action.what:
        yield f"It was “{action.what}”."
    if objective.pk != action.objective_id:
        yield f"It was for “{action.objective.words}”."
    if plain["due_on"] != action.due_on:
        yield f"It was due on {date_in_words(action.due_on)}."
    if plain["target"] != action.target:
        yield f"Its target was “{action.target}”." if action.target else "It had no target."
    if chosen.agency.pk != action.lead_agency_id or plain["lead_post"] != action.lead_post:
        yield f"It was led by {action.lead_post} ({action.lead_agency.name})."


def _write_partners(action: PlanAction, partners: Sequence[Agency]) -> None:
    ActionPartner.objects.bulk_create(ActionPartner(action=action, agency=one) for one in partners)


def _move(action: PlanAction, before: str, after: str, *, by: Actor, on: date, reason: str) -> None:
    PlanActionMove.objects.create(
        action=action, from_status=before, to_status=after, on=on, by=by.public_id, reason=reason
    )
