"""The partnership's tables."""

from .duties import DUTY_LIFECYCLE, DutyMove, DutyOccurrence, DutyPause, DutyStatus
from .memberships import Membership
from .organisations import WHOLE_AGENCY, Agency, Board, Hub, Unit
from .packs import Entry, EntryVersion, PackRelease, Partnership

__all__ = [
    "DUTY_LIFECYCLE",
    "WHOLE_AGENCY",
    "Agency",
    "Board",
    "DutyMove",
    "DutyOccurrence",
    "DutyPause",
    "DutyStatus",
    "Entry",
    "EntryVersion",
    "Hub",
    "Membership",
    "PackRelease",
    "Partnership",
    "Unit",
]
