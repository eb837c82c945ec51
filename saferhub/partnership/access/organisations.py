"""Who may see which agency, hub and board: those of her own partnership, whatever their dates.

An organisation of another partnership and one that does not exist give the same answer, 404.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.models import Agency, Board, Entry, Hub, PackRelease


def check_can_see_partnership(actor: Actor) -> None:
    """Raise NotAllowed unless the actor works in the partnership."""
    actor.check(Permission.VIEW_PARTNERSHIP)


def check_can_see_packs(actor: Actor) -> None:
    """Raise NotAllowed unless the actor's role looks after loaded rules or their lawfulness."""
    actor.check(Permission.VIEW_PACKS)


def agencies_visible_to(actor: Actor) -> QuerySet[Agency]:
    """Every agency of the actor's partnership, those that have ended included."""
    return (
        Agency.objects.filter(partnership=actor.partnership) if actor.partnership else Agency.objects.none()
    )


def hubs_visible_to(actor: Actor) -> QuerySet[Hub]:
    """Every hub of the actor's partnership, those that have ended included."""
    return Hub.objects.filter(partnership=actor.partnership) if actor.partnership else Hub.objects.none()


def boards_visible_to(actor: Actor) -> QuerySet[Board]:
    """Every board and group of the actor's partnership, those that have ended included."""
    return Board.objects.filter(partnership=actor.partnership) if actor.partnership else Board.objects.none()


def releases_visible_to(actor: Actor) -> QuerySet[PackRelease]:
    """National packs and those of the actor's partnership; without a partnership, none."""
    if actor.partnership is None:
        return PackRelease.objects.none()
    return PackRelease.objects.filter(Q(partnership__isnull=True) | Q(partnership=actor.partnership))


def get_agency(actor: Actor, code: str) -> Agency:
    """The agency of this code in the actor's own partnership. Raises Http404."""
    return get_object_or_404(agencies_visible_to(actor), code=code)


def get_hub(actor: Actor, code: str) -> Hub:
    """The hub of this code in the actor's own partnership. Raises Http404."""
    return get_object_or_404(hubs_visible_to(actor), code=code)


def get_board(actor: Actor, code: str) -> Board:
    """The board of this code in the actor's own partnership. Raises Http404."""
    return get_object_or_404(boards_visible_to(actor), code=code)


def get_area_for_delivery(actor: Actor, code: str) -> Entry:
    """The area for delivery of this code in the actor's own partnership. Raises Http404."""
    return get_object_or_404(
        Entry.objects.filter(partnership=actor.partnership, partnership__isnull=False),
        section="priorities",
        code=code,
    )
