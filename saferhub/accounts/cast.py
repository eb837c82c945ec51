"""The demonstration's cast: thirteen invented people, each to show a different part of the service.

The sign-in page lists them in this order and the demonstration is built with the same entries, so a
caption can never promise what an account does not hold. Roles and units are the partnership's to give.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastMember:
    """One invented person: who she is, for whom she works, and what signing in as her shows."""

    username: str
    name: str
    job_title: str
    agency_words: str
    sees: str

    @property
    def email(self) -> str:
        """An address that can never exist: .invalid is reserved for that (RFC 2606)."""
        return f"{self.username}@demo.invalid"

    @property
    def caption(self) -> str:
        return f"{self.job_title}, {self.agency_words}"


CAST: tuple[CastMember, ...] = (
    CastMember(
        username="rachel.referrer",
        name="Rachel Marsden",
        job_title="Housing options officer",
        agency_words="Selby District Council",
        sees="Looks up agencies, hubs, people and statutory duties; changes none of them",
    ),
    CastMember(
        username="colin.coordinator",
        name="Colin Ashworth",
        job_title="Hub co-ordinator",
        agency_words="Selby hub",
        sees="Co-ordinates one hub: looks up its agencies, boards and people; changes none of them",
    ),
    CastMember(
        username="maya.manager",
        name="Maya Okonjo",
        job_title="Partnership manager",
        agency_words="partnership team",
        sees="Keeps the statutory calendar; invites people, gives and ends their roles",
    ),
    CastMember(
        username="chris.chair",
        name="Chris Thackray",
        job_title="Inspector, chairs MAPs",
        agency_words="police",
        sees="Chairs one hub’s meetings: looks up boards, people and statutory duties",
    ),
    CastMember(
        username="priya.partner",
        name="Priya Nair",
        job_title="Community mental health nurse",
        agency_words="mental health trust",
        sees="Looks up agencies, hubs, people and statutory duties for a health trust",
    ),
    CastMember(
        username="victor.voluntary",
        name="Victor Ellwood",
        job_title="Victim support caseworker",
        agency_words="voluntary service",
        sees="The same view of the partnership, for an agency that has no statutory duty",
    ),
    CastMember(
        username="mina.minutes",
        name="Mina Harland",
        job_title="Minute-taker",
        agency_words="Selby hub",
        sees="Takes minutes for one hub, and sees what its chair sees",
    ),
    CastMember(
        username="nadia.neighbour",
        name="Nadia Fenwick",
        job_title="Licensing officer",
        agency_words="Selby District Council",
        sees="Works for Rachel’s council in another team; sees the same pages of the partnership",
    ),
    CastMember(
        username="fergus.former",
        name="Fergus Dale",
        job_title="Community safety officer",
        agency_words="fire and rescue service",
        sees="Sees what every member of the partnership sees, and changes none of it",
    ),
    CastMember(
        username="olivia.outsider",
        name="Olivia Reyes",
        job_title="Community safety manager",
        agency_words="another partnership",
        sees="Belongs to another partnership and finds nothing of this one",
    ),
    CastMember(
        username="ian.governance",
        name="Ian Whitcombe",
        job_title="Information governance lead",
        agency_words="partnership team",
        sees="Reads the log of who did and saw what, and which packs are loaded",
    ),
    CastMember(
        username="ana.analyst",
        name="Ana Kowalczyk",
        job_title="Analyst",
        agency_words="partnership team",
        sees="Looks up the partnership, its clocks and its rules; changes none of them",
    ),
    CastMember(
        username="ada.admin",
        name="Ada Brook",
        job_title="System administrator",
        agency_words="partnership team",
        sees="Looks after accounts and roles, and sees which packs are loaded; reads no log",
    ),
)

BY_USERNAME = {member.username: member for member in CAST}
