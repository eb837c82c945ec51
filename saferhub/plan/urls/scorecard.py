"""Addresses of the plan: scorecard."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import measures_kept
from saferhub.plan.views import scorecard as views

urlpatterns: list[URLPattern] = [
    path("measures/", views.measures, name="measures"),
    path("measures/list.csv", views.measures_csv, name="measures-csv"),
    path("measures/list.xlsx", views.measures_xlsx, name="measures-xlsx"),
    path("measures/new/", measures_kept.new, name="measure-new"),
    path("measures/how/", views.method, name="measures-method"),
    path("measures/take/", views.take, name="measures-take"),
    path("measures/count/", views.count, name="measures-count"),
]
