"""Addresses of matters."""

from django.urls import path

from saferhub.sharing.views import handover, interests_given, matters

urlpatterns = [
    path("matters/", matters.matters, name="matters"),
    path("matters/export.csv", matters.matters_csv, name="matters-csv"),
    path("matters/open/", matters.open_matter, name="matter-open"),
    path("matters/put-in/<slug:folder>/", matters.put_in, name="matter-put-in"),
    path("matters/<slug:public_id>/", matters.matter, name="matter"),
    path("matters/<slug:public_id>/edit/", matters.edit, name="matter-edit"),
    path("matters/<slug:public_id>/history/", matters.matter_history, name="matter-history"),
    path("matters/<slug:public_id>/seen/", matters.matter_sights, name="matter-sights"),
    path("matters/<slug:public_id>/close/", matters.close, name="matter-close"),
    path("matters/<slug:public_id>/reopen/", matters.reopen, name="matter-reopen"),
    path("matters/<slug:public_id>/give-sight/", interests_given.give_sight, name="matter-give-sight"),
    path(
        "matters/<slug:public_id>/sight/<slug:interest>/end/",
        interests_given.end_sight,
        name="matter-end-sight",
    ),
    path("matters/<slug:public_id>/restrict/", interests_given.restrict, name="matter-restrict"),
    path("matters/<slug:public_id>/lift/", interests_given.lift, name="matter-lift"),
    path("matters/<slug:public_id>/hand-over/", handover.hand_over, name="matter-hand-over"),
    path(
        "matters/<slug:public_id>/records/<slug:folder>/take-out/", matters.take_out, name="matter-take-out"
    ),
]
