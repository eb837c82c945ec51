"""The sections that say which groups meet, how often and by which rules, and what they can decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Part, Ref, ShortName, Text

AgencyKind = Annotated[Identifier, Ref("agency_kinds")]


class Cycle(Part):
    """When a group meets. A day that is no working day moves to the next one that is."""

    every: int = Field(ge=1, le=12, description="Every how many weeks or months")
    unit: Literal["weeks", "months"] = Field(description="Weeks, or months")
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] = Field(
        description="On which day"
    )
    week_of_month: int | None = Field(
        None, ge=1, le=5, description="For months: which of these days of the month; 5 is the last"
    )
    first: str = Field(
        pattern=r"^\d{4}-\d{2}-\d{2}$", description="A day on which it meets; weeks count from here"
    )
    starts_at: str = Field(pattern=r"^\d{2}:\d{2}$", description="London time")
    minutes: int = Field(ge=5, le=600, description="Planned length in minutes")


class Quorum(Part):
    """Without whom a meeting decides nothing."""

    agencies: int = Field(ge=1, le=50, description="How many agencies must be there")
    of_kinds: list[AgencyKind] = Field(
        default_factory=list, description="Of each of these kinds at least one"
    )


class CutOffs(Part):
    """How many working days before the meeting something must have happened."""

    referrals: int = Field(ge=0, le=30, description="A referral that is to be decided has come in")
    asks: int = Field(ge=0, le=30, description="Agencies are asked what they hold")
    answers: int = Field(ge=0, le=30, description="Agencies have answered")
    agenda: int = Field(ge=0, le=30, description="The agenda has been sent")


class StandingItem(Part):
    """An item of every meeting. `takes`: what gathers below it by itself."""

    id: Identifier = Field(description="Its code within the kind of meeting")
    title: Name = Field(description="As it stands on the agenda")
    takes: Literal[
        "nothing", "last_minutes", "actions", "referrals", "cases_due", "late_actions", "closures", "themes"
    ] = Field("nothing", description="What is proposed under it")
    minutes: int = Field(ge=1, le=120, description="Time set aside: for each item below it, or for itself")


class MeetingKind(Item):
    """A kind of meeting: for whom, how often, by which rules."""

    name: Name = Field(description="What it is called")
    short_name: ShortName | None = Field(None, description="Abbreviation")
    sits_for: Literal["hub", "board", "partnership"] = Field(
        description="One group for each hub, for a board, or one"
    )
    board: Annotated[Identifier, Ref("boards")] | None = Field(
        None, description="The board, where it sits for one"
    )
    remit: Text = Field(description="What it is for")
    purpose: Annotated[Identifier, Ref("purposes")] | None = Field(
        None,
        description="The purpose for which its members see what is on its agenda; none: nothing personal",
    )
    cycle: Cycle | None = Field(None, description="When it meets; none: when it is called")
    quorum: Quorum = Field(description="Without whom it decides nothing")
    cut_offs: CutOffs = Field(description="What must have happened before")
    urgent: bool = Field(
        True, description="true: an item may be added after the cut-off, by exception, with a reason"
    )
    sight_days: int = Field(
        ge=0, le=92, description="Days after the meeting on which its members still see its items"
    )
    confidentiality: Text = Field(description="What everybody acknowledges when it begins")
    standing_items: list[StandingItem] = Field(min_length=1, description="Its agenda, in order")
    member_kinds: list[AgencyKind] = Field(
        default_factory=list,
        description="Kinds of agency with a seat in every group of the kind, where they serve it",
    )


class MeetingDecision(Item):
    """What a meeting can decide on an item."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    for_kinds: list[Literal["standing", "referral", "case", "closure", "actions", "theme", "other"]] = Field(
        min_length=1, description="The kinds of item that it can end"
    )
    key: str | None = Field(None, pattern=r"^[a-z]$", description="The key that chooses it")


def register() -> None:
    """Make these sections known."""
    register_section("meeting_kinds", MeetingKind)
    register_section("meeting_decisions", MeetingDecision)
