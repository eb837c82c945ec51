"""Pages that belong to the service itself. None needs an account."""

from django.urls import path

from .views import gallery, standing

urlpatterns = [
    path("help/", standing.help_page, name="help"),
    path("accessibility/", standing.accessibility, name="accessibility"),
    path("privacy/", standing.privacy, name="privacy"),
    path("how-your-use-is-recorded/", standing.recording, name="recording"),
    path("report-a-data-breach/", standing.data_breach, name="data_breach"),
    path("source/", standing.about, name="source"),
    path("components/", gallery.gallery, name="gallery"),
]
