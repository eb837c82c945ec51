"""The section of packs that says what a report holds, in which order, for whom."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Part, Post, Ref, Text


class OutlineSection(Part):
    """A section of a report and what fills it."""

    id: Identifier = Field(description="Stays the same for ever; unique within the outline")
    heading: Name = Field(description="As it stands in the report")
    provider: Identifier | None = Field(None, description="What fills it; none: the author’s words alone")
    priority: Annotated[Identifier, Ref("priorities")] | None = Field(
        None, description="For a section on one area of the plan: which"
    )
    words: list[Text] = Field(default_factory=list, description="Paragraphs that stand in it to begin with")


class Outline(Item):
    """What a kind of report holds, in order."""

    name: Name = Field(description="What this outline is called")
    kind: Literal["scrutiny_report", "partnership_plan", "annual_review"] = Field(
        description="For which report"
    )
    title: Text = Field(description="The report’s title")
    author_post: Post = Field(description="The post in whose name it is written")
    sections: list[OutlineSection] = Field(min_length=1, description="Its sections, in order")

    @model_validator(mode="after")
    def _once(self) -> Self:
        ids = [section.id for section in self.sections]
        if len(set(ids)) < len(ids):
            raise ValueError("Two sections have the same id. Give each its own")
        return self


def register() -> None:
    """Make this section known."""
    register_section("report_outlines", Outline)
