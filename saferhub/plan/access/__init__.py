"""Who may see and do what in the plan. Everything is loaded through this package.

The plan, its measures and its figures are read by everybody who works in the partnership: nothing in them is about a
person it works with. The manager writes the plan; whoever leads an action, or any working member of its lead agency
where nobody is named, says how it stands. Another partnership's is not there: the same page as for a missing one.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from saferhub.foundation.refusals import Conflict, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.plan.models import CrimeNote, Measure, PlanAction

M = TypeVar("M", bound=Model)


def visible_to(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of a table of the plan that this actor reads: her own partnership's, none without one.

    The table has a field `partnership`."""
    rows = model._default_manager.all()
    if actor.partnership is None or not actor.has(Permission.VIEW_PARTNERSHIP):
        return rows.none()
    return rows.filter(partnership=actor.partnership)


def get(actor: Actor, model: type[M], public_id: str, *related: str) -> M:
    """One row as its page needs it. Raises Http404 when it is not there for the actor."""
    row = visible_to(actor, model).select_related(*related).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def get_for_update(actor: Actor, model: type[M], public_id: str, *, version: int | None) -> M:
    """The same, locked until the transaction ends. `version` is the one that the actor saw; None: it matters not.

    Raises Http404 as `get` does, and Conflict `changed_meanwhile` when it is not that version any more."""
    row = visible_to(actor, model).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if row is None:
        raise Http404
    if version is not None and getattr(row, "version") != version:  # noqa: B009 - not every model of the plan has one
        raise Conflict(
            "changed_meanwhile", "Somebody else changed this while you were writing. Look at it again."
        )
    return row


def check_can_keep_plan(actor: Actor) -> None:
    """Raise NotAllowed unless the actor writes the plan."""
    actor.check(Permission.KEEP_PLAN)


def check_can_keep_measures(actor: Actor) -> None:
    """Raise NotAllowed unless the actor defines measures and enters figures."""
    actor.check(Permission.KEEP_MEASURES)


def leads(actor: Actor, action: PlanAction) -> bool:
    """Whether the actor says how this action stands: its lead; any of its lead agency who work on matters where nobody
    is named; whoever writes the plan."""
    if actor.user is None:
        return False
    if actor.has(Permission.KEEP_PLAN) or action.lead_id == actor.user.pk:
        return True
    agency = actor.agency
    return (
        action.lead_id is None
        and agency is not None
        and action.lead_agency_id == agency.pk
        and actor.has(Permission.WORK_ON_MATTERS)
    )


def check_leads(actor: Actor, action: PlanAction) -> None:
    """Raise NotAllowed unless the actor says how this action stands."""
    if not leads(actor, action):
        raise NotAllowed(
            "not_your_action",
            f"{action.lead_post} ({action.lead_agency.name}) or the partnership manager can do this.",
        )


def led_by(actor: Actor) -> Q:
    """Actions that this actor is asked about: those she leads, and her agency's that name nobody."""
    if actor.user is None:
        return Q(pk__in=[])
    mine = Q(lead=actor.user)
    if actor.agency is not None and actor.has(Permission.WORK_ON_MATTERS):
        mine |= Q(lead__isnull=True, lead_agency=actor.agency)
    return mine


def owns(actor: Actor, measure: Measure) -> bool:
    """Whether the actor comments on this measure: its owner, or whoever keeps measures."""
    return actor.user is not None and (
        measure.owner_id == actor.user.pk or actor.has(Permission.KEEP_MEASURES)
    )


def check_owns(actor: Actor, measure: Measure) -> None:
    """Raise NotAllowed unless the actor comments on this measure."""
    if not owns(actor, measure):
        raise NotAllowed(
            "not_your_measure", f"{measure.owner_post}, the analyst or the partnership manager can do this."
        )


def check_can_record_training(actor: Actor, agency: str) -> None:
    """Raise NotAllowed unless the actor records training of this agency (its code; blank: of several, or residents):
    whoever writes the plan any, whoever works on matters her own agency's."""
    if actor.has(Permission.KEEP_PLAN):
        return
    if not actor.has(Permission.WORK_ON_MATTERS) or not agency or agency != actor.agency_code:
        raise NotAllowed(
            "not_your_training",
            "You can record training of your own agency’s staff. The partnership manager records any other.",
        )


def can_record_training(actor: Actor, agency: str | None = None) -> bool:
    """Whether the actor records training of this agency; None: of any."""
    code = actor.agency_code if agency is None else agency
    return allows(check_can_record_training, actor, code)


def check_can_note_decisions(actor: Actor) -> None:
    """Raise NotAllowed unless the actor notes how crime and disorder weighed in decisions: each agency weighs it in
    what it does, so whoever works on matters may, and whoever writes the plan."""
    if not actor.has(Permission.KEEP_PLAN):
        actor.check(Permission.WORK_ON_MATTERS)


def can_note_decisions(actor: Actor) -> bool:
    """Whether the actor notes decisions."""
    return allows(check_can_note_decisions, actor)


def check_can_change_note(actor: Actor, note: CrimeNote) -> None:
    """Raise NotAllowed unless the note is the actor's own, or she writes the plan."""
    if actor.user is None or (note.by_id != actor.user.pk and not actor.has(Permission.KEEP_PLAN)):
        raise NotAllowed(
            "not_your_note", "Whoever wrote this note, or the partnership manager, can change it."
        )


def can_change_note(actor: Actor, note: CrimeNote) -> bool:
    """Whether the actor changes this note."""
    return allows(check_can_change_note, actor, note)


def can_keep_plan(actor: Actor) -> bool:
    """Whether the actor writes the plan."""
    return allows(check_can_keep_plan, actor)


def can_keep_measures(actor: Actor) -> bool:
    """Whether the actor defines measures and enters figures."""
    return allows(check_can_keep_measures, actor)


__all__ = [
    "can_change_note",
    "can_keep_measures",
    "can_keep_plan",
    "can_note_decisions",
    "can_record_training",
    "check_can_change_note",
    "check_can_keep_measures",
    "check_can_keep_plan",
    "check_can_note_decisions",
    "check_can_record_training",
    "check_leads",
    "check_owns",
    "get",
    "get_for_update",
    "leads",
    "led_by",
    "owns",
    "visible_to",
]
