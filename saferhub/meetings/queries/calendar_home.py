"""What stands in the navigation, in Your work and beside it for meetings; and what a leaver leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse

from saferhub.accounts.models import User
from saferhub.foundation.registries import NavItem, OpenWork, WorkItem, WorkPanel
from saferhub.meetings import access
from saferhub.meetings.models import Meeting, MeetingStatus, Member
from saferhub.meetings.queries.calendar_lists import coming, groups_prepared_by
from saferhub.meetings.queries.meeting_facts import SHORT_NOTICE, cut_offs_of, facts_of, is_before_called
from saferhub.meetings.rules.when import hours
from saferhub.partnership.access import Actor, Permission
from saferhub.partnership.rules.dates_in_words import date_in_words

# An agenda is begun when its first cut-off is so near, and no meeting later than this is looked at.
_SOON = timedelta(days=7)
_AHEAD = timedelta(days=56)
_MOST = 50


def navigation(actor: Actor) -> Iterator[NavItem]:
    """Meetings, for those whose role works on matters and for whoever has a seat."""
    if actor.has(Permission.WORK_ON_MATTERS) or (actor.user is not None and access.seats_of(actor).exists()):
        yield NavItem("Meetings", reverse("meetings"), "meetings")


def work_items(actor: Actor) -> Iterator[WorkItem]:
    """Agendas to begin and to send, for whoever prepares them. Two queries, and two for each meeting found; three for
    one whose day for it has passed."""
    if actor.user is None or actor.partnership is None:
        return
    rows = (
        Meeting.objects.filter(
            group__in=groups_prepared_by(actor).order_by().values("pk"),
            status__in=[MeetingStatus.PLANNED, MeetingStatus.PREPARING],
            on__range=(actor.on, actor.on + _AHEAD),
        )
        .select_related("group__hub", "group__partnership")
        .order_by("on", "starts_at", "id")[:_MOST]
    )
    for meeting in rows:
        days = cut_offs_of(meeting)
        if meeting.status == MeetingStatus.PLANNED:
            due = days.asks if days else meeting.on
            if due > actor.on + _SOON:
                continue
            why, step = "Agencies are asked once its agenda is begun", "Begin the agenda"
        else:
            due = days.agenda if days else meeting.on
            why, step = "Agencies see what is asked of them once it is sent", "Send the agenda"
        if due < actor.on and is_before_called(meeting, due):
            due, why = meeting.on, f"{SHORT_NOTICE}. {why}"
        yield WorkItem(
            kind="meeting",
            kind_words="Meetings",
            title=f"{meeting.group.name}, {date_in_words(meeting.on)}",
            url=reverse("meeting", args=[meeting.public_id]),
            why=f"{why}. It meets at {meeting.starts_at:%H:%M}",
            due_on=due,
            step=step,
            step_url=reverse("meeting-agenda", args=[meeting.public_id]),
            note="Agenda",
            rank=4,
        )


def next_meeting(actor: Actor) -> WorkPanel | None:
    """The next meeting at which she sits or which she prepares: when, where, and what she has to do before."""
    if actor.user is None or actor.partnership is None:
        return None
    meeting = coming(actor).first()
    if meeting is None:
        return None
    return WorkPanel(
        "meetings/calendar/home_next.html",
        {
            "meeting": meeting,
            "facts": facts_of(actor, meeting),
            "hours": hours(meeting.starts_at, meeting.minutes),
            "url": reverse("meeting", args=[meeting.public_id]),
            "all_url": reverse("meetings"),
        },
    )


def open_work(user: User, actor: Actor) -> Iterator[OpenWork]:
    """The seats that somebody who leaves holds, or in which she is the deputy, as far as the actor sees the groups."""
    seats = Member.objects.filter(
        Q(user=user) | Q(deputy=user),
        Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on),
        group__in=access.groups_visible_to(actor).order_by().values("pk"),
    ).select_related("group")
    for seat in seats.order_by("group__name", "id"):
        what = (
            seat.get_seat_display()
            if seat.user_id == user.pk
            else f"Deputy for a seat ({seat.get_seat_display()})"
        )
        yield OpenWork(
            kind_words="Seat in a group that meets",
            title=f"{seat.group.name}: {what}",
            url=reverse("group", args=[seat.group.public_id]),
        )
