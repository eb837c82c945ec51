"""Who comes to a meeting: the tab, and apologies with a deputy."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.templatetags.words import count_words
from saferhub.meetings import access
from saferhub.meetings.forms.calendar import FIELD_OF, ApologyForm
from saferhub.meetings.operations import calendar_apologies as operations
from saferhub.meetings.operations.calendar_inviting import check_to_come
from saferhub.meetings.queries.calendar_coming import coming_to
from saferhub.meetings.views.calendar_groups import place_refusal
from saferhub.meetings.views.calendar_lists import BOTH, actor_of
from saferhub.meetings.views.meeting_frame import MARKING, SECTION, frame


@require_safe
def attendance(request: HttpRequest, public_id: str) -> HttpResponse:
    """Who is expected and who sent apologies; from its beginning, who came."""
    actor = actor_of(request)
    found = access.get_meeting(actor, public_id)
    access.check_no_guest(actor, found)
    record_sight("meetings.attendance_seen", found, by=actor)
    coming = coming_to(actor, found)
    return page(
        request,
        "meetings/calendar/attendance.html",
        coming=coming,
        agencies_words=count_words(coming.agencies, "agency", "agencies"),
        **frame(actor, found, tab="attendance"),
    )


@require_http_methods(BOTH)
def apologies(request: HttpRequest, public_id: str, seat_id: str) -> HttpResponse:
    """Say that whoever has a seat will not come, and who comes instead."""
    actor = actor_of(request)
    found = access.get_meeting(actor, public_id)
    access.check_no_guest(actor, found)
    member = operations.get_seat_at(found, seat_id)
    operations.check_can_apologise(actor, found, member)
    check_to_come(found)
    once = Once(request)
    if once.answer:
        return once.answer
    stands = operations.apologies_of(found).get(member.pk)
    chosen = stands.deputy if stands else member.deputy
    form = ApologyForm(
        request.POST if request.method == "POST" else None,
        people=operations.deputies_on_offer(member, actor.on),
        standing=member.deputy_id,
        initial={"deputy": chosen.public_id if chosen else ""},
    )
    if form.is_bound and form.is_valid():
        try:
            made = operations.apologise(
                meeting_id=public_id, seat_id=seat_id, **form.cleaned_data, by=actor, on=actor.on
            )
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF)
        else:
            instead = f" {made.deputy.name} comes instead." if made.deputy else " Nobody comes instead."
            messages.success(request, f"The apologies are recorded.{instead}")
            return once.done(redirect("meeting-attendance", public_id))
    return page(
        request,
        "meetings/calendar/apologies.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        meeting=found,
        group=found.group,
        member=member,
        back_url=reverse("meeting-attendance", args=[public_id]),
    )


@require_POST
def take_back(request: HttpRequest, public_id: str, seat_id: str) -> HttpResponse:
    """Say that she comes after all."""
    actor = actor_of(request)
    operations.take_back(meeting_id=public_id, seat_id=seat_id, by=actor, on=actor.on)
    messages.success(request, "The apologies are taken back.")
    return redirect("meeting-attendance", public_id)
