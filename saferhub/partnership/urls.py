"""Addresses of the partnership."""

from django.urls import include, path

from saferhub.partnership.views import about, in_force, organisations, packs
from saferhub.partnership.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("partnership/", about.about, name="partnership"),
    path("partnership/areas/<slug:code>/", about.area, name="area"),
    path("partnership/words/", about.words, name="words"),
    path("partnership/agencies/", organisations.agencies, name="agencies"),
    path("partnership/agencies/<slug:code>/", organisations.agency, name="agency"),
    path("partnership/hubs/", organisations.hubs, name="hubs"),
    path("partnership/hubs/<slug:code>/", organisations.hub, name="hub"),
    path("partnership/boards/", organisations.boards, name="boards"),
    path("partnership/boards/working-together/", organisations.other_boards, name="other-boards"),
    path("partnership/boards/<slug:code>/", organisations.board, name="board"),
    path("partnership/rules/", in_force.rules, name="rules"),
    path("partnership/rules/<slug:section>/<slug:code>/", in_force.rule, name="rule"),
    path("partnership/roles/", about.roles, name="roles"),
    path("partnership/packs/", packs.packs, name="packs"),
    path("partnership/", include("saferhub.partnership.urls_calendar")),
    path("", include("saferhub.partnership.urls_members")),
]
