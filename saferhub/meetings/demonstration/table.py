"""The table of a hub's meetings in the demonstration: whose seats, and in whose name its meetings are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from saferhub.accounts.models import User
from saferhub.casework.demonstration.facts import Worker
from saferhub.meetings.models import Group
from saferhub.meetings.pack_sections import MeetingKind
from saferhub.partnership.models import Agency, Hub, Unit

from .past import Sits


@dataclass(frozen=True, slots=True)
class Place:
    """A seat at the table: whose, and who sits there; nobody with an account where the agency has none."""

    sits: Sits
    agency: Agency
    unit: Unit
    user: User | None
    kind: str
    statutory: bool

    @property
    def name(self) -> str:
        return self.user.name if self.user is not None else self.sits.post


@dataclass(frozen=True, slots=True)
class Table:
    """A hub's group, its rules, its table by key, and in whose name its meetings are kept."""

    group: Group
    hub: Hub
    kind: MeetingKind
    places: Mapping[str, Place]
    by: Worker
    chair: Worker
    taker: Worker
    decisions: Mapping[str, str]
    town: str

    @property
    def room(self) -> str:
        return f"Example {self.town} Civic Centre, room 2"
