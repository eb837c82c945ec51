"""A meeting runs: it begins, moves from item to item for everybody at once, ends, and may go on.

Every operation locks the meeting first and then the item, so that two people who press at once take turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import (
    ITEM_LIFECYCLE,
    MEETING_LIFECYCLE,
    Attendance,
    Item,
    ItemStatus,
    Meeting,
    MeetingStatus,
)
from saferhub.meetings.queries import live_people as people
from saferhub.meetings.queries.live_items import is_heading, items_of
from saferhub.meetings.queries.live_recorded import is_recorded
from saferhub.meetings.rules import live as rules
from saferhub.partnership.access import Actor
from saferhub.partnership.rules.dates_in_words import date_in_words

from .calendar_apologies import expect
from .items import move_item
from .minutes import draft_minutes
from .planning import move_meeting

RECORDED = (MeetingStatus.RUNNING, MeetingStatus.DRAFT)
NOT_REACHED = "Not reached"


def load_item(by: Actor, meeting_id: str, item_id: str) -> tuple[Meeting, Item]:
    """The meeting and one of its items, both locked. Raises Http404; NotAllowed unless she may record the item."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    item.meeting = meeting
    access.check_can_record(by, item)
    return meeting, item


def check_recorded(meeting: Meeting) -> None:
    """Raise Refusal unless something can be recorded of the meeting: it runs, or its minutes are in draft."""
    if meeting.status == MeetingStatus.APPROVED:
        raise Refusal(
            "minutes_frozen", "The minutes of this meeting are approved, so nothing is added to them."
        )
    if meeting.status not in RECORDED:
        raise Refusal("not_running", "This meeting does not run. Begin it first.")


def check_running(meeting: Meeting) -> None:
    """Raise Refusal unless the meeting runs."""
    if meeting.status != MeetingStatus.RUNNING:
        raise Refusal("not_running", "This meeting does not run.")


def _move(meeting: Meeting, after: MeetingStatus, *, by: Actor, on: date) -> None:
    before = MeetingStatus(meeting.status)
    MEETING_LIFECYCLE.check(before, after)
    meeting.status = after
    meeting.version += 1
    move_meeting(meeting, before, after, by=by, on=on)


def _status(item: Item, after: ItemStatus, *, by: Actor, on: date, reason: str = "") -> None:
    before = ItemStatus(item.status)
    ITEM_LIFECYCLE.check(before, after)
    item.status = after
    item.version += 1
    item.save(update_fields=["status", "version"])
    move_item(item, before, after, by=by, on=on, reason=reason)


@transaction.atomic
def begin_meeting(*, meeting_id: str, by: Actor, on: date, another_day: bool = False) -> Meeting:
    """Begin a meeting whose agenda was sent, at its first item; at none where that is kept from somebody who is
    there. A second press changes nothing. `another_day`: it was said that it begins on another day than was planned.

    Without a quorum it may begin: what is missing stands on every page until it is there. Raises NotAllowed unless the
    actor prepares the meeting, and Refusal while its agenda is not sent, or `another_day` where nobody said that.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status == MeetingStatus.RUNNING:
        return meeting
    if meeting.status == MeetingStatus.PREPARING:
        raise Refusal(
            "agenda_not_sent", "Send the agenda first: until then nobody at the table sees the items."
        )
    if meeting.status == MeetingStatus.SENT and meeting.on != on and not another_day:
        raise Refusal(
            "another_day",
            f"This meeting is planned for {date_in_words(meeting.on)}. Tick that you begin it today.",
        )
    _move(meeting, MeetingStatus.RUNNING, by=by, on=on)
    meeting.began_at = clock.now()
    first = next(
        (one for one in items_of(by, meeting) if one.status == ItemStatus.ON and not is_heading(one)), None
    )
    if first is not None and not people.must_leave_for(by, first):
        _look_at(meeting, first, meeting.began_at)
    meeting.save(update_fields=["status", "version", "began_at", "focus", "focus_since"])
    expect(meeting, by=by)
    audit.record("meetings.begun", meeting, by=by, group=meeting.group.public_id)
    return meeting


@transaction.atomic
def not_begun(*, meeting_id: str, by: Actor, on: date) -> Meeting:
    """Take back that a meeting began: its agenda is out as before, and its clock stands at nothing. A second press
    changes nothing. Who came stays recorded, for that can be recorded before a meeting begins.

    Raises NotAllowed unless the actor prepares the meeting; Refusal `not_running`, and `recorded_already` where
    something is recorded of it that the actor sees: then it is ended instead.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status == MeetingStatus.SENT:
        return meeting
    check_running(meeting)
    items = items_of(by, meeting)
    if is_recorded(by, meeting, items):
        raise Refusal(
            "recorded_already",
            "Something is recorded of this meeting already. End it, and its minutes tell of it.",
        )
    for one in items:
        if one.began_at is not None or one.spent:
            one.began_at, one.spent = None, 0
            one.save(update_fields=["began_at", "spent"])
    _move(meeting, MeetingStatus.SENT, by=by, on=on)
    meeting.began_at, meeting.focus, meeting.focus_since = None, "", None
    meeting.save(update_fields=["status", "version", "began_at", "focus", "focus_since"])
    audit.record("meetings.not_begun", meeting, by=by, group=meeting.group.public_id)
    return meeting


def _look_at(meeting: Meeting, item: Item, now: datetime) -> None:
    meeting.focus, meeting.focus_since = item.public_id, now
    if item.began_at is None:
        item.began_at = now
        item.save(update_fields=["began_at"])


def _look_away(meeting: Meeting, by: Actor, now: datetime) -> None:
    """Add the time to the item in focus, as far as the actor sees it, and leave it."""
    if meeting.focus:
        rows = access.parts_readable_by(by, Item).select_for_update(of=("self",))
        item = rows.filter(meeting=meeting, public_id=meeting.focus).first()
        if item is not None:
            item.spent = rules.seconds_in_focus(item.spent, meeting.focus_since, now)
            item.save(update_fields=["spent"])
    meeting.focus, meeting.focus_since = "", None


def wait_at_none(meeting: Meeting, *, by: Actor) -> None:
    """Leave the item in focus: the room sees none until the meeting is moved again. The caller locked the meeting."""
    _look_away(meeting, by, clock.now())
    meeting.save(update_fields=["focus", "focus_since"])


def wait_for(meeting: Meeting, came: Sequence[Attendance], *, by: Actor) -> None:
    """Leave the item in focus, which a projector may show, where it is kept from one of those who came in now. Where
    the actor does not see it herself she cannot know, so it is left too."""
    if meeting.status != MeetingStatus.RUNNING or not meeting.focus or not came:
        return
    item = next((one for one in items_of(by, meeting) if one.public_id == meeting.focus), None)
    if item is None or people.leaving(by, came, people.kept_from(by, item)):
        wait_at_none(meeting, by=by)


@transaction.atomic
def focus_on(*, meeting_id: str, item_id: str, by: Actor, have_left: bool = False) -> Meeting:
    """Move the meeting to an item: whatever shows the meeting shows it now. `have_left`: those from whom it is kept
    have left the room.

    Raises NotAllowed unless the actor may record it; Refusal while the meeting does not run, for an item that is done
    or put off, and `somebody_must_leave` while somebody is there from whom it is kept.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_running(meeting)
    if item.status != ItemStatus.ON:
        raise Refusal("item_over", "This item is done or was put off. Open it again to speak of it.")
    if meeting.focus == item.public_id:
        return meeting
    if not have_left and (names := people.must_leave_for(by, item)):
        raise Refusal(
            "somebody_must_leave", f"{', '.join(names)} must leave before the meeting speaks of this item."
        )
    now = clock.now()
    _look_away(meeting, by, now)
    _look_at(meeting, item, now)
    meeting.save(update_fields=["focus", "focus_since"])
    audit.record("meetings.item_in_focus", item, by=by, meeting=meeting.public_id)
    return meeting


@transaction.atomic
def go_on(*, meeting_id: str, item_id: str, by: Actor, on: date) -> str:
    """Record an item as done and go on. Returns the public_id of the item that comes next for the actor, or "".

    The meeting itself moves only where it was at this item: whoever finishes writing later pulls nobody back, and two
    who press at once go on by one item. Before an item that is kept from somebody in the room it waits, at none.
    Raises NotAllowed unless the actor may record the item, and Refusal once the minutes are approved.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_recorded(meeting)
    was_in_focus = meeting.focus == item.public_id
    if item.status == ItemStatus.ON:
        _status(item, ItemStatus.DONE, by=by, on=on)
        audit.record("meetings.item_done", item, by=by, meeting=meeting.public_id)
    return _next(meeting, item, by=by, moves=was_in_focus)


@transaction.atomic
def put_off(*, meeting_id: str, item_id: str, reason: str, by: Actor, on: date) -> str:
    """Put an item off to the next meeting. Returns what comes next, as `go_on` does.

    Raises Refusal without a reason, for an item that is done, and for a standing one: that stands on every agenda.
    """
    meeting, item = load_item(by, meeting_id, item_id)
    check_recorded(meeting)
    if item.code:
        raise Refusal("standing_item", "A standing item stays on every agenda. Record it as done.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is put off.")
    was_in_focus = meeting.focus == item.public_id
    _status(item, ItemStatus.DEFERRED, by=by, on=on, reason=reason.strip())
    audit.record("meetings.item_deferred", item, by=by, meeting=meeting.public_id)
    return _next(meeting, item, by=by, moves=was_in_focus)


@transaction.atomic
def bring_back(*, meeting_id: str, item_id: str, by: Actor, on: date) -> Item:
    """Open an item again that is done or was put off. Raises Refusal once the minutes are approved."""
    meeting, item = load_item(by, meeting_id, item_id)
    check_recorded(meeting)
    if item.status == ItemStatus.ON:
        return item
    _status(item, ItemStatus.ON, by=by, on=on)
    audit.record("meetings.item_back", item, by=by, meeting=meeting.public_id)
    return item


def _next(meeting: Meeting, item: Item, *, by: Actor, moves: bool) -> str:
    """The item after this one; with `moves` the meeting goes there too, unless somebody must leave for it."""
    rows = [one for one in items_of(by, meeting) if not is_heading(one)]
    coming = {one.public_id: one for one in rows if one.status == ItemStatus.ON and one.pk != item.pk}
    found = rules.following([one.public_id for one in rows], coming, item.public_id)
    if moves:
        now = clock.now()
        _look_away(meeting, by, now)
        if found and not people.must_leave_for(by, coming[found]):
            _look_at(meeting, coming[found], now)
            audit.record("meetings.item_in_focus", coming[found], by=by, meeting=meeting.public_id)
        meeting.save(update_fields=["focus", "focus_since"])
    return found


@transaction.atomic
def end_meeting(*, meeting_id: str, by: Actor, on: date, put_off_rest: bool = False) -> Meeting:
    """End a meeting: its minutes are in draft from now on. `put_off_rest`: what was not reached waits for the next one.

    Raises Refusal `items_left` where the actor sees items that are neither done nor put off and does not put them off.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status == MeetingStatus.DRAFT:
        return meeting
    MEETING_LIFECYCLE.check(MeetingStatus(meeting.status), MeetingStatus.DRAFT)
    _look_away(meeting, by, clock.now())
    left = [one for one in items_of(by, meeting) if one.status == ItemStatus.ON]
    if not put_off_rest and any(not is_heading(one) for one in left):
        raise Refusal("items_left", "Some items are not done. Say that they are put off, or go back to them.")
    for one in left:
        if one.code:  # A standing item is on every agenda, so it is never put off.
            _status(one, ItemStatus.DONE, by=by, on=on)
        else:
            _status(one, ItemStatus.DEFERRED, by=by, on=on, reason=NOT_REACHED)
            audit.record("meetings.item_deferred", one, by=by, meeting=meeting.public_id)
    _move(meeting, MeetingStatus.DRAFT, by=by, on=on)
    meeting.ended_at = clock.now()
    meeting.save(update_fields=["status", "version", "ended_at", "focus", "focus_since"])
    audit.record("meetings.ended", meeting, by=by, put_off=sum(not one.code for one in left))
    draft_minutes(meeting_id=meeting.public_id, by=by, on=on)
    return meeting


@transaction.atomic
def resume_meeting(*, meeting_id: str, by: Actor, on: date) -> Meeting:
    """Go on with a meeting that was ended too early. Raises Refusal once its minutes are approved."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status == MeetingStatus.RUNNING:
        return meeting
    if meeting.status != MeetingStatus.DRAFT:
        raise Refusal("not_ended", "This meeting was not ended, or its minutes are approved.")
    _move(meeting, MeetingStatus.RUNNING, by=by, on=on)
    meeting.ended_at = None
    meeting.save(update_fields=["status", "version", "ended_at"])
    audit.record("meetings.resumed", meeting, by=by)
    return meeting
