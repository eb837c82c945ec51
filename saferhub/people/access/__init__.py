"""Who may see what about people and places. Everything here is loaded through the functions of this package.

A record is reached only through its own unit or through a matter it lies in (sharing.access). A link between
two records gives nobody sight of either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

from saferhub.partnership.access import Actor
from saferhub.people.models import (
    Address,
    CommunicationNeed,
    ContactPoint,
    EqualityAnswer,
    Identifier,
    LinkDecision,
    Name,
    Person,
    Place,
    Relationship,
    SafeContact,
    StaffRisk,
)

from .links import (
    can_undo_link,
    check_can_decide_links,
    check_can_undo_link,
    get_link_decision,
    get_link_decision_for_update,
    link_decisions_visible_to,
    standing_decisions_on,
)
from .parts import (
    addresses_visible_to,
    communication_needs_visible_to,
    contact_points_visible_to,
    equality_answers_visible_to,
    identifiers_visible_to,
    names_visible_to,
    relationships_visible_to,
    safe_contacts_visible_to,
    staff_risks_visible_to,
)
from .persons import (
    can_edit_record,
    check_can_edit_record,
    edits_among,
    get_person,
    get_person_for_update,
    is_correction_by_hub,
    persons_visible_to,
)
from .places import get_place, get_place_for_update, places_visible_to
from .records import Around, around_each, is_of_own_unit, items_around, matters_around
from .search import listed_persons, listed_places

LOADERS: dict[type[Model], Callable[[Actor], QuerySet[Any]]] = {
    Person: persons_visible_to,
    Name: names_visible_to,
    Identifier: identifiers_visible_to,
    ContactPoint: contact_points_visible_to,
    EqualityAnswer: equality_answers_visible_to,
    CommunicationNeed: communication_needs_visible_to,
    StaffRisk: staff_risks_visible_to,
    SafeContact: safe_contacts_visible_to,
    Relationship: relationships_visible_to,
    Place: places_visible_to,
    Address: addresses_visible_to,
    LinkDecision: link_decisions_visible_to,
}

__all__ = [
    "LOADERS",
    "Around",
    "addresses_visible_to",
    "around_each",
    "can_edit_record",
    "can_undo_link",
    "check_can_decide_links",
    "check_can_edit_record",
    "check_can_undo_link",
    "communication_needs_visible_to",
    "contact_points_visible_to",
    "edits_among",
    "equality_answers_visible_to",
    "get_link_decision",
    "get_link_decision_for_update",
    "get_person",
    "get_person_for_update",
    "get_place",
    "get_place_for_update",
    "identifiers_visible_to",
    "is_correction_by_hub",
    "is_of_own_unit",
    "items_around",
    "link_decisions_visible_to",
    "listed_persons",
    "listed_places",
    "matters_around",
    "names_visible_to",
    "persons_visible_to",
    "places_visible_to",
    "relationships_visible_to",
    "safe_contacts_visible_to",
    "staff_risks_visible_to",
    "standing_decisions_on",
]
