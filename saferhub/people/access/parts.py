"""Who may see the parts of a person or a place: whoever may read the folder they lie in."""

from __future__ import annotations

from django.db.models import QuerySet

from saferhub.partnership.access import Actor
from saferhub.people.models import (
    Address,
    CommunicationNeed,
    ContactPoint,
    EqualityAnswer,
    Identifier,
    Name,
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
