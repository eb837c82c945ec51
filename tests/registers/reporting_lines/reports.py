"""What the addresses of reports in hand answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import OLIVIA, Line, held_by, members, seen_by

# Who writes reports, who approves them, and so reads what is not published.
WRITE = frozenset({"maya.manager", "ana.analyst"})
APPROVE = frozenset({"maya.manager", "ian.governance"})
DRAFTS = WRITE | APPROVE


def _report(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import a_report

    return {"public_id": a_report(cast).public_id}


CHANGE = Line(seen_by(DRAFTS, WRITE), seen_by(DRAFTS, WRITE), "report_in_hand")

LINES: dict[str, Line] = {
    "reports": Line(members(200), members(405)),
    "reports-csv": Line(members(200), members(405)),
    "report-begin": Line(held_by(WRITE | OLIVIA), held_by(WRITE | OLIVIA)),
    "report": Line(seen_by(DRAFTS), members(405), "report_in_hand"),
    "report-preview": Line(seen_by(DRAFTS), members(405), "report_in_hand"),
    "report-head": CHANGE,
    "report-drop": CHANGE,
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"report_in_hand": _report}
