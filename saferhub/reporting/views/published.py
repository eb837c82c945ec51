"""Approving and publishing a report; reading what was published, its files, its figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.foundation.xlsx_files import xlsx_answer
from saferhub.partnership.access import Actor, Permission
from saferhub.plan.views.frame import act
from saferhub.publication.drawing.files import FORMATS, file_of
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.numbering import number
from saferhub.publication.rules.versions import changes
from saferhub.reporting import access
from saferhub.reporting.forms import reports as forms
from saferhub.reporting.forms.reports import FIELD_OF
from saferhub.reporting.models import Audience, Report, ReportStatus, ReportVersion
from saferhub.reporting.operations import approving, publishing
from saferhub.reporting.operations.approving import ReportStopped
from saferhub.reporting.operations.reports import NOT_IN_HAND
from saferhub.reporting.queries import report_page
from saferhub.reporting.queries.differing import differing
from saferhub.sharing.registries import check_export

from .frame import BOTH, around, reader_of, refuse_early, sent

_OVER = (VersionStatus.SUPERSEDED, VersionStatus.WITHDRAWN)


def _report(request: HttpRequest, public_id: str) -> tuple[Actor, Report]:
    actor = reader_of(request)
    return actor, access.get(actor, Report, public_id, "committee", "sitting", "author", "partnership")


# --- Approving ----------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """Freeze what stands and ask two people to approve it."""
    actor, found = _report(request, public_id)
    access.check_can_write(actor)
    refuse_early(request, found, found.status == ReportStatus.WRITING, "not_in_hand", NOT_IN_HAND)
    is_correction = bool(approving.published(found))
    stopped: list[Any] = []

    def operation(values: dict[str, Any], seen: int) -> Any:
        return approving.ask_for_approval(
            report_id=public_id, by=actor, on=actor.on, seen=seen, notice=values.get("notice", "")
        )

    def done(_: Any) -> HttpResponse:
        messages.success(request, "The report waits for two approvals. It stays as it is meanwhile.")
        return redirect("report", public_id)

    try:
        return act(
            request,
            "reporting/reports/form.html",
            forms.AskForm,
            version=found.version,
            operation=operation,
            done=done,
            field_of=FIELD_OF,
            form_options={"is_correction": is_correction},
            **around(),
            heading="Ask for approval of the correction" if is_correction else "Ask for approval",
            verb="Ask for approval",
            consequence="What stands now is frozen and read by two people. To change it, have it sent back.",
            caption=found.title,
            back_url=reverse("report", args=[public_id]),
            back_text="The report",
        )
    except ReportStopped as refusal:
        stopped = list(refusal.findings)
    return page(
        request,
        "reporting/reports/stopped.html",
        status=409,
        **around(),
        report=found,
        findings=stopped,
        back_url=reverse("report", args=[public_id]),
    )


@require_http_methods(BOTH)
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read what waits, and approve it as it was read."""
    actor, found = _report(request, public_id)
    access.check_can_approve(actor)
    rows = approving.in_hand(found)
    if not rows or found.status != ReportStatus.APPROVING:
        raise Refusal(
            "nothing_waits",
            "This report does not wait for approval.",
            link=reverse("report", args=[public_id]),
            link_text="The report",
        )
    seen = approving.mark_of(rows)
    form = forms.ApproveForm(sent(request), initial={"seen": seen})
    stopped: tuple[Any, ...] = ()
    if form.is_bound and form.is_valid():
        try:
            approving.approve_report(
                report_id=public_id,
                seen=form.cleaned_data["seen"],
                post=form.cleaned_data["post"],
                by=actor,
                on=actor.on,
            )
        except ReportStopped as refusal:
            stopped = refusal.findings
        except Conflict as refusal:
            messages.info(request, refusal.sentence)
            return redirect("report-approve", public_id)
        except Refusal as refusal:
            if FIELD_OF.get(refusal.code) not in form.fields:
                raise
            form.refuse(FIELD_OF[refusal.code], refusal.sentence)
        else:
            messages.success(request, "Your approval is recorded.")
            return redirect("report", public_id)
    chosen = next((one for one in rows if one.audience == request.GET.get("copy")), rows[0])
    record_sight("reporting.report_seen", found, by=actor)
    return page(
        request,
        "reporting/reports/approve.html",
        status=409 if stopped else 200,
        **around("reports"),
        report=found,
        form=form,
        rows=rows,
        chosen=chosen,
        findings=stopped,
        approvals=report_page.approval_lines(found),
        document=number(chosen.as_it_stands()),
        back_url=reverse("report", args=[public_id]),
    )


@require_http_methods(BOTH)
def send_back(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a report back to its author."""
    actor, found = _report(request, public_id)
    if not access.can_write(actor):
        access.check_can_approve(actor)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "The report is back with its author. Approvals have fallen.")
        return redirect("report", public_id)

    return act(
        request,
        "reporting/reports/form.html",
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: approving.send_back(
            report_id=public_id, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": "What has to be changed?"},
        **around(),
        heading="Send the report back",
        verb="Send it back",
        consequence="Its author can write on it again. Approvals given so far fall.",
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )


@require_http_methods(BOTH)
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish what two people have approved."""
    actor, found = _report(request, public_id)
    if not access.can_write(actor):
        access.check_can_approve(actor)
    rows = approving.in_hand(found)
    if request.method == "POST" and not rows and found.status == ReportStatus.PUBLISHED:
        return redirect("report-read", public_id)  # pressed twice
    is_approved = bool(rows) and all(one.status == VersionStatus.APPROVED for one in rows)
    refuse_early(request, found, is_approved, "not_approved", publishing.NOT_APPROVED)
    form = forms.PublishForm(sent(request), initial={"seen": approving.mark_of(rows)})
    if form.is_bound and form.is_valid():
        publishing.publish_report(report_id=public_id, by=actor, on=actor.on, seen=form.cleaned_data["seen"])
        messages.success(request, "The report is published. Everybody in the partnership can read it.")
        return redirect("report-read", public_id)
    return page(
        request,
        "reporting/reports/form.html",
        **around(),
        form=form,
        heading="Publish the report",
        verb="Publish it",
        consequence=(
            "It is read as it stands, and stays so: a mistake is put right by a new version with a notice. Questions"
            " that it answers count as reported."
        ),
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )


# --- Reading ------------------------------------------------------------------------------------------------------


def _version(request: HttpRequest, actor: Actor, found: Report) -> tuple[ReportVersion, list[ReportVersion]]:
    """The version that is asked for, or the one in force: with exempt parts for those who read them."""
    rows = report_page.versions_read(actor, found)
    asked = request.GET.get("version")
    if asked:
        chosen = next((one for one in rows if one.public_id == asked), None)
    else:
        chosen = report_page.in_force(rows, Audience.PUBLIC)
    if chosen is None:
        raise Http404
    return chosen, rows


@require_safe
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """A published report, as it was frozen."""
    actor, found = _report(request, public_id)
    version, rows = _version(request, actor, found)
    members = report_page.members_copy(rows, version)
    document = version.as_it_stands()
    record_sight("reporting.report_seen", found, by=actor, number=version.number)
    return page(
        request,
        "reporting/published/read.html",
        **{**around("reports"), "marking": document.marking},
        report=found,
        version=version,
        document=number(document),
        files=report_page.files_of(found, version),
        versions=report_page.version_lines(found, rows, version),
        members_url=f"{reverse('report-read', args=[public_id])}?version={members.public_id}"
        if members is not None
        else "",
        compare_url=f"{reverse('report-compare', args=[public_id])}?version={version.public_id}"
        if version.corrects_id
        else "",
        figures_url=f"{reverse('report-figures', args=[public_id])}?version={version.public_id}",
        figures_file_url=f"{reverse('report-figures-xlsx', args=[public_id])}?version={version.public_id}",
        # What was replaced or withdrawn is put right already: its figures are not counted anew at each look.
        differing=differing(version)
        if access.drafts_are_open_to(actor) and version.status not in _OVER
        else [],
        is_writer=access.drafts_are_open_to(actor),
    )


@require_safe
def file(request: HttpRequest, public_id: str, ending: str) -> HttpResponse:
    """A version as a Word file or a PDF."""
    actor, found = _report(request, public_id)
    version, _ = _version(request, actor, found)
    if ending not in FORMATS:
        raise Http404
    made = file_of(version.as_it_stands(), ending)
    record_sight("reporting.file_taken", found, by=actor, number=version.number, form=ending)
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, made.name)
    return answer


@require_safe
def figures(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every figure of a version, with what it means, where it comes from and the way to its rows."""
    actor, found = _report(request, public_id)
    version, _ = _version(request, actor, found)
    record_sight("reporting.report_seen", found, by=actor, number=version.number)
    return page(
        request,
        "reporting/published/figures.html",
        **around("reports"),
        report=found,
        version=version,
        lines=report_page.figure_lines(version, with_rows=actor.has(Permission.WORK_ON_MATTERS)),
        back_url=f"{reverse('report-read', args=[public_id])}?version={version.public_id}",
    )


@require_safe
def figures_xlsx(request: HttpRequest, public_id: str) -> HttpResponse:
    """The figures of a version as a spreadsheet: what is withheld in the report is in no cell of it."""
    actor, found = _report(request, public_id)
    version, _ = _version(request, actor, found)
    lines = list(report_page.figure_rows(version))
    more = check_export(lines)
    record_sight("reporting.file_taken", found, by=actor, number=version.number, form="xlsx", **more)
    return xlsx_answer(f"{version.as_it_stands().file_stem}-figures.xlsx", "Figures", lines)


@require_safe
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a correction changed."""
    actor, found = _report(request, public_id)
    version, _ = _version(request, actor, found)
    if version.corrects is None:
        raise Http404
    if version.published_at is None and not access.drafts_are_open_to(actor):
        raise NotAllowed("reads_no_drafts", "A correction in hand is read by those who write or approve it.")
    return page(
        request,
        "reporting/published/compare.html",
        **around("reports"),
        report=found,
        version=version,
        before=version.corrects,
        changes=changes(version.corrects.document(), version.document()),
        back_url=f"{reverse('report-read', args=[public_id])}?version={version.public_id}",
    )
