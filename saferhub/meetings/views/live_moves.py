"""What moves a running meeting: begin, speak of an item, put off, open again, end, go on; and who is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from saferhub.foundation.pages import page
from saferhub.foundation.refusals import NotAllowed, Refusal
from saferhub.meetings import access
from saferhub.meetings.forms.live import AddPresentForm, BeginForm, EndForm, PresentRow, PutOffForm
from saferhub.meetings.models import Came, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.operations import live as operations
from saferhub.meetings.operations.live_attendance import OPEN, Recorded, add_present, record_attendance
from saferhub.meetings.queries import live_items as of_items
from saferhub.meetings.queries import live_people as people
from saferhub.meetings.queries.live_recorded import is_recorded
from saferhub.meetings.queries.table import members_on, unit_name
from saferhub.partnership.access import Actor

from .live import BOTH, actor_of, around, to_item
from .meeting_frame import MARKING, SECTION, frame

_BESIDE = {
    "nobody_named": "name",
    "no_deputy": "user_id",
    "no_seat": "unit_id",
    "there_already": "name",
    "nobody_expected": "instead_of",
    "no_reason": "reason",
    "items_left": "put_off_rest",
}


def _beside(form: Any, refusal: Refusal) -> None:
    field = _BESIDE.get(refusal.code)
    if isinstance(refusal, NotAllowed) or field not in form.fields:
        raise refusal
    form.refuse(field, refusal.sentence)


@require_http_methods(BOTH)
def begin(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the meeting at its first item; on another day than it was planned for, once that is ticked. The address
    that stays after an error leads back to where it is begun."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    if request.method != "POST":
        return redirect("meeting-run", public_id)
    form = BeginForm(request.POST)
    try:
        operations.begin_meeting(meeting_id=public_id, by=actor, on=actor.on, another_day=form.is_valid())
    except Refusal as refusal:
        if refusal.code != "another_day":
            raise
        return around(request, actor, meeting, form=form)
    messages.success(request, "The meeting runs. Record who is here.")
    return redirect("meeting-present", public_id)


@require_POST
def not_begun(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back that the meeting began, while nothing is recorded of it."""
    actor = actor_of(request)
    operations.not_begun(meeting_id=public_id, by=actor, on=actor.on)
    messages.success(request, "The meeting has not begun. Its agenda is out as before.")
    return redirect("meeting-run", public_id)


@require_POST
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go on with a meeting that was ended too early."""
    actor = actor_of(request)
    operations.resume_meeting(meeting_id=public_id, by=actor, on=actor.on)
    messages.success(request, "The meeting runs again.")
    return redirect("meeting-run", public_id)


@require_POST
def focus(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Speak of this item now: every page that follows the meeting goes there."""
    operations.focus_on(
        meeting_id=public_id,
        item_id=item_id,
        by=actor_of(request),
        have_left=request.POST.get("have_left") == "yes",
    )
    return redirect("meeting-run", public_id)


@require_POST
def back(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Open an item again that is done or was put off."""
    actor = actor_of(request)
    operations.bring_back(meeting_id=public_id, item_id=item_id, by=actor, on=actor.on)
    messages.success(request, "The item is open again.")
    return to_item(public_id, item_id)


@require_http_methods(BOTH)
def put_off(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """Put an item off to the next meeting, with a reason."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    found = access.get_item(actor, meeting, item_id)
    found.meeting = meeting
    access.check_can_record(actor, found)
    operations.check_recorded(meeting)
    if found.status != ItemStatus.ON:
        raise Refusal("item_over", "This item is done or was put off already.")
    form = PutOffForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            following = operations.put_off(
                meeting_id=public_id, item_id=item_id, **form.cleaned_data, by=actor, on=actor.on
            )
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, "The item is put off to the next meeting.")
            return to_item(public_id, following)
    return page(
        request,
        "meetings/live/put_off.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        meeting=meeting,
        item=found,
        back_url=reverse("item-run", args=[public_id, item_id]),
    )


@require_http_methods(BOTH)
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End the meeting. What was not reached is put off, once that is said."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    operations.check_running(meeting)
    items = of_items.items_of(actor, meeting)
    lines = [one for one in of_items.rail(actor, meeting, items, None) if one.state in ("now", "to_come")]
    form = EndForm(request.POST if request.method == "POST" else None)
    if not lines:
        del form.fields["put_off_rest"]
    if form.is_bound and form.is_valid():
        try:
            operations.end_meeting(
                meeting_id=public_id,
                by=actor,
                on=actor.on,
                put_off_rest=bool(form.cleaned_data.get("put_off_rest")),
            )
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, "The meeting is ended. Its minutes are in draft.")
            return redirect("meeting-minutes", public_id)
    return page(
        request,
        "meetings/live/end.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        meeting=meeting,
        lines=lines,
        has_standing=any(one.item.code for one in lines),
        undecided=[
            one
            for one in of_items.rail(actor, meeting, items, None)
            if one.state == "done" and not one.item.decision
        ],
        back_url=reverse("meeting-run", args=[public_id]),
    )


# --- Who is there -------------------------------------------------------------------------------------------------


@require_http_methods(BOTH)
def present(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record who came, who acknowledged what is confidential, who left."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    if meeting.status not in OPEN:
        raise Refusal(
            "attendance_closed",
            "Who came is recorded from the sending of the agenda until the minutes are approved.",
        )
    attendances = people.attendances_of(actor, meeting)
    sent = request.POST if request.method == "POST" else None
    rows = [PresentRow(sent, row=one) for one in attendances]
    conflict = ""
    is_right = [row.is_valid() for row in rows] if sent is not None else [False]
    if sent is not None and all(is_right):
        given = changed_here = [found for row in rows if (found := row.recorded()) is not None]
        rest = sent.get("do") == "rest"
        if rest or sent.get("do") == "all":
            given = _all_acknowledge(rows, given, rest_came=rest)
        try:
            changed = record_attendance(meeting_id=public_id, given=given, by=actor)
        except Refusal as refusal:
            if refusal.code != "changed_meanwhile":
                raise
            conflict = refusal.sentence
            typed = {one.attendance: one for one in changed_here}
            attendances = people.attendances_of(actor, meeting)
            rows = [PresentRow(None, row=one, typed=typed.get(one.public_id)) for one in attendances]
        else:
            messages.success(request, "Saved." if changed else "Nothing was changed.")
            runs = meeting.status == MeetingStatus.RUNNING
            return redirect("meeting-run" if rest and runs else "meeting-present", public_id)
    return _present(request, actor, meeting, rows, attendances, conflict=conflict)


def _all_acknowledge(rows: list[PresentRow], given: list[Any], *, rest_came: bool) -> list[Any]:
    """Everybody who is there acknowledged it, as the chair read it out. `rest_came`: and whoever is still expected is
    there, but for the guests of single items, who come when they are called."""
    known = {one.attendance: one for one in given}
    for row in rows:
        data = row.cleaned_data
        one = known.get(row.row.public_id) or Recorded(
            row.row.public_id, data["came"], data["acknowledged"], data["left"], data["seen"] or 0
        )
        if rest_came and one.came == Came.EXPECTED and row.row.seat != people.GUEST:
            one = replace(one, came=Came.PRESENT)
        if one.came in people.IN_THE_ROOM:
            known[one.attendance] = replace(one, acknowledged=True)
    return list(known.values())


def _present(
    request: HttpRequest,
    actor: Actor,
    meeting: Meeting,
    rows: list[PresentRow],
    attendances: list[Any],
    *,
    conflict: str = "",
    adding: AddPresentForm | None = None,
) -> HttpResponse:
    return page(
        request,
        "meetings/live/present.html",
        status=409 if conflict else 200,
        **{
            **frame(actor, meeting, tab="attendance"),
            "rows": rows,
            "presence": people.presence(actor, meeting, attendances),
            "conflict": conflict,
            "waited_for": any(one.came == Came.EXPECTED and one.seat != people.GUEST for one in attendances),
            "form": adding if adding is not None and adding.is_bound else None,
            "adding": adding or _adding(meeting, attendances, None),
            "back_url": reverse("meeting-run", args=[meeting.public_id]),
            "can_take_back": meeting.status == MeetingStatus.RUNNING
            and not is_recorded(actor, meeting, of_items.items_of(actor, meeting)),
        },
    )


def _adding(meeting: Meeting, attendances: list[Any], sent: Any) -> AddPresentForm:
    seats = members_on(meeting)
    there = {
        one.user_id for one in attendances if one.user_id is not None and one.folder_id == meeting.folder_id
    }
    units = {one.unit.public_id: unit_name(one.unit) for one in seats}
    deputies = {
        one.deputy.public_id: f"{one.deputy.name}, {one.agency.name}"
        for one in seats
        if one.deputy is not None and one.deputy.pk not in there
    }
    expected = [
        (one.public_id, people.name_of(one))
        for one in attendances
        if one.user_id is not None
        and one.folder_id == meeting.folder_id
        and one.came not in people.IN_THE_ROOM
    ]
    return AddPresentForm(
        sent,
        units=sorted(units.items(), key=lambda one: one[1]),
        deputies=deputies.items(),
        expected=expected,
    )


@require_http_methods(BOTH)
def present_add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add somebody who came and was not on the list. The address that stays after an error leads to the list."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    if request.method != "POST":
        return redirect("meeting-present", public_id)
    attendances = people.attendances_of(actor, meeting)
    form = _adding(meeting, attendances, request.POST)
    if form.is_valid():
        try:
            add_present(meeting_id=public_id, by=actor, **form.cleaned_data)
        except Refusal as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, "Added.")
            return redirect("meeting-present", public_id)
    rows = [PresentRow(None, row=one) for one in attendances]
    return _present(request, actor, meeting, rows, attendances, adding=form)
