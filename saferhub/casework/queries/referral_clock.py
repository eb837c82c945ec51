"""How the clock of a referral stands: from receipt to decision, standing still while the hub waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from saferhub.casework.models import Referral, ReferralMove
from saferhub.casework.rules import referrals as rules
from saferhub.foundation.refusals import Refusal
from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.partnership.queries.known_days import counting_on
from saferhub.partnership.rules.clocks import Clock, State, due, state
from saferhub.partnership.rules.from_packs import clock_from

Moves = Sequence[tuple[str, date]]


def clock_of(partnership: Partnership, *, urgent: bool, on: date) -> Clock:
    """The packs' clock. Raises Refusal `no_clock` where none is in force."""
    found = in_force.entry(partnership, "clocks", rules.clock_id(urgent=urgent), on)
    if found is None:
        raise Refusal("no_clock", "No pack says how soon a referral is decided. Load the national pack.")
    return clock_from(found.item)


def due_on(referral: Referral, moves: Moves) -> date | None:
    """The day by which the hub is to decide; None while the clock stands still. Two queries.

    A clock whose pack names nothing that pauses it runs on. Where the bank holidays are not known the day is
    provisional (`known_days.is_provisional`): a referral can be sent all the same.
    """
    if referral.sent_on is None:
        return None
    clock = clock_of(referral.partnership, urgent=referral.urgent, on=referral.sent_on)
    pauses = rules.pauses(moves) if clock.pauses_on else []
    return due(clock, referral.sent_on, bank_holidays=counting_on(), pauses=pauses).day


def stands(referral: Referral, moves: Moves, on: date) -> State | None:
    """How the clock stands on a day, or stood when it stopped; None for a draft. Two queries."""
    if referral.sent_on is None:
        return None
    clock = clock_of(referral.partnership, urgent=referral.urgent, on=referral.sent_on)
    ended = referral.decided_on or _withdrawn_on(moves)
    sent_on, pauses = referral.sent_on, rules.pauses(moves) if clock.pauses_on else []
    return state(clock, sent_on, on, bank_holidays=counting_on(), pauses=pauses, stopped=ended)


def answer_due_on(referral: Referral, asked_on: date) -> date | None:
    """The day by which an answer to the hub's question is to be looked after: as many working days from asking as the
    hub has to decide. Two queries."""
    clock = clock_of(referral.partnership, urgent=referral.urgent, on=asked_on)
    return due(clock, asked_on, bank_holidays=counting_on()).day


def _withdrawn_on(moves: Moves) -> date | None:
    return next((day for status, day in moves if status == "withdrawn"), None)


def moves_of(referral: Referral) -> list[tuple[str, date]]:
    """The statuses it moved to, and when, in order. The caller has loaded the referral through access. One query."""
    rows = ReferralMove.objects.filter(referral=referral).order_by("id")
    return list(rows.values_list("to_status", "on"))
