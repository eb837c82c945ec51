"""Who is in the partnership on a day: agencies, hubs, boards, and how they hang together.

A `Directory` is read once for a page, in two queries whatever the number of rows, and answers from
memory. It also knows the names of what is not in force on that day, so that a seat or a succession
can still be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q

from saferhub.partnership.models import EntryVersion, Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisation_rows import (
    AREA_KIND,
    BOARD_KIND,
    CHANGE_KIND,
    AgencyFilters,
    AgencyLine,
    AgencySeat,
    Branch,
    Change,
    Changes,
    HubFacts,
    Named,
    Seat,
    Succession,
    UnitNode,
)
from saferhub.partnership.rules.dates_in_words import date_in_words

SECTIONS = (
    "partnership",
    "agencies",
    "hubs",
    "boards",
    "areas",
    "agency_kinds",
    "legal_roles",
    "ways_of_working",
    "priorities",
    "principles",
)


@dataclass(frozen=True)
class _Version:
    name: str
    valid_from: date | None
    valid_until: date | None
    follows: str | None
    followed_by: str | None


_AGENCY_SORTS: dict[str, Callable[[AgencyLine], tuple[Any, ...]]] = {
    "name": lambda line: (line.entry.item.name.casefold(),),
    "role": lambda line: (line.legal_role.casefold(), line.entry.item.name.casefold()),
    "kind": lambda line: (line.kind.casefold(), line.entry.item.name.casefold()),
    "statutory": lambda line: (not line.entry.item.statutory, line.entry.item.name.casefold()),
    "lead": lambda line: (
        (line.entry.item.information_lead or "~").casefold(),
        line.entry.item.name.casefold(),
    ),
    "seats": lambda line: (line.seats, line.entry.item.name.casefold()),
}


class Directory:
    """The partnership's organisations on one day."""

    def __init__(self, partnership: Partnership, on: date) -> None:
        self.partnership, self.on = partnership, on
        found = in_force.sections(partnership, SECTIONS, on)
        self._entries = {name: {one.code: one for one in ones} for name, ones in found.items()}
        self._versions = _all_versions(partnership)

    # --- what there is ------------------------------------------------------------------------

    def entries(self, section: str) -> list[InForce]:
        """What is in force in this section, in the packs' order."""
        return list(self._entries[section].values())

    def get(self, section: str, code: str) -> InForce | None:
        return self._entries[section].get(code)

    @property
    def itself(self) -> InForce | None:
        """The partnership's own entry on that day."""
        return next(iter(self._entries["partnership"].values()), None)

    def named(self, section: str, code: str) -> Named:
        """By name, in force or not; something never described is named by its code."""
        here = self._entries[section].get(code)
        if here is not None:
            return Named(section, code, _name(here), True, here.valid_from, here.valid_until)
        versions = self._versions.get((section, code), [])
        if not versions:
            return Named(section, code, code.replace("_", " ").capitalize(), False)
        earlier = [v for v in versions if v.valid_until and v.valid_until < self.on]
        nearest = earlier[-1] if earlier else versions[0]
        return Named(section, code, nearest.name, False, nearest.valid_from, nearest.valid_until)

    def names(self, section: str, codes: Iterable[str | None]) -> list[Named]:
        return [self.named(section, code) for code in codes if code]

    def succession(self, section: str, code: str) -> Succession:
        """What came before and after, whichever of the two a pack says it of."""
        before = [other for (where, other), vs in self._versions.items() if where == section
                  and any(v.followed_by == code for v in vs)]  # fmt: skip
        after = [other for (where, other), vs in self._versions.items() if where == section
                 and any(v.follows == code for v in vs)]  # fmt: skip
        own = self._versions.get((section, code), [])
        before += [v.follows for v in own if v.follows]
        after += [v.followed_by for v in own if v.followed_by]
        return Succession(
            tuple(self.names(section, sorted(set(before) - {code}))),
            tuple(self.names(section, sorted(set(after) - {code}))),
        )

    def changes(self) -> Changes:
        """What begins and ends on the day, what ended the day before, and the days of change around it."""
        begins: list[Change] = []
        ends: list[Change] = []
        ended: list[Change] = []
        days: set[date] = set()
        for (section, code), versions in self._versions.items():
            if section not in CHANGE_KIND:
                continue
            for v in versions:
                thing = Named(section, code, v.name, True, v.valid_from, v.valid_until)
                first, last = v.valid_from, v.valid_until
                days |= {first} if first else set()
                days |= {last + timedelta(days=1)} if last else set()
                if self.on not in (first, last) and last != self.on - timedelta(days=1):
                    continue
                followed = self.succession(section, code)
                if first == self.on:
                    begins.append(Change(thing, CHANGE_KIND[section], followed.before))
                if last == self.on:
                    ends.append(Change(thing, CHANGE_KIND[section], followed.after))
                if last == self.on - timedelta(days=1):
                    ended.append(Change(thing, CHANGE_KIND[section], followed.after))
        # What the line of its successor names already needs no line of its own.
        named = {(one.section, one.code) for change in begins for one in change.others}
        ended = [one for one in ended if (one.thing.section, one.thing.code) not in named]
        return Changes(
            tuple(begins),
            tuple(ends),
            tuple(ended),
            max((one for one in days if one < self.on), default=None),
            min((one for one in days if one > self.on), default=None),
        )

    # --- agencies -------------------------------------------------------------------------------

    def legal_role(self, agency: InForce) -> str:
        return self.named("legal_roles", agency.item.legal_role).name

    def agency_kind(self, agency: InForce) -> str:
        return self.named("agency_kinds", agency.item.kind).name

    @cached_property
    def _seats_by_agency(self) -> dict[str, list[AgencySeat]]:
        found: dict[str, list[AgencySeat]] = {}
        for board in self.entries("boards"):
            for member in board.item.members:
                if member.agency:
                    seat = AgencySeat(
                        self.named("boards", board.code),
                        BOARD_KIND[board.item.kind],
                        member.post,
                        member.joining,
                    )
                    found.setdefault(member.agency, []).append(seat)
        return found

    def seats_of(self, agency: str) -> list[AgencySeat]:
        """The boards that an agency sits on, with the post that sits."""
        return self._seats_by_agency.get(agency, [])

    def agency_lines(self, filters: AgencyFilters) -> list[AgencyLine]:
        """The list of agencies, narrowed and ordered. An unknown order is taken as by name."""
        lines = [
            AgencyLine(one, self.legal_role(one), self.agency_kind(one), len(self.seats_of(one.code)))
            for one in self.entries("agencies")
            if _wanted(one, filters)
        ]
        key = _AGENCY_SORTS.get(filters.sort.removeprefix("-"), _AGENCY_SORTS["name"])
        return sorted(lines, key=key, reverse=filters.sort.startswith("-"))

    def hubs_of(self, agency: str) -> list[HubFacts]:
        """The hubs an agency takes part in."""
        return [
            HubFacts(
                self.named("hubs", hub.code),
                agency in hub.item.co_located,
                (hub.item.coordinator_post or "") if hub.item.coordinator_agency == agency else "",
            )
            for hub in self.entries("hubs")
            if agency in hub.item.agencies or hub.item.coordinator_agency == agency
        ]

    def priorities_led_by(self, *, agency: str = "", board: str = "") -> list[InForce]:
        """The areas for delivery whose lead post an agency holds, or that a board steers."""
        return [
            one
            for one in self.entries("priorities")
            if (agency and one.item.lead_agency == agency) or (board and one.item.led_by == board)
        ]

    # --- boards -----------------------------------------------------------------------------------

    def boards_by_kind(self) -> list[tuple[str, InForce]]:
        """Every board with the word for its kind, kinds together."""
        order = list(BOARD_KIND)
        boards = sorted(self.entries("boards"), key=lambda one: order.index(one.item.kind))
        return [(BOARD_KIND[one.item.kind], one) for one in boards]

    def is_to_join(self, board: str) -> bool:
        """Whether a board is yet to join the network of boards, and sits in none so far."""
        seats = [
            seat.joining
            for one in self.entries("boards")
            if one.item.kind == "network"
            for seat in one.item.members
            if seat.board == board
        ]
        return bool(seats) and all(seats)

    def structure(self) -> list[Branch]:
        """Boards as a tree: under the board each is a group of, else under the first it reports to."""
        boards = self._entries["boards"]
        above = {code: self._stands_under(one) for code, one in boards.items()}
        for code in above:
            # A circle of boards has no top; it is cut at the first of its boards.
            seen, step = {code}, above[code]
            while step is not None and step not in seen:
                seen.add(step)
                step = above[step]
            if step == code:
                above[code] = None
        return [self._branch(code, above) for code, parent in above.items() if parent is None]

    def _stands_under(self, board: InForce) -> str | None:
        for code in (board.item.parent, *board.item.reports_to):
            if code and code != board.code and code in self._entries["boards"]:
                return str(code)
        return None

    def _branch(self, code: str, above: dict[str, str | None]) -> Branch:
        board = self._entries["boards"][code]
        return Branch(
            board=board,
            named=self.named("boards", code),
            kind=BOARD_KIND[board.item.kind],
            also_reports_to=tuple(
                self.names("boards", (c for c in board.item.reports_to if c != above[code]))
            ),
            below=tuple(self._branch(other, above) for other, parent in above.items() if parent == code),
        )

    def groups_of(self, board: str) -> list[Named]:
        return self.names("boards", (one.code for one in self.entries("boards") if one.item.parent == board))

    def reporting_to(self, board: str) -> list[Named]:
        return self.names(
            "boards", (one.code for one in self.entries("boards") if board in one.item.reports_to)
        )

    def members_of(self, board: InForce) -> list[Seat]:
        """Who sits on a board: one line for each agency or board, its posts gathered."""
        gathered: dict[tuple[str, str, bool], list[str]] = {}
        for member in board.item.members:
            holder = ("agencies", member.agency) if member.agency else ("boards", member.board)
            gathered.setdefault((*holder, member.joining), []).append(member.post)
        return [
            Seat(
                self.named(section, code),
                tuple(posts),
                self._legal_role_of(section, code),
                joining,
                () if self.get(section, code) else self.succession(section, code).after,
            )
            for (section, code, joining), posts in gathered.items()
        ]

    def _legal_role_of(self, section: str, code: str) -> str:
        agency = self.get("agencies", code) if section == "agencies" else None
        return self.legal_role(agency) if agency else ""

    def principles_of(self, board: str) -> list[InForce]:
        return [one for one in self.entries("principles") if board in one.item.boards]

    # --- areas ------------------------------------------------------------------------------------

    def area_words(self, codes: Iterable[str]) -> list[str]:
        """Areas as "Name (county)"; one that is not in force on the day says until when it was."""
        return [self._area(code) for code in codes]

    def _area(self, code: str) -> str:
        if area := self.get("areas", code):
            return f"{area.item.name} ({AREA_KIND[area.item.kind]})"
        gone = self.named("areas", code)
        if gone.valid_until and gone.valid_until < self.on:
            return f"{gone.name} (until {date_in_words(gone.valid_until)})"
        return f"{gone.name} (from {date_in_words(gone.valid_from)})" if gone.valid_from else gone.name


def units_of(agency: InForce) -> list[UnitNode]:
    """An agency's units as a tree."""

    def within(parent: str | None) -> tuple[UnitNode, ...]:
        return tuple(
            UnitNode(unit.name, within(unit.id)) for unit in agency.item.units if unit.within == parent
        )

    return list(within(None))


def _name(entry: InForce) -> str:
    return str(getattr(entry.item, "name", "") or entry.code.replace("_", " ").capitalize())


def _wanted(agency: InForce, filters: AgencyFilters) -> bool:
    item = agency.item
    words = [item.name, item.short_name or "", *item.aliases]
    return (
        (not filters.words or any(filters.words.casefold() in word.casefold() for word in words))
        and (not filters.legal_role or item.legal_role == filters.legal_role)
        and (not filters.kind or item.kind == filters.kind)
        and (not filters.statutory or item.statutory == (filters.statutory == "yes"))
    )


def _all_versions(partnership: Partnership) -> dict[tuple[str, str], list[_Version]]:
    """Names, dates and successions of every standing version, the earliest first. One query."""
    own = Q(entry__partnership__isnull=True) | Q(entry__partnership=partnership)
    rows = EntryVersion.objects.live().filter(own, entry__section__in=SECTIONS)
    found: dict[tuple[str, str], list[_Version]] = {}
    for section, code, valid_from, valid_until, name, follows, followed_by in rows.values_list(
        "entry__section", "entry__code", "valid_from", "valid_until",
        "payload__name", "payload__follows", "payload__followed_by",
    ):  # fmt: skip
        version = _Version(
            name or code.replace("_", " ").capitalize(), valid_from, valid_until, follows, followed_by
        )
        found.setdefault((section, code), []).append(version)
    for versions in found.values():
        versions.sort(key=lambda version: version.valid_from or date.min)
    return found
