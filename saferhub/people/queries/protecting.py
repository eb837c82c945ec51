"""What a row with a person's name says at a glance: a risk to staff, safe contact, a protected address.

A tag follows the records that stand as one person as far as the reader may see each: what one agency knows
protects staff and the person wherever another agency's record of her is listed.
"""

from __future__ import annotations

from collections.abc import Collection

from saferhub.partnership.access import Actor
from saferhub.people.models import Address, SafeContact, StaffRisk
from saferhub.people.rules import links as link_rules

from .links import standing_around
from .person_page import is_current

Tags = tuple[tuple[str, str], ...]

RISK: tuple[str, str] = ("Risk to staff", "red")
SAFE: tuple[str, str] = ("Safe contact", "violet")
ADDRESS: tuple[str, str] = ("Protected address", "violet")


def tags_of(actor: Actor, numbers: Collection[int]) -> dict[int, Tags]:
    """Tags for each of these records, which the reader may read. Four queries, more where they are linked;
    none for none."""
    if not numbers:
        return {}
    standing = standing_around(actor, numbers)
    groups = {number: link_rules.identity(number, standing) for number in numbers}
    # Her own records and those linked by decisions that she sees, which she sees only with both records.
    everyone = {one for group in groups.values() for one in group}
    held = [
        (tag, {one.person_id for one in rows if is_current(one, actor.on)})
        for tag, rows in (
            (RISK, StaffRisk.objects.filter(person__in=everyone)),
            (SAFE, SafeContact.objects.filter(person__in=everyone)),
            (ADDRESS, Address.objects.filter(person__in=everyone, is_protected=True)),
        )
    ]
    return {number: tuple(tag for tag, whose in held if whose & group) for number, group in groups.items()}
