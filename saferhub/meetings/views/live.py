"""The page of a meeting that runs: its agenda, the item with what was returned, the record beside it."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from saferhub.audit.operations import record_sight
from saferhub.foundation.pages import page
from saferhub.meetings import access
from saferhub.meetings.forms.live import BeginForm, RecordForm
from saferhub.meetings.models import Item, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.operations.live_recording import decided_of
from saferhub.meetings.queries import live_item as of_item
from saferhub.meetings.queries import live_items as of_items
from saferhub.meetings.queries import live_people as people
from saferhub.partnership.access import Actor

from .meeting_frame import MARKING, SECTION, frame

BOTH = ["GET", "HEAD", "POST"]
TAB = "run"
BY_SCRIPT = "Saferhub-Script"
SAVED_AT = "Saferhub-Saved"


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def to_item(meeting_id: str, item_id: str, anchor: str = "") -> HttpResponse:
    """The page of an item, or of whatever is spoken of where none is named."""
    if not item_id:
        return redirect("meeting-run", meeting_id)
    return redirect(reverse("item-run", args=[meeting_id, item_id]) + anchor)


def hour(moment: Any) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"


def digest(text: str) -> str:
    """By which a form tells the words that it was drawn with."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


@require_safe
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """The item that is spoken of; before the meeting begins who is expected, after it what is left to do."""
    actor = actor_of(request)
    meeting = access.get_meeting(actor, public_id)
    access.check_can_prepare(actor, meeting.group)
    if meeting.status != MeetingStatus.RUNNING:
        return around(request, actor, meeting)
    items = of_items.items_of(actor, meeting)
    found = _spoken_of(meeting, items)
    if found is None:
        return around(request, actor, meeting)
    return draw_item(request, actor, meeting, items, found, form=None, follows=True)


def _spoken_of(meeting: Meeting, items: list[Item]) -> Item | None:
    """The item in focus, else the first that is to come, else the last."""
    named = [one for one in items if not of_items.is_heading(one)]
    focused = [one for one in named if one.public_id == meeting.focus]
    coming = [one for one in named if one.status == ItemStatus.ON]
    return next(iter(focused or coming or named[-1:] or items[-1:]), None)


def around(
    request: HttpRequest, actor: Actor, meeting: Meeting, *, form: BeginForm | None = None
) -> HttpResponse:
    """Before a meeting begins, after it has ended, and while it runs without an item that the actor sees. `form`: to
    begin it on another day than it was planned for, as it was sent without its tick."""
    attendances = people.attendances_of(actor, meeting) if meeting.folder_id is not None else []
    items = of_items.items_of(actor, meeting) if meeting.folder_id is not None else []
    return page(
        request,
        "meetings/live/around.html",
        **frame(actor, meeting, tab=TAB),
        presence=people.presence(actor, meeting, attendances),
        expected=[one for one in attendances if one.seat != people.GUEST],
        rail=of_items.rail(actor, meeting, items, None),
        form=form,
        beginning=(form or BeginForm()) if meeting.on != actor.on else None,
        can_begin=meeting.status == MeetingStatus.SENT,
        can_resume=meeting.status == MeetingStatus.DRAFT,
    )


def draw_item(
    request: HttpRequest,
    actor: Actor,
    meeting: Meeting,
    items: list[Item],
    found: Item,
    *,
    form: RecordForm | None,
    follows: bool = False,
    saved: str = "",
) -> HttpResponse:
    access.check_can_record(actor, found)
    found = next((one for one in items if one.pk == found.pk), found)
    attendances = people.attendances_of(actor, meeting)
    number = of_items.numbers_of(items).get(found.pk, "")
    panel = of_item.panel(actor, meeting, found, number, attendances)
    own, others = of_item.own_and_others(actor, found)
    if form is None:
        form = form_for(actor, found, panel, None, _drawn(meeting, found, own, panel))
    if panel.returned or found.matter_id is not None:
        matter = panel.matter
        record_sight(
            "meetings.run_seen",
            found,
            by=actor,
            purpose=matter.purpose if matter else "",
            meeting=meeting.public_id,
            matter=matter.public_id if matter else "",
        )
    return page(
        request,
        "meetings/live/run.html",
        section=SECTION,
        marking=MARKING,
        meeting=meeting,
        group=meeting.group,
        panel=panel,
        item=found,
        form=form,
        own=own,
        saved=saved or (hour(own.at) if own is not None else ""),
        author=actor.public_id,
        follows=follows or meeting.focus == found.public_id,
        rail=of_items.rail(actor, meeting, items, found),
        is_running=meeting.status == MeetingStatus.RUNNING,
        can_put_off=found.status == ItemStatus.ON and not found.code,
        is_over=found.status in (ItemStatus.DONE, ItemStatus.DEFERRED),
        room=people.room(attendances) if items and items[0].pk == found.pk else None,
        **what_changes(actor, meeting, items, found, attendances, others),
    )


def what_changes(
    actor: Actor, meeting: Meeting, items: list[Item], found: Item, attendances: list[Any], others: list[Any]
) -> dict[str, Any]:
    """What changes while the page stands open: the time, the room, where the meeting is, what others wrote."""
    focused = next((one for one in items if one.public_id == meeting.focus), None)
    numbers = of_items.numbers_of(items)
    return {
        "time": of_items.time_of(meeting, items),
        "presence": people.presence(actor, meeting, attendances),
        "others": others,
        "focused": focused,
        "focused_number": numbers.get(focused.pk, "") if focused is not None else "",
        "is_focused": focused is not None and focused.pk == found.pk,
    }


def _drawn(meeting: Meeting, found: Item, own: Any, panel: of_item.Panel) -> dict[str, Any]:
    """What the form begins with: her own newest words, what is decided, the day of the next meeting, marks of this
    page alone."""
    stands = decided_of(found)
    due = people.day_of_next(meeting)
    base = own.sequence if own is not None else 0
    return {
        "text": own.text if own is not None else "",
        "text_was": digest(own.text if own is not None else ""),
        "mark": get_random_string(22),
        "sequence": base + 1,
        "continues": own.mark if own is not None else "",
        "base": base,
        "decision": stands.decision,
        "decision_words": stands.words,
        "agreed": stands.agreed,
        "was": stands.mark,
        "action_mark": get_random_string(22),
        "due_on": f"{due.day}/{due.month}/{due.year}",
        "due_was": f"{due.day}/{due.month}/{due.year}",
        "scored": panel.risk.scored.public_id if panel.risk is not None else "",
    }


def form_for(
    actor: Actor, found: Item, panel: of_item.Panel, data: QueryDict | None, initial: dict[str, Any]
) -> RecordForm:
    return RecordForm(
        data,
        initial=initial,
        decisions=of_items.decisions_for(actor, found),
        owners=of_item.owners_on_offer(panel),
        risk=panel.risk if panel.is_running else None,
        on=actor.on,
    )
