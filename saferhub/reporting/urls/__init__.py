"""Addresses of reporting, by subject."""

from . import committees, published, questions, reports, sections

urlpatterns = [
    *committees.urlpatterns,
    *questions.urlpatterns,
    *reports.urlpatterns,
    *published.urlpatterns,
    *sections.urlpatterns,
]
