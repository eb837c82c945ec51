"""The shape that every pack has: its `pack.yaml`, and what all items of all sections share.

Sections themselves are in `national.py` and `local.py`; apps above register more through
`sections.register_section`. Fields may be added to a section, never renamed or taken away:
what was loaded years ago is still read with today's schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ID_PATTERN = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
ShortName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Post = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
Gss = Annotated[str, StringConstraints(pattern=r"^[ENSW][0-9]{8}$")]


@dataclass(frozen=True)
class Ref:
    """Marks a field whose value is the id of an item in another section."""

    section: str


class Part(BaseModel):
    """A group of fields. Unknown fields are refused, so that a slip of the pen is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class Citation(Part):
    """Where a fact comes from. Exactly one of the first six."""

    report: Paragraph | None = Field(
        None, description="Paragraph of the report named in pack.yaml, in quotation marks"
    )
    law: Text | None = Field(None, description="Act or regulations, with the section")
    guidance: Text | None = Field(None, description="Statutory or professional guidance")
    publication: Text | None = Field(None, description="Another published document or data set")
    knowledge: Text | None = Field(
        None, description="General knowledge, not yet checked: the item needs verify: true"
    )
    invented: Text | None = Field(None, description="Made up for demonstration, and what it stands for")
    url: Text | None = Field(None, description="Address of the text cited")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = ("report", "law", "guidance", "publication", "knowledge", "invented")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(
                f"A citation holds exactly one of {', '.join(kinds)}. Write one list entry for each"
            )
        return self

    def __str__(self) -> str:
        if self.report:
            return f"report, paragraph {self.report}"
        if self.knowledge:
            return f"general knowledge: {self.knowledge}"
        if self.invented:
            return f"invented: {self.invented}"
        return self.law or self.guidance or self.publication or ""


# The fields of `Item`, which stand in columns of their own and not among what the section says.
OWN_FIELDS = frozenset({"id", "valid_from", "valid_until", "source", "verify"})


class Item(Part):
    """What every item of every section carries."""

    id: Identifier = Field(description="Stays the same for ever; small letters, digits and underscores")
    valid_from: date | None = Field(
        None, alias="from", description="First day in force; none: as far back as is known"
    )
    valid_until: date | None = Field(
        None, alias="until", description="Last day in force, inclusive; none: still in force"
    )
    source: list[Citation] = Field(min_length=1, description="Where it comes from: a list of citations")
    verify: bool = Field(
        False, description="true: check this before relying on it; administrators see it marked"
    )

    @model_validator(mode="after")
    def _dates_and_sources(self) -> Self:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError(
                f"“until” ({self.valid_until}) is before “from” ({self.valid_from}). Put the dates in order"
            )
        if any(citation.knowledge for citation in self.source) and not self.verify:
            raise ValueError(
                "A source of general knowledge is not yet checked. Add “verify: true”, or cite the text"
            )
        return self

    def in_force_on(self, day: date) -> bool:
        return (not self.valid_from or self.valid_from <= day) and (
            not self.valid_until or day <= self.valid_until
        )


class Event(Part):
    """Something that happens, on which a clock starts, stops or pauses."""

    event: Identifier = Field(description="Code of the event")
    words: Text = Field(description="The event in plain words")


class Length(Part):
    """A length of time. Working days are those of England: not Saturdays, Sundays or bank holidays."""

    n: int = Field(ge=0, le=10_000, description="How many")
    unit: Literal["working_days", "days", "weeks", "months", "years", "hours"] = Field(description="Of what")

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.n} {unit[:-1] if self.n == 1 else unit}"


class Report(Part):
    """The document that the pack is drawn from, so that items can cite its paragraphs."""

    title: Text = Field(description="Its title")
    dated: date = Field(description="Its date")
    presented_to: Text | None = Field(None, description="The body that received it")
    author_post: Post | None = Field(None, description="The post, not the person, that wrote it")
    paragraphs: list[Paragraph] = Field(
        min_length=1, description="The numbers of its paragraphs, in quotation marks"
    )


class PackFile(Part):
    """`pack.yaml`: what the pack is."""

    id: Identifier = Field(description="The pack's own id; its folder has the same name")
    title: Text = Field(description="What administrators call it")
    kind: Literal["national", "partnership"] = Field(
        description="National reference data, or one partnership"
    )
    version: int = Field(
        ge=1, le=1_000_000, description="Raise by one with every change that is to be loaded"
    )
    effective_from: date = Field(
        description="First day that the pack describes; single items may say otherwise"
    )
    summary: Text = Field(description="In two or three sentences: what it holds and what it rests on")
    extends: Identifier | None = Field(
        None, description="Id of the national pack it builds on (a partnership needs one)"
    )
    invented: bool = Field(False, description="true: the partnership does not exist; pages say so")
    demonstration: bool = Field(False, description="true: demonstration data may be made for it")
    report: Report | None = Field(None, description="The report whose paragraphs the items cite")

    @model_validator(mode="after")
    def _kind_and_parent(self) -> Self:
        if self.kind == "partnership" and not self.extends:
            raise ValueError("A partnership's pack builds on a national one. Add “extends: england”")
        if self.kind == "national" and self.extends:
            raise ValueError("A national pack extends nothing. Take “extends” out")
        return self
