"""Addresses of reporting: approving, publishing, correcting, reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.reporting.views import correcting
from saferhub.reporting.views import published as views

_ONE = "reports/<slug:public_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_ONE}/ask/", views.ask, name="report-ask"),
    path(f"{_ONE}/approve/", views.approve, name="report-approve"),
    path(f"{_ONE}/send-back/", views.send_back, name="report-send-back"),
    path(f"{_ONE}/publish/", views.publish, name="report-publish"),
    path(f"{_ONE}/correct/", correcting.correct, name="report-correct"),
    path(f"{_ONE}/give-up/", correcting.give_up, name="report-give-up"),
    path(f"{_ONE}/withdraw/", correcting.withdraw, name="report-withdraw"),
    path(f"{_ONE}/read/", views.read, name="report-read"),
    path(f"{_ONE}/read/file.<slug:ending>", views.file, name="report-file"),
    path(f"{_ONE}/figures/", views.figures, name="report-figures"),
    path(f"{_ONE}/figures.xlsx", views.figures_xlsx, name="report-figures-xlsx"),
    path(f"{_ONE}/compare/", views.compare, name="report-compare"),
]
