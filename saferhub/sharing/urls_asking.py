"""Addresses of requests for sight and of emergencies. A pointer's token in an address is random, its reader's own,
and good for an hour."""

from django.urls import path

from saferhub.sharing.views import emergencies, requests

urlpatterns = [
    path("requests/", requests.access_requests, name="access-requests"),
    path("requests/ask/", requests.ask, name="access-request-by-reference"),
    path("requests/ask/<slug:token>/", requests.ask, name="access-request-ask"),
    path("requests/<slug:public_id>/", requests.access_request, name="access-request"),
    path("requests/<slug:public_id>/grant/", requests.grant, name="access-request-grant"),
    path("requests/<slug:public_id>/answer/", requests.answer, name="access-request-answer"),
    path("requests/<slug:public_id>/refuse/", requests.refuse, name="access-request-refuse"),
    path("requests/<slug:public_id>/withdraw/", requests.withdraw, name="access-request-withdraw"),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("emergencies/open/<slug:token>/", emergencies.open_record, name="emergency-open"),
    path("emergencies/<slug:public_id>/", emergencies.emergency, name="emergency"),
    path("emergencies/<slug:public_id>/review/", emergencies.review, name="emergency-review"),
    path("emergencies/<slug:public_id>/end/", emergencies.end, name="emergency-end"),
]
