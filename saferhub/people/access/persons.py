"""Who may see a person's record, and who may change it.

A record is what one agency gave. Its own unit (and the units above it) changes it; the co-ordinator of a hub
and the partnership's manager may put right a record in a matter of that hub, because staff and the person
herself are at risk while a mistake waits for the agency that made it. Everybody else who sees it adds a
record of her own and links the two: what an agency said is never rewritten by another that works beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import Person, Place
from saferhub.sharing.access import in_folders_readable_by, sight_of
from saferhub.sharing.models import Matter

from .records import matters_around, one_of, one_of_for_update


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """The records of persons this actor may see."""
    return in_folders_readable_by(actor, Person.objects.all())


def get_person(actor: Actor, public_id: str) -> Person:
    """The record of this identifier. Raises Http404 in the same words whether hidden or missing."""
    return one_of(persons_visible_to(actor), public_id)


def get_person_for_update(actor: Actor, public_id: str) -> Person:
    """The same, locked until the transaction ends."""
    return one_of_for_update(persons_visible_to(actor), public_id)


def check_can_edit_record(actor: Actor, record: Person | Place) -> None:
    """Raise NotAllowed unless the record is her unit's own, or lies in a matter of a hub she decides for."""
    actor.check(Permission.WORK_ON_MATTERS)
    if not is_correction_by_hub(actor, record) or decides_for_one(actor, matters_around(actor, record)):
        return
    agency = record.folder.unit.agency.name
    raise NotAllowed(
        "not_yours_to_change",
        f"{agency} gave this record, and only {agency} changes it. Add what your agency knows as a record of "
        "its own, and say that the two are the same person."
        if isinstance(record, Person)
        else f"{agency} gave this record, and only {agency} changes it. Add what your agency knows as a record "
        "of its own.",
        conditions=[
            Condition("Your unit gave it, or you decide for the hub that works on it", f"{agency} gave it")
        ],
    )


def can_edit_record(actor: Actor, record: Person | Place) -> bool:
    """Whether the actor may change this record."""
    return allows(check_can_edit_record, actor, record)


def decides_for_one(actor: Actor, matters: Iterable[Matter]) -> bool:
    """Whether one of these matters is of a hub that she decides for."""
    hubs = {matter.hub for matter in matters if matter.hub is not None}
    return any(
        hub.pk in sight_of(actor).hubs and actor.has(Permission.DECIDE_SHARING, hub=hub) for hub in hubs
    )


def edits_among(actor: Actor, record: Person | Place, matters: Iterable[Matter]) -> bool:
    """The same as `can_edit_record`, where the matters around the record are loaded already. No query."""
    if not actor.has(Permission.WORK_ON_MATTERS):
        return False
    return not is_correction_by_hub(actor, record) or decides_for_one(actor, matters)


def is_correction_by_hub(actor: Actor, record: Person | Place) -> bool:
    """Whether somebody who may change it does so for the hub and not for the unit that gave it."""
    return record.folder.unit_id not in sight_of(actor).holders
