"""Addresses of the register of interventions."""

from django.urls import URLPattern, path

from saferhub.casework.views import interventions as views

_CASE = "cases/<slug:public_id>/interventions/"
_ONE = "interventions/<slug:intervention_id>/"

urlpatterns: list[URLPattern] = [
    path(_CASE, views.case_interventions, name="case-interventions"),
    path(f"{_CASE}add/", views.choose, name="intervention-add"),
    path(f"{_CASE}add/<slug:power>/", views.plan, name="intervention-plan"),
    path(_ONE, views.intervention, name="intervention"),
    path(f"{_ONE}put-in-place/", views.put_in_place, name="intervention-put-in-place"),
    path(f"{_ONE}breach/", views.breach, name="intervention-breach"),
    path(f"{_ONE}answer/", views.answer, name="intervention-answer"),
    path(f"{_ONE}review/", views.review, name="intervention-review"),
    path(f"{_ONE}change/", views.change, name="intervention-change"),
    path(f"{_ONE}watch/", views.watch, name="intervention-watch"),
    path(f"{_ONE}end/", views.end, name="intervention-end"),
]
