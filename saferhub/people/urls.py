"""Addresses of people."""

from django.urls import include, path

from saferhub.people.views import links, parts, persons, places

_PERSON = "persons/<slug:public_id>/"
_PLACE = "places/<slug:public_id>/"

urlpatterns = [
    path("", include("saferhub.people.urls_search")),
    path("persons/", persons.known_persons, name="known-persons"),
    path(_PERSON, persons.known_person, name="known-person"),
    path(f"{_PERSON}details/", persons.details, name="known-person-details"),
    path(f"{_PERSON}history/", persons.history, name="known-person-history"),
    path(f"{_PERSON}correct/", persons.correct, name="known-person-correct"),
    path(f"{_PERSON}add/<slug:part>/", parts.add_to_person, name="known-person-add"),
    path(f"{_PERSON}parts/<slug:part>/<slug:part_id>/", parts.correct_of_person, name="known-person-part"),
    path(
        f"{_PERSON}parts/<slug:part>/<slug:part_id>/end/", parts.end_of_person, name="known-person-part-end"
    ),
    path(f"{_PERSON}compare/", links.choose, name="known-person-choose"),
    path(f"{_PERSON}compare/<slug:other_id>/", links.compare, name="known-person-compare"),
    path("link-decisions/<slug:public_id>/undo/", links.undo, name="link-decision-undo"),
    path("matters/<slug:public_id>/add-person/", persons.new, name="known-person-new"),
    path("matters/<slug:public_id>/add-place/", places.new, name="place-new"),
    path("places/", places.places, name="places"),
    path(_PLACE, places.place, name="place"),
    path(f"{_PLACE}history/", places.history, name="place-history"),
    path(f"{_PLACE}correct/", places.correct, name="place-correct"),
    path(f"{_PLACE}add/<slug:part>/", parts.add_to_place, name="place-add"),
    path(f"{_PLACE}parts/<slug:part>/<slug:part_id>/", parts.correct_of_place, name="place-part"),
    path(f"{_PLACE}parts/<slug:part>/<slug:part_id>/end/", parts.end_of_place, name="place-part-end"),
]
