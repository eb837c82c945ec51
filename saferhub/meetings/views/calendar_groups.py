"""The page of a group: who sits, its rules in words, its meetings to come; planning, calling and inviting."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from saferhub.foundation.forms.once import Once
from saferhub.foundation.pages import page
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.templatetags.words import count_words, plain_date
from saferhub.meetings import access
from saferhub.meetings.forms.calendar import (
    FIELD_OF,
    FIELD_OF_DAY,
    FIELD_OF_END,
    CallForm,
    EndGroupForm,
    InviteForm,
    PlanForm,
)
from saferhub.meetings.models import Group
from saferhub.meetings.operations import calendar_ending as ending
from saferhub.meetings.operations import calendar_inviting as inviting
from saferhub.meetings.operations import planning
from saferhub.meetings.queries import calendar_groups as queries
from saferhub.meetings.queries.meeting_facts import kind_or_none
from saferhub.meetings.rules.when import hours
from saferhub.meetings.views.calendar_lists import BOTH, actor_of
from saferhub.meetings.views.meeting_frame import MARKING, SECTION
from saferhub.partnership.access import Permission
from saferhub.partnership.queries.citations import Citations
from saferhub.partnership.queries.duties import bank_holidays

_USUAL_MINUTES = 60
_SATURDAY = 5


@require_safe
def group(request: HttpRequest, public_id: str) -> HttpResponse:
    """One group."""
    actor = actor_of(request)
    found = access.get_group(actor, public_id)
    meets = found.ended_on is None or found.ended_on >= actor.on
    rules = queries.rules_of(found, actor.on)
    seats = queries.seats_of_group(found, actor.on)
    return page(
        request,
        "meetings/calendar/group.html",
        section=SECTION,
        marking=MARKING,
        group=found,
        seats=seats,
        rules=rules,
        without_seat=queries.kinds_without_seat(found, rules, seats, actor.on),
        citations=Citations(actor.partnership),
        coming=[
            (one, hours(one.starts_at, one.minutes)) for one in queries.meetings_to_come(found, actor.on)
        ],
        prepares=access.can_prepare(actor, found) and meets,
        meets=meets,
        can_end=actor.has(Permission.PREPARE_MEETINGS),
        today=actor.on,
        all_url=f"{reverse('meetings')}?group={found.public_id}",
        past_url=f"{reverse('meetings')}?group={found.public_id}&when=past",
    )


@require_http_methods(BOTH)
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    """End a group with its last day and the reason."""
    actor = actor_of(request)
    found = access.get_group(actor, public_id)
    actor.check(Permission.PREPARE_MEETINGS)
    if found.ended_on is not None:
        raise Refusal("group_ended", f"This group has its last day already: {plain_date(found.ended_on)}.")
    form = EndGroupForm(request.POST if request.method == "POST" else None, initial={"last_day": actor.on})
    if form.is_bound and form.is_valid():
        try:
            gone = ending.end_group(group_id=public_id, **form.cleaned_data, by=actor, on=actor.on)
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF_END)
        else:
            cancelled = f" {count_words(gone, 'meeting')} cancelled." if gone else ""
            last = plain_date(form.cleaned_data["last_day"])
            messages.success(request, f"The group meets for the last time on {last}.{cancelled}")
            return redirect("group", public_id)
    planned = count_words(len(ending.meetings_after(found, actor.on)), "meeting")
    return page(
        request,
        "meetings/calendar/cancel.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        heading="End this group",
        consequence="Its seats end, and what is planned for later is cancelled: whoever was invited is told by mail. "
        f"After today: {planned}. Its past meetings and their minutes stay.",
        verb="End the group",
        danger=True,
        group=found,
        back_url=reverse("group", args=[public_id]),
        back_words=found.name,
    )


@require_POST
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let an ended group meet again."""
    ending.resume_group(group_id=public_id, by=actor_of(request))
    messages.success(request, "The group meets again. Give its seats next, then plan its year.")
    return redirect("group", public_id)


@require_http_methods(BOTH)
def plan(request: HttpRequest, public_id: str) -> HttpResponse:
    """Plan the meetings of a year by the cycle: first which days that gives, and why some are moved."""
    actor = actor_of(request)
    found = access.get_group(actor, public_id)
    access.check_can_prepare(actor, found)
    planning.check_meets(found, actor.on)
    kind = planning.kind_of(found, actor.on)
    if kind.cycle is None:
        raise Refusal(
            "no_cycle",
            "This group meets when it is called.",
            link=reverse("group-call", args=[public_id]),
            link_text="Call a meeting",
        )
    once = Once(request)
    if once.answer:
        return once.answer
    until = _furthest(actor.on)
    form = PlanForm(request.POST if request.method == "POST" else None, initial={"until": until})
    days: list[planning.Proposed] = []
    if not form.is_bound or form.is_valid():
        given: dict[str, Any] = {"until": until, "place": "", "cancelled_too": False}
        given = form.cleaned_data if form.is_bound else given
        until, anew = given["until"], given["cancelled_too"]
        try:
            if request.POST.get("do") == "plan":
                made = planning.plan_ahead(group_id=public_id, **given, by=actor, on=actor.on)
                messages.success(
                    request, f"{count_words(len(made), 'meeting')} planned. Nobody is invited yet."
                )
                return once.done(redirect("group", public_id))
            days = planning.proposed(found, kind, until=until, on=actor.on, cancelled_too=anew)
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF)
    fresh = sum(not one.stands for one in days)
    shifted = sum(one.moved_from is not None for one in days)
    return page(
        request,
        "meetings/calendar/plan.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        group=found,
        rules=queries.rules_of(found, actor.on),
        days=days,
        fresh=fresh,
        plan_words=f"Plan {count_words(fresh, 'meeting')}",
        days_words=f"{count_words(len(days), 'day')}, {shifted or 'none'} of them moved",
        until=until,
        back_url=reverse("group", args=[public_id]),
    )


def _furthest(on: date) -> date:
    """A year ahead, as far as the bank holidays are known."""
    try:
        known = date(bank_holidays().last_year, 12, 31)
    except Refusal:
        known = on + planning.AHEAD
    return min(on + timedelta(days=365), max(known, on + timedelta(days=1)))


def place_refusal(form: Any, refusal: Refusal, fields: dict[str, str]) -> None:
    """Put a refusal beside the field it is about, or raise it."""
    field = fields.get(refusal.code)
    if refusal.status != 409 or field not in form.fields or not form.is_bound:
        raise refusal
    form.refuse(field, refusal.sentence)


@require_http_methods(BOTH)
def call(request: HttpRequest, public_id: str) -> HttpResponse:
    """Call a meeting on a day of its own."""
    actor = actor_of(request)
    found = access.get_group(actor, public_id)
    access.check_can_prepare(actor, found)
    planning.check_meets(found, actor.on)
    once = Once(request)
    if once.answer:
        return once.answer
    kind = kind_or_none(found, actor.on)
    cycle = kind.cycle if kind else None
    initial = {
        "minutes": cycle.minutes if cycle else _USUAL_MINUTES,
        "starts_at": cycle.starts_at if cycle else "",
    }
    form = CallForm(
        request.POST if request.method == "POST" else None, initial=initial, no_working_day=no_working_day
    )
    if form.is_bound and form.is_valid():
        given = {**form.cleaned_data, "starts_at": time.fromisoformat(form.cleaned_data["starts_at"])}
        try:
            made = planning.call_meeting(group_id=public_id, **given, by=actor, on=actor.on)
        except Refusal as refusal:
            place_refusal(form, refusal, FIELD_OF_DAY)
        else:
            messages.success(
                request, f"The meeting is called for {plain_date(made.on)}. Nobody is invited yet."
            )
            return once.done(redirect("meeting-when", made.public_id))
    return page(
        request,
        "meetings/calendar/call.html",
        section=SECTION,
        marking=MARKING,
        form=once.within(form),
        group=found,
        back_url=reverse("group", args=[public_id]),
    )


def no_working_day(day: date) -> str:
    """What a day is that is no working day: "a Saturday", "a bank holiday (Christmas Day)". Nothing for a working day,
    and where the bank holidays of its year are not known."""
    if day.weekday() >= _SATURDAY:
        return "a Saturday" if day.weekday() == _SATURDAY else "a Sunday"
    try:
        name = bank_holidays().name_of(day)
    except Refusal:
        return ""
    return f"a bank holiday ({name})" if name else ""


@require_http_methods(BOTH)
def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send calendar entries for the meetings to come to everybody with a seat."""
    actor = actor_of(request)
    found: Group = access.get_group(actor, public_id)
    access.check_can_prepare(actor, found)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        until = actor.on + timedelta(days=int(form.cleaned_data["ahead"]))
        sent = inviting.invite_ahead(group_id=public_id, until=until, by=actor, on=actor.on)
        said = f"{count_words(sent, 'calendar entry', 'calendar entries')} on the way by mail."
        messages.success(request, said if sent else "Everybody has these meetings as they stand.")
        return redirect("group", public_id)
    return page(
        request,
        "meetings/calendar/invite.html",
        section=SECTION,
        marking=MARKING,
        form=form,
        group=found,
        back_url=reverse("group", args=[public_id]),
    )
