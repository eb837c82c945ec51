"""The sections that say how hubs work: as what somebody stands in a case, when one is adopted, how it ends,
how somebody is reached, and who is told when an action is late."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from saferhub.partnership.packs import register_section
from saferhub.partnership.packs.schema import Identifier, Item, Name, Text


class CaseRole(Item):
    """As what a person stands in a referral or case."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    side: Literal["harmed", "alleged", "other"] = Field(
        description="harmed: contacted by the victim's clock; alleged: never called guilty before a finding"
    )


class AdoptionTest(Item):
    """A reason to adopt a referral, shown as a prompt to whoever decides. One is enough; none forbids."""

    name: Name = Field(description="The test in a few words")
    words: Text = Field(description="What to look for")


class ClosureOutcome(Item):
    """What came of a case."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    group: Literal["better", "same", "worse", "elsewhere", "not_known"] = Field(
        description="How it counts in figures"
    )


class InterventionOutcome(Item):
    """What came of an intervention."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to use it")
    group: Literal["positive", "failed", "not_engaged", "other"] = Field(
        description="How it counts in figures"
    )


class ContactWay(Item):
    """How somebody was contacted."""

    name: Name = Field(description="What the screen calls it")
    unsafe_with: list[Identifier] = Field(
        default_factory=list, description="Entries of safe_contact_never that forbid it"
    )


class DemandKind(Item):
    """A kind of call or incident that is counted before and after adoption."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="What belongs to it")


class EscalationStep(Item):
    """A step of the ladder for an action that is not done in time."""

    name: Name = Field(description="What the screen calls it")
    level: int = Field(ge=1, le=9, description="1 is the first step")
    after: int = Field(ge=-30, le=365, description="Working days after the day due; below 0: before it")
    tells: Literal["owner", "lead", "coordinator", "manager"] = Field(description="Who is told")


class Signpost(Item):
    """A place to turn to, offered when a referral is signposted and in the prompts of the form."""

    name: Name = Field(description="What the screen calls it")
    words: Text = Field(description="When to turn to it, and how")
    prompt: Literal[
        "emergency", "non_emergency", "safeguarding_child", "safeguarding_adult", "marac", "none"
    ] = Field("none", description="Where the form shows it by itself")


def register() -> None:
    """Make these sections known."""
    register_section("case_roles", CaseRole)
    register_section("adoption_tests", AdoptionTest)
    register_section("closure_outcomes", ClosureOutcome)
    register_section("intervention_outcomes", InterventionOutcome)
    register_section("contact_ways", ContactWay)
    register_section("demand_kinds", DemandKind)
    register_section("escalation_steps", EscalationStep)
    register_section("signposts", Signpost)
