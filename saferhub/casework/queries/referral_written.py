"""A referral as far as it is written, for the rule that says what is missing."""

from __future__ import annotations

from saferhub.casework.access import parts_readable_by
from saferhub.casework.models import Involved, Referral
from saferhub.casework.rules.referrals import WORDS, Written
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people.access import persons_visible_to, places_visible_to
from saferhub.sharing.models import Enclosure


def written_of(actor: Actor, referral: Referral) -> Written:
    """What is written, and who stands in it. Five queries."""
    involved = list(
        parts_readable_by(actor, Involved)
        .filter(matter=referral.matter_id, ended_on__isnull=True)
        .values_list("person_id", "place_id", "role", "is_subject")
    )
    harmed = {
        one.code
        for one in in_force.entries(referral.partnership, "case_roles", actor.on)
        if one.item.side == "harmed"
    }
    persons = {person for person, _, _, _ in involved if person}
    places = {place for _, place, _, _ in involved if place}
    lying = Enclosure.objects.filter(outer=referral.folder_id, ended_at__isnull=True).values("inner")
    unplaced = (
        persons_visible_to(actor).filter(folder__in=lying).exclude(pk__in=persons).count()
        + places_visible_to(actor).filter(folder__in=lying).exclude(pk__in=places).count()
    )
    return Written(
        title=referral.matter.title,
        purpose=referral.matter.purpose,
        **{name: getattr(referral, name) for name in WORDS},
        subjects=len({person for person, _, _, is_subject in involved if person and is_subject}),
        harmed=len({person for person, _, role, _ in involved if person and role in harmed}),
        places=len(places),
        unplaced=unplaced,
    )
