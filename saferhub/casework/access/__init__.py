"""Who may see and do what in casework. Everything is loaded through this package.

A referral or case is seen as its matter is (sharing.access); its parts as their folder. What may be done to
each kind stands in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from saferhub.casework.models import (
    Action,
    ActionMove,
    Assessment,
    Attachment,
    Breach,
    Case,
    CaseLink,
    CaseMove,
    CaseReview,
    Chase,
    Decision,
    DemandEvent,
    Goal,
    Intervention,
    InterventionMove,
    Involved,
    Note,
    Osara,
    PromptAnswer,
    Referral,
    ReferralMove,
    ReferralPack,
    Risk,
    SheetImport,
    SheetRow,
)
from saferhub.foundation.refusals import Condition, NotAllowed
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.access import in_folders_readable_by
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.matters import works_in_hub_of
from saferhub.sharing.access.sight import listed_visible_to, sight_of

from .asking import ask_who_leads, way_back

M = TypeVar("M", bound=Model)
H = TypeVar("H", Case, Referral)
Loader = Callable[[Actor], QuerySet[Any]]


def referrals_visible_to(actor: Actor) -> QuerySet[Referral]:
    """Referrals of the actor's unit, of her hubs, and those she was given sight of."""
    return listed_visible_to(actor, Referral.objects.all())


def cases_visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases this actor may see."""
    return listed_visible_to(actor, Case.objects.all())


def actions_visible_to(actor: Actor) -> QuerySet[Action]:
    """Actions in the cases this actor may see."""
    return listed_visible_to(actor, Action.objects.all())


def interventions_visible_to(actor: Actor) -> QuerySet[Intervention]:
    """Interventions in the cases this actor may see."""
    return listed_visible_to(actor, Intervention.objects.all())


def parts_readable_by(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of a part of referrals or cases that lie in a folder the actor may read."""
    rows = in_folders_readable_by(actor, model._default_manager.all())
    if model in (Note, Attachment):
        return in_folders_readable_by(actor, rows, column="matter_folder")
    return rows


def case_links_visible_to(actor: Actor) -> QuerySet[CaseLink]:
    """Links between two cases that the actor may both see."""
    rows = in_folders_readable_by(actor, CaseLink.objects.all(), column="a_folder")
    return in_folders_readable_by(actor, rows, column="b_folder")


def _parts(model: type[M]) -> Loader:
    return lambda actor: parts_readable_by(actor, model)


PARTS: tuple[type[Model], ...] = (
    ReferralMove,
    ReferralPack,
    Involved,
    Decision,
    Assessment,
    PromptAnswer,
    CaseMove,
    CaseReview,
    Goal,
    Risk,
    Osara,
    Note,
    Attachment,
    DemandEvent,
    ActionMove,
    Chase,
    InterventionMove,
    Breach,
    SheetImport,
    SheetRow,
)
LOADERS: dict[type[Model], Loader] = {
    Referral: referrals_visible_to,
    Case: cases_visible_to,
    Action: actions_visible_to,
    Intervention: interventions_visible_to,
    CaseLink: case_links_visible_to,
    **{model: _parts(model) for model in PARTS},
}


def get_case(actor: Actor, public_id: str) -> Case:
    """The case of this matter (addresses carry the matter's identifier). Raises Http404, hidden or missing."""
    found = (
        cases_visible_to(actor)
        .filter(matter__public_id=public_id)
        .select_related("folder", "hub", "matter__lead")
        .first()
    )
    if found is None:
        raise Http404
    units = Unit.objects.select_related("agency").in_bulk({found.unit_id, found.lead_unit_id})
    found.unit, found.lead_unit = units[found.unit_id], units[found.lead_unit_id]
    return _with_matter(actor, found)


def _with_matter(actor: Actor, found: H) -> H:
    """The same, its matter with what both carry. Each table that is joined makes the query dearer to plan than the
    one before, so what is at hand, or is found by number at no cost, is not joined."""
    if actor.partnership is not None and actor.partnership.pk == found.partnership_id:
        found.partnership = actor.partnership
    for name in ("folder", "hub", "unit", "partnership"):
        if getattr(found.matter, f"{name}_id") == getattr(found, f"{name}_id"):
            setattr(found.matter, name, getattr(found, name))
    return found


def get_case_for_update(actor: Actor, public_id: str) -> Case:
    """The same, locked until the transaction ends."""
    found = (
        cases_visible_to(actor).select_for_update(of=("self",)).filter(matter__public_id=public_id).first()
    )
    if found is None:
        raise Http404
    return found


def get_referral(actor: Actor, public_id: str) -> Referral:
    """The referral of this matter. Raises Http404, hidden or missing."""
    found = (
        referrals_visible_to(actor)
        .filter(matter__public_id=public_id)
        .select_related("folder", "hub", "unit__agency", "agreement", "written_by", "matter__lead")
        .first()
    )
    if found is None:
        raise Http404
    asked = found.hub if found.hub is not None and found.hub_id == found.to_hub_id else None
    found.to_hub = asked or Hub.objects.get(pk=found.to_hub_id)
    return _with_matter(actor, found)


def get_referral_for_update(actor: Actor, public_id: str) -> Referral:
    """The same, locked until the transaction ends."""
    found = (
        referrals_visible_to(actor)
        .select_for_update(of=("self",))
        .filter(matter__public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_referrals_for_update(actor: Actor, numbers: Collection[int]) -> dict[int, Referral]:
    """Those of these referrals that she sees, by number, each with its matter, locked until the transaction ends. One
    query."""
    rows = (
        referrals_visible_to(actor)
        .filter(pk__in=numbers)
        .select_related("folder", "to_hub", "unit__agency", "matter__folder", "matter__lead")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return {one.pk: one for one in rows}


def get_part(actor: Actor, model: type[M], public_id: str, **within: Any) -> M:
    """One part (a note, a goal, an action …) by its identifier, within what `within` says. Raises Http404."""
    loader = LOADERS[model]
    found = loader(actor).filter(public_id=public_id, **within).first()
    if found is None:
        raise Http404
    return found


# --- Who may do what ------------------------------------------------------------------------------------


def check_can_contribute(actor: Actor, case: Case) -> None:
    """Raise NotAllowed unless she may add to the case: whoever sees it and works on matters, by more than an
    emergency. Notes, contacts, files, updates of her own actions, scores."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_not_only_emergency(actor, case.folder)


def check_can_manage(actor: Actor, case: Case) -> None:
    """Raise NotAllowed unless she runs the case: she works in its hub, or is its lead officer, or of the unit
    that leads it. Actions for others, goals, risks, status, closure, interventions."""
    check_can_contribute(actor, case)
    if works_in_hub_of(actor, case.matter) or case.matter.lead_id == (actor.user.pk if actor.user else None):
        return
    if case.lead_unit_id in sight_of(actor).holders:
        return
    raise NotAllowed(
        "not_yours_to_run",
        "You contribute to this case and do not run it.",
        **way_back(case),
        conditions=[
            Condition(
                "You work in its hub, or lead it, or your unit does",
                f"{case.lead_unit.agency.name} leads it"
                + (f" with {case.matter.hub.name}" if case.matter.hub else "")
                + f". {ask_who_leads(case)}",
            )
        ],
    )


def check_can_decide(actor: Actor, referral: Referral) -> None:
    """Raise NotAllowed unless she decides referrals for the hub that is asked, and sees this by more than an
    emergency."""
    check_not_only_emergency(actor, referral.folder)
    if (
        referral.hub is not None
        and referral.hub_id in sight_of(actor).hubs
        and actor.has(Permission.DECIDE_REFERRALS, hub=referral.hub)
    ):
        return
    raise NotAllowed(
        "needs_decide_referrals",
        "You may see this referral and not decide it.",
        conditions=[
            Condition(
                "You decide referrals for the hub that was asked",
                f"The co-ordinator of {referral.to_hub.name} and the partnership’s manager do",
            )
        ],
    )
