"""What follows when a seat ends or goes to somebody else: agendas of meetings after its last day close to whoever saw
them for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Q

from saferhub.accounts.models import User
from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.models import Attendance, Came, Group, Item, KeptFrom, Meeting, Member
from saferhub.meetings.queries.sending import items_of, sight_until
from saferhub.meetings.queries.table import Place, members_on, people_at
from saferhub.partnership.access import Actor, Permission, actor_for
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Because, Interest
from saferhub.sharing.operations.folders import end_interest, limit_interest

from .items import CHANGEABLE
from .organising import ORGANISERS
from .sight import GUEST, is_the_tables

NO_SEAT = "No seat in this group any more"


def close_to_who_left(group: Group, left: Iterable[User | None], *, by: Actor, on: date) -> int:
    """End, for meetings from this day on, the sight of those who have no seat at them any more; nobody is let in, which
    is for whoever sends the agenda. Guests stay, and so does what sleeps with an agreement. Of an item that the actor
    does not see nothing is ended: the next sending by somebody who does see it ends that.

    `left`: whose seat it was. In a group without a hub they may have been named as organisers, without an end: that
    ends too, of earlier meetings with the sight of those who sat at them, unless they keep all the partnership's
    meetings. Returns how many interests ended. The caller has checked
    that the actor prepares them.
    """
    organised = {
        one.pk
        for one in left
        if one is not None
        and group.hub_id is None
        and not actor_for(one, on=on).has(Permission.PREPARE_MEETINGS)
    }
    rows = group.meetings.filter(status__in=CHANGEABLE, on__gte=on, folder__isnull=False).order_by("on", "id")
    ended = sum(_close(meeting, organised, by=by) for meeting in rows)
    return ended + (_close_earlier(group, organised, by=by, on=on) if organised else 0)


def _close(meeting: Meeting, organised: set[int], *, by: Actor) -> int:
    seats: dict[int, list[Member]] = {}
    for member in members_on(meeting):
        seats.setdefault(member.unit_id, []).append(member)
    places = [Place(held[0].unit, tuple(held), None) for held in seats.values()]
    people = {one.user.pk for found in people_at(by, places).values() for one in found}
    folders = {item.folder_id for item in items_of(by, meeting)} | {meeting.work_folder_id}
    kept = access.parts_readable_by(by, KeptFrom).filter(item__meeting=meeting)
    folders |= set(kept.values_list("folder_id", flat=True))
    guests = set(
        access.parts_readable_by(by, Attendance)
        .filter(meeting=meeting, seat=GUEST)
        .exclude(came=Came.ABSENT)
        .values_list("folder_id", "user_id")
    )
    still = {one.user_id for held in seats.values() for one in held if one.seat in ORGANISERS}
    me = by.user.pk if by.user is not None else 0
    ended = 0
    live = Interest.objects.filter(interests_live_on(clock.now()), folder__in=folders)
    # One's own last: the rest is out of sight then.
    for row in sorted(live.select_related("folder"), key=lambda one: (one.user_id == me, one.pk)):
        stays = row.unit_id in seats if row.unit_id is not None else row.user_id in people
        was_named = row.because == Because.NAMED and row.user_id in organised - still
        if was_named or (not stays and is_the_tables(row) and (row.folder_id, row.user_id) not in guests):
            end_interest(interest=row, by=by, reason=NO_SEAT)
            ended += 1
    return ended


def _close_earlier(group: Group, organised: set[int], *, by: Actor, on: date) -> int:
    """What those who organised a group without a hub see of its meetings before this day, or that are over: as long as
    they organise it, and those who sat there see it. Returns how many interests ended at once."""
    seats = group.members.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on), seat__in=ORGANISERS)
    last: dict[int | None, date | None] = dict.fromkeys(organised, on)
    for user, until in seats.filter(user__in=organised).values_list("user_id", "valid_until"):
        known = last[user]
        last[user] = max(known, until) if known is not None and until is not None else None
    meetings = {
        one.pk: one
        for one in group.meetings.filter(folder__isnull=False).exclude(status__in=CHANGEABLE, on__gte=on)
    }
    lies = {folder: one for one in meetings.values() for folder in (one.folder_id, one.work_folder_id)}
    items = access.parts_readable_by(by, Item).filter(meeting__in=meetings)
    kept = access.parts_readable_by(by, KeptFrom).filter(item__meeting__in=meetings)
    pairs = [*items.values_list("folder_id", "meeting"), *kept.values_list("folder_id", "item__meeting")]
    lies |= {folder: meetings[number] for folder, number in pairs}
    rows = Interest.objects.filter(
        interests_live_on(clock.now()),
        folder__in=lies,
        because=Because.NAMED,
        valid_until__isnull=True,
        user__in=[user for user, day in last.items() if day is not None],
    )
    me, now, ended = by.user.pk if by.user is not None else 0, clock.now(), 0
    for row in sorted(rows.select_related("folder"), key=lambda one: (one.user_id == me, one.pk)):
        day = last[row.user_id]
        assert day is not None
        ends = datetime.combine(day, time(23, 59, 59), tzinfo=now.tzinfo) if day > on else now
        until = max(ends, sight_until(lies[row.folder_id]))
        if until > now:
            limit_interest(interest=row, until=until, by=by)
        else:
            end_interest(interest=row, by=by, reason=NO_SEAT)
            ended += 1
    return ended
