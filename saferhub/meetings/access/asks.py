"""Who sees what was asked of an agency, and who answers: her own unit's people, as long as they see the item."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.foundation.refusals import Condition, NotAllowed
from saferhub.meetings.access import parts_readable_by
from saferhub.meetings.models import Ask, ItemStatus, Meeting
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.sight import sight_of

STANDING = (ItemStatus.ON, ItemStatus.DONE)


def own_units(actor: Actor) -> list[int]:
    """Her unit and those above it."""
    return [one for one in sight_of(actor).holders if one > 0]


def asks_visible_to(actor: Actor, meeting: Meeting) -> QuerySet[Ask]:
    """Everything asked about the items of a meeting that she sees and that stand on its agenda."""
    return parts_readable_by(actor, Ask).filter(meeting=meeting, item__status__in=STANDING)


def asks_of(actor: Actor, meeting: Meeting) -> QuerySet[Ask]:
    """What her own unit is asked, or one above it."""
    return asks_visible_to(actor, meeting).filter(unit__in=own_units(actor))


def get_ask_for_update(actor: Actor, meeting: Meeting, public_id: str) -> Ask:
    """Something asked about an item that she sees, locked until the transaction ends. Raises Http404."""
    found = (
        asks_visible_to(actor, meeting)
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .select_related("folder", "meeting", "unit__agency")
        .first()
    )
    if found is None:
        raise Http404
    return found


def check_can_answer(actor: Actor, ask: Ask) -> None:
    """Raise NotAllowed unless it was asked of her own unit, and she sees the item by more than an emergency."""
    actor.check(Permission.WORK_ON_MATTERS)
    check_not_only_emergency(actor, ask.folder)
    if ask.unit_id in own_units(actor):
        return
    raise NotAllowed(
        "not_asked",
        "Another agency was asked this, and answers it.",
        conditions=[Condition("Your unit was asked", f"{ask.unit.agency.name} was")],
    )
