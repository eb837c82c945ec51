"""Addresses of cases, and of deciding a referral."""

from django.urls import path

from saferhub.casework.views import cases, cases_deciding, cases_life, cases_people

_CASE = "cases/<slug:public_id>/"
_DECIDE = "referrals/<slug:public_id>/decide/"

urlpatterns = [
    path(_CASE, cases.overview, name="case"),
    path(f"{_CASE}timeline/", cases.case_timeline, name="case-timeline"),
    path(f"{_CASE}changes/", cases.case_changes, name="case-changes"),
    path(f"{_CASE}access/", cases.case_access, name="case-access"),
    path(f"{_CASE}people/", cases_people.people, name="case-people"),
    path(f"{_CASE}people/add/<slug:kind>/<slug:record_id>/", cases_people.part, name="case-part"),
    path(f"{_CASE}people/<slug:part_id>/end/", cases_people.end, name="case-people-end"),
    path(f"{_CASE}status/", cases_life.status, name="case-status"),
    path(f"{_CASE}edit/", cases_life.edit, name="case-edit"),
    path(f"{_CASE}lead/", cases_life.lead, name="case-lead"),
    path(f"{_CASE}review/", cases_life.review, name="case-review"),
    path(f"{_CASE}close/", cases_life.close, name="case-close"),
    path(f"{_CASE}reopen/", cases_life.reopen, name="case-reopen"),
    path(_DECIDE, cases_deciding.decide, name="referral-decide"),
    path(f"{_DECIDE}<slug:kind>/", cases_deciding.decide_kind, name="referral-decide-kind"),
]
