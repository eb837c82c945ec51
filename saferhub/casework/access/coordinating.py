"""The hubs whose referrals an actor decides: what waits there for nobody else waits for her."""

from __future__ import annotations

from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access.sight import hubs_of


def hubs_coordinated_by(actor: Actor) -> list[int]:
    """Numbers of the hubs that she sees and co-ordinates. One query at most, asked once on a page."""
    return [hub.pk for hub in hubs_of(actor) if actor.has(Permission.DECIDE_REFERRALS, hub=hub)]
