"""Addresses of the plan: strategy, areas, objectives, years."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import strategy, years

_STRATEGY = "plan/strategies/<slug:public_id>/"
_AREA = "plan/areas/<slug:public_id>/"
_OBJECTIVE = "plan/objectives/<slug:public_id>/"
_YEAR = "plan/years/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path("plan/", strategy.plan, name="plan"),
    path("plan/begin/", strategy.begin, name="plan-begin"),
    path("plan/strategies/add/", strategy.add_strategy, name="plan-strategy-add"),
    path(f"{_STRATEGY}agree/", strategy.agree, name="plan-strategy-agree"),
    path(f"{_STRATEGY}areas/add/", strategy.add_area, name="plan-area-add"),
    path(f"{_STRATEGY}years/begin/", strategy.draft_year, name="plan-year-draft"),
    path(_AREA, strategy.area, name="plan-area"),
    path(f"{_AREA}change/", strategy.change_area, name="plan-area-change"),
    path(f"{_AREA}end/", strategy.end_area, name="plan-area-end"),
    path(f"{_AREA}objectives/add/", strategy.add_objective, name="plan-objective-add"),
    path(f"{_OBJECTIVE}words/", strategy.reword_objective, name="plan-objective-words"),
    path(f"{_OBJECTIVE}end/", strategy.end_objective, name="plan-objective-end"),
    path(_YEAR, years.year, name="plan-year"),
    path(f"{_YEAR}agree/", years.agree, name="plan-year-agree"),
    path(f"{_YEAR}review/", years.review, name="plan-year-review"),
    path(f"{_YEAR}review/close/", years.close, name="plan-year-close"),
    path(f"{_YEAR}review/open/", years.reopen, name="plan-year-reopen"),
    path(f"{_YEAR}compare/", years.compare, name="plan-year-compare"),
    path("plan/actions/<slug:public_id>/decide/", years.decide, name="plan-action-decide"),
]
