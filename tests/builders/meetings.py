"""A meeting of Selby's group as its organisers make it: with seats and items about cases, sent unless told not to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

from saferhub.casework.models import Case
from saferhub.meetings.models import Ask, Group, Item, ItemKind, Meeting
from saferhub.meetings.operations import items as on_agenda
from saferhub.meetings.operations import opening, sending
from saferhub.people.models import Person
from saferhub.sharing.entering import entered
from tests.meetings.calendar.group import a_group as group_with
from tests.meetings.calendar.group import a_meeting as called

from .casework import a_case, actor
from .casework_interventions import a_person

Cast = dict[str, Any]
COLIN, CHRIS, MINA, MAYA = "colin.coordinator", "chris.chair", "mina.minutes", "maya.manager"
RACHEL, PRIYA, VICTOR, FERGUS, NADIA = (
    "rachel.referrer",
    "priya.partner",
    "victor.voluntary",
    "fergus.former",
    "nadia.neighbour",
)
SEATS = (CHRIS, RACHEL, PRIYA, VICTOR)
PREPARE = frozenset({COLIN, CHRIS, MINA, MAYA})


def a_group(cast: Cast, *members: str) -> Group:
    """Selby's group with a seat for each of these; else for Chris as chair, Rachel, Priya and Victor."""
    return group_with(cast, *(members or SEATS))


@dataclass
class Made:
    """A meeting, its cases in the order of the agenda, the item of each, and who was named on the first."""

    meeting: Meeting
    cases: list[Case] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    person: Person | None = None

    @property
    def at(self) -> dict[str, str]:
        """Arguments of an operation on the first item."""
        return self.of(0)

    def of(self, number: int) -> dict[str, str]:
        return {"meeting_id": self.meeting.public_id, "item_id": self.items[number].public_id}

    def url_args(self, number: int = 0) -> list[str]:
        return [self.meeting.public_id, self.items[number].public_id]


def a_meeting(
    cast: Cast,
    *,
    items: int = 1,
    sent: bool = True,
    begun: bool = True,
    members: tuple[str, ...] = (),
    days: int = 16,
    person: bool = False,
    purpose: str = "reduce_asb",
    shares: Any = (),
) -> Made:
    """A meeting in so many days with an item about each of so many cases, which nobody contributes to; sent by Colin.

    `person`: somebody is recorded in the first case by Rachel's unit and named on its item. `begun=False`: only called.
    """
    from .casework import share_with

    group = a_group(cast, *members)
    made = Made(called(cast, group, days=days))
    if not begun:
        return made
    given = list(shares) or [share_with(cast, RACHEL, "hubs_2018", "crime_and_disorder")]
    made.cases = [
        a_case(cast, title=f"Shouting in stairwell {number}", purpose=purpose, shares=given)
        for number in range(1, items + 1)
    ]
    if person:
        made.person = a_person(cast, made.cases[0])
    with entered(cast[COLIN]):
        colin = actor(cast, COLIN)
        made.meeting = opening.begin_preparing(meeting_id=made.meeting.public_id, by=colin, on=colin.on)
        for case in made.cases:
            made.items.append(
                on_agenda.put_on(
                    meeting_id=made.meeting.public_id,
                    kind=ItemKind.CASE,
                    matter_id=case.matter.public_id,
                    why="Agree what is done next.",
                    under="cases",
                    minutes=4,
                    by=colin,
                    on=colin.on,
                    urgent_why="It cannot wait." if days == 0 else "",
                )
            )
        if sent:
            sending.send_agenda(meeting_id=made.meeting.public_id, by=colin, on=colin.on)
    return made


def act(cast: Cast, username: str, operation: Callable[..., Any], **values: Any) -> Any:
    """The operation as this person; on her day, where it asks for one."""
    with entered(cast[username]):
        who = actor(cast, username)
        if "on" in signature(operation).parameters:
            values.setdefault("on", who.on)
        return operation(by=who, **values)


def ask_of(cast: Cast, made: Made, username: str, number: int = 0) -> Ask:
    """What the unit of this person is asked about one of the items."""
    with entered(cast[username]):
        who = actor(cast, username)
        return Ask.objects.get(item=made.items[number], unit=who.unit)


def read(cast: Cast, record: Any, username: str = COLIN) -> Any:
    """The row as it stands now, as this person sees it."""
    with entered(cast[username]):
        return type(record)._default_manager.get(pk=record.pk)


def shown_to(cast: Cast, row: Any, usernames: Any = ()) -> set[str]:
    """To whom the database shows a row when the application asks for all of them."""
    found = set()
    for username in usernames or cast:
        with entered(cast[username]):
            if type(row)._default_manager.filter(pk=row.pk).exists():
                found.add(username)
    return found
