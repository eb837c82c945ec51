"""Addresses of meetings: live."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import live as views
from saferhub.meetings.views import live_moves as moves
from saferhub.meetings.views import live_refreshing as refreshing
from saferhub.meetings.views import live_saving as saving

_MEETING = "meetings/<slug:public_id>"
_ITEM = f"{_MEETING}/run/<slug:item_id>"
urlpatterns: list[URLPattern] = [
    path(f"{_MEETING}/run/", views.run, name="meeting-run"),
    path(f"{_MEETING}/screen/", refreshing.screen, name="meeting-screen"),
    path(f"{_MEETING}/begin/", moves.begin, name="meeting-begin"),
    path(f"{_MEETING}/not-begun/", moves.not_begun, name="meeting-not-begun"),
    path(f"{_MEETING}/end/", moves.end, name="meeting-end"),
    path(f"{_MEETING}/resume/", moves.resume, name="meeting-resume"),
    path(f"{_MEETING}/present/", moves.present, name="meeting-present"),
    path(f"{_MEETING}/present/add/", moves.present_add, name="meeting-present-add"),
    path(f"{_ITEM}/", saving.item, name="item-run"),
    path(f"{_ITEM}/words/", saving.words, name="item-words"),
    path(f"{_ITEM}/now/", refreshing.now, name="item-now"),
    path(f"{_ITEM}/focus/", moves.focus, name="item-focus"),
    path(f"{_ITEM}/defer/", moves.put_off, name="item-defer"),
    path(f"{_ITEM}/back/", moves.back, name="item-back"),
]
