"""Addresses of notes, contacts, files and the plan of a case."""

from django.urls import URLPattern, path

from saferhub.casework.views import notes, notes_files, notes_plan

_CASE = "cases/<slug:public_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_CASE}/updates/new/", notes.update_new, name="case-update-new"),
    path(f"{_CASE}/updates/<slug:note>/", notes.update, name="case-update"),
    path(f"{_CASE}/updates/<slug:note>/edit/", notes.update_edit, name="case-update-edit"),
    path(f"{_CASE}/updates/<slug:note>/withdraw/", notes.update_withdraw, name="case-update-withdraw"),
    path(f"{_CASE}/updates/<slug:note>/files/new/", notes_files.file_new, name="case-update-file-new"),
    path(f"{_CASE}/contacts/new/", notes.contact_choose, name="case-contact-choose"),
    path(f"{_CASE}/contacts/new/<slug:person>/", notes.contact_new, name="case-contact-new"),
    path(f"{_CASE}/files/", notes_files.files, name="case-files"),
    path(f"{_CASE}/files/new/", notes_files.file_new, name="case-file-new"),
    path(f"{_CASE}/files/<slug:file>/", notes_files.file, name="case-file"),
    path(f"{_CASE}/files/<slug:file>/withdraw/", notes_files.file_withdraw, name="case-file-withdraw"),
    path(f"{_CASE}/plan/", notes_plan.plan, name="case-plan"),
    path(f"{_CASE}/plan/goals/new/", notes_plan.goal_new, name="case-goal-new"),
    path(f"{_CASE}/plan/goals/<slug:goal>/edit/", notes_plan.goal_edit, name="case-goal-edit"),
    path(f"{_CASE}/plan/goals/<slug:goal>/end/", notes_plan.goal_end, name="case-goal-end"),
    path(f"{_CASE}/plan/goals/<slug:goal>/reopen/", notes_plan.goal_reopen, name="case-goal-reopen"),
    path(f"{_CASE}/plan/risks/new/", notes_plan.risk_new, name="case-risk-new"),
    path(f"{_CASE}/plan/risks/<slug:risk>/edit/", notes_plan.risk_edit, name="case-risk-edit"),
    path(f"{_CASE}/plan/risks/<slug:risk>/end/", notes_plan.risk_end, name="case-risk-end"),
    path(f"{_CASE}/plan/record/", notes_plan.osara, name="case-osara"),
    path(f"{_CASE}/plan/record/edit/", notes_plan.osara_edit, name="case-osara-edit"),
    path(f"{_CASE}/plan/links/new/", notes_plan.link_new, name="case-link-new"),
    path(f"{_CASE}/plan/links/<slug:link>/end/", notes_plan.link_end, name="case-link-end"),
]
