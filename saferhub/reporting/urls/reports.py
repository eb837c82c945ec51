"""Addresses of reporting: reports in hand."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.reporting.views import reports as views

_ONE = "reports/<slug:public_id>"

urlpatterns: list[URLPattern] = [
    path("reports/", views.reports, name="reports"),
    path("reports/reports.csv", views.reports_csv, name="reports-csv"),
    path("reports/begin/", views.begin, name="report-begin"),
    path(f"{_ONE}/", views.report, name="report"),
    path(f"{_ONE}/preview/", views.preview, name="report-preview"),
    path(f"{_ONE}/head/", views.head, name="report-head"),
    path(f"{_ONE}/drop/", views.drop, name="report-drop"),
]
