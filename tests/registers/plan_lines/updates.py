"""What the addresses of updates on the plan answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, local_to, members

from .actions import LEADS

LED = local_to(LEADS, 200)


def _update(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.plan.planned import an_update, the_year

    return {"public_id": an_update(cast, the_year(cast).actions.get()).public_id}


LINES: dict[str, Line] = {
    "plan-updates": Line(members(200), members(405)),
    "plan-action-update": Line(LED, LED, "agreed_action"),
    "plan-update-correct": Line(LED, LED, "plan_update"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"plan_update": _update}
