"""The actor of each request, and what becomes of a refusal that no view caught."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from saferhub.audit.context import within_request
from saferhub.audit.operations import record_refusal
from saferhub.foundation.one_page import one_page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.views import errors

from .access import actor_for

Handler = Callable[[HttpRequest], HttpResponse]
_READ = ("GET", "HEAD")


class ActorOfRequest:
    """Set `request.actor` (worked out at first use) and gather the request's audit entries under one mark. A
    request that only reads asks once what several parts of its page want."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_for(request.user))  # type: ignore[attr-defined]
        with within_request(), one_page() if request.method in _READ else nullcontext():
            return self.get_response(request)


class Refusals:
    """A refusal becomes a page with its sentence, and leaves a trace that outlives the rollback."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_to(request, exception)


def answer_to(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page of a refusal, or None for any other exception; what was refused leaves its trace.

    For the middleware that calls the view too: Django asks no `process_exception` about what is raised there.
    """
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return errors.refused(request, exception) if isinstance(exception, Refusal) else None
    page = ("page", request.resolver_match.view_name if request.resolver_match else "")
    if isinstance(exception, Refusal):
        record_refusal("page.refused", page, by=actor, code=exception.code)
        return errors.refused(request, exception)
    if isinstance(exception, PermissionDenied):
        record_refusal("page.refused", page, by=actor, code="permission_denied")
    if isinstance(exception, Http404):
        record_refusal("page.not_found", page, by=actor)
    return None
