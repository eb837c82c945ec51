"""The sections that say which kinds of facts are held about people and places.

Kinds on which protection rests, such as which relationships keep addresses apart, are national:
no partnership can weaken them. Others it may add to.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Part, Ref, Text

# Answers that every question on equality offers, so that nobody is made to tell.
ALWAYS_OFFERED = ("not_asked", "prefers_not_to_say")


class NameKind(Item):
    """A kind of name that a person may have."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")


class IdentifierKind(Item):
    """A kind of number or reference by which a body knows a person."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="Who gives it, and when to record it")
    pattern: Text | None = Field(
        None, description="Regular expression for the whole value in capitals, without spaces"
    )
    hint: Text | None = Field(None, description="The pattern in words, for whoever types the value")
    sensitive: bool = Field(False, description="true: shown only in part unless it is asked for")

    @model_validator(mode="after")
    def _pattern_is_understood(self) -> Self:
        if self.pattern is None:
            return self
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"“pattern” is not a regular expression ({error}). Correct it") from None
        if self.hint is None:
            raise ValueError("A pattern needs its words too. Add “hint”")
        return self

    def fits(self, value: str) -> bool:
        """Has `value` the right form? Spaces and small letters do not matter."""
        return self.pattern is None or bool(re.fullmatch(self.pattern, re.sub(r"\s", "", value).upper()))


class RelationshipKind(Item):
    """A kind of relationship between two people, read from the first to the second."""

    name: Name = Field(description="What the first is to the second")
    words: Text = Field(description="The relationship between the two names, as a sentence has it")
    group: Literal["adversary", "family", "household", "associate"] = Field(description="What it belongs to")
    inverse: Annotated[Identifier, Ref("relationship_kinds")] = Field(
        description="The same relationship read the other way; may be itself"
    )
    protects: bool = Field(False, description="true: the addresses of the two never stand on one document")

    @model_validator(mode="after")
    def _adversaries_are_kept_apart(self) -> Self:
        if self.group == "adversary" and not self.protects:
            raise ValueError("Adversaries are kept apart on every document. Add “protects: true”")
        return self


class AddressKind(Item):
    """What an address is to a person."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    protected: bool = Field(False, description="true: the address is protected from the day it is recorded")


class PlaceKind(Item):
    """A kind of place."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What belongs to it")
    home: bool = Field(False, description="true: people live there")


class ContactKind(Item):
    """A way to reach a person."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    form: Literal["telephone", "email"] = Field(description="The form its value has")


class Answer(Part):
    """An answer that may be chosen."""

    id: Identifier = Field(description="Stays the same for ever; unique within the question")
    name: Name = Field(description="What the screen calls it")


class EqualityCharacteristic(Item):
    """A characteristic by which equality is watched. Age is reckoned from the date of birth."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="Why it is asked, and how")
    data_class: Literal["personal", "special"] = Field(
        alias="class", description="special: held as special category data"
    )
    answers: list[Answer] = Field(
        min_length=3,
        description="The answers offered; not_asked and prefers_not_to_say are always among them",
    )

    @model_validator(mode="after")
    def _answers(self) -> Self:
        ids = [answer.id for answer in self.answers]
        for code in ids:
            if ids.count(code) > 1:
                raise ValueError(f"The answer “{code}” stands here twice. Give each answer its own id")
        for code in ALWAYS_OFFERED:
            if code not in ids:
                raise ValueError(f"Nobody is made to tell. Add the answer “{code}”")
        return self


class CommunicationNeed(Item):
    """What a person needs so that we can talk, write and meet."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What to do about it")


class StaffRisk(Item):
    """A risk to staff who visit, with what to do about it."""

    name: Name = Field(description="What the screen calls it")
    instruction: Text = Field(description="What whoever visits has to do; shown first")
    visits: Literal["with_care", "in_pairs", "never"] = Field(
        "with_care",
        description="with_care: after reading the instruction; in_pairs: not alone; never: no visit",
    )


class SafeContactNever(Item):
    """A way of contact that may put a person in danger, and is then never used."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What not to do, and why")


def register() -> None:
    """Make the sections on people known. Doing so again changes nothing."""
    register_section("name_kinds", NameKind)
    register_section("identifier_kinds", IdentifierKind)
    register_section("relationship_kinds", RelationshipKind, kinds=("national",))
    register_section("address_kinds", AddressKind)
    register_section("place_kinds", PlaceKind)
    register_section("contact_kinds", ContactKind)
    register_section("equality_characteristics", EqualityCharacteristic, kinds=("national",))
    register_section("communication_needs", CommunicationNeed)
    register_section("staff_risks", StaffRisk)
    register_section("safe_contact_never", SafeContactNever)
