"""Addresses of the statutory calendar and of the clocks, under /partnership/."""

from django.urls import path

from saferhub.partnership.views import clocks, duties

urlpatterns = [
    path("calendar/", duties.calendar, name="calendar"),
    path("calendar/export.csv", duties.calendar_csv, name="calendar-csv"),
    path("calendar/start/", duties.start, name="calendar-start"),
    path("calendar/<slug:public_id>/", duties.item, name="calendar-item"),
    path("calendar/<slug:public_id>/done/", duties.done, name="calendar-done"),
    path("calendar/<slug:public_id>/undo/", duties.undo, name="calendar-undo"),
    path("calendar/<slug:public_id>/not-needed/", duties.not_needed, name="calendar-not-needed"),
    path("calendar/<slug:public_id>/pause/", duties.pause, name="calendar-pause"),
    path("calendar/<slug:public_id>/resume/", duties.resume, name="calendar-resume"),
    path("calendar/<slug:public_id>/correct-start/", duties.correct_start, name="calendar-correct-start"),
    path("clocks/", clocks.clocks, name="clocks"),
    path("clocks/<slug:code>/", clocks.clock, name="clock"),
]
