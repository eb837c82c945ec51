"""Addresses of reporting: committees, sittings, themes, what members resolved."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.reporting.views import committees as views

urlpatterns: list[URLPattern] = [
    path("scrutiny/", views.committees, name="committees"),
    path("scrutiny/committees/add/", views.add, name="committee-add"),
    path("scrutiny/committees/<slug:public_id>/", views.committee, name="committee"),
    path("scrutiny/committees/<slug:public_id>/change/", views.change, name="committee-change"),
    path("scrutiny/committees/<slug:public_id>/sittings/add/", views.sitting_add, name="sitting-add"),
    path("scrutiny/committees/<slug:public_id>/themes/add/", views.theme_add, name="theme-add"),
    path("scrutiny/sittings/<slug:public_id>/", views.sitting, name="sitting"),
    path("scrutiny/sittings/<slug:public_id>/cancel/", views.sitting_cancel, name="sitting-cancel"),
    path("scrutiny/themes/<slug:public_id>/", views.theme, name="theme"),
    path("scrutiny/resolutions/<slug:public_id>/", views.resolution, name="resolution"),
    path("reports/<slug:public_id>/resolutions/add/", views.resolution_add, name="resolution-add"),
]
