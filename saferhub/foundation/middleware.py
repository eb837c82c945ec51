"""What every answer carries, and what no request may bring."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from . import guard

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class SecurityHeaders:
    """Headers that Django has no setting for.

    Pages are never stored: a shared computer's Back button must not show a case after sign-out.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class RightDatabase:
    """Serve nothing, health included, until the database role and the demonstration's flag are right.

    Asked once in a process's life; while the answer is no, or the database does not answer, again.
    """

    settled = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not RightDatabase.settled:
            try:
                found = guard.problem()
            except DatabaseError:
                logger.exception("Not serving: the database does not answer, or not to this role")
                found = "unavailable"
            if found:
                logger.critical("Not serving: %s", found)
                return JsonResponse({"status": "unavailable"}, status=503)
            RightDatabase.settled = True
        return self.get_response(request)


class MethodsServed:
    """Pages are read and forms are posted; anything else is answered before it reaches a view.

    Class-based views of other packages would take a PUT for a POST.
    """

    served = ("GET", "HEAD", "OPTIONS", "POST")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in self.served:
            return HttpResponseNotAllowed(self.served)
        return self.get_response(request)


class UploadLimits:
    """Refuse a request larger than any form of ours before a byte of it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > settings.REQUEST_MAX_BYTES:
            from .views import errors

            return errors.too_large(request)
        return self.get_response(request)
