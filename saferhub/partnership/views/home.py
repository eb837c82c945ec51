"""Your work: what waits for the reader, in one list by urgency."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.registries import WORK_ASIDE, WORK_BUTTONS
from saferhub.partnership.access import Permission
from saferhub.partnership.queries.work import Work, waiting_for


def _tabs(work: Work) -> list[dict[str, object]]:
    home_url = reverse("home")
    everything = {"label": "Everything", "url": home_url, "current": not work.kind, "count": work.total}
    kinds = [
        {
            "label": kind.words,
            "url": f"{home_url}?kind={kind.kind}",
            "current": kind.current,
            "count": kind.count,
        }
        for kind in work.kinds
    ]
    return [everything, *kinds]


def _marking(work: Work) -> dict[str, Any]:
    """The marking, where references of matters show, and so their titles."""
    if any(row.item.reference for group in work.groups for row in group.rows):
        return {"marking": "OFFICIAL-SENSITIVE"}
    return {}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The home page of everybody who is signed in."""
    actor = request.actor  # type: ignore[attr-defined]
    work = waiting_for(actor, kind=request.GET.get("kind", ""))
    counts = [
        {
            "number": len(group.rows),
            "label": group.title.lower(),
            "url": f"#{group.code}",
            "late": group.is_late,
        }
        for group in work.groups
    ]
    return page(
        request,
        "partnership/home.html",
        work=work,
        kinds=_tabs(work),
        counts=counts,
        today=actor.on,
        known=actor.partnership is not None,
        reads_log=actor.has(Permission.READ_LOG),
        buttons=[button for provider in WORK_BUTTONS for button in provider(actor)],
        panels=[panel for provider in WORK_ASIDE if (panel := provider(actor)) is not None],
        **_marking(work),
    )
