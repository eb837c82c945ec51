"""What a row with a person's name says at a glance: a risk to staff, safe contact, a protected address.

A tag follows the records that stand as one person as far as the reader may see each: what one agency knows
protects staff and the person wherever another agency's record of her is listed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, Value

from saferhub.partnership.access import Actor
from saferhub.people.models import Address, SafeContact, StaffRisk
from saferhub.people.rules import links as link_rules

from .links import standing_around

Tags = tuple[tuple[str, str], ...]

RISK: tuple[str, str] = ("Risk to staff", "red")
SAFE: tuple[str, str] = ("Safe contact", "violet")
ADDRESS: tuple[str, str] = ("Protected address", "violet")


def tags_of(actor: Actor, numbers: Collection[int]) -> dict[int, Tags]:
    """Tags for each of these records, which the reader may read. Two queries, more where they are linked; none
    for none."""
    if not numbers:
        return {}
    standing = standing_around(actor, numbers)
    groups = {number: link_rules.identity(number, standing) for number in numbers}
    # Her own records and those linked by decisions that she sees, which she sees only with both records.
    everyone = {one for group in groups.values() for one in group}
    held = _held(everyone, actor.on)
    return {number: tuple(tag for tag, whose in held if whose & group) for number, group in groups.items()}


def _held(numbers: Collection[int], on: date) -> list[tuple[tuple[str, str], set[int]]]:
    """Each tag with the records that have what it says on a day. One query over the three tables."""
    kinds = (RISK, SAFE, ADDRESS)
    rows = (
        StaffRisk.objects.filter(person__in=numbers),
        SafeContact.objects.filter(person__in=numbers),
        Address.objects.filter(person__in=numbers, is_protected=True),
    )
    current = (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_until=None) | Q(valid_until__gte=on))
    first, *others = (
        found.filter(current).order_by().values_list("person_id", Value(place))
        for place, found in enumerate(rows)
    )
    held: list[tuple[tuple[str, str], set[int]]] = [(tag, set()) for tag in kinds]
    for number, place in first.union(*others, all=True):
        held[place][1].add(number)
    return held
