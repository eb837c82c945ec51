"""Who may see interventions, use them, watch them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404

from saferhub.casework import access
from saferhub.casework.access.asking import ask_who_leads, way_back
from saferhub.casework.models import Breach, Intervention, InterventionStatus, Involved
from saferhub.casework.models.cases import Case
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor
from saferhub.people.models import Person, Place
from saferhub.sharing.access.sight import sight_of

IN_FORCE = (InterventionStatus.IN_PLACE, InterventionStatus.BREACHED)
_WITH = (
    "folder",
    "person",
    "place",
    "used_by__agency",
    "watch_unit__agency",
    "watcher",
    "prior",
    "power_version__entry",
    "case__folder",
    "case__hub",
    "case__partnership",
    "case__lead_unit__agency",
    "case__matter__lead",
    "case__matter__folder",
    "case__matter__unit__agency",
    "case__matter__hub",
    "case__matter__partnership",
)


def get_intervention(actor: Actor, public_id: str) -> Intervention:
    """The intervention of this identifier with its case. Raises Http404, hidden or missing."""
    found = access.interventions_visible_to(actor).filter(public_id=public_id).select_related(*_WITH).first()
    if found is None:
        raise Http404
    return found


def get_intervention_for_update(actor: Actor, public_id: str) -> Intervention:
    """The same, its case and then itself locked until the transaction ends."""
    case = access.get_case_for_update(actor, get_intervention(actor, public_id).case.matter.public_id)
    rows = access.interventions_visible_to(actor).select_for_update(of=("self",))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    found.case = case
    return found


def breaches_of(actor: Actor, intervention: Intervention) -> QuerySet[Breach]:
    """Its breaches, the newest first."""
    return access.parts_readable_by(actor, Breach).filter(intervention=intervention).order_by("-on", "-id")


def check_can_use(actor: Actor, intervention: Intervention) -> None:
    """Raise NotAllowed unless her unit uses or watches it, or she runs the case."""
    access.check_can_contribute(actor, intervention.case)
    holders = sight_of(actor).holders
    if intervention.used_by_id in holders or intervention.watch_unit_id in holders:
        return
    if allows(access.check_can_manage, actor, intervention.case):
        return
    raise NotAllowed(
        "not_yours_to_use",
        "You may see this, and another agency uses it.",
        **way_back(intervention.case),
        conditions=[
            Condition(
                "Your unit uses or watches it, or you run the case",
                f"{intervention.used_by.agency.name} uses it. {ask_who_leads(intervention.case)}",
            )
        ],
    )


def check_can_plan(actor: Actor, case: Case) -> None:
    """Raise NotAllowed unless she runs the case."""
    access.check_can_manage(actor, case)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or a place in a case, and as what (codes of case_roles)."""

    record: Person | Place
    roles: tuple[str, ...]


def subjects_of(actor: Actor, case: Case) -> list[Subject]:
    """The persons and places in a case on whom or which something may be used, each once. One query."""
    rows = (
        access.parts_readable_by(actor, Involved)
        .filter(matter=case.matter_id, ended_on__isnull=True)
        .select_related("person", "place")
        .order_by("-is_subject", "id")
    )
    found: dict[tuple[str, int], Subject] = {}
    for row in rows:
        record = row.person or row.place
        if record is not None:
            key = (record._meta.label_lower, record.pk)
            before = found.get(key, Subject(record, ()))
            found[key] = Subject(record, (*before.roles, row.role) if row.role else before.roles)
    return list(found.values())


def used_before(actor: Actor, *, person: Person | None, place: Place | None) -> QuerySet[Intervention]:
    """What the actor sees in the register that was put in place for the same record, in any case."""
    rows = access.interventions_visible_to(actor).exclude(starts_on__isnull=True)
    if person is not None:
        return rows.filter(person=person)
    if place is not None:
        return rows.filter(place=place)
    return rows.none()


def available_operations(actor: Actor, intervention: Intervention) -> set[str]:
    """What the actor may do to it now, by the checks of the operations."""
    if not allows(check_can_use, actor, intervention):
        return set()
    found: set[str] = set()
    runs = allows(access.check_can_manage, actor, intervention.case)
    if intervention.status == InterventionStatus.PLANNED:
        found |= {"put_in_place", "end"} if intervention.case.is_open else {"end"}
    elif intervention.status in IN_FORCE:
        found |= {"breach", "end", "review", "change"}
        if runs:
            found.add("watch")
        if intervention.status == InterventionStatus.BREACHED:
            found.add("answer")
    return found
