"""Addresses of search. Keys in addresses are random; what was typed is kept with the session."""

from django.urls import path

from saferhub.people.views import search

urlpatterns = [
    path("search/", search.search, name="search"),
    path("search/places/", search.search_places, name="search-places"),
    path("search/places/<slug:key>/", search.search_place_results, name="search-place-results"),
    path("search/matters/", search.search_matters, name="search-matters"),
    path("search/<slug:key>/", search.search_results, name="search-results"),
    path("search/<slug:key>/again/", search.search_again, name="search-again"),
    path("matters/<slug:public_id>/is-known/", search.before_create, name="search-before-create"),
    path(
        "matters/<slug:public_id>/is-known/<slug:key>/",
        search.before_create_known,
        name="search-before-create-known",
    ),
]
