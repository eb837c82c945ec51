"""Addresses of reporting: members' questions."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.reporting.views import questions as views

_ONE = "scrutiny/questions/<slug:public_id>"

urlpatterns: list[URLPattern] = [
    path("scrutiny/questions/", views.questions, name="questions"),
    path("scrutiny/questions/questions.csv", views.questions_csv, name="questions-csv"),
    path("scrutiny/committees/<slug:public_id>/questions/add/", views.record, name="question-add"),
    path(f"{_ONE}/", views.question, name="question"),
    path(f"{_ONE}/change/", views.change, name="question-change"),
    path(f"{_ONE}/answer/", views.answer, name="question-answer"),
    path(f"{_ONE}/<slug:code>/", views.move, name="question-move"),
]
