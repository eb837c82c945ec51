"""The sections of packs that say which measures a partnership keeps, and how it begins its yearly action plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Part, Post, Ref, Text


def _number(value: object) -> object:
    """A number in quotation marks, so that no digit of it is lost on the way."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


Number = Annotated[Decimal, BeforeValidator(_number)]
AgencyRef = Annotated[Identifier, Ref("agencies")]
PriorityRef = Annotated[Identifier, Ref("priorities")]


class MeasureItem(Item):
    """A measure: what it means in plain words. Which of them a partnership keeps, for what, says `plan_measures`."""

    name: Name = Field(description="What it is called")
    definition: Text = Field(description="In plain words")
    formula: Text = Field(description="What is counted, or divided by what")
    taken_from: Text = Field(description="Where the figures come from")
    counted_by: Identifier | None = Field(None, description="Code of a counter; none: figures are entered")
    unit: Literal["count", "per_cent", "rate", "days", "pounds"] = Field(description="In what it is told")
    per: int = Field(1, ge=1, description="For a rate: per how many")
    every: Literal["month", "quarter", "year"] = Field("quarter", description="For how long each figure is")
    polarity: Literal["up", "down", "neither"] = Field(
        description="Whether more or less is better, or neither"
    )
    rise_may_mean: Text | None = Field(
        None, description="What a rise may mean, where neither is better by itself"
    )
    comparator: Text | None = Field(None, description="With whom it is compared")
    small: int = Field(
        5, ge=0, le=20, description="Counts of people from 1 to one less than this are not published"
    )
    caveat: Text | None = Field(None, description="What has to be known to read it rightly")

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.rise_may_mean is not None and self.polarity != "neither":
            raise ValueError(
                "rise_may_mean is for a measure of which neither direction is better. Leave it out"
            )
        return self


class PlanMeasureItem(Item):
    """A measure that the partnership keeps: for which area of its plan, who answers for it, what it aims at."""

    measure: Annotated[Identifier, Ref("measures")] = Field(description="The measure")
    priority: PriorityRef | None = Field(
        None, description="The area of the plan; none: the partnership as a whole"
    )
    objective: Identifier | None = Field(None, description="Id of one of the priority’s objectives")
    order: int = Field(1, ge=1, le=99, description="Its place in the area")
    owner_post: Post = Field(description="The post that answers for it")
    owner_agency: AgencyRef | None = Field(None, description="The agency of that post")
    target: Number | None = Field(
        None, description="What is aimed at, in quotation marks; none: no target is set"
    )
    tolerance: Number | None = Field(
        None, ge=0, description="How far from its target it is amber and not red"
    )
    target_why: Text | None = Field(None, description="Why this target")

    @model_validator(mode="after")
    def _target(self) -> Self:
        if self.tolerance is not None and self.target is None:
            raise ValueError("A tolerance belongs to a target. Give the target, or leave out the tolerance")
        return self


class StepItem(Part):
    """A step on the way to an action's end."""

    words: Text = Field(description="What will have happened")
    due: date = Field(description="By when")


class PlanActionItem(Item):
    """An action of a yearly action plan, as it is drafted from what the partnership has said."""

    priority: PriorityRef = Field(description="The area of the plan")
    objective: Identifier = Field(description="Id of one of the priority’s objectives")
    number: str = Field(
        pattern=r"^[0-9]{1,2}\.[0-9]{1,2}$", description="Its place, in quotation marks: “2.3”"
    )
    year: int = Field(ge=1998, le=2100, description="The year in which its plan year begins")
    what: Text = Field(description="What will be done")
    lead_agency: AgencyRef = Field(description="Who leads")
    lead_post: Post = Field(description="The post that leads")
    partners: list[AgencyRef] = Field(default_factory=list, description="Who works with it")
    resources: Text | None = Field(None, description="What it takes")
    starts: date | None = Field(None, description="When it begins")
    due: date = Field(description="When it is to be done")
    baseline: Text | None = Field(None, description="How things stand, in words or a figure")
    target: Text | None = Field(None, description="What is aimed at")
    measure: Annotated[Identifier, Ref("measures")] | None = Field(
        None, description="The measure that shows it"
    )
    steps: list[StepItem] = Field(default_factory=list, description="Its milestones")


def register() -> None:
    """Make these sections known."""
    register_section("measures", MeasureItem)
    register_section("plan_measures", PlanMeasureItem, kinds=("partnership",))
    register_section("plan_actions", PlanActionItem, kinds=("partnership",))
