"""The list of reports, how one is begun, and the page on which it is written."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.csv_files import csv_answer
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed
from saferhub.partnership.access import Actor
from saferhub.plan.views.frame import act, make
from saferhub.publication.models import VersionStatus
from saferhub.publication.rules.numbering import number
from saferhub.reporting import access
from saferhub.reporting.forms import reports as forms
from saferhub.reporting.forms.reports import FIELD_OF, HEAD_FIELD_OF, SECTION_FIELD_OF
from saferhub.reporting.models import Report, ReportSection, ReportStatus
from saferhub.reporting.operations import approving
from saferhub.reporting.operations import reports as operations
from saferhub.reporting.queries import committees as committee_queries
from saferhub.reporting.queries import report_lists, report_page
from saferhub.reporting.queries.outlines import outlines_for
from saferhub.reporting.queries.preview import preview as previewed
from saferhub.reporting.queries.redaction import found_in
from saferhub.sharing.edits import edit as edit_page
from saferhub.sharing.registries import check_export

from .frame import BOTH, around, reader_of, refuse_early, sent

PER_PAGE = 25


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that are published, and for those who write or approve them all others."""
    actor = reader_of(request)
    form = forms.FilterForm(request.GET, choices=report_lists.choices(actor))
    filters = form.filters(request.GET.get("sort", ""))
    found = Paginator(report_lists.reports(actor, filters), PER_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.urlencode()
    return page(
        request,
        "reporting/reports/list.html",
        **around("reports"),
        form=form,
        filters=filters,
        page=found,
        can_write=access.can_write(actor),
        reads_drafts=access.drafts_are_open_to(actor),
        csv_url=f"{reverse('reports-csv')}{'?' + asked if asked else ''}",
    )


@require_safe
def reports_csv(request: HttpRequest) -> HttpResponse:
    """The list as a file."""
    actor = reader_of(request)
    form = forms.FilterForm(request.GET, choices=report_lists.choices(actor))
    lines = list(report_lists.lines(actor, form.filters(request.GET.get("sort", ""))))
    more = check_export(lines)
    record_sight("reporting.reports_exported", actor.partnership, by=actor, rows=len(lines) - 1, **more)
    return csv_answer("reports.csv", lines)


@require_http_methods(BOTH)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a report from an outline."""
    actor = reader_of(request)
    access.check_can_write(actor)
    assert actor.partnership is not None
    sitting = committee_queries.sitting_asked_for(actor, request.GET.get("sitting", ""))
    outlines = outlines_for(actor.partnership, actor.on)
    form = forms.BeginForm(
        sent(request),
        outlines=[(one.code, one.item.name) for one in outlines],
        committees=committee_queries.committee_choices(actor),
        sittings=committee_queries.sitting_choices(actor),
        initial={
            "as_of": actor.on,
            "outline": sitting.committee.outline if sitting else "",
            "committee": sitting.committee.public_id if sitting else "",
            "sitting": sitting.public_id if sitting else "",
            "title": next(
                (one.item.title for one in outlines if sitting and one.code == sitting.committee.outline), ""
            ),
        },
    )
    return make(
        request,
        "reporting/reports/form.html",
        form,
        operation=lambda values: operations.begin_report(
            outline=values["outline"],
            as_of=values["as_of"],
            title=values["title"],
            committee_id=values["committee"],
            sitting_id=values["sitting"],
            by=actor,
            on=actor.on,
        ),
        done=lambda made: redirect("report", made.public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Begin a report",
        consequence="Its sections come from the outline. What is proposed in them can be put into your own words.",
        verb="Begin the report",
        back_url=reverse("reports"),
        back_text="Reports",
    )


def _report(request: HttpRequest, public_id: str) -> tuple[Actor, Report]:
    actor = reader_of(request)
    found = access.get(actor, Report, public_id, "committee", "sitting", "author", "partnership")
    if not access.drafts_are_open_to(actor):
        raise NotAllowed(
            "reads_no_drafts",
            "A report in hand is read by those who write or approve it.",
            link=reverse("report-read", args=[public_id]),
            link_text="Read the published report",
        )
    return actor, found


def _in_hand(request: HttpRequest, public_id: str) -> tuple[Actor, Report]:
    """A report that the actor may write on, and that is being written."""
    actor, found = _report(request, public_id)
    access.check_can_write(actor)
    refuse_early(request, found, found.status == ReportStatus.WRITING, "not_in_hand", operations.NOT_IN_HAND)
    return actor, found


@require_safe
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """A report in hand: its sections, what may be done next, who approved it, what happened with it."""
    actor, found = _report(request, public_id)
    record_sight("reporting.report_seen", found, by=actor)
    in_hand = approving.in_hand(found)
    once = approving.once_published(found)
    published = [one for one in once if one.status == VersionStatus.PUBLISHED]
    return page(
        request,
        "reporting/reports/report.html",
        **around("reports"),
        report=found,
        lines=report_page.section_lines(found),
        approvals=report_page.approval_lines(found),
        moves=report_page.moves_of(actor, found),
        in_hand=in_hand,
        can_write=access.can_write(actor),
        can_approve=access.can_approve(actor),
        is_writing=found.status == ReportStatus.WRITING,
        is_waiting=found.status == ReportStatus.APPROVING,
        is_published=found.status == ReportStatus.PUBLISHED,
        is_approved=bool(in_hand) and all(one.status == "approved" for one in in_hand),
        is_withdrawn=found.status == ReportStatus.WITHDRAWN,
        is_correction=bool(published) and found.status != ReportStatus.PUBLISHED,
        is_again=bool(once) and found.status in (ReportStatus.WRITING, ReportStatus.APPROVING),
        can_withdraw=access.can_approve(actor) and any(one.status != VersionStatus.WITHDRAWN for one in once),
    )


@require_safe
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The report as it stands, with what would stop it from leaving."""
    actor, found = _report(request, public_id)
    made = previewed(found, on=actor.on, audience=request.GET.get("copy", ""))
    record_sight("reporting.report_seen", found, by=actor)
    return page(
        request,
        "reporting/reports/preview.html",
        **around("reports"),
        report=found,
        made=made,
        document=number(made.document) if made.document is not None else None,
        findings=found_in(actor, made.document) if made.document is not None else [],
        back_url=reverse("report", args=[public_id]),
    )


@require_http_methods(BOTH)
def head(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change what stands above a report."""
    actor, found = _in_hand(request, public_id)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("report", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Report, public_id),
        values_of=lambda row: {"title": row.title, "author_post": row.author_post},
        form_class=forms.HeadForm,
        save=lambda values, seen: operations.change_report(
            report_id=public_id, by=actor, seen=seen, **values
        ),
        done=done,
        field_of=HEAD_FIELD_OF,
        template="reporting/reports/edit.html",
        **around(),
        heading="Change title and author",
        verb="Save",
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
    )


def _section(actor: Actor, found: Report, section_id: str) -> ReportSection:
    """A section of this report; another report's is not there."""
    row = access.get(actor, ReportSection, section_id)
    if row.report_id != found.pk:
        raise Http404
    return row


@require_http_methods(BOTH)
def section(request: HttpRequest, public_id: str, section_id: str) -> HttpResponse:
    """Write a section: the words beside the figures that they may cite."""
    actor, found = _in_hand(request, public_id)
    row = _section(actor, found, section_id)
    proposed, marks = report_page.marks_of(row, found)

    def values_of(one: ReportSection) -> dict[str, Any]:
        return {
            "heading": one.heading,
            "words": one.words if one.is_own_words else proposed,
            "is_left_out": one.is_left_out,
            "left_out_why": one.left_out_why,
            "is_exempt": one.is_exempt,
            "exempt_why": one.exempt_why,
        }

    def done(one: ReportSection) -> HttpResponse:
        messages.success(request, f"“{one.heading}” is saved.")
        return redirect("report", public_id)

    return edit_page(
        request,
        load=lambda: _section(actor, found, section_id),
        values_of=values_of,
        form_class=forms.SectionForm,
        save=lambda values, seen: operations.edit_section(
            report_id=public_id, section_id=section_id, by=actor, seen=seen, **values
        ),
        done=done,
        field_of=SECTION_FIELD_OF,
        template="reporting/reports/section.html",
        **around(),
        report=found,
        marks=marks,
        others=report_page.others_words(marks),
        proposed=proposed,
        back_url=reverse("report", args=[public_id]),
    )


@require_POST
def section_proposed(request: HttpRequest, public_id: str, section_id: str) -> HttpResponse:
    """Take the proposed words again, in place of one's own, which are kept."""
    actor, found = _report(request, public_id)
    operations.take_proposed_words(
        report_id=public_id, section_id=section_id, by=actor, seen=_seen(request, actor, found, section_id)
    )
    messages.success(request, "The section goes on with what is proposed. Your words are kept.")
    return redirect("report-section", public_id, section_id)


@require_POST
def section_own(request: HttpRequest, public_id: str, section_id: str) -> HttpResponse:
    """Take one's own words again, in place of the proposed ones."""
    actor, found = _report(request, public_id)
    operations.take_own_words(
        report_id=public_id, section_id=section_id, by=actor, seen=_seen(request, actor, found, section_id)
    )
    messages.success(request, "The section goes on with your words.")
    return redirect("report-section", public_id, section_id)


def _seen(request: HttpRequest, actor: Actor, found: Report, section_id: str) -> int:
    """The version of the section that was on the page. Raises Http404 for a section of another report."""
    row = _section(actor, found, section_id)
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else row.version


@require_POST
def section_move(request: HttpRequest, public_id: str, section_id: str) -> HttpResponse:
    """Put a section one place up or down."""
    actor, _ = _report(request, public_id)
    operations.move_section(
        report_id=public_id, section_id=section_id, up=request.POST.get("to") == "up", by=actor
    )
    return redirect(f"{reverse('report', args=[public_id])}#sections")


@require_http_methods(BOTH)
def section_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a section of one's own."""
    actor, found = _in_hand(request, public_id)
    return make(
        request,
        "reporting/reports/form.html",
        forms.AddSectionForm(sent(request)),
        operation=lambda values: operations.add_section(
            report_id=public_id, heading=values["heading"], words=values["words"], by=actor
        ),
        done=lambda made: redirect("report", public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Add a section",
        verb="Add it",
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )


@require_http_methods(BOTH)
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a report up."""
    actor, found = _in_hand(request, public_id)

    def done(_: Report) -> HttpResponse:
        messages.success(request, "The report is dropped. It stays in the list.")
        return redirect("report", public_id)

    return act(
        request,
        "reporting/reports/form.html",
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: operations.drop_report(
            report_id=public_id, reason=values["reason"], by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        **around(),
        heading="Drop this report",
        verb="Drop it",
        danger=True,
        consequence="Nobody can write on it any more.",
        caption=found.title,
        back_url=reverse("report", args=[public_id]),
        back_text="The report",
    )
