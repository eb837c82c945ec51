"""The section that says which scoring forms there are: questions, points, bands and what a score prompts.

The same shape holds a partnership's own versions, which are written on screen. Each field is checked here;
what must fit together (do the options add up, do the bands leave a gap) stands in `rules.instruments`, because
a draft may be incomplete and a pack may not.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Length, Name, Part, ShortName, Text

Points = Annotated[int, Field(ge=0, le=1000)]
# Lists and charts of all forms show the same marks, so bands have these codes; what they are called is free.
BandCode = Literal["low", "standard", "medium", "high", "very_high"]


class Option(Part):
    """An answer that can be chosen."""

    code: Identifier = Field(description="Stays the same within the form")
    words: ShortName = Field(description="What the screen shows")
    points: Points = Field(description="What it adds to the score")
    critical: bool = Field(False, description="true: it counts among the critical answers")


class Question(Part):
    """A question of the form."""

    code: Identifier = Field(description="Stays the same from version to version")
    text: Name = Field(description="The question, or its topic where the wording may not be shown")
    help: Text | None = Field(None, description="What to look for")
    group: ShortName | None = Field(None, description="Heading under which it stands")
    options: list[Option] = Field(default_factory=list, description="Its answers, in order")
    dont_know: bool = Field(True, description="true: “don’t know” may be chosen; it adds nothing")

    @property
    def most(self) -> int:
        """The most points that an answer gives."""
        return max((option.points for option in self.options), default=0)

    @property
    def is_critical(self) -> bool:
        return any(option.critical for option in self.options)


class Count(Part):
    """A number from outside the form, such as calls to the police in a month."""

    code: Identifier = Field(description="Stays the same from version to version")
    words: Name = Field(description="What is counted, and over what time")
    help: Text | None = Field(None, description="Where to find it")


class Rule(Part):
    """One condition. Several stand for “any of these”.

    `score` and `critical` are compared with `at_least` (and `at_most` where a range is meant), `outside` with
    the count named by `count`; `answer` holds where `question` is answered with `option`. `band` and `judged`
    hold where the computed or judged band is `level` or higher; only prompts use them.
    """

    of: Literal["score", "critical", "outside", "answer", "band", "judged"] = Field(
        description="What is looked at"
    )
    at_least: Points | None = Field(None, description="From this number")
    at_most: Points | None = Field(None, description="Up to this number, inclusive; none: without limit")
    count: Identifier | None = Field(None, description="With `outside`: which count")
    question: Identifier | None = Field(None, description="With `answer`: which question")
    option: Identifier | None = Field(None, description="With `answer`: which answer")
    level: Identifier | None = Field(None, description="With `band` or `judged`: that band, or a higher one")

    @model_validator(mode="after")
    def _what_it_needs(self) -> Self:
        needs = {
            "score": {"at_least"},
            "critical": {"at_least"},
            "outside": {"count", "at_least"},
            "answer": {"question", "option"},
            "band": {"level"},
            "judged": {"level"},
        }[self.of]
        given = {
            name
            for name in ("at_least", "count", "question", "option", "level")
            if getattr(self, name) is not None
        }
        if given != needs:
            raise ValueError(f"A rule of “{self.of}” has {' and '.join(sorted(needs))}, and nothing else")
        if self.at_most is not None and (self.at_least is None or self.at_most < self.at_least):
            raise ValueError("“at_most” needs an “at_least” that is not greater")
        return self


class Band(Part):
    """A band of risk. The highest one of which any rule holds is the band."""

    code: BandCode = Field(description="Which mark it carries")
    words: ShortName = Field(description="What the screen calls it")
    order: int = Field(ge=1, le=9, description="1 is the lowest risk")
    rules: list[Rule] = Field(default_factory=list, description="Any of these")
    review: Length | None = Field(None, description="How soon a case in this band is looked at again")


class Prompt(Part):
    """What a score puts before whoever decides. It never decides anything."""

    code: Identifier = Field(description="Stays the same from version to version")
    words: ShortName = Field(description="What it prompts")
    about: Text = Field(description="What to do, and who decides")
    when: list[Rule] = Field(min_length=1, description="Any of these")


class Judgement(Part):
    """What professional judgement may do to the band."""

    raise_only: bool = Field(description="true: it may raise the band, never lower it")
    apart: bool = Field(
        False, description="true: computed and judged band are always shown side by side, neither replaces"
    )


class CompletedBy(Part):
    """Who may complete the form, and how."""

    trained: bool = Field(default=False, description="true: only somebody trained in it")
    victim_alone: bool = Field(default=False, description="true: with the victim, nobody else in the room")
    words: Text | None = Field(default=None, description="What to know before starting")


class Definition(Part):
    """A scoring form, without its name in a pack and its sources."""

    name: Name = Field(description="What the screen calls it")
    about: Text = Field(description="What it measures and when to use it")
    subject: Literal["matter", "person"] = Field(
        "matter", description="matter: the referral or case as a whole; person: one person in it"
    )
    most: int = Field(ge=0, le=100_000, description="The highest score; checked against the options")
    questions: list[Question] = Field(default_factory=list, description="Its questions, in order")
    outside: list[Count] = Field(default_factory=list, description="Counts from outside the form")
    bands: list[Band] = Field(default_factory=list, description="Its bands")
    prompts: list[Prompt] = Field(default_factory=list, description="What it prompts")
    judgement: Judgement = Field(description="What judgement may do")
    completed_by: CompletedBy = Field(CompletedBy(), description="Who completes it")
    reconstruction: bool = Field(
        False, description="true: rebuilt from what was published; not the form that partnerships use"
    )
    topics_only: bool = Field(
        False, description="true: the wording belongs to somebody else, so only topics are given"
    )
    wording: Text | None = Field(None, description="Whose wording it is, and on what terms it is used")

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def band(self, code: str) -> Band | None:
        return next((one for one in self.bands if one.code == code), None)

    @property
    def rising(self) -> list[Band]:
        """The bands from the lowest risk to the highest."""
        return sorted(self.bands, key=lambda band: band.order)


class InstrumentItem(Item, Definition):
    """A scoring form."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        from saferhub.casework.rules.instruments import problems

        found = problems(self.definition)
        if found:
            raise ValueError(found[0])
        return self

    @property
    def definition(self) -> Definition:
        """The form alone, as a version keeps it."""
        own = {"id", "valid_from", "valid_until", "source", "verify"}
        return Definition.model_validate(self.model_dump(exclude=own))


def register() -> None:
    """Make the section known."""
    register_section("instruments", InstrumentItem)
