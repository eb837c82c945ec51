"""Who may see a link decision, and who may make or undo one: only who may see both records."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import LinkDecision
from saferhub.sharing.access import in_folders_readable_by


def link_decisions_visible_to(actor: Actor) -> QuerySet[LinkDecision]:
    """Decisions on two records both of which the actor may see."""
    first = in_folders_readable_by(actor, LinkDecision.objects.all(), column="a_folder")
    return in_folders_readable_by(actor, first, column="b_folder")


def get_link_decision(actor: Actor, public_id: str) -> LinkDecision:
    """The decision of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = link_decisions_visible_to(actor).filter(public_id=public_id).select_related("a", "b").first()
    if found is None:
        raise Http404
    return found


def get_link_decision_for_update(actor: Actor, public_id: str) -> LinkDecision:
    """The same, locked until the transaction ends."""
    found = (
        link_decisions_visible_to(actor).select_for_update(of=("self",)).filter(public_id=public_id).first()
    )
    if found is None:
        raise Http404
    return found


def check_can_decide_links(actor: Actor) -> None:
    """Raise NotAllowed unless she works on matters. A link gives nobody sight, so it asks no more than to
    see both records."""
    actor.check(Permission.WORK_ON_MATTERS)
