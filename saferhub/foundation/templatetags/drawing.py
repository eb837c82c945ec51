"""How a component's template is drawn; components never see the page's own context."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe


def draw(template: str, **context: Any) -> SafeString:
    """The component's template with these values only, without context processors."""
    return mark_safe(get_template(f"components/{template}.html").render(context).strip())  # noqa: S308


def request_of(context: Context) -> HttpRequest | None:
    return context.get("request")


def address_with(context: Context, **changes: Any) -> str:
    """This page's query string with some values changed; None takes one away."""
    request = request_of(context)
    values = request.GET.copy() if request is not None else None
    if values is None:
        from django.http import QueryDict

        values = QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None:
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else "?"
