"""Who may see and do what in meetings. Everything is loaded through this package.

That a meeting takes place is known to its group's members, to whoever works in its hub and to whoever keeps the
partnership's meetings; a guest knows of the meeting to which she is bidden. What is spoken of is seen as its folder is.
Not visible is 404, in the same words as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from saferhub.foundation.one_page import once
from saferhub.foundation.refusals import Condition, NotAllowed, allows
from saferhub.meetings.models import (
    Apology,
    Ask,
    Attendance,
    Group,
    Item,
    ItemAction,
    ItemMove,
    KeptFrom,
    Meeting,
    Member,
    MinutesPart,
    Seat,
    Words,
)
from saferhub.partnership.access import Actor, Permission
from saferhub.sharing.access import in_folders_readable_by
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.sight import sight_of

M = TypeVar("M", bound=Model)
Loader = Callable[[Actor], QuerySet[Any]]
PARTS: tuple[type[Model], ...] = (Attendance, Item, ItemMove, KeptFrom, Ask, Words, ItemAction, MinutesPart)
# Seats that prepare and record a group without a hub.
_ORGANISE = (Seat.CHAIR, Seat.DEPUTY_CHAIR, Seat.MINUTES)


def seats_of(actor: Actor) -> QuerySet[Member]:
    """The seats that this actor, or her unit where nobody is named, holds on her day."""
    if actor.user is None:
        return Member.objects.none()
    units = [one for one in sight_of(actor).holders if one > 0]
    return Member.objects.filter(
        Q(user=actor.user) | Q(deputy=actor.user) | Q(user__isnull=True, unit__in=units),
        Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on),
        valid_from__lte=actor.on,
    )


def _seats_to_come(actor: Actor) -> QuerySet[Member]:
    """Seats of hers or of her unit that begin after her day and hold on the day of the meeting that is asked about:
    whoever is told of that meeting finds it."""
    units = [one for one in sight_of(actor).holders if one > 0]
    return Member.objects.filter(
        Q(user=actor.user) | Q(deputy=actor.user) | Q(unit__in=units),
        Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef("on")),
        group=OuterRef("group"),
        valid_from__gt=actor.on,
        valid_from__lte=OuterRef("on"),
    )


def seats_of_her_unit(actor: Actor) -> QuerySet[Member]:
    """The seats of her unit and those above it, whoever is named in them, on her day: what a unit is asked, any of
    its people answers."""
    units = [one for one in sight_of(actor).holders if one > 0]
    return Member.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=actor.on), unit__in=units, valid_from__lte=actor.on
    )


def groups_visible_to(actor: Actor) -> QuerySet[Group]:
    """Groups in which she or her unit sits, those of her hubs, and every one for whoever keeps all the meetings."""
    rows = Group.objects.filter(partnership=actor.partnership) if actor.partnership else Group.objects.none()
    if actor.has(Permission.PREPARE_MEETINGS):
        return rows
    return rows.filter(
        Q(hub__in=sight_of(actor).hubs)
        | Exists(seats_of(actor).filter(group=OuterRef("pk")))
        | Exists(seats_of_her_unit(actor).filter(group=OuterRef("pk")))
    )


def group_numbers(actor: Actor) -> list[int]:
    """The same groups by number. One query, asked once on a page: a partnership has a few dozen at most."""
    return once(
        ("meeting_groups", actor),
        lambda: list(groups_visible_to(actor).order_by().values_list("pk", flat=True)),
    )


def meetings_of(actor: Actor, group: int) -> QuerySet[Meeting]:
    """The meetings of one group (its number) that she sees: all of them where she sees the group."""
    if group in group_numbers(actor):
        return Meeting.objects.filter(group=group)
    return meetings_visible_to(actor).filter(group=group)


def meetings_visible_to(actor: Actor) -> QuerySet[Meeting]:
    """Meetings of those groups, those before which a seat of hers begins, those to which she comes instead of somebody,
    and those to which she is bidden as a guest."""
    if actor.user is None or actor.partnership is None:
        return Meeting.objects.none()
    bidden = in_folders_readable_by(actor, Attendance.objects.filter(user=actor.user, seat="guest"))
    return Meeting.objects.filter(
        Q(group__in=groups_visible_to(actor).order_by().values("pk"))
        | Q(Exists(_seats_to_come(actor)))
        | Q(pk__in=_instead(actor).order_by().values("meeting"))
        | Q(pk__in=bidden.order_by().values("meeting")),
        partnership=actor.partnership,
    )


def items_about(actor: Actor, matter: int) -> list[Item]:
    """The items about a matter (its number) that she may read, of meetings that she sees, each with its meeting and
    group, the earliest first.

    Most matters were never on an agenda. That is told by one look along an index, of numbers alone, at rows that the
    database lets her see; and most meetings are seen by their group. Four queries at most, one where there is none.
    """
    numbers = list(Item.objects.filter(matter=matter).values_list("pk", flat=True))
    if actor.user is None or not numbers:
        return []
    rows = parts_readable_by(actor, Item).filter(pk__in=numbers)
    items = list(rows.select_related("meeting__group").order_by("id"))
    seen = group_numbers(actor) if items else []
    others = {one.meeting_id for one in items if one.meeting.group_id not in seen}
    if others:
        others -= set(
            meetings_visible_to(actor).order_by().filter(pk__in=others).values_list("pk", flat=True)
        )
    return [one for one in items if one.meeting_id not in others]


def parts_readable_by(actor: Actor, model: type[M]) -> QuerySet[M]:
    """The rows of a part of meetings that lie in a folder the actor may read."""
    return in_folders_readable_by(actor, model._default_manager.all())


def _parts(model: type[M]) -> Loader:
    return lambda actor: parts_readable_by(actor, model)


LOADERS: dict[type[Model], Loader] = {model: _parts(model) for model in PARTS}


def get_group(actor: Actor, public_id: str) -> Group:
    """Raises Http404, hidden or missing."""
    found = groups_visible_to(actor).filter(public_id=public_id).select_related("hub", "board").first()
    if found is None:
        raise Http404
    return found


def get_meeting(actor: Actor, public_id: str) -> Meeting:
    """Raises Http404, hidden or missing."""
    return _one(actor, public_id, Meeting.objects.all())


def get_meeting_for_update(actor: Actor, public_id: str) -> Meeting:
    """The same, locked until the transaction ends."""
    return _one(actor, public_id, Meeting.objects.select_for_update(of=("self",)))


def _one(actor: Actor, public_id: str, rows: QuerySet[Meeting]) -> Meeting:
    """Most readers see a meeting by its group; of the others it is asked whether a seat of theirs begins before it,
    whether they come instead of somebody, or as a guest. Hidden or missing, the same is asked."""
    if actor.user is None or actor.partnership is None:
        raise Http404
    rows = rows.filter(public_id=public_id, partnership=actor.partnership).select_related(
        "group__hub", "group__board", "hub", "folder", "work_folder", "partnership"
    )
    found = rows.filter(group__in=group_numbers(actor)).first()
    if found is None:
        found = rows.filter(pk__in=meetings_visible_to(actor).order_by().values("pk")).first()
    if found is None:
        raise Http404
    return found


def _instead(actor: Actor) -> QuerySet[Apology]:
    """Apologies by which she comes instead of whoever has the seat."""
    return Apology.objects.filter(deputy=actor.user, taken_back_on__isnull=True)


def is_guest(actor: Actor, meeting: Meeting) -> bool:
    """Whether she knows of the meeting only because she is bidden to an item of it. Two queries at most."""
    if meeting.group_id in group_numbers(actor):
        return False
    hers = Q(Exists(_seats_to_come(actor))) | Q(pk__in=_instead(actor).order_by().values("meeting"))
    return not Meeting.objects.filter(hers, pk=meeting.pk).exists()


def check_no_guest(actor: Actor, meeting: Meeting) -> None:
    """Raise Http404 for a guest, who learns nothing of whoever else comes."""
    if is_guest(actor, meeting):
        raise Http404


def get_item(actor: Actor, meeting: Meeting, public_id: str) -> Item:
    """An item of this meeting. Raises Http404, hidden or missing."""
    return _item(parts_readable_by(actor, Item), meeting, public_id)


def get_item_for_update(actor: Actor, meeting: Meeting, public_id: str) -> Item:
    """The same, locked until the transaction ends."""
    return _item(parts_readable_by(actor, Item).select_for_update(of=("self",)), meeting, public_id)


def _item(rows: QuerySet[Item], meeting: Meeting, public_id: str) -> Item:
    # Whoever sees the item need not see its matter: joined, it is None then, where looking it up would fail.
    found = (
        rows.filter(meeting=meeting, public_id=public_id)
        .select_related("folder", "meeting", "matter__unit__agency")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_kept(actor: Actor, item: Item, public_id: str) -> KeptFrom:
    """That an item she sees is kept from somebody. Raises Http404."""
    found = parts_readable_by(actor, KeptFrom).filter(item=item, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_guest(actor: Actor, item: Item, public_id: str) -> Attendance:
    """A guest of an item she sees. Raises Http404."""
    rows = parts_readable_by(actor, Attendance).filter(
        folder=item.folder_id, seat="guest", public_id=public_id
    )
    found = rows.select_related("user").first()
    if found is None:
        raise Http404
    return found


def organised_by(actor: Actor) -> QuerySet[Member]:
    """Her own seats as chair, deputy chair or minute-taker: in a group without a hub they prepare its meetings."""
    return seats_of(actor).filter(user=actor.user, seat__in=_ORGANISE)


def _organises(actor: Actor, group: Group) -> bool:
    return group.hub_id is None and organised_by(actor).filter(group=group).exists()


def check_can_prepare(actor: Actor, group: Group) -> None:
    """Raise NotAllowed unless she prepares and records this group's meetings: for a hub its co-ordinator, chair and
    minute-taker; else whoever has the chair's or the minute-taker's seat; the partnership's manager for all."""
    if actor.has(Permission.PREPARE_MEETINGS, hub=group.hub) and (
        group.hub_id is None or group.hub_id in sight_of(actor).hubs
    ):
        return
    if _organises(actor, group):
        return
    raise NotAllowed(
        "not_your_meeting",
        "You take part in this meeting. Others prepare and record it.",
        conditions=[Condition("You are its chair, its minute-taker or its hub’s co-ordinator")],
    )


def can_prepare(actor: Actor, group: Group) -> bool:
    return allows(check_can_prepare, actor, group)


def check_can_record(actor: Actor, item: Item) -> None:
    """Raise NotAllowed unless she prepares the meeting and sees the item by more than an emergency."""
    check_can_prepare(actor, item.meeting.group)
    check_not_only_emergency(actor, item.folder)


def check_can_approve(actor: Actor, group: Group) -> None:
    """Raise NotAllowed unless she chairs this group, has a seat as its chair or deputy chair, or keeps the
    partnership's meetings. A deputy approves what is kept from the chair."""
    if actor.has(Permission.APPROVE_MINUTES, hub=group.hub) and (
        group.hub_id is None or group.hub_id in sight_of(actor).hubs
    ):
        return
    if seats_of(actor).filter(group=group, user=actor.user, seat__in=_ORGANISE[:2]).exists():
        return
    raise NotAllowed(
        "not_its_chair",
        "The chair approves the minutes.",
        conditions=[Condition("You chair this meeting")],
    )
