"""The sections that describe one partnership: who is in it, what it is for, what it has decided.

Packs name posts, never living people. No program can tell a person's name from a post's, so
whoever fills in a pack keeps to this.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from .schema import Gss, Identifier, Item, Name, Part, Post, Ref, ShortName, Text
from .sections import register_section

AgencyRef = Annotated[Identifier, Ref("agencies")]
AreaRef = Annotated[Identifier, Ref("areas")]
BoardRef = Annotated[Identifier, Ref("boards")]
HubRef = Annotated[Identifier, Ref("hubs")]
PriorityRef = Annotated[Identifier, Ref("priorities")]
KindRef = Annotated[Identifier, Ref("agency_kinds")]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class PartnershipItem(Item):
    """The partnership itself. Its id is the partnership's code for ever."""

    name: Name = Field(description="Full name")
    short_name: ShortName = Field(description="Short name")
    vision: Text | None = Field(None, description="What it wants to achieve, in its own published words")
    duty: Text = Field(description="The statutory duty it carries out")
    responsible_kinds: list[KindRef] = Field(
        min_length=1, description="Kinds of agency that have to be in it"
    )
    membership: Text | None = Field(None, description="Who sits on it, in a whole sentence")
    lead_agency: AgencyRef = Field(description="The agency that runs its office")
    chair_post: Post = Field(description="The post that chairs it")
    chair_agency: AgencyRef | None = Field(None, description="The agency of that post")
    board: BoardRef = Field(description="Its own board")
    area: AreaRef = Field(description="The area it serves")
    review_duty: Text | None = Field(
        None, description="Its duty to review deaths from domestic abuse, as in “To hold …”"
    )
    scrutiny_board: BoardRef | None = Field(None, description="The committee that scrutinises it")
    scrutiny: Text | None = Field(None, description="How it reports to that committee, as in “Reports to …”")


class Area(Item):
    """An area, with its official code."""

    name: Name = Field(description="Its name")
    kind: Literal["county", "district", "unitary", "locality", "police_area", "region"] = Field(
        description="What it is"
    )
    gss: Gss | None = Field(None, description="Nine-character code of the Office for National Statistics")
    within: AreaRef | None = Field(None, description="The larger area it lies in")
    followed_by: AreaRef | None = Field(None, description="The area that took its place")


class ContactPost(Part):
    """A post to turn to."""

    post: Post = Field(description="The post, never a person")
    what_for: Text = Field(alias="for", description="What to turn to it for")


class UnitPart(Part):
    """A part of an agency. Every agency also has a unit that is the whole of it."""

    id: Identifier = Field(description="Stays the same for ever; unique within the agency")
    name: Name = Field(description="Its name")
    within: Identifier | None = Field(None, description="The unit of the same agency that it belongs to")


class AgencyItem(Item):
    """An agency: its legal role, its information lead, its units."""

    name: Name = Field(description="Its name")
    short_name: ShortName | None = Field(None, description="Short name")
    kind: KindRef = Field(description="What it is")
    legal_role: Annotated[Identifier, Ref("legal_roles")] = Field(
        description="How it stands to the partnership"
    )
    statutory: bool = Field(description="true: a public body with statutory functions here")
    areas: list[AreaRef] = Field(default_factory=list, description="The areas it serves")
    information_lead: Post | None = Field(None, description="The post designated for sharing information")
    contact_posts: list[ContactPost] = Field(default_factory=list, description="Posts to turn to")
    units: list[UnitPart] = Field(default_factory=list, description="Its parts, as far as they matter here")
    aliases: list[Text] = Field(default_factory=list, description="Other names")
    followed_by: AgencyRef | None = Field(None, description="The agency that took over")
    note: Text | None = Field(None, description="What else to know")

    @model_validator(mode="after")
    def _units(self) -> Self:
        ids = [unit.id for unit in self.units]
        for unit in self.units:
            if ids.count(unit.id) > 1:
                raise ValueError(f"The unit “{unit.id}” stands here twice. Give each unit its own id")
            if unit.id == "whole":
                raise ValueError("“whole” is the unit that is the agency itself. Choose another id")
            parents = {unit.id: unit.within for unit in self.units}
            seen = {unit.id}
            above = unit.within
            while above is not None:
                if above not in parents:
                    raise ValueError(f"The unit “{unit.id}” is within “{above}”, which is not a unit here")
                if above in seen:
                    raise ValueError(f"The unit “{unit.id}” lies within itself. Correct “within”")
                seen.add(above)
                above = parents[above]
        return self


class HubItem(Item):
    """A community safety hub."""

    name: Name = Field(description="Its name")
    prefix: Prefix = Field(description="Three capital letters that begin its references")
    areas: list[AreaRef] = Field(min_length=1, description="The areas it serves")
    agencies: list[AgencyRef] = Field(min_length=1, description="The agencies that work in it")
    co_located: list[AgencyRef] = Field(default_factory=list, description="Those that share its rooms")
    coordinator_post: Post | None = Field(None, description="The post that runs it from day to day")
    coordinator_agency: AgencyRef | None = Field(None, description="The agency of that post")
    followed_by: HubRef | None = Field(None, description="The hub that took over")


class WayOfWorking(Item):
    """A way of working that the hubs have in common."""

    name: Name = Field(description="In a few words")
    words: Text = Field(description="In a sentence")


class BoardMember(Part):
    """A seat on a board."""

    agency: AgencyRef | None = Field(None, description="The agency that holds the seat")
    board: BoardRef | None = Field(None, description="Or the board that is represented")
    post: Post = Field(description="The post that sits")
    joining: bool = Field(False, description="true: is to join, not yet a member")

    @model_validator(mode="after")
    def _who(self) -> Self:
        if (self.agency is None) == (self.board is None):
            raise ValueError("A seat belongs to an agency or to a board. Give one of the two")
        return self


class BoardItem(Item):
    """A board, group or committee."""

    name: Name = Field(description="Its name")
    short_name: ShortName | None = Field(None, description="Short name")
    aliases: list[Text] = Field(default_factory=list, description="Other names it goes by")
    kind: Literal[
        "partnership_board", "sub_group", "working_group", "network", "chairs_group", "statutory_board",
        "connected_partnership", "scrutiny_committee",
    ] = Field(description="What it is")  # fmt: skip
    remit: Text = Field(description="What it is for")
    basis: Text | None = Field(None, description="The law or the decision it rests on")
    areas: list[AreaRef] = Field(default_factory=list, description="The areas it covers")
    parent: BoardRef | None = Field(None, description="The board it is a group of")
    reports_to: list[BoardRef] = Field(default_factory=list, description="The boards it reports to")
    reported_to_us: bool = Field(False, description="true: the partnership hears its reports and updates")
    chair_post: Post | None = Field(None, description="The post that chairs it")
    chair_agency: AgencyRef | None = Field(None, description="The agency of that post")
    members: list[BoardMember] = Field(default_factory=list, description="Who sits on it")
    meets: Text | None = Field(None, description="How often it meets")
    follows: BoardRef | None = Field(None, description="The board it took over from")
    followed_by: BoardRef | None = Field(None, description="The board that took over")


class Objective(Part):
    """What a priority sets out to do."""

    id: Identifier = Field(description="Stays the same for ever; unique within the priority")
    words: Text = Field(description="The objective")


class Priority(Item):
    """An area for delivery of the partnership's plan."""

    name: Name = Field(description="Its name")
    number: int = Field(ge=1, le=99, description="Its place in the plan")
    what: Text = Field(description="What it is about")
    scoping: Text | None = Field(None, description="What is still to be scoped")
    objectives: list[Objective] = Field(min_length=1, description="What it sets out to do")
    means: list[Text] = Field(default_factory=list, description="By what means")
    lead_post: Post = Field(description="The post that leads it")
    lead_agency: AgencyRef | None = Field(None, description="The agency of that post")
    led_by: BoardRef | None = Field(None, description="The board or group that steers it")

    @model_validator(mode="after")
    def _objectives(self) -> Self:
        ids = [objective.id for objective in self.objectives]
        if len(set(ids)) < len(ids):
            raise ValueError("Two objectives have the same id. Give each its own")
        return self


class PlanState(Part):
    """How far a plan had come on a day."""

    state: Literal["in_development", "in_force"] = Field(
        description="in_development: being written, not yet agreed; in_force: agreed and followed"
    )
    day: date = Field(description="First day on which this is known")


class Strategy(Item):
    """The partnership's plan: how long it runs and how it is kept up to date."""

    name: Name = Field(description="Its name")
    first_day: date = Field(description="First day of the plan")
    last_day: date = Field(description="Last day of the plan")
    duty: Text = Field(description="The duty to have it")
    aims: Text = Field(description="What it is to show, in a whole sentence")
    reviewed: Text = Field(description="How often it is reviewed, and why, in a whole sentence")
    action_plan: Text = Field(description="How it becomes action, in whole sentences")
    measures: Text = Field(description="How progress is measured, in a whole sentence")
    scrutiny: Text = Field(description="How partners hold each other to it")
    agreed: Text | None = Field(None, description="How its priorities were agreed")
    states: list[PlanState] = Field(
        default_factory=list,
        description="How far it had come and since when that is known, the earliest first",
    )
    priorities: list[PriorityRef] = Field(min_length=1, description="Its priorities, in order")

    @model_validator(mode="after")
    def _dates(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError("last_day is before first_day. Put the dates in order")
        return self


class Principle(Item):
    """A principle that the boards have agreed to keep to."""

    number: int = Field(ge=1, le=99, description="Its place in the list")
    words: Text = Field(description="The principle")
    boards: list[BoardRef] = Field(default_factory=list, description="The boards that keep to it, or are to")


class EvaluationMessage(Item):
    """A key message of an evaluation."""

    number: int = Field(ge=1, le=99, description="Its place in the list")
    theme: Text = Field(description="What it is about")
    words: Text = Field(description="The message")
    points: list[Text] = Field(default_factory=list, description="Its parts")


class FourP(Item):
    """One of the four strands of the national strategy against serious and organised crime."""

    name: Literal["Prevent", "Protect", "Prepare", "Pursue"] = Field(description="The strand")
    words: Text = Field(description="What it aims at")
    led_here: bool = Field(False, description="true: the partnership leads it in its plan")
    priority: PriorityRef | None = Field(None, description="The area for delivery that it belongs to")


class Definition(Item):
    """What a term means in the partnership's documents."""

    term: Text = Field(description="The term")
    words: Text = Field(description="What it means")
    grounds: list[Text] = Field(
        default_factory=list, description="For hate crime: the characteristics it names"
    )
    examples: list[Text] = Field(default_factory=list, description="Examples given")
    priority: PriorityRef | None = Field(None, description="The area for delivery whose term it is")


class Background(Item):
    """A fact that reports draw on."""

    about: Text = Field(description="What it is about")
    words: Text = Field(description="The fact")
    priority: PriorityRef | None = Field(None, description="The priority it belongs to")
    board: BoardRef | None = Field(None, description="The board it concerns")


class ReviewFact(Item):
    """What has been published about a review of a death: no name, and nothing beyond what is published."""

    kind: Text = Field(description="What kind of review")
    law: Text = Field(description="The provision it is made under")
    began_after: Text = Field(description="What is published of the cause, as in “A death in …”")
    month: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")] = Field(
        description="Year and month of the death, in quotation marks"
    )
    area: AreaRef = Field(description="The area")
    chair_and_author: Text = Field(description="How the chair and the author were found, in a sentence")
    funded_by: AgencyRef = Field(description="Who pays for it")
    funding: Text = Field(description="What is published about the funding, in a sentence")
    due: Text = Field(description="When it is to be published, in a sentence")
    learning: Text = Field(description="Who sees to it that lessons are learnt, in a sentence")
    priority: PriorityRef | None = Field(None, description="The area for delivery that tells of it")


class Recommendation(Item):
    """What a report asks its readers to do, or offers them."""

    number: int = Field(ge=1, le=99, description="Its place in the list")
    kind: Literal["recommendation", "theme"] = Field(
        description="Asked of members, or offered for a closer look"
    )
    words: Text = Field(description="The recommendation or the theme")


def register() -> None:
    """Make the partnership's sections known."""
    one: tuple[Literal["partnership"]] = ("partnership",)
    register_section("partnership", PartnershipItem, kinds=one, required=one, single=True)
    register_section("areas", Area, kinds=one, required=one)
    register_section("agencies", AgencyItem, kinds=one, required=one)
    register_section("hubs", HubItem, kinds=one, required=one, unique=("prefix",))
    register_section("ways_of_working", WayOfWorking, kinds=one)
    register_section("boards", BoardItem, kinds=one, required=one)
    register_section("priorities", Priority, kinds=one, required=one)
    register_section("strategy", Strategy, kinds=one, required=one)
    register_section("principles", Principle, kinds=one)
    register_section("evaluation_messages", EvaluationMessage, kinds=one)
    register_section("four_ps", FourP, kinds=one)
    register_section("definitions", Definition, kinds=one)
    register_section("background", Background, kinds=one)
    register_section("reviews", ReviewFact, kinds=one)
    register_section("recommendations", Recommendation, kinds=one)
