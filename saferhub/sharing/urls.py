"""Addresses of sharing."""

from django.urls import include, path

urlpatterns = [
    path("", include("saferhub.sharing.urls_matters")),
    path("", include("saferhub.sharing.urls_asking")),
    path("agreements/", include("saferhub.sharing.urls_agreements")),
]
