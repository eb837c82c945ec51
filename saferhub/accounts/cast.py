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
    def telephone(self) -> str:
        """A number from the range kept free for drama, so that it rings nowhere."""
        return f"01632 960 {200 + CAST.index(self)}"

    @property
    def caption(self) -> str:
        return f"{self.job_title}, {self.agency_words}"


CAST: tuple[CastMember, ...] = (
    CastMember(
        username="rachel.referrer",
        name="Rachel Marsden",
        job_title="Housing options officer",
        agency_words="Selby District Council",
        sees="Her housing team’s matters and records; asks to see what others hold",
    ),
    CastMember(
        username="colin.coordinator",
        name="Colin Ashworth",
        job_title="Hub co-ordinator",
        agency_words="Selby hub",
        sees="Everything Selby hub works on; decides who else sees it and answers requests",
    ),
    CastMember(
        username="maya.manager",
        name="Maya Okonjo",
        job_title="Partnership manager",
        agency_words="partnership team",
        sees="Every hub’s matters; the statutory calendar; invites people and gives roles",
    ),
    CastMember(
        username="chris.chair",
        name="Chris Thackray",
        job_title="Inspector, chairs MAPs",
        agency_words="police",
        sees="Everything Selby hub works on, except what is restricted to others",
    ),
    CastMember(
        username="priya.partner",
        name="Priya Nair",
        job_title="Community mental health nurse",
        agency_words="mental health trust",
        sees="One Selby matter that her trust contributes to, and her own records",
    ),
    CastMember(
        username="victor.voluntary",
        name="Victor Ellwood",
        job_title="Victim support caseworker",
        agency_words="voluntary service",
        sees="One Selby matter, under an agreement of its own; no statutory duty",
    ),
    CastMember(
        username="mina.minutes",
        name="Mina Harland",
        job_title="Minute-taker",
        agency_words="Selby hub",
        sees="Everything Selby hub works on, as its chair does",
    ),
    CastMember(
        username="nadia.neighbour",
        name="Nadia Fenwick",
        job_title="Licensing officer",
        agency_words="Selby District Council",
        sees="Works for Rachel’s council in another team, and sees none of its matters",
    ),
    CastMember(
        username="fergus.former",
        name="Fergus Dale",
        job_title="Community safety officer",
        agency_words="fire and rescue service",
        sees="Contributed to a matter until his service’s sight ended; finds nothing of it now",
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
        sees="Keeps sharing agreements; reads the log, disclosures and emergencies, not matters",
    ),
    CastMember(
        username="ana.analyst",
        name="Ana Kowalczyk",
        job_title="Analyst",
        agency_words="partnership team",
        sees="Looks up the partnership, its clocks and its rules; sees no matter",
    ),
    CastMember(
        username="ada.admin",
        name="Ada Brook",
        job_title="System administrator",
        agency_words="partnership team",
        sees="Looks after accounts and roles; sees no matter and reads no log",
    ),
)

BY_USERNAME = {member.username: member for member in CAST}
