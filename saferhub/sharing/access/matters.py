"""Who may see a matter, and who may change it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.foundation import clock
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub
from saferhub.sharing.models import Because, Enclosure, Folder, Interest, Matter, MatterStatus, Sensitivity
from saferhub.sharing.registries import kind_of

from .emergencies import check_not_only_emergency
from .seers import bindings, lead_agency
from .sight import (
    folders_readable_by,
    interests_live_on,
    listed_visible_to,
    sight_of,
)


def matters_visible_to(actor: Actor) -> QuerySet[Matter]:
    """The matters this actor may see."""
    return listed_visible_to(actor, Matter.objects.all())


def get_matter(actor: Actor, public_id: str) -> Matter:
    """The matter of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = (
        matters_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("folder", "partnership", "hub", "unit__agency", "lead")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_matter_for_update(actor: Actor, public_id: str) -> Matter:
    """The same, locked until the transaction ends."""
    found = matters_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def works_in_hub_of(actor: Actor, matter: Matter) -> bool:
    """Whether she sees this matter because she works in its hub."""
    return matter.hub_id is not None and matter.hub_id in sight_of(actor).hubs


def check_can_edit(actor: Actor, matter: Matter) -> None:
    """Raise NotAllowed unless the matter is her unit's own or her hub's, seen by more than an emergency.
    Contributors read it."""
    check_not_only_emergency(actor, matter.folder)
    if works_in_hub_of(actor, matter) or matter.unit_id in sight_of(actor).holders:
        return
    raise NotAllowed(
        "not_yours_to_change",
        "Your agency may see this matter and not change it.",
        conditions=[
            Condition(
                "It is your unit’s own, or your hub’s",
                f"It belongs to {matter.unit.agency.name}"
                + (f" and {matter.hub.name}" if matter.hub else ""),
            )
        ],
    )


def check_can_decide_sharing(actor: Actor, matter: Matter) -> None:
    """Raise NotAllowed unless she decides who sees it: the hub's co-ordinator or the partnership's manager;
    where no hub has it, anybody of the unit whose it is. An emergency is not enough."""
    check_not_only_emergency(actor, matter.folder)
    if matter.hub is None and matter.unit_id in sight_of(actor).holders:
        return
    if (
        matter.hub is not None
        and works_in_hub_of(actor, matter)
        and actor.has(Permission.DECIDE_SHARING, hub=matter.hub)
    ):
        return
    raise NotAllowed(
        "needs_decide_sharing",
        "You may see this matter and not decide who else does.",
        conditions=[
            Condition(
                "You decide for the hub that has it" if matter.hub else "It is your unit’s own",
                f"The co-ordinator of {matter.hub.name} and the partnership’s manager do"
                if matter.hub
                else f"It belongs to {matter.unit.agency.name}",
            )
        ],
    )


def check_can_enclose(actor: Actor, matter: Matter) -> None:
    """Raise NotAllowed unless she may put a record of a person or place into this matter: whoever sees it
    and works on matters may tell the others what her agency holds, unless she sees it in an emergency only."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_not_only_emergency(actor, matter.folder)


def get_interest(actor: Actor, matter: Matter, public_id: str) -> Interest:
    """An interest in this matter. Raises Http404 for any other.

    Whoever sees a matter sees every interest in it, so the one folder is asked and no other.
    """
    found = (
        Interest.objects.filter(folder=matter.folder_id, public_id=public_id)
        .select_related("folder", "unit__agency", "user", "agreement")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_readable_folder(actor: Actor, public_id: str) -> Folder:
    """The folder of a record that the actor may read. Raises Http404."""
    found = (
        folders_readable_by(actor).filter(public_id=public_id).select_related("unit__agency", "hub").first()
    )
    if found is None:
        raise Http404
    return found


def get_enclosure(actor: Actor, matter: Matter, public_id: str) -> Enclosure:
    """That the record of this folder lies in this matter. Raises Http404 where it does not."""
    found = (
        Enclosure.objects.filter(
            outer=matter.folder_id,
            ended_at__isnull=True,
            inner__public_id=public_id,
            inner__in=folders_readable_by(actor),
        )
        .select_related("inner__unit__agency", "inner__hub", "outer")
        .first()
    )
    if found is None:
        raise Http404
    return found


def holds_record(actor: Actor, folder: Folder) -> bool:
    """Whether a record is her unit's own. No hub holds records: what others gave she may not pass on."""
    return folder.unit_id in sight_of(actor).holders


def can_pass_on(actor: Actor, folder: Folder) -> bool:
    """Whether she may put a record into another matter: her unit's own, and not restricted with the one it
    lies in."""
    return holds_record(actor, folder) and folder.sensitivity == Sensitivity.NORMAL


def check_can_put_in(actor: Actor, matter: Matter, folder_id: str) -> Folder:
    """The record's folder, where the actor may put it into this matter. Raises NotAllowed for somebody
    else's record, and Http404 for one she does not see."""
    folder = get_readable_folder(actor, folder_id)
    check_can_enclose(actor, matter)
    if folder.kind == "matter" or not holds_record(actor, folder):
        raise NotAllowed(
            "not_yours_to_pass_on",
            "You may see this record and not put it into another matter.",
            conditions=[Condition("It is your unit’s own", f"It belongs to {folder.unit.agency.name}")],
        )
    return folder


def check_can_take_out(actor: Actor, matter: Matter, enclosure: Enclosure) -> None:
    """Raise NotAllowed unless she may change the matter, or the record is her unit's own."""
    if not holds_record(actor, enclosure.inner):
        check_can_edit(actor, matter)


def purposes_carried_to(actor: Actor, hub: Hub) -> set[str] | None:
    """The purposes for which agreements in force let her agency share with a hub; None where it leads the
    partnership and needs none. Six queries."""
    if actor.agency is None or actor.partnership is None or hub.partnership_id != actor.partnership.pk:
        return set()
    if lead_agency(actor.partnership, actor.on) == actor.agency.code:
        return None
    bound = bindings(actor.partnership, actor.on)
    return {purpose for agreement in bound.opening(actor.agency, hub.pk) for purpose in agreement.purposes}


def available_operations(actor: Actor, matter: Matter) -> set[str]:
    """What the actor may do to it now, from the same checks as the operations."""
    found = set()
    if allows(check_can_edit, actor, matter):
        # A kind with pages of its own is changed and closed there.
        if kind_of(matter) is None:
            found |= {"edit", "close"} if matter.status == MatterStatus.OPEN else {"reopen"}
    if allows(check_can_decide_sharing, actor, matter):
        found |= {"share", "hand_over"}
        if matter.sensitivity == Sensitivity.NORMAL:
            found.add("restrict")
        elif matter.sensitivity == Sensitivity.RESTRICTED:
            found.add("lift")
    return found


def sees_in_emergency(actor: Actor, matter: Matter) -> bool:
    """Whether she has opened it in an emergency that still runs. One query, and none for the hub's own staff."""
    if actor.user is None or (matter.sensitivity == Sensitivity.NORMAL and works_in_hub_of(actor, matter)):
        return False
    return Interest.objects.filter(
        interests_live_on(clock.now()), folder=matter.folder_id, user=actor.user, because=Because.EMERGENCY
    ).exists()
