"""Who may see a person's record, and who may change it.

A record is what one agency gave. Its own unit (and the units above it) changes it; the co-ordinator of a hub
and the partnership's manager may put right a record in a matter of that hub, because staff and the person
herself are at risk while a mistake waits for the agency that made it. Everybody else who sees it adds a
record of her own and links the two: what an agency said is never rewritten by another that works beside it.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.partnership.access import Actor, Permission
from saferhub.people.models import Person, Place
from saferhub.sharing.access import in_folders_readable_by, matters_visible_to, sight_of
from saferhub.sharing.models import Enclosure, Matter


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """The records of persons this actor may see."""
    return in_folders_readable_by(actor, Person.objects.all())


def get_person(actor: Actor, public_id: str) -> Person:
    """The record of this identifier. Raises Http404 in the same words whether hidden or missing."""
    found = (
        persons_visible_to(actor)
        .filter(public_id=public_id)
        .select_related("folder__unit__agency", "partnership")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_person_for_update(actor: Actor, public_id: str) -> Person:
    """The same, locked until the transaction ends."""
    found = (
        persons_visible_to(actor)
        .select_related("folder__unit__agency")
        .select_for_update(of=("self",))
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def matters_around(actor: Actor, record: Person | Place) -> QuerySet[Matter]:
    """The matters the actor may see in which this record lies, the newest first."""
    inside = Enclosure.objects.filter(inner=record.folder_id, outer=OuterRef("folder"), ended_at__isnull=True)
    return (
        matters_visible_to(actor)
        .filter(Exists(inside))
        .select_related("hub", "unit__agency", "folder")
        .order_by("-opened_on", "-id")
    )


def check_can_edit_record(actor: Actor, record: Person | Place) -> None:
    """Raise NotAllowed unless the record is her unit's own, or lies in a matter of a hub she decides for."""
    actor.check(Permission.WORK_ON_MATTERS)
    if record.folder.unit_id in sight_of(actor).holders:
        return
    hubs = [matter.hub for matter in matters_around(actor, record) if matter.hub is not None]
    if any(hub.pk in sight_of(actor).hubs and actor.has(Permission.DECIDE_SHARING, hub=hub) for hub in hubs):
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


def is_correction_by_hub(actor: Actor, record: Person | Place) -> bool:
    """Whether somebody who may change it does so for the hub and not for the unit that gave it."""
    return record.folder.unit_id not in sight_of(actor).holders
