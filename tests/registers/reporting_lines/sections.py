"""What the addresses of a report's sections answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, members, seen_by

from .reports import CHANGE, DRAFTS, WRITE


def _section(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import a_report, section_of

    report = a_report(cast)
    return {"public_id": report.public_id, "section_id": section_of(report, "boards").public_id}


def _section_kept(cast: dict[str, Any]) -> dict[str, Any]:
    """A section with words of its author's that the proposed ones stand in place of."""
    from saferhub.reporting.models import ReportSection

    named = _section(cast)
    ReportSection.objects.filter(public_id=named["section_id"]).update(words="Mine.", is_own_words=False)
    return named


_ACT = Line(members(405), seen_by(DRAFTS, WRITE, done=302), "report_section")

LINES: dict[str, Line] = {
    "report-section-add": CHANGE,
    "report-section": Line(seen_by(DRAFTS, WRITE), seen_by(DRAFTS, WRITE), "report_section"),
    "report-section-proposed": _ACT,
    "report-section-own": Line(members(405), seen_by(DRAFTS, WRITE, done=302), "report_section_kept"),
    "report-section-move": _ACT,
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "report_section": _section,
    "report_section_kept": _section_kept,
}
