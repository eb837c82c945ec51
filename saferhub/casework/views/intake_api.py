"""The door of the API: what every call passes before it is read, its description, and the page about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.transactions import own_transactions

from .intake_api_calls import api

ROOT = "api/v1/"
MOST_BYTES = 512 * 1024


def _refusal(status: int, code: str, sentence: str) -> JsonResponse:
    return JsonResponse({"code": code, "sentence": sentence, "fields": []}, status=status)


def _door(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """The view behind the checks of size and kind. It signs in by key alone: a session opens nothing here, so no
    other site can act in somebody's name, and CSRF has nothing to guard. It keeps its own transaction."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            if request.content_type != "application/json":
                return _refusal(415, "not_json", "Send the body as application/json.")
            try:
                is_large = len(request.body) > MOST_BYTES
            except RequestDataTooBig:
                is_large = True
            if is_large:
                return _refusal(413, "too_large", f"Send at most {MOST_BYTES // 1024} kB.")
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer

    return csrf_exempt(login_not_required(own_transactions(checked)))


_NAMES = {
    "referrals": "api-referrals",
    "referrals/<public_id>": "api-referral",
    "cases": "api-cases",
    "actions": "api-actions",
    "actions/<public_id>/done": "api-action-done",
    "reference": "api-reference",
}


def patterns() -> list[URLPattern]:
    """The addresses of the API. Two calls at one address share a view; the package's own root page is left out."""
    views = {str(one.pattern): one.callback for one in reversed(api.urls[0]) if isinstance(one, URLPattern)}
    found = [path(f"{ROOT}{where}", _door(views[where]), name=name) for where, name in _NAMES.items()]
    return [
        *found,
        path(f"{ROOT}openapi.json", openapi, name="api-openapi"),
        path(f"{ROOT}docs", docs, name="api-docs"),
    ]


@cache
def described() -> dict[str, Any]:
    """The API in OpenAPI's words. Django reads addresses late, so it is made at first use."""
    return dict(api.get_openapi_schema(path_prefix=f"/{ROOT}"))


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The description for programs."""
    return JsonResponse(described())


_STATUS = {
    "200": "Done",
    "201": "Made",
    "400": "The body cannot be read as JSON",
    "401": "No key, or one that is not in use",
    "403": "The key may not do this",
    "404": "Not there, or not for this key",
    "409": "Things stand otherwise by now",
    "413": "Too large",
    "415": "Not JSON",
    "422": "Some of what was sent cannot be taken; the answer says what",
    "429": "Too many calls; the header Retry-After says how long to wait",
}


@login_not_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description for people."""
    told = described()
    calls = [
        {
            "method": method.upper(),
            "path": address,
            "summary": one["summary"],
            "description": one.get("description", ""),
            "parameters": [
                {
                    "name": parameter["name"],
                    "where": parameter["in"],
                    "required": parameter.get("required", False),
                    "words": parameter.get("description", "") or parameter["schema"].get("description", ""),
                }
                for parameter in one.get("parameters", [])
            ],
            "body": _body_of(one, told),
            "answers": [(code, _STATUS[code]) for code in sorted(str(code) for code in one["responses"])],
        }
        for address, methods in told["paths"].items()
        for method, one in methods.items()
    ]
    return page(request, "casework/intake/api_docs.html", calls=calls, about=told["info"]["description"])


def _body_of(call: dict[str, Any], told: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a call's body, those of people after them."""
    content = call.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return []
    schemas = told["components"]["schemas"]
    name = content["schema"]["$ref"].rsplit("/", 1)[-1]
    fields = _fields(schemas[name])
    if "people" in schemas[name]["properties"]:
        fields += _fields(schemas["PersonIn"], "people[].")
    return fields


def _fields(schema: dict[str, Any], before: str = "") -> list[dict[str, Any]]:
    return [
        {
            "name": f"{before}{name}",
            "required": name in schema.get("required", []),
            "most": value.get("maxLength") or value.get("maxItems") or "",
            "one_of": [one for one in value.get("enum", []) if one],
            "words": value.get("description", ""),
        }
        for name, value in schema["properties"].items()
    ]
