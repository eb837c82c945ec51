"""The sections of national reference data: law, clocks, powers and the kinds of things there are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .schema import Event, Identifier, Item, Length, Part, Ref, Text
from .sections import register_section


class ClockLength(Part):
    """How long a clock runs. Working days are those of England: no Saturdays, Sundays or bank holidays."""

    n: int = Field(ge=1, le=10_000, description="How many")
    unit: Literal["working_days", "days", "months", "hours"] = Field(description="Of what")


class Clock(Item):
    """A time limit: what starts it, how long it runs, what pauses or stops it, who is warned."""

    name: Text = Field(description="What the screen calls it")
    starts_on: Event = Field(description="What starts it")
    length: ClockLength = Field(description="How long it runs")
    counting: Literal["day_after", "same_day"] = Field(
        "day_after",
        description="day_after: the day after the start is day one; same_day: the day of the start is",
    )
    if_not_working: Literal["stay", "next", "previous"] = Field(
        "stay", description="Where a due date goes that falls on a day that is not a working day"
    )
    pauses_on: list[Event] = Field(
        default_factory=list, description="What holds it; it runs on when the cause ends"
    )
    stops_on: list[Event] = Field(min_length=1, description="What ends it")
    warn_before: list[Annotated[int, Field(ge=1)]] = Field(
        default_factory=list,
        description="How long before the end warnings go out, in the clock's unit; a clock of months in days",
    )
    warns: list[Annotated[Identifier, Ref("role_kinds")]] = Field(
        default_factory=list, description="The posts that are warned"
    )
    note: Text | None = Field(None, description="What to know when it is used")

    @model_validator(mode="after")
    def _hours_run_through(self) -> Self:
        if self.length.unit == "hours" and self.if_not_working != "stay":
            raise ValueError("Hours run through weekends. Take if_not_working out, or set it to stay")
        return self


class BankHoliday(Item):
    """A bank holiday of England and Wales."""

    day: date = Field(description="The day")
    name: Text = Field(description="Its name")


class Recurrence(Part):
    """When a duty falls due."""

    kind: Literal["yearly", "quarterly", "event"] = Field(description="How it comes round")
    due_month: int | None = Field(None, ge=1, le=12, description="yearly: month of the due date")
    due_day: int | None = Field(None, ge=1, le=31, description="yearly: day of the due date")
    within: Length | None = Field(None, description="yearly: due this long after it was last done")
    first_quarter: date | None = Field(None, description="quarterly: first day of the first quarter")
    due: Literal["end_of_following_quarter", "end_of_quarter"] | None = Field(
        None, description="quarterly: when a quarter falls due"
    )
    event: Event | None = Field(None, description="event: what gives rise to it; its clock says by when")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        dated = self.due_month is not None and self.due_day is not None
        if self.kind == "yearly" and dated == (self.within is not None):
            raise ValueError("A yearly duty needs either due_month and due_day, or within. Give one of them")
        if self.kind == "yearly" and dated:
            try:
                date(2023, self.due_month or 0, self.due_day or 0)
            except ValueError:
                raise ValueError(
                    "There is no such day in every year. Correct due_month and due_day"
                ) from None
        if self.kind == "quarterly" and not (self.first_quarter and self.due):
            raise ValueError("A quarterly duty needs first_quarter and due. Add what is missing")
        if self.kind == "event" and self.event is None:
            raise ValueError("A duty that an event gives rise to needs “event”. Say which event")
        return self


class Duty(Item):
    """A duty of the statutory calendar."""

    name: Text = Field(description="What the calendar calls it")
    what: Text = Field(description="What has to be done, in plain words")
    recurrence: Recurrence = Field(description="When it falls due")
    falls_on: Literal["partnership", "agency"] = Field(
        "partnership",
        description="partnership: once for all; agency: once for each agency of the holder kinds",
    )
    holder_kinds: list[Annotated[Identifier, Ref("agency_kinds")]] = Field(
        default_factory=list, description="The kinds of agency that hold the duty"
    )
    clock: Annotated[Identifier, Ref("clocks")] | None = Field(
        None, description="The clock that gives its due date"
    )
    evidence: list[Text] = Field(min_length=1, description="What shows that it was done")
    reminds: list[Annotated[Identifier, Ref("role_kinds")]] = Field(
        default_factory=list, description="The posts that are reminded"
    )
    data_items: list[Text] = Field(default_factory=list, description="For a data set: what it has to hold")
    note: Text | None = Field(None, description="What to know when it is done")

    @model_validator(mode="after")
    def _held_and_timed(self) -> Self:
        if self.falls_on == "agency" and not self.holder_kinds:
            raise ValueError("A duty that falls on agencies needs holder_kinds. Say which kinds of agency")
        if self.recurrence.kind == "event" and self.clock is None:
            raise ValueError("A duty that an event gives rise to needs a clock. Name one from clocks.yaml")
        return self


class Limit(Part):
    """What a power allows for one group of people."""

    who: Text = Field(description="Whom or what it concerns")
    minimum_age: int | None = Field(None, ge=0, le=120, description="Youngest age, in years")
    maximum_age: int | None = Field(None, ge=0, le=120, description="Oldest age, in years, inclusive")
    minimum_length: Length | None = Field(None, description="Shortest it may last")
    maximum_length: Length | None = Field(None, description="Longest it may last")
    review_every: Length | None = Field(None, description="How often it has to be looked at again")
    note: Text | None = Field(None, description="What else holds for them")

    @model_validator(mode="after")
    def _ages(self) -> Self:
        if (
            self.minimum_age is not None
            and self.maximum_age is not None
            and self.maximum_age < self.minimum_age
        ):
            raise ValueError("maximum_age is below minimum_age. Put the ages in order")
        return self


class Power(Item):
    """A power or a tool: what may be used, on whom, and for how long."""

    name: Text = Field(description="Its full name")
    short: Text | None = Field(None, description="Its abbreviation")
    grade: Literal["support", "early", "restorative", "enforcement"] = Field(
        alias="class", description="Where it stands between help and enforcement"
    )
    voluntary: bool = Field(False, description="true: rests on agreement, not on compulsion")
    what: Text = Field(description="What it does, in plain words")
    prior_warning: Literal["none", "written"] = Field("none", description="What must have been given first")
    prior_power: Annotated[Identifier, Ref("powers")] | None = Field(
        None, description="The power that must come first"
    )
    conditions: list[Text] = Field(default_factory=list, description="What must be so")
    limits: list[Limit] = Field(
        default_factory=list, description="Ages and lengths, one entry for each group"
    )
    decided_by: Text | None = Field(None, description="The court or the rank that decides")
    used_by: list[Annotated[Identifier, Ref("agency_kinds")]] = Field(
        default_factory=list, description="The kinds of agency that may use it"
    )
    breach: Text | None = Field(None, description="What follows when it is broken")


class RoleKind(Item):
    """A kind of post, never a person."""

    name: Text = Field(description="What the screen calls it")
    what: Text = Field(description="What the post does")
    scope: Literal["partnership", "hub", "board", "agency", "unit"] = Field(description="What it is held for")


class LegalRole(Item):
    """How an agency stands to the partnership in law."""

    name: Text = Field(description="What the screen calls it")
    what: Text = Field(description="What it means")
    statutory: bool = Field(description="true: a role that the law gives")


class AgencyKind(Item):
    """A kind of agency, and how the law sees it."""

    name: Text = Field(description="What the screen calls it")
    legal_role: Annotated[Identifier, Ref("legal_roles")] = Field(
        description="The role it has unless a pack says other"
    )
    statutory: bool = Field(description="true: a public body with statutory functions here")
    basis: Text | None = Field(None, description="By which provision it has the role")
    followed_by: Annotated[Identifier, Ref("agency_kinds")] | None = Field(
        None, description="The kind that took over"
    )


class Label(Item):
    """A term as the screen shows it, which may change on a day."""

    term: Text = Field(description="The words shown")
    short: Text | None = Field(None, description="The abbreviation")
    meaning: Text = Field(description="What it means, for whoever meets it first")
    dated_by: Text | None = Field(None, description="Which date decides between two versions of the label")
    instead_of: list[Text] = Field(
        default_factory=list, description="Words that writers are asked not to use for it"
    )


def register() -> None:
    """Make the national sections known. A partnership may add to them or override an item."""
    register_section("clocks", Clock)
    register_section("bank_holidays", BankHoliday, kinds=("national",), unique=("day",))
    register_section("duties", Duty)
    register_section("powers", Power)
    register_section("role_kinds", RoleKind)
    register_section("legal_roles", LegalRole, kinds=("national",))
    register_section("agency_kinds", AgencyKind, kinds=("national",))
    register_section("labels", Label)
