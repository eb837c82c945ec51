"""What pages show of agencies, hubs and boards: plain rows, and the words for their kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from saferhub.partnership.queries.in_force import InForce

BOARD_KIND = {
    "partnership_board": "Partnership board",
    "sub_group": "Group under a board",
    "working_group": "Working group",
    "network": "Network",
    "chairs_group": "Group of chairs",
    "statutory_board": "Statutory board",
    "connected_partnership": "Connected partnership",
    "scrutiny_committee": "Scrutiny committee",
}
# What a line of changes calls a thing of each section.
CHANGE_KIND = {
    "agencies": "Agency",
    "hubs": "Hub",
    "boards": "Board",
    "areas": "Area",
    "priorities": "Area for delivery",
}
AREA_KIND = {
    "county": "county",
    "district": "district",
    "unitary": "unitary authority area",
    "locality": "locality",
    "police_area": "police area",
    "region": "region",
}


@dataclass(frozen=True)
class Named:
    """Something by its name, and whether it is in force on the page's day."""

    section: str
    code: str
    name: str
    is_in_force: bool
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Seat:
    """An agency's or a board's seat, or several posts of one holder."""

    holder: Named
    posts: tuple[str, ...]
    legal_role: str = ""
    joining: bool = False
    followed_by: tuple[Named, ...] = ()


@dataclass(frozen=True)
class AgencySeat:
    """A seat seen from the agency: on which board, held by which post."""

    board: Named
    board_kind: str
    post: str
    joining: bool


@dataclass(frozen=True)
class UnitNode:
    """A unit with those within it."""

    name: str
    parts: tuple[UnitNode, ...]


@dataclass(frozen=True)
class Branch:
    """A board in the structure: what stands under it, and whom else it answers to."""

    board: InForce
    named: Named
    kind: str
    also_reports_to: tuple[Named, ...]
    below: tuple[Branch, ...]


@dataclass(frozen=True)
class AgencyLine:
    """One row of the list of agencies."""

    entry: InForce
    legal_role: str
    kind: str
    seats: int


@dataclass(frozen=True)
class AgencyFilters:
    """How the list of agencies is narrowed and ordered."""

    words: str = ""
    legal_role: str = ""
    kind: str = ""
    statutory: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class HubFacts:
    """What an agency does in a hub."""

    hub: Named
    is_co_located: bool
    coordinates: str


@dataclass(frozen=True)
class Change:
    """What begins or ends, with what it took over from or what takes over."""

    thing: Named
    kind: str
    others: tuple[Named, ...]


@dataclass(frozen=True)
class Changes:
    """What changes on a day. `ended`: its last day was the day before. The days around it, if any."""

    begins: tuple[Change, ...]
    ends: tuple[Change, ...]
    ended: tuple[Change, ...]
    before: date | None
    after: date | None

    @property
    def is_empty(self) -> bool:
        return not (self.begins or self.ends or self.ended)


@dataclass(frozen=True)
class Succession:
    """What something took over from, and what took over from it."""

    before: tuple[Named, ...] = field(default=())
    after: tuple[Named, ...] = field(default=())
