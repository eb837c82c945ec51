"""Who may read the log, and of it what: information governance, and of her own partnership only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from saferhub.audit.models import Entry

from . import Permission

if TYPE_CHECKING:
    from . import Actor


def check_can_read_log(actor: Actor) -> None:
    """Raise NotAllowed, naming who can, unless the actor may read the log."""
    actor.check(Permission.READ_LOG)


def entries_visible_to(actor: Actor) -> QuerySet[Entry]:
    """The entries of acts done for the actor's own partnership; none for one who belongs to none."""
    if not actor.has(Permission.READ_LOG) or not actor.partnership_code:
        return Entry.objects.none()
    return Entry.objects.filter(partnership=actor.partnership_code)


def get_entry(actor: Actor, number: int) -> Entry:
    """One entry. Raises Http404 for another partnership's as for a missing one."""
    return get_object_or_404(entries_visible_to(actor), pk=number)
