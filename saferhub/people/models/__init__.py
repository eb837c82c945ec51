"""Tables of people: persons and their parts, places and addresses, link decisions."""

from .links import LinkDecision, Verdict
from .persons import (
    BirthPrecision,
    CommunicationNeed,
    ContactPoint,
    EqualityAnswer,
    Identifier,
    Name,
    Person,
    PersonPart,
    Relationship,
    SafeContact,
    StaffRisk,
)
from .places import Address, Place

__all__ = [
    "Address",
    "BirthPrecision",
    "CommunicationNeed",
    "ContactPoint",
    "EqualityAnswer",
    "Identifier",
    "LinkDecision",
    "Name",
    "Person",
    "PersonPart",
    "Place",
    "Relationship",
    "SafeContact",
    "StaffRisk",
    "Verdict",
]
