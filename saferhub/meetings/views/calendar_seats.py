"""Pages of the seats of a group: giving one, changing who comes, ending it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.meetings import access
from saferhub.meetings.forms.calendar_seats import (
    FIELD_OF,
    AddSeatForm,
    ChangeSeatForm,
    EndSeatForm,
    UnitForm,
    unit_words,
)
from saferhub.meetings.models import Member
from saferhub.meetings.operations import calendar_seats as operations
from saferhub.meetings.queries.calendar_groups import units_on_offer
from saferhub.meetings.views.calendar_groups import place_refusal
from saferhub.meetings.views.calendar_lists import BOTH, actor_of
from saferhub.meetings.views.meeting_frame import MARKING, SECTION
from saferhub.sharing.edits import edit as edit_page


@require_http_methods(BOTH)
def add(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a unit a seat: first which unit, then who comes for it."""
    actor = actor_of(request)
    group = access.get_group(actor, public_id)
    access.check_can_prepare(actor, group)
    units = units_on_offer(actor)
    unit = next((one for one in units if one.public_id == request.GET.get("unit", "")), None)
    shared: dict[str, Any] = {"section": SECTION, "marking": MARKING, "group": group}
    if unit is None:
        sent = request.GET if "unit" in request.GET else None
        return page(
            request,
            "meetings/calendar/seat_unit.html",
            form=UnitForm(sent, units=units),
            back_url=reverse("group", args=[public_id]),
            **shared,
        )
    once = Once(request)
    if once.answer:
        return once.answer
    form = AddSeatForm(
        request.POST if request.method == "POST" else None,
        people=operations.people_of_agency(unit, actor.on),
        initial={"valid_from": actor.on},
    )
    if form.is_bound and form.is_valid():
        try:
            operations.add_seat(
                group_id=public_id, unit_id=unit.public_id, **form.cleaned_data, by=actor, on=actor.on
            )
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF)
        else:
            messages.success(
                request, f"{unit_words(unit)} has a seat. Invite again to send it the meetings to come."
            )
            return once.done(redirect("group", public_id))
    return page(
        request,
        "meetings/calendar/seat.html",
        form=once.within(form),
        title="Give a seat",
        note=unit_words(unit),
        verb="Give the seat",
        back_url=reverse("group-seat-add", args=[public_id]),
        **shared,
    )


@require_http_methods(BOTH)
def change(request: HttpRequest, public_id: str, seat_id: str) -> HttpResponse:
    """Change who usually comes for a seat, and the deputy; a second editor sees both versions."""
    actor = actor_of(request)
    group = access.get_group(actor, public_id)
    access.check_can_prepare(actor, group)
    found = operations.get_seat(actor, group, seat_id)
    if found.valid_until is not None:
        raise Refusal("seat_ended", "This seat has its last day already. Give a new seat instead.")

    def done(changed: Member) -> HttpResponse:
        messages.success(request, "The change is saved.")
        return redirect("group", public_id)

    return edit_page(
        request,
        load=lambda: operations.get_seat(actor, group, seat_id),
        values_of=operations.values_of,
        form_class=ChangeSeatForm,
        form_options={"people": operations.people_of_agency(found.unit, actor.on)},
        save=lambda values, seen: operations.change_seat(
            group_id=public_id, seat_id=seat_id, **values, seen=seen, by=actor, on=actor.on
        ),
        done=done,
        template="meetings/calendar/seat.html",
        back_url=reverse("group", args=[public_id]),
        field_of=FIELD_OF,
        section=SECTION,
        marking=MARKING,
        group=group,
        title="Change a seat",
        note=unit_words(found.unit),
        verb="Save",
    )


@require_http_methods(BOTH)
def end(request: HttpRequest, public_id: str, seat_id: str) -> HttpResponse:
    """End a seat with its last day and the reason."""
    actor = actor_of(request)
    group = access.get_group(actor, public_id)
    access.check_can_prepare(actor, group)
    found = operations.get_seat(actor, group, seat_id)
    if found.valid_until is not None:
        raise Refusal("seat_ended", "This seat has its last day already.")
    form = EndSeatForm(
        request.POST if request.method == "POST" else None,
        initial={"seen": str(found.version), "last_day": actor.on},
    )
    if form.is_bound and form.is_valid():
        try:
            told = operations.end_seat(
                group_id=public_id,
                seat_id=seat_id,
                **form.values(),
                seen=form.seen_version(),
                by=actor,
                on=actor.on,
            )
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF)
        else:
            last = plain_date(form.cleaned_data["last_day"])
            told_words = (
                f" {count_words(told, 'calendar entry', 'calendar entries')} taken back by mail."
                if told
                else ""
            )
            messages.success(request, f"The seat ends on {last}.{told_words}")
            return redirect("group", public_id)
    who = found.user.name if found.user else found.post or "Nobody by name"
    return page(
        request,
        "meetings/calendar/seat.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        group=group,
        title="End a seat",
        note=f"{who}, {unit_words(found.unit)}",
        verb="End the seat",
        danger=True,
        back_url=reverse("group", args=[public_id]),
    )
