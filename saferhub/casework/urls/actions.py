"""Addresses of actions."""

from django.urls import URLPattern, path

from saferhub.casework.views import actions as views
from saferhub.casework.views import actions_mine as mine

urlpatterns: list[URLPattern] = [
    path("actions/mine/", mine.mine, name="action-mine"),
    path("actions/feed/", mine.feed, name="action-feed"),
    path("feeds/actions/<str:secret>.ics", mine.feed_ics, name="action-feed-ics"),
    path("cases/<str:public_id>/actions/", views.case_actions, name="case-actions"),
    path("cases/<str:public_id>/actions/add/", views.add, name="action-add"),
    path("actions/<str:action_id>/", views.action, name="action"),
    path("actions/<str:action_id>/change/", views.change, name="action-change"),
    path("actions/<str:action_id>/take-over/", views.take_over, name="action-take-over"),
    path("actions/<str:action_id>/progress/", views.progress, name="action-progress"),
    path("actions/<str:action_id>/done/", views.done, name="action-done"),
    path("actions/<str:action_id>/block/", views.block, name="action-block"),
    path("actions/<str:action_id>/unblock/", views.unblock, name="action-unblock"),
    path("actions/<str:action_id>/drop/", views.drop, name="action-drop"),
    path("actions/<str:action_id>/reopen/", views.reopen, name="action-reopen"),
]
