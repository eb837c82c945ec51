"""Addresses of releases."""

from django.urls import path

from saferhub.releases.views import copies, disclosures, letters

urlpatterns = [
    path("letters/", letters.letters, name="letters"),
    path("letters/new/<slug:public_id>/", letters.start, name="letter-start"),
    path("letters/<slug:public_id>/", letters.letter, name="letter"),
    path("letters/<slug:public_id>/edit/", letters.edit, name="letter-edit"),
    path("letters/<slug:public_id>/check/", letters.check, name="letter-check"),
    path("letters/<slug:public_id>/release/", letters.release, name="letter-release"),
    path("letters/<slug:public_id>/drop/", letters.drop, name="letter-drop"),
    path("letters/<slug:public_id>/sheet/", letters.sheet, name="letter-sheet"),
    path("letters/<slug:public_id>/sheet/<slug:ending>/", letters.file, name="letter-file"),
    path("persons/<slug:public_id>/copy/", copies.copy, name="known-person-copy"),
    path("persons/<slug:public_id>/copy/sheet/", copies.sheet, name="known-person-copy-sheet"),
    path("persons/<slug:public_id>/copy/sheet/<slug:ending>/", copies.file, name="known-person-copy-file"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/csv/", disclosures.disclosures_csv, name="disclosures-csv"),
    path("disclosures/stopped/", disclosures.stopped, name="releases-stopped"),
    path("disclosures/<slug:public_id>/", disclosures.disclosure, name="disclosure"),
]
