"""Addresses of meetings: minutes, and the papers that a meeting has."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import minutes as views
from saferhub.meetings.views import papers

_ONE = "meetings/<slug:public_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_ONE}/minutes/", views.minutes, name="meeting-minutes"),
    path(f"{_ONE}/minutes/draft/", views.draft, name="meeting-minutes-draft"),
    path(f"{_ONE}/minutes/approve/", views.approve, name="meeting-minutes-approve"),
    path(f"{_ONE}/minutes/parts/<slug:part_id>/", views.part, name="meeting-minutes-part"),
    path(f"{_ONE}/minutes/parts/<slug:part_id>/edit/", views.edit, name="meeting-minutes-edit"),
    path(f"{_ONE}/minutes/parts/<slug:part_id>/correct/", views.correct, name="meeting-minutes-correct"),
    path(f"{_ONE}/minutes/parts/<slug:part_id>/give/", views.give, name="meeting-minutes-give"),
    path(f"{_ONE}/minutes/given/<slug:disclosure_id>/", views.given, name="meeting-minutes-given"),
    path(
        f"{_ONE}/minutes/given/<slug:disclosure_id>/file.<slug:ending>",
        views.given_file,
        name="meeting-minutes-given-file",
    ),
    path(f"{_ONE}/papers/<slug:kind>/", papers.paper, name="meeting-paper"),
    path(f"{_ONE}/papers/<slug:kind>/file.<slug:ending>", papers.paper_file, name="meeting-paper-file"),
]
