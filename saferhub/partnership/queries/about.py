"""What the partnership is and is for, on a day: one read for the page about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.in_force import InForce
from saferhub.partnership.queries.organisation_rows import Named
from saferhub.partnership.queries.organisations import Directory

_SECTIONS = ("strategy", "four_ps", "evaluation_messages", "reviews", "recommendations", "definitions")


@dataclass(frozen=True)
class Area:
    """An area for delivery with the agency of its lead post and the group that steers it."""

    entry: InForce
    lead_agency: Named | None
    led_by: Named | None


@dataclass(frozen=True)
class Plan:
    """A plan, and how it lies to the day: running, to come, or over."""

    entry: InForce
    state: str


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
    four_ps: tuple[InForce, ...]
    messages: tuple[InForce, ...]
    principles: tuple[InForce, ...]
    principle_boards: tuple[Named, ...]
    reviews: tuple[Review, ...]
    asked: tuple[InForce, ...]
    themes: tuple[InForce, ...]
    definitions: tuple[InForce, ...]


def about(partnership: Partnership, on: date) -> About:
    """Everything the page about the partnership says. Three queries, however much there is."""
    directory = Directory(partnership, on)
    more = in_force.sections(partnership, _SECTIONS, on)
    itself = directory.itself
    item = itself.item if itself else None

    def named(section: str, code: str | None) -> Named | None:
        return directory.named(section, code) if code else None

    principles = _numbered(directory.entries("principles"))
    boards = dict.fromkeys(code for one in principles for code in one.item.boards)
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
        areas=tuple(
            Area(one, named("agencies", one.item.lead_agency), named("boards", one.item.led_by))
            for one in _numbered(directory.entries("priorities"))
        ),
        plans=tuple(Plan(one, _state(one, on)) for one in more["strategy"]),
        four_ps=tuple(more["four_ps"]),
        messages=_numbered(more["evaluation_messages"]),
        principles=principles,
        principle_boards=tuple(directory.names("boards", boards)),
        reviews=tuple(
            Review(
                one, directory.named("areas", one.item.area), directory.named("agencies", one.item.funded_by)
            )
            for one in more["reviews"]
        ),
        asked=tuple(one for one in _numbered(more["recommendations"]) if one.item.kind == "recommendation"),
        themes=tuple(one for one in _numbered(more["recommendations"]) if one.item.kind == "theme"),
        definitions=tuple(more["definitions"]),
    )


def _numbered(entries: list[InForce]) -> tuple[InForce, ...]:
    return tuple(sorted(entries, key=lambda one: one.item.number))


def _state(plan: InForce, on: date) -> str:
    if on < plan.item.first_day:
        return "to come"
    return "over" if on > plan.item.last_day else "running"
