"""Addresses of the plan: updates."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import updates

urlpatterns: list[URLPattern] = [
    path("plan/updates/", updates.updates, name="plan-updates"),
    path("plan/updates/<slug:public_id>/correct/", updates.correct, name="plan-update-correct"),
    path("plan/actions/<slug:public_id>/update/", updates.give, name="plan-action-update"),
]
