"""Tables of meetings."""

from .groups import Group, Member, Seat
from .items import (
    ITEM_LIFECYCLE,
    Answered,
    Ask,
    Item,
    ItemAction,
    ItemKind,
    ItemMove,
    ItemStatus,
    KeptFrom,
    Words,
)
from .meetings import (
    MEETING_LIFECYCLE,
    Apology,
    Attendance,
    Came,
    Invitation,
    Meeting,
    MeetingMove,
    MeetingStatus,
)
from .minutes import Copy, MinutesPart

__all__ = [
    "ITEM_LIFECYCLE",
    "MEETING_LIFECYCLE",
    "Answered",
    "Apology",
    "Ask",
    "Attendance",
    "Came",
    "Copy",
    "Group",
    "Invitation",
    "Item",
    "ItemAction",
    "ItemKind",
    "ItemMove",
    "ItemStatus",
    "KeptFrom",
    "Meeting",
    "MeetingMove",
    "MeetingStatus",
    "Member",
    "MinutesPart",
    "Seat",
    "Words",
]
