"""Correcting a published report, giving a correction up, withdrawing what was published."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.partnership.access import Actor
from saferhub.plan.views.frame import act
from saferhub.reporting import access
from saferhub.reporting.forms import reports as forms
from saferhub.reporting.forms.reports import FIELD_OF
from saferhub.reporting.models import Report, ReportStatus
from saferhub.reporting.operations import publishing

from .frame import BOTH, around, reader_of, refuse_early


def _report(request: HttpRequest, public_id: str) -> tuple[Actor, Report]:
    actor = reader_of(request)
    return actor, access.get(actor, Report, public_id)


@require_http_methods(BOTH)
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a published report for its correction, or one that was withdrawn to be written anew."""
    actor, found = _report(request, public_id)
    access.check_can_write(actor)
    is_withdrawn = found.status == ReportStatus.WITHDRAWN
    can_begin = is_withdrawn or found.status == ReportStatus.PUBLISHED
    refuse_early(request, found, can_begin, "illegal_move", publishing.ONLY_PUBLISHED)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "Put right what is wrong, then ask for approval.")
        return redirect("report", public_id)

    return act(
        request,
        "reporting/reports/form.html",
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: publishing.begin_correction(
            report_id=public_id, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": "What is wrong?"},
        **around(),
        heading="Write the report anew" if is_withdrawn else "Correct the report",
        verb="Begin",
        consequence=(
            "What was withdrawn stays so. The new version needs two approvals as every report does."
            if is_withdrawn
            else "What is published stays until two people have approved the corrected version."
        ),
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )


@require_http_methods(BOTH)
def give_up(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a correction that is in hand."""
    actor, found = _report(request, public_id)
    access.check_can_write(actor)
    is_open = publishing.is_correction_in_hand(found)
    refuse_early(request, found, is_open, "illegal_move", publishing.NO_CORRECTION)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "The correction is given up. What was published stays as it was.")
        return redirect("report", public_id)

    return act(
        request,
        "reporting/reports/form.html",
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: publishing.give_up_correction(
            report_id=public_id, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": "Why is it given up?"},
        **around(),
        heading="Give the correction up",
        verb="Give it up",
        consequence=(
            "What was published stays as it was, and approvals of the correction fall. What was written in the sections"
            " stays there for the next correction."
        ),
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )


@require_http_methods(BOTH)
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Withdraw what is published, also while its correction is in hand."""
    actor, found = _report(request, public_id)
    access.check_can_approve(actor)
    is_open = bool(publishing.to_withdraw(found))
    refuse_early(request, found, is_open, "illegal_move", publishing.ONLY_PUBLISHED)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "The report is withdrawn, and says so on every page.")
        return redirect("report", public_id)

    return act(
        request,
        "reporting/reports/form.html",
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: publishing.withdraw_report(
            report_id=public_id, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": "Why is it withdrawn?"},
        danger=True,
        **around(),
        heading="Withdraw the report",
        verb="Withdraw it",
        consequence=(
            "Every version that was published stays to be read, with the notice that it is withdrawn. A correction that"
            " is in hand ends. This cannot be undone."
        ),
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )
