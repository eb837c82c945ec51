"""Days that a page shows, where the calendar of bank holidays may not reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from saferhub.foundation.refusals import Refusal

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
