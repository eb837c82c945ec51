"""Addresses of meetings: what is asked."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import asks

urlpatterns: list[URLPattern] = [
    path("meetings/<slug:public_id>/asks/", asks.asks, name="meeting-asks"),
    path("meetings/<slug:public_id>/asks/rest/", asks.rest, name="asks-rest"),
]
