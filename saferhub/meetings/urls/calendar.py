"""Addresses of meetings: groups and their seats, the list, when and where, who comes."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.meetings.views import (
    calendar_attendance,
    calendar_groups,
    calendar_lists,
    calendar_meeting,
    calendar_seats,
)

_GROUP = "meetings/groups/<slug:public_id>/"
_SEAT = f"{_GROUP}seats/<slug:seat_id>/"
_MEETING = "meetings/<slug:public_id>/"
_COMES = f"{_MEETING}attendance/"

urlpatterns: list[URLPattern] = [
    path("meetings/", calendar_lists.meetings, name="meetings"),
    path("meetings/groups/", calendar_lists.groups, name="groups"),
    path("meetings/groups/make/", calendar_lists.make_groups, name="groups-make"),
    path(_GROUP, calendar_groups.group, name="group"),
    path(f"{_GROUP}end/", calendar_groups.end, name="group-end"),
    path(f"{_GROUP}resume/", calendar_groups.resume, name="group-resume"),
    path(f"{_GROUP}plan/", calendar_groups.plan, name="group-plan"),
    path(f"{_GROUP}call/", calendar_groups.call, name="group-call"),
    path(f"{_GROUP}invite/", calendar_groups.invite, name="group-invite"),
    path(f"{_GROUP}seats/add/", calendar_seats.add, name="group-seat-add"),
    path(_SEAT, calendar_seats.change, name="group-seat"),
    path(f"{_SEAT}end/", calendar_seats.end, name="group-seat-end"),
    path(f"{_MEETING}when/", calendar_meeting.when, name="meeting-when"),
    path(f"{_MEETING}when/change/", calendar_meeting.change, name="meeting-change"),
    path(f"{_MEETING}when/cancel/", calendar_meeting.cancel, name="meeting-cancel"),
    path(f"{_MEETING}when/invite/", calendar_meeting.invite, name="meeting-invite"),
    path(f"{_MEETING}when/calendar.ics", calendar_meeting.ics, name="meeting-ics"),
    path(_COMES, calendar_attendance.attendance, name="meeting-attendance"),
    path(f"{_COMES}<slug:seat_id>/apologies/", calendar_attendance.apologies, name="meeting-apologies"),
    path(f"{_COMES}<slug:seat_id>/take-back/", calendar_attendance.take_back, name="meeting-apologies-back"),
]
