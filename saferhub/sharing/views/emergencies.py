"""Pages of emergencies: opening one, its own page, its end, its review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.queries.members import names_of
from saferhub.sharing.access.emergencies import (
    can_end,
    can_review,
    check_can_end,
    check_can_open,
    check_can_review,
    get_emergency,
)
from saferhub.sharing.forms.emergencies import EndForm, ListForm, OpenForm, ReviewForm
from saferhub.sharing.models import Emergency
from saferhub.sharing.operations import emergencies as operations
from saferhub.sharing.queries import emergencies as queries
from saferhub.sharing.queries.requests import contacts_of, next_working_day, pointed
from saferhub.sharing.queries.tabs import beside_requests

PER_PAGE = 25
SECTION = "search"
MARKING = "OFFICIAL-SENSITIVE"


@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """What was opened in an emergency: by one's own unit, in one's hub, or in the partnership one answers for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.has(Permission.REVIEW_EMERGENCIES):
        check_can_open(actor)
    form = ListForm(request.GET, states=queries.STATES)
    shown = Paginator(queries.listed(actor, form.chosen("state")), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.rows(actor, shown.object_list)
    record_sight("sharing.emergencies_seen", ("sharing.emergency", "list"), by=actor, rows=len(rows))
    return page(
        request,
        "sharing/emergencies/list.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        page=shown,
        rows=rows,
        is_filtered=bool(form.chosen("state")),
        tabs=beside_requests(actor, "emergencies"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: HttpRequest, token: str) -> HttpResponse:
    """Open what a pointer stands for: what follows first, then the questions."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    check_can_open(actor)
    found = pointed(actor, token)
    if found is None and request.method != "POST":
        raise Refusal(
            "pointer_gone",
            "This notice is no longer good: search again. If somebody is in danger now, call 999.",
            link="/search/",
            link_text="Search again",
        )
    hours = queries.hours()
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.open_in_emergency(token=token, by=actor, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(OpenForm.FIELD_OF.get(refusal.code), refusal.sentence)
        else:
            return redirect("emergency", made.public_id)
    return page(
        request,
        "sharing/emergencies/open.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        token=token,
        hours=hours,
        open_words=f"Open for {hours} hour{'s' if hours > 1 else ''}",
        pointed=found,
        contacts=contacts_of(found.hub, actor.on) if found and found.names_hub else [],
        reviewed_on=next_working_day(actor.on),
    )


@require_safe
def emergency(request: HttpRequest, public_id: str) -> HttpResponse:
    """One emergency: who, when, why, which reference; for the opener the way to what is open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_emergency(actor, public_id)
    record_sight("sharing.emergency_seen", found, by=actor, purpose="emergency")
    return page(
        request,
        "sharing/emergencies/emergency.html",
        section=SECTION,
        marking=MARKING,
        **_context(actor, found),
        can_review=can_review(actor, found),
        can_end=can_end(actor, found),
        opened=queries.matter_opened(actor, found),
        seen=queries.entries_of(found) if actor.has(Permission.REVIEW_EMERGENCIES) else None,
    )


def _context(actor: Actor, found: Emergency) -> dict[str, Any]:
    (row,) = queries.rows(actor, [found])
    return {
        "emergency": found,
        "row": row,
        "reviewed_by": names_of([found.reviewed_by], actor).get(found.reviewed_by, ""),
        "is_mine": actor.user is not None and found.user_id == actor.user.pk,
        "back_url": reverse("emergency", args=[found.public_id]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Review it: justified or not, and what was found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_emergency(actor, public_id)
    check_can_review(actor, found)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.review(emergency_id=public_id, by=actor, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(ReviewForm.FIELD_OF.get(refusal.code), refusal.sentence)
        else:
            messages.success(request, "The review is recorded, and whoever opened it is told.")
            return redirect("emergency", public_id)
    return page(
        request,
        "sharing/emergencies/review.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        **_context(actor, found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End one's own sight before its time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_emergency(actor, public_id)
    check_can_end(actor, found)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        operations.end_early(emergency_id=public_id, by=actor)
        messages.success(request, "Closed. The record is out of your sight again.")
        return redirect("emergency", public_id)
    return page(
        request,
        "sharing/emergencies/end.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        heading="Close what you opened",
        consequence="The record goes out of your sight now. The emergency is reviewed all the same.",
        verb="I am done",
        **_context(actor, found),
    )
