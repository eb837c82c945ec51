"""The plan of a case: its goals, its risks and what is done against them, its problem-solving record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.access import check_can_contribute, check_can_manage, get_case, parts_readable_by
from saferhub.casework.access import notes as access
from saferhub.casework.models import GOAL_LIFECYCLE, Case, Goal, GoalStatus, Osara, Risk
from saferhub.casework.queries.notes_holders import holders_of_case
from saferhub.casework.rules import notes_plan as rules
from saferhub.foundation.refusals import Conflict, Refusal, refuse_if
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.sharing.operations.folders import check_seen, revise


def _open_case(case_id: str, by: Actor) -> Case:
    """The case, where the actor runs it and it is open."""
    case = get_case(by, case_id)
    check_can_manage(by, case)
    refuse_if(rules.open_refusals(is_open=case.is_open))
    return case


def _record(event: str, row: Any, case: Case, by: Actor, **codes: Any) -> None:
    audit.record(event, row, by=by, purpose=case.matter.purpose, matter=case.matter.public_id, **codes)


# --- Goals -------------------------------------------------------------------------------------------------


def goal_values(goal: Goal) -> dict[str, Any]:
    """What an edit may change, by field of its form."""
    return {
        "words": goal.words,
        "measure": goal.measure,
        "by_when": goal.by_when,
    }


def _keep_goal(goal: Goal, by: Actor) -> None:
    kept = goal_values(goal) | {
        "by_when": goal.by_when.isoformat() if goal.by_when else None,
        "status": goal.status,
        "ended_why": goal.ended_why,
    }
    revise(goal, folder=goal.folder, values=kept, by=by)


@transaction.atomic
def add_goal(*, case_id: str, words: str, measure: str, by_when: date | None, by: Actor) -> Goal:
    """Set a goal. Raises NotAllowed unless the actor runs the case, and Refusal once it is closed."""
    case = _open_case(case_id, by)
    refuse_if(rules.goal_refusals(words=words, by_when=by_when, adopted_on=case.adopted_on))
    goal = Goal.objects.create(
        partnership_id=case.partnership_id,
        folder=case.folder,
        case=case,
        words=words,
        measure=measure,
        by_when=by_when,
        by=by.public_id,
    )
    _keep_goal(goal, by)
    _record("casework.goal_set", goal, case, by)
    return goal


@transaction.atomic
def edit_goal(
    *, case_id: str, goal_id: str, words: str, measure: str, by_when: date | None, seen: int, by: Actor
) -> Goal:
    """Change a goal. Raises Conflict `changed_meanwhile` unless `seen` is the newest version."""
    case = _open_case(case_id, by)
    goal = access.get_goal_for_update(by, case, goal_id)
    refuse_if(rules.goal_refusals(words=words, by_when=by_when, adopted_on=case.adopted_on))
    check_seen(goal, seen)
    before = goal_values(goal)
    goal.words, goal.measure, goal.by_when = words, measure, by_when
    if goal_values(goal) == before:
        return goal
    goal.version += 1
    goal.save(update_fields=["words", "measure", "by_when", "version"])
    _keep_goal(goal, by)
    _record("casework.goal_changed", goal, case, by, version=goal.version)
    return goal


@transaction.atomic
def end_goal(*, case_id: str, goal_id: str, status: str, why: str, by: Actor, on: date) -> Goal:
    """Say what came of a goal: reached, not reached, given up. Raises Refusal `illegal_move` for one that has
    ended."""
    case = _open_case(case_id, by)
    goal = access.get_goal_for_update(by, case, goal_id)
    refuse_if(rules.goal_end_refusals(status=status, why=why))
    GOAL_LIFECYCLE.check(GoalStatus(goal.status), GoalStatus(status))
    goal.status, goal.ended_on, goal.ended_why = status, on, why
    return _moved(goal, case, by)


@transaction.atomic
def reopen_goal(*, case_id: str, goal_id: str, by: Actor) -> Goal:
    """Work towards a goal again. History keeps what was said of it."""
    case = _open_case(case_id, by)
    goal = access.get_goal_for_update(by, case, goal_id)
    GOAL_LIFECYCLE.check(GoalStatus(goal.status), GoalStatus.OPEN)
    goal.status, goal.ended_on, goal.ended_why = GoalStatus.OPEN, None, ""
    return _moved(goal, case, by)


def _moved(goal: Goal, case: Case, by: Actor) -> Goal:
    goal.version += 1
    goal.save(update_fields=["status", "ended_on", "ended_why", "version"])
    _keep_goal(goal, by)
    _record("casework.goal_moved", goal, case, by, to=goal.status)
    return goal


# --- Risks -------------------------------------------------------------------------------------------------


def risk_values(risk: Risk) -> dict[str, Any]:
    """What an edit may change, by field of its form. `holder`: who answers for it, as the form's choice."""
    holder = ""
    if risk.owner is not None:
        holder = f"person:{risk.owner.public_id}"
    elif risk.owner_unit is not None:
        holder = f"unit:{risk.owner_unit.public_id}"
    return {
        "words": risk.words,
        "severity": risk.severity,
        "mitigation": risk.mitigation,
        "holder": holder,
        "review_on": risk.review_on,
    }


def keep_risk_version(risk: Risk, by: Actor) -> None:
    """Keep its new version in its history, as every edit of it does."""
    kept = risk_values(risk) | {
        "review_on": risk.review_on.isoformat() if risk.review_on else None,
        "ended_why": risk.ended_why,
    }
    revise(risk, folder=risk.folder, values=kept, by=by)


def _holder(case: Case, holder: str, by: Actor) -> tuple[Unit | None, User | None]:
    """The unit and, where one is named, the person that a choice stands for. Raises Refusal for one who does not
    see the case."""
    if not holder:
        return None, None
    found = holders_of_case(case)
    refuse_if(rules.holder_refusals(holder=holder, on_offer=found))
    return found[holder].unit, found[holder].user


@transaction.atomic
def add_risk(
    *,
    case_id: str,
    words: str,
    severity: str,
    mitigation: str,
    holder: str,
    review_on: date | None,
    by: Actor,
    on: date,
) -> Risk:
    """Record a risk, what is done against it, and who answers for that (`holder`: a key of `holders_of_case`, or
    none). Raises as `add_goal` does."""
    case = _open_case(case_id, by)
    refuse_if(rules.risk_refusals(words=words, severity=severity, review_on=review_on, today=on))
    unit, user = _holder(case, holder, by)
    risk = Risk.objects.create(
        partnership_id=case.partnership_id,
        folder=case.folder,
        case=case,
        words=words,
        severity=severity,
        mitigation=mitigation,
        owner_unit=unit,
        owner=user,
        review_on=review_on,
        by=by.public_id,
    )
    keep_risk_version(risk, by)
    _record("casework.risk_recorded", risk, case, by, severity=severity)
    return risk


@transaction.atomic
def edit_risk(
    *,
    case_id: str,
    risk_id: str,
    words: str,
    severity: str,
    mitigation: str,
    holder: str,
    review_on: date | None,
    seen: int,
    by: Actor,
    on: date,
) -> Risk:
    """Change a risk, which is how it is reviewed too. Raises Conflict `changed_meanwhile`, and Refusal for one that
    has ended."""
    case = _open_case(case_id, by)
    risk = access.get_risk_for_update(by, case, risk_id)
    if risk.ended_on is not None:
        raise Refusal("risk_ended", "This risk has ended. Record it anew if it is back.")
    before = risk_values(risk)
    refuse_if(
        rules.risk_refusals(
            words=words, severity=severity, review_on=review_on, today=on, review_before=risk.review_on
        )
    )
    check_seen(risk, seen)
    if holder != before["holder"]:
        risk.owner_unit, risk.owner = _holder(case, holder, by)
    risk.words, risk.severity, risk.mitigation, risk.review_on = words, severity, mitigation, review_on
    if risk_values(risk) == before:
        return risk
    risk.version += 1
    risk.save(
        update_fields=["words", "severity", "mitigation", "owner_unit", "owner", "review_on", "version"]
    )
    keep_risk_version(risk, by)
    _record("casework.risk_changed", risk, case, by, severity=severity, version=risk.version)
    return risk


@transaction.atomic
def end_risk(*, case_id: str, risk_id: str, why: str, by: Actor, on: date) -> Risk:
    """Say that a risk is there no longer, and why. Ended twice, it stays as it was."""
    case = _open_case(case_id, by)
    risk = access.get_risk_for_update(by, case, risk_id)
    if risk.ended_on is not None:
        return risk
    if not why.strip():
        raise Refusal("reason_missing", "Say why it is no longer a risk.")
    risk.ended_on, risk.ended_why = on, why
    risk.version += 1
    risk.save(update_fields=["ended_on", "ended_why", "version"])
    keep_risk_version(risk, by)
    _record("casework.risk_ended", risk, case, by)
    return risk


# --- The problem-solving record ----------------------------------------------------------------------------

OSARA_FIELDS = ("objective", "scanning", "analysis", "response", "assessment")


def osara_values(osara: Osara | None) -> dict[str, Any]:
    """The five texts."""
    return {name: getattr(osara, name) if osara is not None else "" for name in OSARA_FIELDS}


@transaction.atomic
def write_osara(*, case_id: str, texts: dict[str, str], seen: int, by: Actor) -> Osara:
    """Write the problem-solving record: everybody who contributes to the case does. `seen`: 0 where there was none.

    Raises Conflict `changed_meanwhile` unless `seen` is the newest version, and Refusal once the case is closed.
    """
    case = get_case(by, case_id)
    check_can_contribute(by, case)
    refuse_if(rules.open_refusals(is_open=case.is_open))
    osara = parts_readable_by(by, Osara).select_for_update(of=("self",)).filter(case=case).first()
    if osara is None:
        if seen:
            raise Conflict("changed_meanwhile", "Somebody else changed this while you were writing.")
        osara = _first_osara(case, texts)
    else:
        check_seen(osara, seen)
        if osara_values(osara) == texts:
            return osara
        for name in OSARA_FIELDS:
            setattr(osara, name, texts[name])
        osara.version += 1
        osara.save(update_fields=[*OSARA_FIELDS, "version"])
    revise(osara, folder=case.folder, values=osara_values(osara), by=by)
    _record("casework.osara_changed", osara, case, by, version=osara.version)
    return osara


def _first_osara(case: Case, texts: dict[str, str]) -> Osara:
    try:
        with transaction.atomic():
            return Osara.objects.create(
                partnership_id=case.partnership_id, folder=case.folder, case=case, **texts
            )
    except IntegrityError:
        # Two began it at the same moment: the second is shown what the first wrote.
        raise Conflict("changed_meanwhile", "Somebody else changed this while you were writing.") from None
