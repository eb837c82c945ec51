"""Every address of the service. tests/registers/ holds what each answers to whom."""

from django.urls import include, path

from saferhub.foundation.views import errors
from saferhub.partnership.views.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("", include("saferhub.foundation.urls")),
    path("", include("saferhub.accounts.urls")),
    path("", include("saferhub.partnership.urls")),
    path("", include("saferhub.sharing.urls")),
    path("", include("saferhub.people.urls")),
    path("", include("saferhub.releases.urls")),
    path("", include("saferhub.meetings.urls")),
    path("", include("saferhub.plan.urls")),
    path("", include("saferhub.reporting.urls")),
    path("", include("saferhub.casework.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many_requests
handler500 = errors.server_error
