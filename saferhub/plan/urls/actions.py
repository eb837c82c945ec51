"""Addresses of the plan: actions and their milestones."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import actions

_ACTION = "plan/actions/<slug:public_id>/"
_MILESTONE = "plan/milestones/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path("plan/actions/", actions.actions, name="plan-actions"),
    path("plan/actions/list.csv", actions.actions_csv, name="plan-actions-csv"),
    path("plan/actions/list.xlsx", actions.actions_xlsx, name="plan-actions-xlsx"),
    path("plan/years/<slug:public_id>/actions/add/", actions.add, name="plan-action-add"),
    path(_ACTION, actions.action, name="plan-action"),
    path(f"{_ACTION}change/", actions.change, name="plan-action-change"),
    path(f"{_ACTION}stop/", actions.stop, name="plan-action-stop"),
    path(f"{_ACTION}take-up/", actions.take_up, name="plan-action-take-up"),
    path(f"{_ACTION}milestones/add/", actions.add_milestone, name="plan-milestone-add"),
    path(f"{_MILESTONE}change/", actions.change_milestone, name="plan-milestone-change"),
    path(f"{_MILESTONE}reached/", actions.reach_milestone, name="plan-milestone-reached"),
    path(f"{_MILESTONE}drop/", actions.drop_milestone, name="plan-milestone-drop"),
    path(f"{_MILESTONE}open/", actions.open_milestone, name="plan-milestone-open"),
]
