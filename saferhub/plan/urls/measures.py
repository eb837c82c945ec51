"""Addresses of the plan: measures."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import measures, measures_kept

_MEASURE = "measures/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path(_MEASURE, measures.measure, name="measure"),
    path(f"{_MEASURE}figures.csv", measures.measure_csv, name="measure-csv"),
    path(f"{_MEASURE}figures/<slug:figure_id>/", measures.figure, name="measure-figure"),
    path(f"{_MEASURE}enter/<slug:first>/", measures.enter, name="measure-enter"),
    path(f"{_MEASURE}comment/<slug:quarter>/", measures.comment, name="measure-comment"),
    path(f"{_MEASURE}define/", measures_kept.define, name="measure-define"),
    path(f"{_MEASURE}owner/", measures_kept.owner, name="measure-owner"),
    path(f"{_MEASURE}end/", measures_kept.end, name="measure-end"),
    path(f"{_MEASURE}limits/", measures_kept.limits, name="measure-limits"),
    path(f"{_MEASURE}limits/<slug:step_id>/back/", measures_kept.limits_back, name="measure-limits-back"),
]
