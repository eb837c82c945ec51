"""Decide by when somebody who has been harmed is to be contacted again.

The clock `victim_contact` of the packs runs from adoption, and anew from each day on which somebody harmed was
reached. Nothing pauses it; closure ends it. Contacts that only some agencies see do not move it: the day stands on
the case for everybody, and a day that jumps would tell of a contact that was kept from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from saferhub.partnership.rules.clocks import Clock, due
from saferhub.partnership.rules.working_days import BankHolidays

CLOCK = "victim_contact"


@dataclass(frozen=True, slots=True)
class Made:
    """A contact on the record of a case, as far as the clock asks."""

    on: date
    with_harmed: bool
    reached: bool | None
    seen_by_all: bool
    withdrawn: bool = False

    @property
    def counts(self) -> bool:
        """Whether it winds the clock up again: a try, a secret and a mistake do not."""
        return self.with_harmed and self.reached is True and self.seen_by_all and not self.withdrawn


def started_on(adopted_on: date, contacts: Iterable[Made]) -> date:
    """The day the clock runs from: the last on which somebody harmed was reached, at the earliest adoption."""
    return max([adopted_on, *(one.on for one in contacts if one.counts)])


def next_contact(
    clock: Clock | None,
    *,
    adopted_on: date,
    contacts: Iterable[Made],
    somebody_harmed: bool,
    is_open: bool,
    bank_holidays: BankHolidays,
) -> date | None:
    """The last day for the next contact; None where nobody has been harmed, the case is closed, or no clock is
    in force. Raises Refusal `bank_holidays_unknown` beyond the years that the packs know."""
    if clock is None or not somebody_harmed or not is_open:
        return None
    return due(clock, started_on(adopted_on, contacts), bank_holidays=bank_holidays).day
