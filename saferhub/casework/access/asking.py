"""What a refusal in a case says besides no: the way back to the case, and whom to ask."""

from __future__ import annotations

from typing import TypedDict

from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.casework.models import Case


class WayBack(TypedDict):
    """The link of a refusal."""

    link: str
    link_text: str


def way_back(case: Case) -> WayBack:
    """Back to the case, which the reader sees."""
    return {"link": reverse("case", args=[case.matter.public_id]), "link_text": "Back to the case"}


def reached_at(user: User) -> str:
    """A colleague by name and, where she gives it, telephone."""
    return f"{user.name}, {user.telephone}" if user.telephone else str(user.name)


def ask_who_leads(case: Case) -> str:
    """Whom to ask in a case, and what anybody who contributes may do meanwhile. The caller sees the case."""
    lead = case.matter.lead
    whom = reached_at(lead) if lead is not None else case.lead_unit.agency.name
    return f"Ask {whom}, or add an update to the case."
