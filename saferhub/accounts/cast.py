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
        sees="Makes referrals and sees what her own team takes part in",
    ),
    CastMember(
        username="colin.coordinator",
        name="Colin Ashworth",
        job_title="Hub co-ordinator",
        agency_words="Selby hub",
        sees="Runs the Selby hub: decides referrals, leads its cases, prepares its meetings",
    ),
    CastMember(
        username="maya.manager",
        name="Maya Okonjo",
        job_title="Partnership manager",
        agency_words="partnership team",
        sees="Oversees every hub, the plan, the statutory calendar and reports to members",
    ),
    CastMember(
        username="chris.chair",
        name="Chris Thackray",
        job_title="Inspector, chairs MAPs",
        agency_words="police",
        sees="Sees the Selby hub for as long as he chairs its meetings",
    ),
    CastMember(
        username="priya.partner",
        name="Priya Nair",
        job_title="Community mental health nurse",
        agency_words="mental health trust",
        sees="Answers requests and carries actions where her own team has an interest",
    ),
    CastMember(
        username="victor.voluntary",
        name="Victor Ellwood",
        job_title="Victim support caseworker",
        agency_words="voluntary service",
        sees="Works with the hub as a non-statutory partner, under its agreement only",
    ),
    CastMember(
        username="mina.minutes",
        name="Mina Harland",
        job_title="Minute-taker",
        agency_words="Selby hub",
        sees="Records meetings of the Selby hub and the decisions made in them",
    ),
    CastMember(
        username="nadia.neighbour",
        name="Nadia Fenwick",
        job_title="Licensing officer",
        agency_words="Selby District Council",
        sees="Same council as Rachel, another team, no interest: sees none of its cases",
    ),
    CastMember(
        username="fergus.former",
        name="Fergus Dale",
        job_title="Community safety officer",
        agency_words="fire and rescue service",
        sees="Contributed until his interest ended: no longer sees what he once did",
    ),
    CastMember(
        username="olivia.outsider",
        name="Olivia Reyes",
        job_title="Community safety manager",
        agency_words="another partnership",
        sees="Should find nothing of this partnership",
    ),
    CastMember(
        username="ian.governance",
        name="Ian Whitcombe",
        job_title="Information governance lead",
        agency_words="partnership team",
        sees="Reads the logs, agreements and disclosures, not what cases contain",
    ),
    CastMember(
        username="ana.analyst",
        name="Ana Kowalczyk",
        job_title="Analyst",
        agency_words="partnership team",
        sees="Works with measures and figures, without names",
    ),
    CastMember(
        username="ada.admin",
        name="Ada Brook",
        job_title="System administrator",
        agency_words="partnership team",
        sees="Looks after accounts and packs, and has no access to any case",
    ),
)

BY_USERNAME = {member.username: member for member in CAST}
