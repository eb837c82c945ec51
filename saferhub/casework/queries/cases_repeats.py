"""Whether a hub has met the people and places of a referral before: shown before it decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from saferhub.casework.access import cases_visible_to, parts_readable_by, referrals_visible_to
from saferhub.casework.access.inside import involved_in
from saferhub.casework.models import Case, Involved, Referral
from saferhub.partnership.access import Actor
from saferhub.partnership.queries import in_force
from saferhub.people import access as people_access
from saferhub.people.queries.links import standing_around
from saferhub.people.rules import links as link_rules
from saferhub.sharing.models import Matter

MOST = 30


@dataclass(frozen=True, slots=True)
class Met:
    """An earlier referral or case about the same person or place, as far as the reader may see it."""

    reference: str
    title: str
    url: str
    kind: str
    public_id: str
    began_on: date | None
    stands: str
    ended_on: date | None
    because: str
    is_open_case: bool


def repeats(actor: Actor, matter: Matter) -> list[Met]:
    """Other referrals and cases with the same person records, records that stand as one person with them, or the
    same places, newest first. About ten queries."""
    rows = [one for one in involved_in(actor, matter) if one.ended_on is None]
    persons = {row.person_id: str(row.person.name) for row in rows if row.person_id and row.person}
    places = {row.place_id: str(row.place.name) for row in rows if row.place_id and row.place}
    same = _same_persons(actor, persons)
    near = _same_places(actor, places)
    if not same and not near:
        return []
    others = list(
        parts_readable_by(actor, Involved)
        .filter(Q(person__in=list(same)) | Q(place__in=list(near)))
        .exclude(matter=matter.pk)
        .order_by("-id")[: MOST * 4]
    )
    because: dict[int, list[str]] = {}
    for row in others:
        name = same.get(row.person_id or 0) or near.get(row.place_id or 0) or ""
        if name and name not in because.setdefault(row.matter_id, []):
            because[row.matter_id].append(name)
    return _met(actor, because)


def _same_persons(actor: Actor, persons: dict[int, str]) -> dict[int, str]:
    """Numbers of the records that stand for these people, with the name each has in the referral."""
    found = dict(persons)
    if not persons:
        return found
    standing = standing_around(actor, list(persons))
    for number, name in persons.items():
        for other in link_rules.identity(number, standing):
            found.setdefault(other, name)
    return found


def _same_places(actor: Actor, places: dict[int, str]) -> dict[int, str]:
    """Numbers of the places that are these, or lie at the same address."""
    found = dict(places)
    if not places:
        return found
    addresses = people_access.addresses_visible_to(actor)
    keys = {one.key: int(one.place_id or 0) for one in addresses.filter(place__in=list(places)) if one.key}
    for one in addresses.filter(key__in=list(keys), place__isnull=False) if keys else ():
        found.setdefault(int(one.place_id or 0), places[keys[one.key]])
    return found


def _met(actor: Actor, because: dict[int, list[str]]) -> list[Met]:
    if not because:
        return []
    outcomes = {
        one.code: str(one.item.name)
        for one in in_force.entries(actor.partnership, "closure_outcomes", actor.on)
    }
    found = [
        _case(one, because[one.matter_id], outcomes)
        for one in cases_visible_to(actor).filter(matter__in=list(because)).select_related("matter")
    ]
    found += [
        _referral(one, because[one.matter_id])
        for one in referrals_visible_to(actor).filter(matter__in=list(because)).select_related("matter")
    ]
    return sorted(found, key=lambda one: one.began_on or date.min, reverse=True)[:MOST]


def _case(case: Case, because: list[str], outcomes: dict[str, str]) -> Met:
    stands = case.get_status_display()
    if not case.is_open:
        stands = f"Closed: {outcomes.get(case.outcome, case.outcome).lower()}"
    return Met(
        case.matter.reference,
        case.matter.title,
        reverse("case", args=[case.matter.public_id]),
        "Case",
        case.matter.public_id,
        case.adopted_on,
        stands,
        case.closed_on,
        ", ".join(because),
        case.is_open,
    )


def _referral(referral: Referral, because: list[str]) -> Met:
    return Met(
        referral.matter.reference,
        referral.matter.title,
        reverse("referral", args=[referral.matter.public_id]),
        "Referral",
        referral.matter.public_id,
        referral.sent_on,
        referral.get_status_display(),
        referral.decided_on,
        ", ".join(because),
        False,
    )
