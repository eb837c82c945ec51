"""Who may open a record in an emergency, see that one was opened, and review it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import reverse

from saferhub.foundation import clock
from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import Condition, NotAllowed, Refusal, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Hub
from saferhub.sharing.models import (
    Because,
    Emergency,
    EmergencyReason,
    Enclosure,
    Folder,
    Interest,
    Matter,
    Sensitivity,
)

from .sight import folders_readable_by, governed_by, hubs_of, interests_live_on, sight_of

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
        raise Refusal(
            "already_reviewed",
            "This emergency has been reviewed.",
            link=reverse("emergency", args=[emergency.public_id]),
            link_text="See the emergency",
        )


def check_can_end(actor: Actor, emergency: Emergency) -> None:
    """Raise NotAllowed unless she opened it; Refusal once it is over."""
    if actor.user is None or emergency.user_id != actor.user.pk:
        raise NotAllowed(
            "not_your_emergency", "Somebody else opened this, so only she or he can end it early."
        )
    if emergency.until <= clock.now():
        raise Refusal("already_over", "This emergency is over already.")


def _live_on(actor: Actor, folder: Folder) -> QuerySet[Interest]:
    """Her live interests that open this folder: in it, or, where it is normal, in one that it lies in."""
    sight = sight_of(actor)
    around = Q(folder=folder)
    if folder.sensitivity == Sensitivity.NORMAL:
        around |= Q(folder__in=_outer(folder))
    return Interest.objects.filter(
        interests_live_on(clock.now()),
        Q(agreement__isnull=True) | Q(agreement__in=sight.agreements),
        around,
        holder__in=sight.holders,
        # An interest that a restriction has shut out opens nothing, so nothing rests on it.
        sensitivity__gte=F("folder__sensitivity"),
    )


def _outer(folder: Folder) -> QuerySet[Enclosure, Any]:
    return Enclosure.objects.filter(inner=folder, ended_at__isnull=True).values("outer")


def sees_beyond_emergency(actor: Actor, folder: Folder) -> bool:
    """Whether she sees this folder by more than an emergency: her hub's, her unit's own, or by another interest
    that reaches as far as it is restricted. Two queries at most."""
    sight = sight_of(actor)
    if sight.is_blind:
        return False
    own = Q(sensitivity=Sensitivity.NORMAL) & (
        Q(hub__in=sight.hubs) | Q(unit__in=[h for h in sight.holders if h > 0])
    )
    if folder.sensitivity == Sensitivity.NORMAL:
        around = Q(pk=folder.pk) | Q(pk__in=_outer(folder))
        if Folder.objects.filter(own, around).exists():
            return True
    return _live_on(actor, folder).exclude(because=Because.EMERGENCY).exists()


def rests_on_emergency(actor: Actor, folder: Folder) -> bool:
    """Whether she sees this folder only because she opened it in an emergency: then it may be looked at, and
    not printed, exported or put into a letter. At most three queries."""
    if actor.user is None or sight_of(actor).is_blind:
        return False
    return once(("rests_on_emergency", actor, folder.pk), lambda: _rests_on_emergency(actor, folder))


def _rests_on_emergency(actor: Actor, folder: Folder) -> bool:
    if not _live_on(actor, folder).filter(because=Because.EMERGENCY).exists():
        return False
    return not sees_beyond_emergency(actor, folder)


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


def check_not_only_emergency(actor: Actor, folder: Folder) -> None:
    """Raise NotAllowed for writing where sight rests on an emergency only: it opens a record to be read, and what
    is written there would stay after it. No query for one's own unit's and hub's, two or three for another's."""
    sight = sight_of(actor)
    if folder.sensitivity == Sensitivity.NORMAL and (
        folder.hub_id in sight.hubs or folder.unit_id in sight.holders
    ):
        return
    if rests_on_emergency(actor, folder):
        raise NotAllowed(
            "emergency_reads_only",
            "You see this because of an emergency: you may read it and act, and not add to it or change it.",
            conditions=[Condition("Your agency has sight of it", "Ask the hub’s co-ordinator for sight")],
        )


def hubs_decided_for(actor: Actor) -> list[Hub]:
    """The hubs for which she decides who sees what. One query."""
    return [hub for hub in hubs_of(actor) if actor.has(Permission.DECIDE_SHARING, hub=hub)]


def reasons_visible_to(actor: Actor) -> QuerySet[EmergencyReason]:
    """Why records were opened, and what reviews found: of those she opened, those of hubs that she decides for, and
    for information governance all of the partnership's. The opener's colleagues and others of the hub learn that
    one was opened. One query to find her hubs."""
    sight = sight_of(actor)
    wanted = Q(pk=-1)
    if not sight.is_blind:
        # IN with the row's own number, which is planned once: EXISTS in OR would be planned twice at each level.
        readable = folders_readable_by(actor).filter(pk=OuterRef("folder"))
        wanted |= Q(folder__in=readable.values("pk"), user=actor.user)
        if hubs := hubs_decided_for(actor):
            wanted |= Q(folder__in=readable.filter(hub__in=hubs).values("pk"))
    if sight.governs is not None:
        wanted |= Q(partnership=sight.governs)
    return EmergencyReason.objects.filter(wanted)


def can_review(actor: Actor, emergency: Emergency) -> bool:
    return allows(check_can_review, actor, emergency)


def can_end(actor: Actor, emergency: Emergency) -> bool:
    return allows(check_can_end, actor, emergency)
