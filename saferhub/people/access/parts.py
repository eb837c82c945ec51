"""Who may see the parts of a person or a place: whoever may read the folder they lie in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from saferhub.partnership.access import Actor
from saferhub.people.models import (
    Address,
    CommunicationNeed,
    ContactPoint,
    EqualityAnswer,
    Identifier,
    Name,
    PersonPart,
    Relationship,
    SafeContact,
    StaffRisk,
)
from saferhub.sharing.access import in_folders_readable_by


def names_visible_to(actor: Actor) -> QuerySet[Name]:
    return in_folders_readable_by(actor, Name.objects.all())


def identifiers_visible_to(actor: Actor) -> QuerySet[Identifier]:
    return in_folders_readable_by(actor, Identifier.objects.all())


def contact_points_visible_to(actor: Actor) -> QuerySet[ContactPoint]:
    return in_folders_readable_by(actor, ContactPoint.objects.all())


def equality_answers_visible_to(actor: Actor) -> QuerySet[EqualityAnswer]:
    return in_folders_readable_by(actor, EqualityAnswer.objects.all())


def communication_needs_visible_to(actor: Actor) -> QuerySet[CommunicationNeed]:
    return in_folders_readable_by(actor, CommunicationNeed.objects.all())


def staff_risks_visible_to(actor: Actor) -> QuerySet[StaffRisk]:
    return in_folders_readable_by(actor, StaffRisk.objects.all())


def safe_contacts_visible_to(actor: Actor) -> QuerySet[SafeContact]:
    return in_folders_readable_by(actor, SafeContact.objects.all())


def relationships_visible_to(actor: Actor) -> QuerySet[Relationship]:
    """Those in records the actor may read. The other person of each is another question."""
    return in_folders_readable_by(actor, Relationship.objects.all())


def addresses_visible_to(actor: Actor) -> QuerySet[Address]:
    return in_folders_readable_by(actor, Address.objects.all())


def part_for_update(rows: QuerySet[PersonPart], public_id: str) -> PersonPart:
    """A part of these, locked until the transaction ends. Raises Http404 when it is not among them."""
    found = rows.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
