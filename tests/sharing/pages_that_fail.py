"""The product's addresses, one page that tells whom its transaction is entered as, and one that writes and
then goes wrong in every way there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path

from saferhub.accounts import sessions
from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.sharing.entering import entered_as
from saferhub.sharing.models import Folder
from saferhub.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

committed: list[str] = []


def seen() -> dict[str, Any]:
    """Whom the transaction is entered as, and the folders that the database shows when asked for all."""
    folders = sorted(Folder.objects.order_by().values_list("public_id", flat=True))
    return {"user": entered_as(), "atomic": connection.in_atomic_block, "folders": folders}


class Late:
    """Text of a page that is made only while the page is drawn."""

    def __str__(self) -> str:
        return str(entered_as())


class LateMistake:
    def __str__(self) -> str:
        raise KeyError("while drawing")


def _drawn(request: HttpRequest, text: object) -> TemplateResponse:
    template = engines["django"].from_string("{{ text }}")
    return TemplateResponse(request, template, {"text": text})


def _parts() -> Iterator[str]:
    yield "first "
    audit.record("audit.log_read", ("test", "stream"), by=None)
    yield str(entered_as())


@login_not_required
def whose(request: HttpRequest) -> HttpResponse:
    return JsonResponse(seen())


@login_not_required
def write(request: HttpRequest, then: str) -> Any:
    """Write one entry, ask for one act after the commit, and go on as asked."""
    audit.record("audit.log_read", ("test", then), by=None)
    transaction.on_commit(lambda: committed.append(then))
    cache.set("tries", cache.get("tries", 0) + 1)
    match then:
        case "page":
            return HttpResponse("done")
        case "form":
            return HttpResponse("look again", status=422)
        case "unavailable":
            return HttpResponse("not now", status=503)
        case "drawn":
            return _drawn(request, Late())
        case "stream":
            return StreamingHttpResponse(_parts())
        case "refusal":
            raise Refusal("late", "The list closed on Monday.")
        case "not-allowed":
            raise NotAllowed("role", "Only the chair may do this.")
        case "missing":
            raise Http404
        case "denied":
            raise PermissionDenied
        case "mistake":
            raise KeyError("of ours")
        case "mistake-late":
            return _drawn(request, LateMistake())
        case "nothing":
            return None
        case "at-once":
            raise ImmediateHttpResponse(HttpResponse("at once"))
        case "again":
            raise ReauthenticationRequired
        case "signs-in":
            sessions.begin(request, User.objects.get(username="maya.manager"))
            raise Refusal("late", "The list closed on Monday.")
    raise ValueError(then)


urlpatterns = [
    path("whose/", whose, name="whose"),
    path("write/<str:then>/", write, name="write"),
    path("", include("saferhub.urls")),
]
