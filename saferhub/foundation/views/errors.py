"""The pages for answers that are no page: what happened, the way forward, and nothing else.

A hidden record and a missing one get the same words. None of these pages repeats what was asked for.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.templatetags.static import static

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.foundation.templatetags.words import count_words

logger = logging.getLogger(__name__)

_LAST_RESORT = (
    '<!doctype html><html lang="en-GB"><head><title>Something went wrong – saferhub</title></head><body>'
    "<main><h1>Something went wrong</h1><p>The fault is ours. Wait a minute, go back and look whether "
    "your last change is there before you send it again.</p></main></body></html>"
)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "errors/400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    refusal = exception if isinstance(exception, NotAllowed) else None
    return page(request, "errors/403.html", status=403, refusal=refusal)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, "errors/403_csrf.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, "errors/404.html", status=404)


@login_not_required
def too_large(request: HttpRequest) -> HttpResponse:
    """More than any form of ours sends, refused before a byte was read."""
    return page(request, "errors/413.html", status=413, megabytes=settings.REQUEST_MAX_BYTES // (1024 * 1024))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal that nobody caught: 403 with every unmet condition, or 409 with its sentence."""
    template = "errors/403.html" if refusal.status == 403 else "errors/409.html"
    return page(request, template, status=refusal.status, refusal=refusal)


@login_not_required
def conflict(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    return page(request, "errors/409.html", status=409, refusal=refusal)


@login_not_required
def too_many_requests(
    request: HttpRequest, exception: Exception | None = None, *, seconds: int = 0
) -> HttpResponse:
    """`seconds` until trying again makes sense; without it the page names the longest wait."""
    answer = page(request, "errors/429.html", status=429, wait=wait_words(seconds))
    answer["Retry-After"] = str(seconds or 15 * 60)
    return answer


def wait_words(seconds: int) -> str:
    """ "in 2 minutes", rounded up so that nobody tries too early; "" for an unknown wait."""
    if seconds <= 0:
        return ""
    if seconds <= 90:
        return f"in {count_words(seconds, 'second')}"
    minutes = -(-seconds // 60)
    if minutes <= 90:
        return f"in {count_words(minutes, 'minute')}"
    return f"in {count_words(-(-minutes // 60), 'hour')}"


@login_not_required
def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    """Drawn without database, context processors or session: any of them may be what failed."""
    try:
        text = get_template("errors/500.html").render({"stylesheets": _stylesheets()})
    except Exception:
        logger.exception("The error page itself could not be drawn.")
        text = _LAST_RESORT
    return HttpResponse(text, status=500)


def _stylesheets() -> list[str]:
    try:
        return [static("govuk/govuk-frontend.min.css"), static("saferhub.css")]
    except ValueError:  # a manifest without these files: plain text is better than no page
        return []
