"""What the addresses of approval and of published reports answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, local, local_to, members, seen_by

from .reports import APPROVE, CHANGE, DRAFTS, WRITE


def _waiting(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import waiting

    return {"public_id": waiting(cast).public_id}


def _published(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import published

    return {"public_id": published(cast).public_id}


def _published_file(cast: dict[str, Any]) -> dict[str, Any]:
    return {**_published(cast), "ending": "docx"}


def _corrected(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import corrected

    return {"public_id": corrected(cast).public_id}


def _in_correction(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.reporting.writing import in_correction

    return {"public_id": in_correction(cast).public_id}


_READ = Line(local(200), members(405), "published_report")

LINES: dict[str, Line] = {
    "report-ask": CHANGE,
    "report-approve": Line(seen_by(DRAFTS, APPROVE), seen_by(DRAFTS, APPROVE), "report_waiting"),
    "report-send-back": Line(seen_by(DRAFTS), seen_by(DRAFTS), "report_waiting"),
    # Nobody has approved it, so the page refuses before it asks anything.
    "report-publish": Line(seen_by(DRAFTS, done=409), seen_by(DRAFTS), "report_waiting"),
    "report-correct": Line(local_to(WRITE, 200), local_to(WRITE, 200), "published_report"),
    "report-give-up": Line(local_to(WRITE, 200), local_to(WRITE, 200), "report_in_correction"),
    "report-withdraw": Line(local_to(APPROVE, 200), local_to(APPROVE, 200), "published_report"),
    "report-read": _READ,
    "report-file": Line(local(200), members(405), "published_report_file"),
    "report-figures": _READ,
    "report-figures-xlsx": _READ,
    "report-compare": Line(local(200), members(405), "corrected_report"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "report_waiting": _waiting,
    "published_report": _published,
    "published_report_file": _published_file,
    "corrected_report": _corrected,
    "report_in_correction": _in_correction,
}
