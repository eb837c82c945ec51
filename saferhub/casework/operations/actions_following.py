"""When somebody loses sight of a case, what she was to do, to answer for or to watch there does not stay with her."""

from __future__ import annotations

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.casework.models import OPEN_ACTIONS, Action, Case, Intervention, InterventionStatus, Risk
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.sharing.access.seers import Seer, seers_of
from saferhub.sharing.models import Folder, Matter

from .actions import keep_version, move_action
from .interventions import move_intervention, record_use
from .notes_plan import keep_risk_version

WATCHED = (InterventionStatus.IN_PLACE, InterventionStatus.BREACHED)


def actions_follow(matter: Matter, by: Actor, reason: str) -> None:
    """Open actions of those who no longer see the case, and risks that they answered for, go to the unit that leads
    it, and what they watched to nobody, so that a page asks for somebody new. Called when somebody has lost sight of a
    matter, after the unit that leads its case has followed.

    Where a case is seen by named people only, an action goes to whoever leads it by name. What passes, such as a
    look back at what was handed over, is no sight that keeps an action.
    """
    case = (
        Case.objects.select_related("lead_unit__agency", "matter", "folder").filter(matter=matter.pk).first()
    )
    if case is None:
        return
    actions = Action.objects.filter(case=case, status__in=OPEN_ACTIONS).select_related(
        "owner_unit__agency", "owner", "case__matter"
    )
    watched = Intervention.objects.filter(case=case, status__in=WATCHED, watcher__isnull=False)
    answered = Risk.objects.filter(case=case, ended_on__isnull=True, owner_unit__isnull=False)
    rows, watches = list(actions), list(watched.select_related("watcher", "case__matter"))
    risks = list(answered.select_related("owner_unit__agency", "owner", "folder"))
    if not rows and not watches and not risks:
        return
    folder = Folder.objects.select_related("partnership").get(pk=case.folder_id)
    seers = [seer for seer in seers_of(folder) if seer.is_lasting]
    people = {seer.user.pk for seer in seers}
    units = {seer.unit.pk for seer in seers if seer.with_unit}
    on = by.on
    for action in rows:
        if action.owner_id in people or (action.owner_id is None and action.owner_unit_id in units):
            continue
        _give(action, case, seers, units, by=by)
    for risk in risks:
        if risk.owner_id in people or (risk.owner_id is None and risk.owner_unit_id in units):
            continue
        _answer_for(risk, case, seers, units, by=by)
    for one in watches:
        if one.watcher_id not in people:
            name = one.watcher.name if one.watcher else ""
            one.watch_unit = one.watcher = one.watch_review_on = None
            one.version += 1
            one.save(update_fields=["watch_unit", "watcher", "watch_review_on", "version"])
            said = f"{name} no longer sees the case and watches it no more."
            move_intervention(one, one.status, one.status, by=by, on=on, reason=said)
            record_use("intervention.watcher_lost", one, by)


def _heir(unit: Unit, case: Case, seers: list[Seer], units: set[int]) -> tuple[Unit, User | None]:
    """Who has from now on what somebody of this unit had: the unit where it sees the case, else who leads that."""
    if unit.pk in units:
        return unit, None
    lead = next((seer for seer in seers if seer.user.pk == case.matter.lead_id), None)
    if case.lead_unit_id not in units and lead is not None:
        return lead.unit, lead.user
    return case.lead_unit, None


def _answer_for(risk: Risk, case: Case, seers: list[Seer], units: set[int], *, by: Actor) -> None:
    """Take a risk from whoever lost sight of it."""
    assert risk.owner_unit is not None
    risk.owner_unit, risk.owner = _heir(risk.owner_unit, case, seers, units)
    risk.version += 1
    risk.save(update_fields=["owner_unit", "owner", "version"])
    keep_risk_version(risk, by)
    audit.record(
        "casework.risk_owner_lost",
        risk,
        by=by,
        purpose=case.matter.purpose,
        agency=risk.owner_unit.agency.code,
    )


def _give(action: Action, case: Case, seers: list[Seer], units: set[int], *, by: Actor) -> None:
    """Take an action from whoever lost sight of it: to her unit where that sees it, else to who leads the case."""
    on = by.on
    unit, action.owner = _heir(action.owner_unit, case, seers, units)
    action.owner_unit = unit
    action.version += 1
    action.save(update_fields=["owner", "owner_unit", "version"])
    keep_version(action, by=by)
    said = f"Whoever had it no longer sees the case. Now with {unit.agency.name}."
    move_action(action, action.status, action.status, by=by, on=on, reason=said)
    audit.record("action.owner_lost", action, by=by, purpose=case.matter.purpose, agency=unit.agency.code)
