"""Addresses of the pages about people, and of the log; included at the root."""

from django.urls import path

from saferhub.partnership.views import log, member_changes, members

_PERSON = "partnership/people/<slug:public_id>/"

urlpatterns = [
    path("partnership/people/", members.people, name="people"),
    path("partnership/people/export.csv", members.people_csv, name="people-csv"),
    path("partnership/people/invite/", members.invite, name="person-invite"),
    path(_PERSON, members.person, name="person"),
    path(f"{_PERSON}invite-again/", members.invite_again, name="person-invite-again"),
    path(f"{_PERSON}withdraw/", members.withdraw, name="person-withdraw"),
    path(f"{_PERSON}roles/give/", member_changes.give_role, name="person-give-role"),
    path(f"{_PERSON}roles/<slug:role>/end/", member_changes.end_role, name="person-end-role"),
    path(f"{_PERSON}unit/", member_changes.change_unit, name="person-change-unit"),
    path(f"{_PERSON}leaver/", member_changes.leaver, name="person-leaver"),
    path(f"{_PERSON}leaver/record/", member_changes.leaver_record, name="person-leaver-record"),
    path(f"{_PERSON}return/", member_changes.come_back, name="person-return"),
    path(f"{_PERSON}second-factor/reset/", member_changes.reset_factor, name="person-reset-factor"),
    path("log/", log.log, name="log"),
    path("log/export.csv", log.log_csv, name="log-csv"),
    path("log/<int:number>/", log.log_entry, name="log-entry"),
]
