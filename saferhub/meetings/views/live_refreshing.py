"""What a page of a running meeting asks for while it stands open, and what the room sees on the projector."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation import clock
from saferhub.foundation.pages import page
from saferhub.meetings import access
from saferhub.meetings.models import Meeting, MeetingStatus
from saferhub.meetings.operations import live as operations
from saferhub.meetings.queries import live_item as of_item
from saferhub.meetings.queries import live_items as of_items
from saferhub.meetings.queries import live_people as people

from .live import BY_SCRIPT, actor_of, what_changes
from .meeting_frame import MARKING, SECTION

# A page that refreshes itself counts as used. It goes on for so many planned lengths of a meeting that nobody ended.
REFRESHES = 3


def is_refreshed(meeting: Meeting) -> bool:
    """Whether a page of this meeting goes on refreshing itself: it runs, and not for three times its planned length."""
    if meeting.status != MeetingStatus.RUNNING or meeting.began_at is None:
        return False
    return (clock.now() - meeting.began_at).total_seconds() < meeting.minutes * 60 * REFRESHES


def unless_same(request: HttpRequest, drawn: str) -> HttpResponse:
    """The part, or 304 where the page has it already. The mark is made of what is drawn and of nothing else, so that
    what a reader does not see changes nothing for her."""
    mark = f'"{hashlib.sha256(drawn.encode()).hexdigest()[:32]}"'
    answer: HttpResponse = (
        HttpResponseNotModified() if request.headers.get("If-None-Match") == mark else HttpResponse(drawn)
    )
    answer.headers["ETag"] = mark
    return answer


@require_safe
def now(request: HttpRequest, public_id: str, item_id: str) -> HttpResponse:
    """What changed since the page was drawn: the time, the room, where the meeting is, what others wrote. 410 once the
    page need not ask any more. No sight is recorded: the page itself left one."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    found = access.get_item(actor, meeting, item_id)
    found.meeting = meeting
    access.check_can_record(actor, found)
    if not is_refreshed(meeting):
        return HttpResponse(status=410)
    items = of_items.items_of(actor, meeting)
    # Her own words are in the page already; an older row of hers stands among the others'.
    _, others = of_item.own_and_others(actor, found)
    context = what_changes(actor, meeting, items, found, people.attendances_of(actor, meeting), others)
    return unless_same(
        request, render_to_string("meetings/live/now.html", {"meeting": meeting, "item": found, **context})
    )


@require_safe
def screen(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the room sees: the item that is spoken of and nothing else. No agenda, for it may hold what somebody in the
    room must not learn of; an item that is kept from somebody comes here only once she has left."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    operations.check_running(meeting)
    items = of_items.items_of(actor, meeting)
    found = next((one for one in items if one.public_id == meeting.focus), None)
    panel = None
    if found is not None:
        access.check_can_record(actor, found)
        panel = of_item.panel(actor, meeting, found, of_items.numbers_of(items)[found.pk], [])
    context: dict[str, Any] = {
        "meeting": meeting,
        "group": meeting.group,
        "panel": panel,
        "item": found,
        "time": of_items.time_of(meeting, items),
        "room": people.room(people.attendances_of(actor, meeting))
        if found and found.pk == items[0].pk
        else None,
        "decision": of_items.decision_words(actor, found.decision) if found is not None else "",
    }
    if BY_SCRIPT in request.headers:
        if not is_refreshed(meeting):
            return HttpResponse(status=410)
        return unless_same(request, render_to_string("meetings/live/screen_part.html", context))
    if found is not None and panel is not None and panel.matter is not None:
        record_sight(
            "meetings.run_seen", found, by=actor, purpose=panel.matter.purpose, meeting=meeting.public_id,
            matter=panel.matter.public_id,
        )  # fmt: skip
    return page(request, "meetings/live/screen.html", **context, section=SECTION, marking=MARKING)
