"""The account behind a request, for views that only somebody signed in reaches."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from ..models import User


def account_of(request: HttpRequest) -> User:
    """The signed-in account. Every view is for people signed in unless it says otherwise."""
    return cast(User, request.user)
