"""What went from one hub to another, counted with the hub that had it on the day.

Cases and referrals, and what is done in them, are counted fast by the hub that has them now. What is here comes on
top: for those few that were handed over or redirected, what each hub had, and less what it has been counted too many
of. The gate counts it, since whoever worked on them sees them no longer (sql/figures.sql).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from saferhub.foundation.one_page import once
from saferhub.partnership.access import Actor
from saferhub.sharing.access.sight import sight_of

# What adds to what is open, and what takes from it.
OPENS = frozenset({"adopted", "reopened", "came"})


@dataclass(frozen=True, slots=True)
class Turn:
    """So many turns of one kind on one day, of cases adopted on one day: adopted, closed, reopened, came or went.
    `number` below nought takes back what is counted with today's hub."""

    hub: int
    turn: str
    on: date
    adopted_on: date
    band: str
    subject: str
    number: int

    @property
    def opens(self) -> int:
        """By how many more cases are open through them."""
        return self.number if self.turn in OPENS else -self.number


def turns(actor: Actor, hubs: Iterable[int], last: date) -> list[Turn]:
    """Of cases that went from one hub to another, up to a day. One query, asked once on a page."""
    seen = _seen(actor, hubs)
    return once(("hub_turns", actor.public_id, tuple(seen), last), lambda: _turns(seen, last))


def _turns(hubs: list[int], last: date) -> list[Turn]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hub, turn, on_day, adopted_on, band, subject, number FROM gate.hub_turns(%s, %s)",
            [hubs, last],
        )
        return [Turn(*row) for row in cursor.fetchall()]


def referrals(actor: Actor, hubs: Iterable[int], first: date, last: date) -> dict[int, tuple[int, int]]:
    """How many redirected referrals came to each hub within the days, and waited at the end of the last. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hub, received, waiting FROM gate.hub_referrals(%s, %s, %s)",
            [_seen(actor, hubs), first, last],
        )
        return {hub: (received, waiting) for hub, received, waiting in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Work:
    """So many actions or tools of one kind. `what`: action, began or ended; `code` and `name`: of the agency that
    agreed to the action, or of the power; `came_of`: how the action ended, the tool's class, or its outcome. `number`
    below nought takes back what is counted with today's hub."""

    hub: int
    what: str
    code: str
    name: str
    came_of: str
    number: int


def work(actor: Actor, hubs: Iterable[int], first: date, last: date) -> list[Work]:
    """Of cases that went from one hub to another, actions due and tools that began or ended within the days. One
    query, asked once on a page."""
    seen = _seen(actor, hubs)
    return once(("hub_work", actor.public_id, tuple(seen), first, last), lambda: _work(seen, first, last))


def _work(hubs: list[int], first: date, last: date) -> list[Work]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT hub, what, code, name, came_of, number FROM gate.hub_work(%s, %s, %s)",
            [hubs, first, last],
        )
        return [Work(*row) for row in cursor.fetchall()]


def _seen(actor: Actor, hubs: Iterable[int]) -> list[int]:
    return sorted(set(hubs) & set(sight_of(actor).hubs))
