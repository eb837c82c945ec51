"""Answering with a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, /, status: int = 200, **context: Any) -> HttpResponse:
    """Render a template as the answer. `marking` and `section` in the context steer the layout."""
    return render(request, template, context, status=status)
