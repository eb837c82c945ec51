"""Places that a referrer's unit knows already, so that one place has one record."""

from __future__ import annotations

from saferhub.partnership.access import Actor
from saferhub.people.access import places_visible_to
from saferhub.people.access import search as access
from saferhub.people.models import Place
from saferhub.people.rules.search import Typed
from saferhub.sharing.access.matters import can_pass_on

MOST = 20


def known_places(actor: Actor, words: str, postcode: str) -> list[Place]:
    """Her unit's own places that resemble these words, and that she may put into a referral."""
    typed = Typed(address=words.strip(), postcode=postcode.strip())
    numbers = access.place_numbers(typed.address, typed.address_key)
    rows = places_visible_to(actor).filter(pk__in=numbers).select_related("folder").order_by("name", "id")
    return [one for one in rows if can_pass_on(actor, one.folder)][:MOST]
