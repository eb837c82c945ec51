"""What the addresses of committees answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.registers.answers import OLIVIA, Line, held_by, local, local_to, members

from .reports import WRITE


def _committee(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import a_committee

    return {"public_id": a_committee(cast).public_id}


def _sitting(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import MAYA, a_committee, a_sitting, acting

    day = acting(cast, MAYA).on + timedelta(days=60)
    return {"public_id": a_sitting(cast, a_committee(cast), day).public_id}


def _theme(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.reporting.operations.committees import keep_theme
    from tests.reporting.writing import MAYA, a_committee, acting

    made = keep_theme(
        committee_id=a_committee(cast).public_id, values={"title": "The nights"}, by=acting(cast, MAYA)
    )
    return {"public_id": made.public_id}


def _resolution(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import a_resolution

    return {"public_id": a_resolution(cast).public_id}


_OF_COMMITTEE = Line(local_to(WRITE, 200), local_to(WRITE, 200), "report_committee")

LINES: dict[str, Line] = {
    "committees": Line(members(200), members(405)),
    "committee-add": Line(held_by(WRITE | OLIVIA), held_by(WRITE | OLIVIA)),
    "committee": Line(local(200), members(405), "report_committee"),
    "committee-change": _OF_COMMITTEE,
    "sitting-add": _OF_COMMITTEE,
    "theme-add": _OF_COMMITTEE,
    "question-add": _OF_COMMITTEE,
    "sitting": Line(local_to(WRITE, 200), local_to(WRITE, 200), "report_sitting"),
    "sitting-cancel": Line(local_to(WRITE, 200), local_to(WRITE, 200), "report_sitting"),
    "theme": Line(local_to(WRITE, 200), local_to(WRITE, 200), "report_theme"),
    # Nothing of it has to be filled in: sent without what was read, it is taken for an edit by two at once.
    "resolution": Line(local_to(WRITE, 200), local_to(WRITE, 409), "report_resolution"),
    "resolution-add": Line(local_to(WRITE, 200), local_to(WRITE, 200), "published_report"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "report_committee": _committee,
    "report_sitting": _sitting,
    "report_theme": _theme,
    "report_resolution": _resolution,
}
