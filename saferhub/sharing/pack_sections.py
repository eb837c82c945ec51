"""The sections that say why and on what ground information is shared, how long it is kept, and in which words.

Law and kinds are national; a partnership may change what it decides for itself, such as whom a
pointer names. Agreements belong to one partnership, and are signed by posts, never by people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Part, Post, Ref, Text

AgencyRef = Annotated[Identifier, Ref("agencies")]
HubRef = Annotated[Identifier, Ref("hubs")]
PurposeRef = Annotated[Identifier, Ref("purposes")]
GatewayRef = Annotated[Identifier, Ref("gateways")]
AgencyKindRef = Annotated[Identifier, Ref("agency_kinds")]
LawfulBasisRef = Annotated[Identifier, Ref("lawful_bases")]
DataItemRef = Annotated[Identifier, Ref("data_items")]
DataClass = Literal["personal", "special", "criminal"]

# What a letter may leave open, and what is put there when it is written.
PLACEHOLDERS: dict[str, str] = {
    "reference": "the reference of the matter, request or disclosure",
    "today": "the day of the letter",
    "addressee": "the person or the body the letter is for",
    "partnership": "the partnership's name",
    "hub": "the hub's name",
    "signed_by": "the name of whoever signs",
    "signed_post": "the post of whoever signs",
    "contact_post": "the post to turn to with questions",
}
_BRACES = re.compile(r"\{([^{}]*)\}")


class Gateway(Item):
    """A legal gateway: the power, the duty or the need that allows information to be shared."""

    name: Name = Field(description="What the screen calls it")
    kind: Literal["duty", "power", "function", "order", "necessity"] = Field(
        description="duty: has to be shared; power: may be shared; function: may be shared as far as a duty "
        "of another kind needs it; order: a court says so; necessity: a life depends on it"
    )
    words: Text = Field(description="What it allows, in plain words")
    reaches: list[AgencyKindRef] | None = Field(
        None,
        min_length=1,
        description="The kinds of agency that may be told something on it; without it: any agency",
    )
    givers: list[AgencyKindRef] | None = Field(
        None,
        min_length=1,
        description="The kinds of agency that may rely on it when they tell something; without it: any agency",
    )

    @model_validator(mode="after")
    def _reaches_each_once(self) -> Self:
        _once(self.reaches or (), "reaches")
        _once(self.givers or (), "givers")
        return self


class LawfulBasis(Item):
    """A lawful basis of data protection law on which personal data are shared."""

    name: Name = Field(description="What the screen calls it")
    article: Text = Field(description="The provision in short, as registers and notices print it")
    words: Text = Field(description="What it asks for, in plain words")
    covers: list[DataClass] = Field(min_length=1, description="The classes of data that it is a ground for")

    @model_validator(mode="after")
    def _covers_each_once(self) -> Self:
        _once(self.covers, "covers")
        return self


class DataItem(Item):
    """A category of data that an agreement may carry."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What belongs to it")
    data_class: DataClass = Field(
        alias="class",
        description="personal; special: special category data; criminal: allegations and convictions",
    )


class Purpose(Item):
    """Why information is shared, and what an agency without sight may learn of it."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What belongs to it, in plain words")
    pointer: Literal["hub", "coordinator", "none"] = Field(
        description="hub: a pointer names the hub and its co-ordinator; coordinator: it only says whom to ask; "
        "none: there is no pointer"
    )
    gateways: list[GatewayRef] = Field(min_length=1, description="The gateways it may rest on")
    contact: Post | None = Field(
        None,
        description="The post to ask; a pointer to a co-ordinator needs it, a purpose without one has none",
    )

    @model_validator(mode="after")
    def _whom_to_ask(self) -> Self:
        _once(self.gateways, "gateways")
        if self.pointer == "coordinator" and self.contact is None:
            raise ValueError("A pointer to a co-ordinator says whom to ask. Add “contact” with the post")
        if self.pointer == "none" and self.contact is not None:
            raise ValueError(
                "Without a pointer nobody is named. Take “contact” out, or choose another pointer"
            )
        return self


class Retention(Item):
    """A rule for how long data are kept. Fields of records name these rules by their id."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What is held under it, and why so long")
    starts: Text = Field(description="What starts the time running")
    years: int | None = Field(None, ge=1, le=120, description="How many years; added to months and days")
    months: int | None = Field(None, ge=1, le=120, description="How many months")
    days: int | None = Field(None, ge=1, le=3660, description="How many days")
    until_words: Text = Field(description="Until when, in plain words")

    @property
    def has_length(self) -> bool:
        """Is the end reckoned from the start, and not tied to something else?"""
        return any((self.years, self.months, self.days))


class LetterTemplate(Item):
    """A letter as data: its paragraphs, with places that are filled in when it is written."""

    name: Name = Field(description="What the screen calls it")
    purpose_words: Text = Field(description="What it is for; whoever chooses a letter reads this")
    to: Literal["subject", "agency", "adversary_side", "other"] = Field(
        description="subject: the person it is about; agency: an agency; adversary_side: somebody said to have "
        "caused harm, or their side; other: anybody else"
    )
    paragraphs: list[Text] = Field(
        min_length=1,
        description="The letter from its reference to its signature. Places to fill in: "
        + ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
    )

    @model_validator(mode="after")
    def _only_known_places(self) -> Self:
        for text in self.paragraphs:
            for name in _BRACES.findall(text):
                if name not in PLACEHOLDERS:
                    known = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                    raise ValueError(f"A letter cannot fill in {{{name}}}. Use one of: {known}")
            if set(_BRACES.sub("", text)) & set("{}"):
                raise ValueError("A curly bracket stands alone. Write a place to fill in as {today}")
        return self

    def places(self) -> frozenset[str]:
        """The names of the places that this letter fills in."""
        return frozenset(name for text in self.paragraphs for name in _BRACES.findall(text))


class AgreementSignature(Part):
    """That an agency signed, by which post and when."""

    agency: AgencyRef = Field(description="The party")
    post: Post = Field(description="The post that signed for it, never a person")
    day: date = Field(description="The day it was signed")


class Agreement(Item):
    """An information sharing agreement: who shares what, why, on which ground and from when."""

    name: Name = Field(description="Its title")
    about: Text = Field(description="What it is about, in a sentence or two")
    parties: list[AgencyRef] = Field(min_length=2, description="The agencies that share under it")
    hubs: list[HubRef] = Field(default_factory=list, description="The hubs it holds for; none: every hub")
    opens_hubs: bool = Field(
        False, description="true: whoever of a party works in such a hub sees what that hub works on"
    )
    purposes: list[PurposeRef] = Field(min_length=1, description="What information may be shared for")
    gateways: list[GatewayRef] = Field(min_length=1, description="The legal gateways it rests on")
    lawful_bases: list[LawfulBasisRef] = Field(min_length=1, description="The bases of data protection law")
    data_items: list[DataItemRef] = Field(min_length=1, description="The categories of data it carries")
    necessity: Text = Field(description="Why sharing is necessary, and no less would do")
    security: Text = Field(description="How what is shared is kept safe")
    retention_words: Text = Field(description="How long what is shared is kept")
    rights: Text = Field(description="How people's rights are met, and by whom")
    breach: Text = Field(description="What happens when something goes wrong")
    first_day: date = Field(description="First day of the agreement")
    last_day: date | None = Field(None, description="Last day, inclusive; none: until further notice")
    review_on: date = Field(description="The day by which it is looked at again")
    signatures: list[AgreementSignature] = Field(
        default_factory=list, description="Who has signed; an agreement being drafted has none"
    )

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for key in ("parties", "hubs", "purposes", "gateways", "lawful_bases", "data_items"):
            _once(getattr(self, key), key)
        return self

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day is before first_day. Put the dates in order")
        if self.review_on < self.first_day:
            raise ValueError("review_on is before first_day. Give a day on which the agreement runs")
        if self.last_day and self.review_on > self.last_day:
            raise ValueError("review_on is after last_day. Give a day on which the agreement runs")
        return self

    @model_validator(mode="after")
    def _signed_by_parties(self) -> Self:
        signed: set[str] = set()
        for signature in self.signatures:
            if signature.agency not in self.parties:
                raise ValueError(
                    f"“{signature.agency}” signs and is not a party. Add it to “parties”, or take its signature out"
                )
            if signature.agency in signed:
                raise ValueError(f"“{signature.agency}” signs twice. Leave one signature of each party")
            if self.last_day and signature.day > self.last_day:
                raise ValueError(f"“{signature.agency}” signs after last_day. Correct the day")
            signed.add(signature.agency)
        return self


def _once(values: Sequence[str], key: str) -> None:
    """Raises `ValueError` when a value stands twice in a list."""
    for value in values:
        if values.count(value) > 1:
            raise ValueError(f"“{value}” stands twice in “{key}”. Leave it there once")


def register() -> None:
    """Make the sections of sharing known. Doing so again changes nothing."""
    register_section("gateways", Gateway, kinds=("national",))
    register_section("lawful_bases", LawfulBasis, kinds=("national",))
    register_section("data_items", DataItem)
    register_section("purposes", Purpose)
    register_section("retention", Retention)
    register_section("letter_templates", LetterTemplate)
    register_section("agreements", Agreement, kinds=("partnership",))
