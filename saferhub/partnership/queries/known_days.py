"""Days that a page shows, where the calendar of bank holidays may not reach.

A day of the statutory calendar is not worked out there: a wrong one looks the same as a right one, so who asks is
refused, and a page says that it is not known. A day by which people work (a decision on a referral, the first look at a
case, contact with a victim) must not keep them from working: it is counted as if the unknown year had no bank
holidays, so at most some days too early, and the page calls it provisional.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.partnership.rules.working_days import BankHolidays

A = TypeVar("A")
NOT_KNOWN = "not known: the bank holidays of that year are not loaded"


def if_known(ask: Callable[[], A]) -> A | None:
    """What `ask` works out from the calendar; None where that year's bank holidays are not known. For pages that show
    a day beside much else: what decides something raises instead."""
    try:
        return ask()
    except Refusal as refusal:
        if refusal.code != "bank_holidays_unknown":
            raise
        return None


def counting_on() -> BankHolidays:
    """The calendar by which people work: it counts on where the bank holidays are not known. Raises Refusal
    `no_bank_holidays` where no pack brought any."""
    return bank_holidays().counting_on()


def is_provisional(day: date | None) -> bool:
    """Whether a day was counted to without the bank holidays of its year."""
    return day is not None and not bank_holidays().knows(day)
