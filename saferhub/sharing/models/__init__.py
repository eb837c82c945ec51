"""Tables of sharing: folders and interests, agreements, matters, ways to ask."""

from .agreements import (
    AGREEMENT_LIFECYCLE,
    Agreement,
    AgreementHub,
    AgreementMove,
    AgreementParty,
    AgreementReview,
    AgreementStatus,
    Standing,
)
from .asking import (
    REQUEST_LIFECYCLE,
    AccessRequest,
    Emergency,
    EmergencyReason,
    PointerHit,
    RequestStatus,
    Search,
)
from .folders import Because, Enclosure, Folder, InFolder, Interest, Revision, Sensitivity
from .matters import MATTER_LIFECYCLE, Handover, Matter, MatterMove, MatterStatus

__all__ = [
    "AGREEMENT_LIFECYCLE",
    "MATTER_LIFECYCLE",
    "REQUEST_LIFECYCLE",
    "AccessRequest",
    "Agreement",
    "AgreementHub",
    "AgreementMove",
    "AgreementParty",
    "AgreementReview",
    "AgreementStatus",
    "Because",
    "Emergency",
    "EmergencyReason",
    "Enclosure",
    "Folder",
    "Handover",
    "InFolder",
    "Interest",
    "Matter",
    "MatterMove",
    "MatterStatus",
    "PointerHit",
    "RequestStatus",
    "Revision",
    "Search",
    "Sensitivity",
    "Standing",
]
