"""When and where a meeting takes place: its page, moving it, cancelling it, inviting to it, its calendar file."""

from __future__ import annotations

from datetime import time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.meetings import access
from saferhub.meetings.forms.calendar import FIELD_OF, FIELD_OF_DAY, CancelMeetingForm, ChangeMeetingForm
from saferhub.meetings.models import Meeting, MeetingStatus
from saferhub.meetings.operations import calendar_inviting as inviting
from saferhub.meetings.operations import calendar_moving as moving
from saferhub.meetings.queries import calendar_meeting as queries
from saferhub.meetings.queries.calendar_feed import file_of
from saferhub.meetings.queries.meeting_facts import is_guest
from saferhub.meetings.rules.when import length
from saferhub.meetings.views.calendar_groups import no_working_day, place_refusal
from saferhub.meetings.views.calendar_lists import BOTH, actor_of
from saferhub.meetings.views.meeting_frame import MARKING, SECTION, frame
from saferhub.sharing.edits import edit as edit_page


@require_safe
def when(request: HttpRequest, public_id: str) -> HttpResponse:
    """When and where, by when what must have happened, how it was moved, who was invited."""
    actor = actor_of(request)
    found = access.get_meeting(actor, public_id)
    to_come = found.status in inviting.TO_COME
    prepares = access.can_prepare(actor, found.group)
    return page(
        request,
        "meetings/calendar/when.html",
        length=length(found.minutes),
        cut_offs=queries.cut_offs(found, actor.on),
        why_moved=queries.why_moved(found),
        moves=[] if is_guest(actor, found) else queries.moves(actor, found),
        invited=queries.invited(actor, found) if prepares else None,
        to_come=to_come,
        **frame(actor, found, tab="when"),
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """Move it to another day, time or place, with the reason; a second editor sees both versions."""
    actor = actor_of(request)
    found = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, found.group)
    inviting.check_to_come(found)

    def done(result: tuple[Meeting, int]) -> HttpResponse:
        meeting, told = result
        messages.success(request, f"The change is saved. {_told(told)}")
        again = ""
        if meeting.on != found.on and meeting.status == MeetingStatus.SENT:
            again = "Its agenda was sent before. Send it again"
        elif meeting.on != found.on and queries.waits_for_answers(actor, meeting):
            again = "Agencies were asked before. Ask them again"
        if again:
            messages.warning(request, f"{again}, so that the days by which answers are due follow.")
        return redirect("meeting-when", public_id)

    return edit_page(
        request,
        load=lambda: access.get_meeting(actor, public_id),
        values_of=moving.values_of,
        form_class=ChangeMeetingForm,
        form_options={"no_working_day": no_working_day},
        save=lambda values, seen: moving.change_meeting(
            meeting_id=public_id,
            **{**values, "starts_at": time.fromisoformat(values["starts_at"])},
            seen=seen,
            by=actor,
            on=actor.on,
        ),
        done=done,
        template="meetings/calendar/change.html",
        back_url=reverse("meeting-when", args=[public_id]),
        field_of=FIELD_OF_DAY,
        section=SECTION,
        marking=MARKING,
        meeting=found,
        group=found.group,
    )


def _told(number: int) -> str:
    if not number:
        return "Nobody had been invited, so nobody is told by mail."
    return f"{count_words(number, 'person is', 'people are')} told by mail."


@require_http_methods(BOTH)
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Cancel it, with the reason."""
    actor = actor_of(request)
    found = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, found.group)
    inviting.check_to_come(found)
    form = CancelMeetingForm(
        request.POST if request.method == "POST" else None, initial={"seen": str(found.version)}
    )
    if form.is_bound and form.is_valid():
        try:
            _, told = moving.cancel_meeting(
                meeting_id=public_id, **form.values(), seen=form.seen_version(), by=actor, on=actor.on
            )
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF)
        else:
            messages.success(request, f"The meeting is cancelled. {_told(told)}")
            return redirect("meeting-when", public_id)
    return page(
        request,
        "meetings/calendar/cancel.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        heading=f"Cancel the meeting of {plain_date(found.on)}",
        consequence="Its day is not planned again. Whoever was invited is told by mail, and its items are seen through "
        "it no more. This cannot be undone: a new meeting can be called.",
        verb="Cancel the meeting",
        danger=True,
        group=found.group,
        back_url=reverse("meeting-when", args=[public_id]),
    )


@require_POST
def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the calendar entry to whoever does not have it as it stands."""
    actor = actor_of(request)
    sent = inviting.invite(meeting_id=public_id, by=actor, on=actor.on)
    said = f"{count_words(sent, 'calendar entry', 'calendar entries')} on the way by mail."
    messages.success(request, said if sent else "Everybody has this meeting as it stands.")
    return redirect("meeting-when", public_id)


@require_safe
def ics(request: HttpRequest, public_id: str) -> HttpResponse:
    """The meeting as a file for a calendar program: references only."""
    found = access.get_meeting(actor_of(request), public_id)
    answer = HttpResponse(file_of(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="meeting-{found.on.isoformat()}.ics"'
    return answer
