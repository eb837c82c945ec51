"""Addresses of reporting: the sections of a report in hand."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.reporting.views import reports as views

_ALL = "reports/<slug:public_id>/sections"

urlpatterns: list[URLPattern] = [
    path(f"{_ALL}/add/", views.section_add, name="report-section-add"),
    path(f"{_ALL}/<slug:section_id>/", views.section, name="report-section"),
    path(f"{_ALL}/<slug:section_id>/proposed/", views.section_proposed, name="report-section-proposed"),
    path(f"{_ALL}/<slug:section_id>/own/", views.section_own, name="report-section-own"),
    path(f"{_ALL}/<slug:section_id>/move/", views.section_move, name="report-section-move"),
]
