"""What other systems send and get, as the API's documentation says it. Every text and list is bounded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

# The database takes no NUL. Said as a pattern, so that the documentation says it too.
_PLAIN = r"^[^\x00]*$"
Code = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_]*$")]
Line = Annotated[str, Field(max_length=200, pattern=_PLAIN)]
Words = Annotated[str, Field(max_length=20_000, pattern=_PLAIN)]
SubjectCode = Literal["individual", "group", "location", "theme", "property", "business"]
MOST_PEOPLE = 20


class _In(Schema):
    model_config = ConfigDict(extra="forbid")


class PersonIn(_In):
    """Somebody in the referral, and as what. A record is made in the sending unit's name."""

    role: Code = Field(description="A code of `roles` in GET /reference")
    is_subject: bool = Field(False, description="The referral is about this person")
    given: Line = ""
    family: Line = ""
    born_on: date | None = None
    address: Annotated[str, Field(max_length=1000, pattern=_PLAIN)] = ""
    postcode: Annotated[str, Field(max_length=10, pattern=_PLAIN)] = ""
    telephone: Annotated[str, Field(max_length=40, pattern=_PLAIN)] = ""
    email: Annotated[str, Field(max_length=254, pattern=_PLAIN)] = ""


class ReferralIn(_In):
    """A whole referral. It is sent to the hub at once, and the hub's clock runs from then on."""

    hub: Code = Field(description="A code of `hubs` in GET /reference")
    purpose: Code = Field(description="A code of `purposes` in GET /reference")
    subject_kind: SubjectCode
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=_PLAIN)] = Field(
        description="What it is about in a few words, without a name"
    )
    happened: Words = Field(description="What is happening, how often, since when")
    where: Words = ""
    tried: Words = Field(description="What has been tried, and what came of it")
    asked_for: Words = Field(description="What the hub is asked to do")
    children: Literal["yes", "no", "not_known"] = Field(description="Are children affected?")
    children_words: Words = ""
    wishes: Words = Field("", description="What the person who is harmed wants, or why nobody asked")
    told: Literal["yes", "no", ""] = Field("", description="Was the person it is about told?")
    not_told_why: Words = ""
    urgent: bool = False
    urgent_why: Words = ""
    number: Annotated[str, Field(max_length=100, pattern=_PLAIN)] = Field(
        "", description="Your own number. Sent again with the same number it is the same referral."
    )
    people: list[PersonIn] = Field(default_factory=list, max_length=MOST_PEOPLE)


class ReceiptOut(Schema):
    """What came of a referral that was sent."""

    id: str
    reference: str
    sent_on: date | None
    url: str


class ReferralOut(Schema):
    """A referral of the key's unit and what became of it, and no more."""

    id: str
    reference: str
    title: str
    hub: str
    purpose: str
    status: str
    status_words: str
    sent_on: date | None
    due_on: date | None = Field(description="The day by which the hub is to decide")
    decided_on: date | None
    answer: str = Field(description="What the hub answered, or what it asks")


class ReferralsOut(Schema):
    items: list[ReferralOut]
    next_page: int | None


class CaseOut(Schema):
    id: str
    reference: str
    title: str
    hub: str | None
    status: str
    status_words: str
    led_by: str = Field(description="The agency that leads it")


class CasesOut(Schema):
    items: list[CaseOut]
    next_page: int | None


class ActionOut(Schema):
    id: str
    case: str = Field(description="The case's reference")
    words: str
    due_on: date
    status: str
    status_words: str


class ActionsOut(Schema):
    items: list[ActionOut]
    next_page: int | None


class DoneIn(_In):
    """That an action is done, and by what one can tell."""

    evidence: Annotated[str, Field(min_length=1, max_length=20_000, pattern=_PLAIN)]


class Named(Schema):
    code: str
    name: str


class HubOut(Named):
    purposes: list[str] = Field(description="What your agreements let you send to it")


class ReferenceOut(Schema):
    hubs: list[HubOut]
    purposes: list[Named]
    subject_kinds: list[Named]
    roles: list[Named]


class FieldWrong(Schema):
    field: str
    sentence: str


class Problem(Schema):
    """Why a call was not done. Nothing was changed by it."""

    code: str
    sentence: str
    fields: list[FieldWrong] = Field(default_factory=list)
