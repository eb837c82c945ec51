"""Addresses of what stands beside the plan: money, training, consultation, reports received, decisions."""

from __future__ import annotations

from django.urls import URLPattern, path

from saferhub.plan.views import support, support_records

_FUNDING = "plan/funding/<slug:public_id>/"
_CONSULTATION = "plan/consultation/<slug:public_id>/"
_GROUP = "plan/consultation/groups/<slug:public_id>/"

urlpatterns: list[URLPattern] = [
    path("plan/funding/", support.fundings, name="plan-funding"),
    path("plan/funding/add/", support.add_funding, name="plan-funding-add"),
    path(_FUNDING, support.one_funding, name="plan-funding-one"),
    path(f"{_FUNDING}change/", support.change_funding, name="plan-funding-change"),
    path(f"{_FUNDING}became/", support.move_funding, name="plan-funding-move"),
    path(f"{_FUNDING}report/", support.report_funding, name="plan-funding-report"),
    path("plan/training/", support.trainings, name="plan-training"),
    path("plan/training/add/", support_records.add_training, name="plan-training-add"),
    path("plan/training/<slug:public_id>/", support_records.change_training, name="plan-training-change"),
    path("plan/reports-received/", support.received, name="plan-reports-received"),
    path("plan/reports-received/add/", support_records.add_report, name="plan-report-received-add"),
    path(
        "plan/reports-received/<slug:public_id>/",
        support_records.change_report,
        name="plan-report-received-change",
    ),
    path("plan/consultation/", support.consultations, name="plan-consultations"),
    path("plan/consultation/add/", support.add_consultation, name="plan-consultation-add"),
    path(_CONSULTATION, support.consultation, name="plan-consultation"),
    path(f"{_CONSULTATION}change/", support.change_consultation, name="plan-consultation-change"),
    path(f"{_CONSULTATION}groups/add/", support.add_group, name="plan-group-add"),
    path(f"{_GROUP}change/", support.change_group, name="plan-group-change"),
    path(f"{_GROUP}remove/", support.remove_group, name="plan-group-remove"),
    path("plan/crime-notes/", support.notes, name="plan-crime-notes"),
    path("plan/crime-notes/add/", support_records.add_note, name="plan-crime-note-add"),
    path("plan/crime-notes/<slug:public_id>/", support_records.change_note, name="plan-crime-note-change"),
]
