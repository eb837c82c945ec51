"""What stands on an agenda: putting on, taking off, putting off, ordering. The reason is kept each time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from saferhub.audit import operations as audit
from saferhub.casework.access import get_case, get_referral
from saferhub.casework.access.inside import involved_in, persons_inside
from saferhub.casework.models import WAITING, Case, Referral
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemKind, ItemMove, ItemStatus, Meeting, MeetingStatus
from saferhub.meetings.rules.agenda import in_places, sections_of
from saferhub.meetings.rules.cycle import CutOffDays, cut_off_days
from saferhub.partnership.access import Actor
from saferhub.partnership.queries.duties import bank_holidays
from saferhub.people.models import Person
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.models import Enclosure, Matter, Sensitivity
from saferhub.sharing.operations.folders import check_seen, enclose, revise, take_out

from .kept_rows import keep_as_before
from .organising import organisers_folder
from .planning import called_on, kind_of
from .sight import close_folder

CHANGEABLE = (MeetingStatus.PREPARING, MeetingStatus.SENT, MeetingStatus.RUNNING)
ABOUT_A_MATTER = (ItemKind.REFERRAL, ItemKind.CASE, ItemKind.CLOSURE)


def values_of(item: Item) -> dict[str, object]:
    """What an edit may change, by field of its form, as history keeps it."""
    return {"title": item.title, "why": item.why, "brief": item.brief, "minutes": item.minutes}


@transaction.atomic
def put_on(
    *,
    meeting_id: str,
    kind: ItemKind,
    why: str,
    by: Actor,
    on: date,
    matter_id: str = "",
    title: str = "",
    brief: str = "",
    minutes: int = 3,
    under: str = "",
    urgent_why: str = "",
    people: Collection[str] | None = None,
) -> Item:
    """Put a referral, a case, a theme or other business on an agenda. `under`: the code of the standing item below
    which it stands, as the last one there; none: at the end of the agenda.

    About a matter, it lies in a folder of its own. In it lie the records of those named in `people` (public_ids; None:
    whoever the matter is about), for whoever is asked must know of whom. Nobody but the organisers sees it until the
    agenda is sent or agencies are asked. A record that is restricted is not named: those at the table would not see it.
    From whom the last item about the matter was kept, this one is kept too.
    Raises NotAllowed unless the actor prepares the meeting and sees the matter lastingly; Refusal without a reason,
    after the cut-off without one for the urgency, for one that stands there already or was taken off, for a matter of
    another hub, that is decided or closed, and for a meeting that is over.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    _check_changeable(meeting)
    if not why.strip():
        raise Refusal("no_reason", "Say why it is on the agenda.")
    late = is_late(meeting, on)
    if late and not kind_of(meeting.group, meeting.on).urgent:
        raise Refusal("no_exception", "The agenda is closed, and this kind of meeting allows no exception.")
    if late and not urgent_why.strip():
        raise Refusal("after_cut_off", "The agenda is closed. Say why this cannot wait for the next meeting.")
    matter = _matter(by, meeting, kind, matter_id)
    if matter is None and not title.strip():
        raise Refusal("no_title", "Enter what it is about.")
    if matter is not None:
        _check_stands_not(by, meeting, matter, kind)
    folder = meeting.folder
    if matter is not None:
        folder = organisers_folder(meeting, meeting.hub or matter.hub, purpose=matter.purpose, by=by)
        for person in nameable(by, matter):
            if person.public_id in (default_people(by, matter) if people is None else people):
                enclose(inner=person.folder, outer=folder, by=by)
    assert folder is not None
    item = Item.objects.create(
        partnership_id=meeting.partnership_id,
        folder=folder,
        meeting=meeting,
        kind=kind,
        title=(title or (matter.title if matter else "")).strip()[:200],
        matter=matter,
        reference=matter.reference if matter else "",
        status=ItemStatus.ON,
        order=_order(meeting, under),
        minutes=minutes,
        why=why.strip(),
        brief=brief.strip(),
        is_urgent=late,
        by=by.public_id,
    )
    move_item(item, "", ItemStatus.ON, by=by, on=on, reason=_why_on(why, urgent_why, late))
    revise(item, folder=folder, values=values_of(item), by=by)
    audit.record(
        "meetings.item_put_on",
        item,
        by=by,
        purpose=matter.purpose if matter else "",
        meeting=meeting.public_id,
        kind=str(kind),
        matter=matter.public_id if matter else "",
    )
    keep_as_before(item, meeting, by=by, on=on)
    return item


def _why_on(why: str, urgent_why: str, late: bool) -> str:
    """What the history of the agenda keeps: why it is on, and why it could not wait."""
    return f"{why.strip()}\nUrgent: {urgent_why.strip()}" if late else why.strip()


def nameable(by: Actor, matter: Matter) -> list[Person]:
    """The people recorded in a matter who can be named on an item: those whose record is not restricted."""
    inside = persons_inside(by, matter)
    return [one for one in inside if one.folder.sensitivity == Sensitivity.NORMAL]


def default_people(by: Actor, matter: Matter) -> set[str]:
    """Whom the matter is about, by public_id: they are named unless the organiser chooses otherwise."""
    return {
        one.person.public_id
        for one in involved_in(by, matter)
        if one.is_subject and one.person is not None and one.ended_on is None
    }


def _matter(by: Actor, meeting: Meeting, kind: ItemKind, matter_id: str) -> Matter | None:
    if kind not in ABOUT_A_MATTER:
        return None
    found: Referral | Case
    found = get_referral(by, matter_id) if kind == ItemKind.REFERRAL else get_case(by, matter_id)
    check_not_only_emergency(by, found.folder)
    if found.matter.sensitivity != Sensitivity.NORMAL:
        # Whoever is at the table would learn of it: it is spoken of among those named in it, outside the agenda.
        raise NotAllowed(
            "matter_restricted",
            "This matter is restricted, so it is not put before a meeting. Speak of it with those who are named in it.",
        )
    if found.hub_id is None or meeting.hub_id not in (None, found.hub_id):
        raise Refusal(
            "other_hub", "This belongs to no hub or to another one, which puts it before its own meeting."
        )
    if isinstance(found, Referral) and found.status not in WAITING:
        raise Refusal("referral_decided", "This referral is decided or withdrawn.")
    if isinstance(found, Case) and not found.is_open:
        raise Refusal("case_closed", "This case is closed. Open it again before it is put on an agenda.")
    return found.matter


def _check_changeable(meeting: Meeting) -> None:
    if meeting.status not in CHANGEABLE:
        raise Refusal("agenda_closed", "The agenda of this meeting is not open for changes.")


def cut_offs(meeting: Meeting) -> CutOffDays:
    """By when what must have happened before a meeting. Raises Refusal where packs or calendar do not reach its day."""
    offs = kind_of(meeting.group, meeting.on).cut_offs
    return cut_off_days(
        meeting.on,
        referrals=offs.referrals,
        asks=offs.asks,
        answers=offs.answers,
        agenda=offs.agenda,
        holidays=bank_holidays(),
    )


def is_late(meeting: Meeting, on: date) -> bool:
    """Whether something is added to this agenda only by exception: its cut-off has passed, or it is running. One that
    was called at short notice, when its cut-off had passed already, is closed once it is sent."""
    if meeting.status == MeetingStatus.RUNNING:
        return True
    days = cut_offs(meeting)
    if on <= days.agenda:
        return False
    return meeting.status == MeetingStatus.SENT or not days.are_short_of(called_on(meeting))


def _order(meeting: Meeting, under: str) -> int:
    """A number behind the last item below that heading and before the next heading; those behind make room where there
    is none. Only the actor's own items are looked at: what she does not see keeps its number."""
    rows = list(
        Item.objects.filter(meeting=meeting).exclude(status=ItemStatus.REMOVED).order_by("order", "id")
    )
    sections = sections_of([one.pk for one in rows], frozenset(one.pk for one in rows if one.code))
    by_number = {one.pk: (place, one) for place, one in enumerate(rows)}
    last = len(rows) - 1
    for heading, below in sections:
        if under and heading is not None and by_number[heading][1].code == under:
            last = by_number[below[-1] if below else heading][0]
    if last + 1 >= len(rows):
        return (rows[-1].order if rows else 0) + 1
    if rows[last + 1].order - rows[last].order > 1:
        return rows[last].order + 1
    for one in rows[last + 1 :]:
        one.order += 10
        one.save(update_fields=["order"])
    return rows[last].order + 1


@transaction.atomic
def name_people(*, meeting_id: str, item_id: str, people: Collection[str], by: Actor) -> Item:
    """Choose which of the people in the matter are named on its item (public_ids). Whoever sees the item sees their
    records. Raises Refusal for an item about no matter."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    _check_changeable(meeting)
    if item.matter is None:
        raise Refusal("no_matter", "Nobody is named on this item.")
    matter_id = item.matter.public_id
    held = get_referral(by, matter_id) if item.kind == ItemKind.REFERRAL else get_case(by, matter_id)
    inside = {one.folder_id: one for one in nameable(by, held.matter)}
    lying = {
        one.inner_id: one for one in Enclosure.objects.filter(outer=item.folder_id, ended_at__isnull=True)
    }
    changed = 0
    for folder, person in inside.items():
        if person.public_id in people and folder not in lying:
            enclose(inner=person.folder, outer=item.folder, by=by)
            changed += 1
        elif person.public_id not in people and folder in lying:
            take_out(enclosure=lying[folder], by=by, reason="Not spoken of at this meeting")
            changed += 1
    if changed:
        audit.record("meetings.people_named", item, by=by, meeting=meeting.public_id, people=changed)
    return item


@transaction.atomic
def take_off(
    *, meeting_id: str, item_id: str, reason: str, by: Actor, on: date, put_off: bool = False
) -> Item:
    """Take an item off, or put it off to the next meeting. Whoever was at the table sees it no longer from now on.

    Raises Refusal without a reason, for a standing item, and for an item that is done.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    _check_changeable(meeting)
    if item.status not in (ItemStatus.ON, ItemStatus.PROPOSED):
        raise Refusal("item_over", "This item is done or was taken off.")
    if item.code:
        raise Refusal("standing_item", "A standing item stays on every agenda.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is taken off.")
    before, item.status = item.status, ItemStatus.DEFERRED if put_off else ItemStatus.REMOVED
    item.version += 1
    item.save(update_fields=["status", "version"])
    move_item(item, before, item.status, by=by, on=on, reason=reason.strip())
    event = "meetings.item_put_off" if put_off else "meetings.item_taken_off"
    audit.record(event, item, by=by, meeting=meeting.public_id)
    if item.folder_id != meeting.folder_id:
        close_folder(
            item.folder, by=by, reason="Put off to the next meeting" if put_off else "Taken off the agenda"
        )
    return item


@transaction.atomic
def put_back(*, meeting_id: str, item_id: str, reason: str, by: Actor, on: date) -> Item:
    """Put an item back that was taken off or put off. Those at the table see it once the agenda is sent again.

    Raises Refusal without a reason, for one that stands there, and where another about the same matter does.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    _check_changeable(meeting)
    if item.status not in (ItemStatus.REMOVED, ItemStatus.DEFERRED):
        raise Refusal("stands_there", "It stands on this agenda already.")
    if not reason.strip():
        raise Refusal("no_reason", "Say why it is put back.")
    if item.matter_id is not None and item.matter is None:
        raise Refusal(
            "matter_gone", "The case or referral is no longer open to you, so it stays off the agenda."
        )
    if item.matter is not None:
        _matter(by, meeting, ItemKind(item.kind), item.matter.public_id)
        if _stands(by, meeting, item.matter, item.kind).exclude(pk=item.pk).exists():
            raise Refusal("stands_there", "It stands on this agenda already.")
    before, item.status = item.status, ItemStatus.ON
    item.version += 1
    item.save(update_fields=["status", "version"])
    move_item(item, before, ItemStatus.ON, by=by, on=on, reason=reason.strip())
    audit.record("meetings.item_put_back", item, by=by, meeting=meeting.public_id)
    return item


def _check_stands_not(by: Actor, meeting: Meeting, matter: Matter, kind: str) -> None:
    """What was taken off is put back, with what was answered and from whom it is kept, and not put on beside that."""
    if _stands(by, meeting, matter, kind).exists():
        raise Refusal("stands_there", "It stands on this agenda already.")
    if access.parts_readable_by(by, Item).filter(meeting=meeting, matter=matter, kind=kind).exists():
        raise Refusal(
            "was_taken_off", "It was taken off this agenda. Put it back there, with what was answered."
        )


def _stands(by: Actor, meeting: Meeting, matter: Matter, kind: str) -> QuerySet[Item]:
    """Items of this kind about a matter that stand on an agenda, as far as the actor sees them. No constraint of the
    database asks for one alone: it would tell of an item that is kept from her."""
    rows = access.parts_readable_by(by, Item).filter(meeting=meeting, matter=matter, kind=kind)
    return rows.exclude(status__in=[ItemStatus.REMOVED, ItemStatus.DEFERRED])


@transaction.atomic
def change_item(
    *, meeting_id: str, item_id: str, title: str, why: str, brief: str, minutes: int, by: Actor, seen: int
) -> Item:
    """Change an item's words and time. Raises Conflict unless `seen` is its newest version."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    _check_changeable(meeting)
    check_seen(item, seen)
    before = values_of(item)
    item.title, item.why, item.brief, item.minutes = (
        title.strip() or item.title,
        why.strip(),
        brief.strip(),
        minutes,
    )
    if values_of(item) == before:
        return item
    item.version += 1
    item.save(update_fields=["title", "why", "brief", "minutes", "version"])
    revise(item, folder=item.folder, values=values_of(item), by=by)
    audit.record("meetings.item_changed", item, by=by, meeting=meeting.public_id, version=item.version)
    return item


@transaction.atomic
def reorder(*, meeting_id: str, order: Sequence[str], seen: Sequence[str], by: Actor) -> None:
    """Put the items in this order (public_ids). Items that are not named keep their place behind them. Raises Conflict
    unless what stood in `seen`, the order that she looked at, still stands in it."""
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    _check_changeable(meeting)
    rows = {one.public_id: one for one in access.parts_readable_by(by, Item).filter(meeting=meeting)}
    looked_at = [one for one in seen if one in rows]
    if not looked_at or looked_at != sorted(looked_at, key=lambda one: (rows[one].order, rows[one].pk)):
        raise Conflict("changed_meanwhile", "The order of this agenda was changed after you opened the page.")
    named = [rows[one] for one in dict.fromkeys(order) if one in rows]
    rest = sorted(
        (one for key, one in rows.items() if key not in set(order)), key=lambda one: (one.order, one.pk)
    )
    # The numbers are dealt out anew among those that she sees, so that what she does not see keeps its place.
    numbers = sorted(one.order for one in rows.values())
    for at in range(1, len(numbers)):
        numbers[at] = max(numbers[at], numbers[at - 1] + 1)
    for number, one in zip(numbers, [*named, *rest], strict=True):
        if one.order != number:
            one.order = number
            one.save(update_fields=["order"])
    audit.record("meetings.reordered", meeting, by=by)


def order_by_places(items: Sequence[Item], wanted: Mapping[str, int]) -> list[str]:
    """The order of these items after places below their headings were typed, by public_id, as `reorder` takes it."""
    by_number = {one.pk: one for one in items}
    sections = sections_of([one.pk for one in items], frozenset(one.pk for one in items if one.code))
    places = {one.pk: wanted[one.public_id] for one in items if one.public_id in wanted}
    found: list[str] = []
    for heading, below in sections:
        found += [by_number[heading].public_id] if heading is not None else []
        found += [by_number[one].public_id for one in in_places([below], places)]
    return found


def move_item(item: Item, before: str, after: str, *, by: Actor, on: date, reason: str = "") -> None:
    """Keep one move of an item's status. The caller has checked that it may."""
    ItemMove.objects.create(
        partnership_id=item.partnership_id,
        folder_id=item.folder_id,
        item=item,
        from_status=before,
        to_status=after,
        on=on,
        by=by.public_id,
        reason=reason,
    )
