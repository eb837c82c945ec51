"""What every page of reporting has around its own part: section, marking, the pages beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from saferhub.foundation.refusals import Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.reporting.models import Report

SECTION = "reports"
MARKING = "OFFICIAL"
NOTE = "No personal information on this page"
BOTH = ["GET", "HEAD", "POST"]
_TABS = (
    ("Reports", "reports"),
    ("Committees", "committees"),
    ("Members’ questions", "questions"),
)


def reader_of(request: HttpRequest) -> Actor:
    """The actor, who reads what the partnership publishes. Raises NotAllowed where she reads none."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.check(Permission.VIEW_PARTNERSHIP)
    return actor


def around(current: str = "") -> dict[str, Any]:
    """The context that every page of reporting has. `current`: the address of the tab that is open."""
    return {
        "section": SECTION,
        "marking": MARKING,
        "marking_note": NOTE,
        "report_tabs": [
            {"label": label, "url": reverse(name), "current": name == current} for label, name in _TABS
        ],
    }


def refuse_early(request: HttpRequest, report: Report, is_open: bool, code: str, sentence: str) -> None:
    """Raise Refusal where a page asks for what cannot be done now, before anything is typed. What was typed already is
    refused by the operation, beside its field."""
    if request.method != "POST" and not is_open:
        raise Refusal(code, sentence, link=reverse("report", args=[report.public_id]), link_text="The report")


def sent(request: HttpRequest) -> Any:
    """What was posted; None where nothing was."""
    return request.POST if request.method == "POST" else None
