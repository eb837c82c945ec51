"""Who may see a link decision, and who may make one (whoever may see both records) or undo one (whose record it
is, or who decides for a hub that works on it)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.http import Http404

from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import LinkDecision, Person
from saferhub.sharing.access import in_folders_readable_by, sight_of
from saferhub.sharing.access.emergencies import rests_on_emergency

from .persons import can_edit_record, persons_visible_to


def link_decisions_visible_to(actor: Actor) -> QuerySet[LinkDecision]:
    """Decisions on two records both of which the actor may see."""
    first = in_folders_readable_by(actor, LinkDecision.objects.all(), column="a_folder")
    return in_folders_readable_by(actor, first, column="b_folder")


def standing_decisions_on(actor: Actor, numbers: Collection[int]) -> list[LinkDecision]:
    """The standing decisions on these records that the actor may see: the same as `link_decisions_visible_to`, found
    by number first.

    A decision lies in its two records' folders, so whoever may see both records may see it. Few records have one,
    and the rule is asked only where they do: asked of both folders at once it costs more than the rest of a list.
    Two queries at most.
    """
    if not numbers or sight_of(actor).is_blind:
        return []
    found = list(
        LinkDecision.objects.filter(Q(a__in=numbers) | Q(b__in=numbers), undone_at__isnull=True).order_by(
            "id"
        )
    )
    if not found:
        return []
    named = {number for one in found for number in (one.a_id, one.b_id)}
    seen = set(persons_visible_to(actor).filter(pk__in=named).values_list("pk", flat=True))
    return [one for one in found if one.a_id in seen and one.b_id in seen]


def get_link_decision(actor: Actor, public_id: str) -> LinkDecision:
    """The decision of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = (
        link_decisions_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("a__folder__unit__agency", "b__folder__unit__agency")
        .first()
    )
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


def check_can_decide_links(actor: Actor, *records: Person) -> None:
    """Raise NotAllowed unless she works on matters, and sees these records by more than an emergency. A link
    gives nobody sight, so it asks no more than to see both."""
    actor.check(Permission.WORK_ON_MATTERS)
    if any(rests_on_emergency(actor, record.folder) for record in records):
        raise NotAllowed(
            "emergency_only",
            "You see one of these records because of an emergency: you may look and act, not decide who it is.",
            conditions=[Condition("Your agency has sight of both", "Ask the hub’s co-ordinator for sight")],
        )


def check_can_undo_link(actor: Actor, decision: LinkDecision) -> None:
    """Raise NotAllowed unless it is her own decision, one of the two records is her unit's, or she decides for
    a hub that works on one. Whoever only sees both leaves other agencies' records linked as they are."""
    check_can_decide_links(actor, decision.a, decision.b)
    if decision.by == actor.public_id:
        return
    if can_edit_record(actor, decision.a) or can_edit_record(actor, decision.b):
        return
    agencies = " and ".join(dict.fromkeys(one.folder.unit.agency.name for one in (decision.a, decision.b)))
    raise NotAllowed(
        "not_yours_to_undo",
        "You may see this decision and not undo it. If it is wrong, tell the hub’s co-ordinator.",
        conditions=[
            Condition(
                "You made it, your unit gave one of the records, or you decide for a hub that works on one",
                f"{agencies} gave them",
            )
        ],
    )


def can_undo_link(actor: Actor, decision: LinkDecision) -> bool:
    """Whether the actor may undo this decision."""
    return allows(check_can_undo_link, actor, decision)
