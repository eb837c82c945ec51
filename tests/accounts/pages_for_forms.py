"""The product's addresses and one page that tells what reached it, for forms that are kept."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path


def note(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and request.POST.get("refuse"):
        raise PermissionDenied
    return JsonResponse({"got": dict(request.POST.lists()), "files": list(request.FILES)})


urlpatterns = [path("note/", note, name="note"), path("", include("saferhub.urls"))]
