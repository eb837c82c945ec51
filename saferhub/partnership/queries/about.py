"""What the partnership is and is for, on a day: the reads behind the pages that tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisation_rows import Changes, Named
from saferhub.partnership.queries.organisations import Directory
from saferhub.partnership.rules.dates_in_words import date_in_words

_STATES = {"in_development": "In development", "in_force": "In force"}


@dataclass(frozen=True)
class Area:
    """An area for delivery with the agency of its lead post and the group that steers it."""

    entry: InForce
    lead_agency: Named | None
    led_by: Named | None


@dataclass(frozen=True)
class AreaPage:
    """An area for delivery with what reports say about it."""

    area: Area
    plans: tuple[InForce, ...]
    known: tuple[InForce, ...]
    strands: tuple[InForce, ...]

    @property
    def entries(self) -> tuple[InForce, ...]:
        """All that the page draws on."""
        return (self.area.entry, *self.known, *self.strands)


@dataclass(frozen=True)
class Plan:
    """A plan, and how far it had come on the day as far as that is known.

    `state`: a word, empty where nothing says. `told`: the state with its date, and what the years say.
    """

    entry: InForce
    state: str
    told: str


@dataclass(frozen=True)
class Review:
    """What is published of a review, with the names of area and payer."""

    entry: InForce
    area: Named
    funded_by: Named


@dataclass(frozen=True)
class About:
    """All that the page shows, in its order."""

    itself: InForce | None
    chair_agency: Named | None
    lead_agency: Named | None
    board: Named | None
    scrutiny_board: Named | None
    served: str
    responsible_kinds: tuple[str, ...]
    areas: tuple[Area, ...]
    plans: tuple[Plan, ...]
    reviews: tuple[Review, ...]
    asked: tuple[InForce, ...]
    themes: tuple[InForce, ...]
    changes: Changes

    @property
    def area_entries(self) -> list[InForce]:
        return [one.entry for one in self.areas]

    @property
    def plan_entries(self) -> list[InForce]:
        return [one.entry for one in self.plans]

    @property
    def review_entries(self) -> list[InForce]:
        return [one.entry for one in self.reviews]

    @property
    def scrutiny_entries(self) -> list[InForce]:
        return [*([self.itself] if self.itself else []), *self.asked, *self.themes]


@dataclass(frozen=True)
class OtherBoards:
    """How the boards work together. `to_join`: those that are to come in, not yet members."""

    networks: tuple[tuple[Named, InForce], ...]
    principles: tuple[InForce, ...]
    keepers: tuple[Named, ...]
    to_join: tuple[Named, ...]
    heard: tuple[tuple[Named, InForce], ...]

    @property
    def board_entries(self) -> list[InForce]:
        return [entry for _, entry in (*self.networks, *self.heard)]


def about(partnership: Partnership, on: date) -> About:
    """Everything the page about the partnership says. Three queries, however much there is."""
    directory = Directory(partnership, on)
    more = in_force.sections(partnership, ("strategy", "reviews", "recommendations"), on)
    itself = directory.itself
    item = itself.item if itself else None

    def named(section: str, code: str | None) -> Named | None:
        return directory.named(section, code) if code else None

    return About(
        itself=itself,
        chair_agency=named("agencies", item.chair_agency) if item else None,
        lead_agency=named("agencies", item.lead_agency) if item else None,
        board=named("boards", item.board) if item else None,
        scrutiny_board=named("boards", item.scrutiny_board) if item else None,
        served=", ".join(directory.area_words([item.area])) if item else "",
        responsible_kinds=tuple(one.name for one in directory.names("agency_kinds", item.responsible_kinds))
        if item
        else (),
        areas=tuple(_area(directory, one) for one in numbered(directory.entries("priorities"))),
        plans=tuple(_plan(one, on) for one in more["strategy"]),
        reviews=tuple(
            Review(
                one, directory.named("areas", one.item.area), directory.named("agencies", one.item.funded_by)
            )
            for one in more["reviews"]
        ),
        asked=tuple(one for one in numbered(more["recommendations"]) if one.item.kind == "recommendation"),
        themes=tuple(one for one in numbered(more["recommendations"]) if one.item.kind == "theme"),
        changes=directory.changes(),
    )


def area(directory: Directory, code: str) -> AreaPage | None:
    """One area for delivery, or None where it is not in force on the directory's day. One query."""
    entry = directory.get("priorities", code)
    if entry is None:
        return None
    more = in_force.sections(directory.partnership, ("strategy", "background", "four_ps"), directory.on)
    return AreaPage(
        area=_area(directory, entry),
        plans=tuple(one for one in more["strategy"] if code in one.item.priorities),
        known=tuple(one for one in more["background"] if one.item.priority == code),
        strands=tuple(one for one in more["four_ps"] if one.item.priority == code),
    )


def other_boards(directory: Directory) -> OtherBoards:
    """The networks of boards, the principles these keep, and the partnerships whose reports are heard."""
    principles = numbered(directory.entries("principles"))
    keepers = dict.fromkeys(code for one in principles for code in one.item.boards)
    boards = directory.entries("boards")
    return OtherBoards(
        networks=tuple(
            (directory.named("boards", one.code), one)
            for one in boards
            if one.item.kind in ("network", "chairs_group")
        ),
        principles=principles,
        keepers=tuple(directory.names("boards", (one for one in keepers if not directory.is_to_join(one)))),
        to_join=tuple(directory.names("boards", (one for one in keepers if directory.is_to_join(one)))),
        heard=tuple((directory.named("boards", one.code), one) for one in boards if one.item.reported_to_us),
    )


def words(partnership: Partnership, on: date) -> list[InForce]:
    """What terms mean in the partnership's documents, by term. One query."""
    found = in_force.entries(partnership, "definitions", on)
    return sorted(found, key=lambda one: one.item.term.casefold())


def strands_without_area(partnership: Partnership, on: date) -> list[InForce]:
    """The strands of the national strategy that no area for delivery shows. One query."""
    return [one for one in in_force.entries(partnership, "four_ps", on) if not one.item.priority]


def messages(partnership: Partnership, on: date) -> tuple[InForce, ...]:
    """What the evaluation of the hubs says, in its order. One query."""
    return numbered(in_force.entries(partnership, "evaluation_messages", on))


def numbered(entries: Iterable[InForce]) -> tuple[InForce, ...]:
    return tuple(sorted(entries, key=lambda one: one.item.number))


def _area(directory: Directory, entry: InForce) -> Area:
    agency, board = entry.item.lead_agency, entry.item.led_by
    return Area(
        entry,
        directory.named("agencies", agency) if agency else None,
        directory.named("boards", board) if board else None,
    )


def _plan(plan: InForce, on: date) -> Plan:
    """The last state known by the day, with its date: what was so once may have changed since."""
    known = [one for one in plan.item.states if one.day <= on]
    if on > plan.item.last_day:
        over = f"Its years ended on {date_in_words(plan.item.last_day)}."
        if not known:
            return Plan(plan, "Over", over)
        last = known[-1]
        return Plan(
            plan, "Over", f"{over} Last known: {_STATES[last.state].lower()}, {date_in_words(last.day)}."
        )
    if not known:
        return Plan(plan, "", "The sources do not say whether it was in force on this day.")
    last = known[-1]
    if last.state == "in_force":
        return Plan(plan, _STATES[last.state], f"In force from {date_in_words(last.day)}.")
    begun = f", though its years began on {date_in_words(plan.item.first_day)}"
    return Plan(
        plan,
        _STATES[last.state],
        f"Being developed, as reported on {date_in_words(last.day)}"
        f"{begun if plan.item.first_day <= last.day else ''}.",
    )
