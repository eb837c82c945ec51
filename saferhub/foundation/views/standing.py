"""The standing pages: help, accessibility, privacy, recording, data breaches, about. Open to all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page

# The order they stand in at the side of each.
STANDING = (
    ("help", "Help"),
    ("accessibility", "Accessibility"),
    ("privacy", "Privacy and cookies"),
    ("recording", "How your use is recorded"),
    ("data_breach", "Report a data breach"),
    ("source", "About and source code"),
)


def _standing(request: HttpRequest, name: str, **more: Any) -> HttpResponse:
    siblings = [(reverse(other), label, other == name) for other, label in STANDING]
    return page(
        request,
        f"foundation/{name}.html",
        marking_note="Anyone may read this page",
        contact=settings.CONTACT_EMAIL,
        siblings=siblings,
        **more,
    )


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return _standing(request, "help")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _standing(request, "accessibility")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _standing(
        request,
        "privacy",
        session_cookie=settings.SESSION_COOKIE_NAME,
        csrf_cookie=settings.CSRF_COOKIE_NAME,
        idle_minutes=_minutes("SESSION_IDLE_END"),
        absolute_hours=_minutes("SESSION_ABSOLUTE_END") // 60,
        held_minutes=_minutes("HELD_FORM_LIFE"),
    )


@login_not_required
@require_safe
def recording(request: HttpRequest) -> HttpResponse:
    return _standing(request, "recording")


@login_not_required
@require_safe
def data_breach(request: HttpRequest) -> HttpResponse:
    return _standing(request, "data_breach")


@login_not_required
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return _standing(request, "source", notices=_notices())


def _minutes(name: str) -> int:
    span = getattr(settings, name, None)
    return int(span.total_seconds() // 60) if span else 0


def _notices() -> list[dict[str, str]]:
    """Notices of third-party design assets, as set-up prepared them beside the assets."""
    found: list[dict[str, str]] = []
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).glob("*/LICENSE*")):
            found.append(
                {"name": path.parent.name, "text": path.read_text(encoding="utf-8", errors="replace")}
            )
    return found
