"""Addresses of meetings: measures."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import measures as views

urlpatterns: list[URLPattern] = [
    path("meetings/measures/", views.all_groups, name="meeting-measures"),
    path("meetings/measures/<slug:what>.csv", views.all_groups_csv, name="meeting-measures-csv"),
    path("meetings/groups/<slug:public_id>/measures/", views.one_group, name="group-measures"),
    path(
        "meetings/groups/<slug:public_id>/measures/<slug:what>.csv",
        views.one_group_csv,
        name="group-measures-csv",
    ),
]
