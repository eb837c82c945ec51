"""Addresses of meetings, by subject."""

from . import agenda, asks, calendar, live, measures, minutes

urlpatterns = [
    *measures.urlpatterns,  # first: it has addresses below meetings/ that are no meeting
    *asks.urlpatterns,
    *calendar.urlpatterns,
    *agenda.urlpatterns,
    *live.urlpatterns,
    *minutes.urlpatterns,
]
