"""Addresses of meetings: the agenda and its items."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import agenda, agenda_items, agenda_order

_MEETING = "meetings/<slug:public_id>/"
_AGENDA = f"{_MEETING}agenda/"
_ITEM = f"{_MEETING}items/<slug:item_id>/"

urlpatterns: list[URLPattern] = [
    path(_MEETING, agenda.agenda, name="meeting"),
    path(_AGENDA, agenda.agenda, name="meeting-agenda"),
    path(f"{_AGENDA}begin/", agenda.begin, name="agenda-begin"),
    path(f"{_AGENDA}propose/", agenda.propose, name="agenda-propose"),
    path(f"{_AGENDA}add/", agenda.add, name="agenda-add"),
    path(f"{_AGENDA}add/other/", agenda.put, name="agenda-put"),
    path(f"{_AGENDA}add/<slug:matter_id>/", agenda.put, name="agenda-put-matter"),
    path(f"{_AGENDA}order/", agenda_order.order, name="agenda-order"),
    path(f"{_AGENDA}ask/", agenda.ask, name="agenda-ask"),
    path(f"{_AGENDA}send/", agenda.send, name="agenda-send"),
    path(_ITEM, agenda_items.item, name="item"),
    path(f"{_ITEM}change/", agenda_items.change, name="item-change"),
    path(f"{_ITEM}take-off/", agenda_items.take_off, name="item-take-off"),
    path(f"{_ITEM}put-off/", agenda_items.put_off, name="item-put-off"),
    path(f"{_ITEM}put-back/", agenda_items.put_back, name="item-put-back"),
    path(f"{_ITEM}named/", agenda_items.named, name="item-named"),
    path(f"{_ITEM}keep-from/", agenda_items.keep_from, name="item-keep"),
    path(f"{_ITEM}keep-from/<slug:kept_id>/lift/", agenda_items.lift, name="item-lift"),
    path(f"{_ITEM}interest/", agenda_items.declare, name="item-declare"),
    path(f"{_ITEM}guests/add/", agenda_items.guest, name="item-guest"),
    path(f"{_ITEM}guests/<slug:guest_id>/end/", agenda_items.guest_end, name="item-guest-end"),
]
