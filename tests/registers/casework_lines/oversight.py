"""What the addresses of oversight answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import (
    HERE,
    NOBODY,
    OLIVIA,
    SIGNED_IN,
    TO_SIGN_IN,
    WORK_ON_MATTERS,
    Answers,
    Line,
    held_by,
    members,
)

LIST = Line(held_by(WORK_ON_MATTERS), members(405))
# Nothing is ticked: back to the list.
MANY = Line(held_by(WORK_ON_MATTERS, 302), held_by(WORK_ON_MATTERS, 302))
IN_SELBY = frozenset({"colin.coordinator", "chris.chair", "mina.minutes", "maya.manager"})
HUB: Answers = {
    TO_SIGN_IN: frozenset({NOBODY}),
    200: IN_SELBY,
    403: HERE - IN_SELBY,
    404: OLIVIA,
}

LINES: dict[str, Line] = {
    **dict.fromkeys(("cases", "referrals", "actions", "interventions"), LIST),
    **{
        f"{code}-{kind}": LIST
        for code in ("cases", "referrals", "actions", "interventions")
        for kind in ("csv", "xlsx")
    },
    "cases-many": MANY,
    "actions-many": MANY,
    # Whoever works in one hub is sent to its page.
    "hubs-figures": Line(
        {
            TO_SIGN_IN: frozenset({NOBODY}),
            # Olivia manages all hubs of her own partnership.
            200: OLIVIA | {"maya.manager"},
            302: IN_SELBY - {"maya.manager"},
            403: SIGNED_IN - IN_SELBY - OLIVIA,
        },
        members(405),
    ),
    "hub-figures": Line(HUB, members(405), "hub_of_figures"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "hub_of_figures": lambda cast: {"code": "selby"},
}
