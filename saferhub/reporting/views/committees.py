"""Committees and their forward plan: sittings, themes, what members resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.foundation.pages import page
from saferhub.partnership.access import Actor
from saferhub.plan.views.frame import act, make
from saferhub.reporting import access
from saferhub.reporting.forms import committees as forms
from saferhub.reporting.forms.committees import FIELD_OF
from saferhub.reporting.models import Committee, Report, Resolution, Sitting, Theme
from saferhub.reporting.operations import committees as operations
from saferhub.reporting.queries import committees as queries
from saferhub.sharing.edits import edit as edit_page

from .frame import BOTH, around, reader_of, sent

M = TypeVar("M", bound=Model)
_FORM = "reporting/committees/form.html"


def _found(request: HttpRequest, model: type[M], public_id: str, *related: str) -> tuple[Actor, M]:
    """The row for whoever may change it: missing comes before not allowed."""
    actor = reader_of(request)
    found = access.get(actor, model, public_id, *related)
    access.check_can_write(actor)
    return actor, found


@require_safe
def committees(request: HttpRequest) -> HttpResponse:
    """The committees, what is wanted by when, and every sitting to come."""
    actor = reader_of(request)
    rows = queries.committees(actor)
    standings = queries.standings(actor, rows)
    return page(
        request,
        "reporting/committees/list.html",
        **around("committees"),
        lines=[(one, standings[one.pk]) for one in rows],
        sittings=queries.coming_sittings(actor, actor.on),
        due=queries.due(actor, actor.on),
        today=actor.on,
        can_write=access.can_write(actor),
    )


@require_safe
def committee(request: HttpRequest, public_id: str) -> HttpResponse:
    """One committee."""
    actor = reader_of(request)
    found = access.get(actor, Committee, public_id, "agency", "board")
    return page(
        request,
        "reporting/committees/committee.html",
        **around("committees"),
        found=queries.committee_page(actor, found),
        committee=found,
        today=actor.on,
        can_write=access.can_write(actor),
        reads_drafts=access.drafts_are_open_to(actor),
    )


def _offered(actor: Actor, committee: Committee | None = None) -> dict[str, list[tuple[str, str]]]:
    return {
        "agency": queries.agency_choices(actor),
        "outline": queries.outline_choices(actor),
        "area": queries.area_choices(actor),
        "sitting": queries.sitting_choices(actor, committee, past=True) if committee is not None else [],
    }


@require_http_methods(BOTH)
def add(request: HttpRequest) -> HttpResponse:
    """Add a committee; what the rules say of one is filled in."""
    actor = reader_of(request)
    access.check_can_write(actor)
    known = operations.committees_in_packs(actor, actor.on)
    asked = request.GET.get("board", "")
    name, agency = next(((name, agency) for code, name, agency in known if code == asked), ("", ""))
    outlines = queries.outline_choices(actor)
    form = forms.CommitteeForm(
        sent(request),
        offered=_offered(actor),
        initial={"name": name, "agency": agency, "outline": outlines[0][0] if outlines else ""},
    )
    return make(
        request,
        _FORM,
        form,
        operation=lambda values: operations.add_committee(
            name=values["name"],
            agency=values["agency"],
            outline=values["outline"],
            board=asked,
            by=actor,
            on=actor.on,
        ),
        done=lambda made: redirect("committee", made.public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Add a committee",
        verb="Add it",
        back_url=reverse("committees"),
        back_text="Committees",
        from_packs=[
            (f"{reverse('committee-add')}?board={code}", name) for code, name, _ in known if code != asked
        ],
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a committee."""
    actor, _row = _found(request, Committee, public_id)

    def done(_: Committee) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("committee", public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Committee, public_id, "agency"),
        values_of=lambda row: {
            "name": row.name,
            "agency": row.agency.code if row.agency else "",
            "outline": row.outline,
            "ended_on": row.ended_on,
        },
        form_class=forms.CommitteeForm,
        form_options={"offered": _offered(actor)},
        save=lambda values, seen: operations.change_committee(
            committee_id=public_id, by=actor, on=actor.on, seen=seen, **values
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading="Change the committee",
        verb="Save",
        back_url=reverse("committee", args=[public_id]),
        back_text="The committee",
    )


# --- Sittings -----------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def sitting_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a sitting into the forward plan."""
    actor, found = _found(request, Committee, public_id)
    form = forms.SittingForm(sent(request), offered={})
    del form.fields["outcome"]
    return make(
        request,
        _FORM,
        form,
        operation=lambda values: operations.add_sitting(committee_id=public_id, values=values, by=actor),
        done=lambda made: redirect("committee", public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Plan a sitting",
        verb="Plan it",
        caption=found.name,
        back_url=reverse("committee", args=[public_id]),
        back_text="The committee",
    )


@require_http_methods(BOTH)
def sitting(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a sitting, or record what it did."""
    actor, found = _found(request, Sitting, public_id, "committee")

    def done(_: Sitting) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("committee", found.committee.public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Sitting, public_id),
        values_of=lambda row: _values(row, "on", "papers_due_on", "place", "about", "outcome"),
        form_class=forms.SittingForm,
        form_options={"offered": {}},
        save=lambda values, seen: operations.change_sitting(
            sitting_id=public_id, values=values, by=actor, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading="Change the sitting",
        verb="Save",
        caption=found.committee.name,
        back_url=reverse("committee", args=[found.committee.public_id]),
        back_text="The committee",
    )


@require_http_methods(BOTH)
def sitting_cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record that a sitting does not take place."""
    actor, found = _found(request, Sitting, public_id, "committee")

    def done(_: Sitting) -> HttpResponse:
        messages.success(request, "The sitting is out of the forward plan.")
        return redirect("committee", found.committee.public_id)

    return act(
        request,
        _FORM,
        forms.ReasonForm,
        version=found.version,
        operation=lambda values, seen: operations.cancel_sitting(
            sitting_id=public_id, reason=values["reason"], by=actor, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        form_options={"label": "Why does it not take place?"},
        danger=True,
        **around(),
        heading="The sitting does not take place",
        verb="Take it out",
        consequence="Questions and themes that were planned for it stay, and want another sitting.",
        caption=f"{found.committee.name}, {found.on:%-d %B %Y}",
        back_url=reverse("committee", args=[found.committee.public_id]),
        back_text="The committee",
    )


def _values(row: Any, *names: str) -> Mapping[str, Any]:
    return {name: getattr(row, name) for name in names}


# --- Themes -------------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def theme_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a theme into the forward plan."""
    actor, found = _found(request, Committee, public_id)
    form = forms.ThemeForm(sent(request), offered=_offered(actor, found))
    for name in ("outcome", "is_dropped"):
        del form.fields[name]
    return make(
        request,
        _FORM,
        form,
        operation=lambda values: operations.keep_theme(committee_id=public_id, values=values, by=actor),
        done=lambda made: redirect("committee", public_id),
        field_of=FIELD_OF,
        **around(),
        heading="Plan a themed discussion",
        verb="Plan it",
        caption=found.name,
        back_url=reverse("committee", args=[public_id]),
        back_text="The committee",
    )


@require_http_methods(BOTH)
def theme(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a theme, or record what members made of it."""
    actor, found = _found(request, Theme, public_id, "committee", "sitting")

    def done(_: Theme) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect("committee", found.committee.public_id)

    return edit_page(
        request,
        load=lambda: access.get(actor, Theme, public_id, "committee", "sitting"),
        values_of=lambda row: {
            **_values(row, "title", "why", "area", "brings", "outcome", "is_dropped"),
            "sitting": row.sitting.public_id if row.sitting else "",
        },
        form_class=forms.ThemeForm,
        form_options={"offered": _offered(actor, found.committee)},
        save=lambda values, seen: operations.keep_theme(
            theme_id=public_id, values=values, by=actor, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading="Change the theme",
        verb="Save",
        caption=found.committee.name,
        back_url=reverse("committee", args=[found.committee.public_id]),
        back_text="The committee",
    )


# --- Resolutions --------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def resolution_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record a recommendation of members' own on a report."""
    actor, found = _found(request, Report, public_id, "committee")
    back = reverse("committee", args=[found.committee.public_id]) if found.committee else reverse("reports")
    return make(
        request,
        _FORM,
        forms.ResolutionForm(sent(request), offered={}),
        operation=lambda values: operations.keep_resolution(
            report_id=public_id, values=values, by=actor, on=actor.on
        ),
        done=lambda made: redirect(back),
        field_of=FIELD_OF,
        **around(),
        heading="Record what members recommended",
        verb="Record it",
        caption=found.title,
        back_url=back,
        back_text="The committee",
    )


@require_http_methods(BOTH)
def resolution(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record what members resolved on a recommendation, and the written answer."""
    actor, found = _found(request, Resolution, public_id, "report__committee")
    committee = found.report.committee
    back = reverse("committee", args=[committee.public_id]) if committee else reverse("reports")

    def done(_: Resolution) -> HttpResponse:
        messages.success(request, "Saved.")
        return redirect(back)

    names = ("words", "resolved", "resolved_on", "copied_to", "answer_due_on", "answer", "answered_on")
    return edit_page(
        request,
        load=lambda: access.get(actor, Resolution, public_id),
        values_of=lambda row: {**_values(row, *names), "needs_answer": row.answer_due_on is not None},
        form_class=forms.ResolutionForm,
        form_options={"offered": {}, "is_the_reports": bool(found.number)},
        save=lambda values, seen: operations.keep_resolution(
            resolution_id=public_id, values=values, by=actor, on=actor.on, seen=seen
        ),
        done=done,
        field_of=FIELD_OF,
        template=_FORM,
        **around(),
        heading=f"Recommendation {found.number}" if found.number else "Members’ own recommendation",
        verb="Save",
        quoted=found.words,
        caption=found.report.title,
        back_url=back,
        back_text="The committee",
    )
