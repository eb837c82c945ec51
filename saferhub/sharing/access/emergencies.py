"""Who may open a record in an emergency, see that one was opened, and review it."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from saferhub.foundation import clock
from saferhub.foundation.refusals import Condition, NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.models import Because, Emergency, Enclosure, Folder, Interest, Matter, Sensitivity

from .sight import governed_by, interests_live_on, sight_of

# Not its folder: information governance may not read that, and a join would drop the row.
_WITH = ("user", "partnership")


def check_can_open(actor: Actor) -> None:
    """Raise NotAllowed unless she works on matters."""
    actor.check(Permission.WORK_ON_MATTERS)


def emergencies_visible_to(actor: Actor) -> QuerySet[Emergency]:
    """Her own unit's, those of hubs she works in, and for information governance all of the partnership's."""
    return governed_by(actor, Emergency.objects.all())


def get_emergency(actor: Actor, public_id: str) -> Emergency:
    """The emergency of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = emergencies_visible_to(actor).select_related(*_WITH).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_emergency_for_update(actor: Actor, public_id: str) -> Emergency:
    """The same, locked until the transaction ends."""
    rows = emergencies_visible_to(actor).select_for_update(of=("self",)).select_related(*_WITH)
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def check_can_review(actor: Actor, emergency: Emergency) -> None:
    """Raise NotAllowed unless she reviews emergencies and this one is another's; Refusal once it is reviewed."""
    actor.check(Permission.REVIEW_EMERGENCIES)
    if actor.user is not None and emergency.user_id == actor.user.pk:
        raise NotAllowed("own_emergency", "You opened this yourself, so somebody else reviews it.")
    if emergency.justified is not None:
        raise Refusal("already_reviewed", "This emergency has been reviewed.")


def check_can_end(actor: Actor, emergency: Emergency) -> None:
    """Raise NotAllowed unless she opened it; Refusal once it is over."""
    if actor.user is None or emergency.user_id != actor.user.pk:
        raise NotAllowed(
            "not_your_emergency", "Somebody else opened this, so only she or he can end it early."
        )
    if emergency.until <= clock.now():
        raise Refusal("already_over", "This emergency is over already.")


def rests_on_emergency(actor: Actor, folder: Folder) -> bool:
    """Whether she sees this folder only because she opened it in an emergency: then it may be looked at, and
    not printed, exported or put into a letter. At most three queries."""
    sight = sight_of(actor)
    if sight.is_blind or actor.user is None:
        return False
    outer = Enclosure.objects.filter(inner=folder, ended_at__isnull=True).values("outer")
    live = Interest.objects.filter(
        interests_live_on(clock.now()),
        Q(agreement__isnull=True) | Q(agreement__in=sight.agreements),
        Q(folder=folder) | Q(folder__in=outer),
        holder__in=sight.holders,
    )
    if not live.filter(because=Because.EMERGENCY).exists():
        return False
    own = Q(sensitivity=Sensitivity.NORMAL) & (
        Q(hub__in=sight.hubs) | Q(unit__in=[h for h in sight.holders if h > 0])
    )
    if Folder.objects.filter(own, Q(pk=folder.pk) | Q(pk__in=outer)).exists():
        return False
    return not live.exclude(because=Because.EMERGENCY).exists()


def without_emergency_sight(actor: Actor, rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Those of these matters that she sees by more than an emergency: what an export may hold. One query, and
    three more for each emergency of hers that runs."""
    if actor.user is None:
        return rows
    opened = Interest.objects.filter(
        interests_live_on(clock.now()), user=actor.user, because=Because.EMERGENCY
    )
    folders = Folder.objects.filter(pk__in=opened.values("folder"))
    return rows.exclude(folder__in=[one.pk for one in folders if rests_on_emergency(actor, one)])


def check_may_leave(actor: Actor, folder: Folder) -> None:
    """Raise NotAllowed for printing or exporting what is seen only because of an emergency."""
    if rests_on_emergency(actor, folder):
        raise NotAllowed(
            "emergency_only",
            "You see this because of an emergency: you may look and act, not print, export or share it.",
            conditions=[Condition("Your agency has sight of it", "Ask the hub’s co-ordinator for sight")],
        )


def can_review(actor: Actor, emergency: Emergency) -> bool:
    return allows(check_can_review, actor, emergency)


def can_end(actor: Actor, emergency: Emergency) -> bool:
    return allows(check_can_end, actor, emergency)
