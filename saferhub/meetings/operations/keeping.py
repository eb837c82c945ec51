"""Keeping an item from an agency or a person who must not learn of it, and conflicts of interest.

The item's folder is restricted and everybody else who saw it is named. Why stands in a folder of its own that the
organisers see who see the item (kept_rows.py). Whoever declares an interest of her own
knows of the item: what she says stands in its folder, and she sees it no longer from then on.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemStatus, KeptFrom, Meeting
from saferhub.meetings.queries.live_people import attendances_of, leaving
from saferhub.meetings.queries.sending import SHOWN, openings, sight_until
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Membership, Unit
from saferhub.sharing.access.emergencies import check_not_only_emergency
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Folder, Interest, Matter, Sensitivity

from .items import CHANGEABLE, move_item
from .kept_rows import (
    KEPT,
    keep_row,
    live_rows,
    narrow_rows,
    purpose_for,
    rows_again,
    rows_to_organisers,
)
from .live import wait_at_none
from .sending import NOT_AT_THE_TABLE, is_open
from .sight import Kept, name_again, narrow, open_folder_to, widen


def check_apart(item: Item, meeting: Meeting) -> None:
    """Raise Refusal for an item that lies in the meeting's folder: everybody sees it who sits there."""
    if item.folder_id == meeting.folder_id:
        raise Refusal(
            "everybodys_item",
            "This item is everybody’s who sits there: it stands in no folder of its own. Put what must not be known to "
            "somebody on the agenda as a case, or leave it out.",
        )


@transaction.atomic
def keep_from(
    *,
    meeting_id: str,
    item_id: str,
    why: str,
    by: Actor,
    on: date,
    unit_id: str = "",
    user_id: str = "",
    is_conflict: bool = False,
) -> KeptFrom:
    """Keep an item from a unit and those below it, or from a person (public_ids): from the next request on they find
    nothing of it; where one of them is there while it is spoken of, it leaves the focus. `is_conflict`: a member has an
    interest of her own in it, and leaves while it is spoken of.

    Raises NotAllowed unless the actor prepares the meeting and sees the item; Refusal without a reason, for an item of
    everybody's, and for the actor herself, who declares an interest instead.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    check_apart(item, meeting)
    if not why.strip():
        raise Refusal("no_reason", "Say why.")
    unit, user = _whom(by, unit_id, user_id)
    row = KeptFrom(unit=unit, user=user)
    kept = Kept.of([row], by)
    if by.user is None or kept.covers(by.user.pk, by.unit.pk if by.unit else 0):
        raise Refusal(
            "yourself",
            "You cannot keep it from yourself. Declare an interest on the page of the item instead.",
        )
    if (
        access.parts_readable_by(by, KeptFrom)
        .filter(item=item, unit=unit, user=user, lifted_on__isnull=True)
        .exists()
    ):
        raise Refusal("kept_already", "It is kept from them already.")
    made = keep_row(item, meeting, unit=unit, user=user, why=why, is_conflict=is_conflict, by=by, on=on)
    if meeting.focus == item.public_id and leaving(by, attendances_of(by, meeting), [made]):
        wait_at_none(meeting, by=by)
    return made


def _whom(by: Actor, unit_id: str, user_id: str) -> tuple[Unit | None, User | None]:
    unit = (
        Unit.objects.filter(public_id=unit_id, agency__partnership=by.partnership).first()
        if unit_id
        else None
    )
    user = None
    if user_id:
        held = Membership.objects.in_force_on(by.on).filter(
            partnership=by.partnership, user__public_id=user_id
        )
        found = held.select_related("user").first()
        user = found.user if found is not None else None
    if (unit is None) == (user is None):
        raise Refusal("nobody", "Choose an agency or a person.")
    return unit, user


@transaction.atomic
def declare_interest(*, meeting_id: str, item_id: str, why: str, by: Actor, on: date) -> KeptFrom:
    """Say that one has an interest of one's own in an item. From then on one does not see it: the last act on it.

    Raises Refusal without a reason, for an item of everybody's, and where nobody else sees it.
    """
    meeting = access.get_meeting(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    check_not_only_emergency(by, item.folder)
    check_apart(item, meeting)
    if meeting.status not in CHANGEABLE:
        raise Refusal("meeting_over", "This meeting is over.")
    if not why.strip():
        raise Refusal("no_reason", "Say what your interest is, in general words.")
    assert by.user is not None
    me = by.user.pk
    if (
        not any(one.works_in_hub and one.user.pk != me for one in seers_of(item.folder))
        and item.folder.hub_id
    ):
        raise Refusal(
            "nobody_left",
            "Nobody else who prepares the meeting sees this item. Speak with the manager first.",
        )
    purpose = purpose_for(item, meeting)
    made = KeptFrom.objects.create(
        partnership_id=meeting.partnership_id,
        folder_id=item.folder_id,
        item=item,
        user=by.user,
        is_conflict=True,
        why=why.strip(),
        on=on,
        by=by.public_id,
    )
    audit.record("meetings.interest_declared", item, by=by, purpose=purpose, kept=made.public_id)
    others = {one.user.pk for one in seers_of(item.folder)} - {me}
    narrow_rows(item, others, purpose=purpose, reason=KEPT, by=by)
    narrow(item.folder, lambda seer: seer.user.pk != me, purpose=purpose, reason=KEPT, by=by)
    return made


@transaction.atomic
def lift(*, meeting_id: str, item_id: str, kept_id: str, by: Actor, on: date) -> Item:
    """No longer keep an item from somebody. Where it was the last, the hub and the table see it again as others.

    Raises NotAllowed unless the actor prepares the meeting and sees the item; Http404 for another's.
    """
    meeting = access.get_meeting_for_update(by, meeting_id)
    item = access.get_item_for_update(by, meeting, item_id)
    access.check_can_record(by, item)
    row = access.get_kept(by, item, kept_id)
    if row.lifted_on is not None:
        return item
    row.lifted_on, row.lifted_by = on, by.public_id
    row.save(update_fields=["lifted_on", "lifted_by"])
    purpose = purpose_for(item, meeting)
    audit.record("meetings.kept_from_lifted", item, by=by, purpose=purpose, kept=row.public_id)
    if item.matter is not None and item.matter.sensitivity != Sensitivity.NORMAL:
        return item  # it is as narrow as its matter, whoever it is kept from
    left = live_rows(by, item)
    if left:
        kept = Kept.of(left, by)
        name_again(
            item.folder, lambda seer: not kept.covers(seer.user.pk, seer.unit.pk), purpose=purpose, by=by
        )
        rows_again(item, kept, purpose=purpose, by=by)
    else:
        widen(item.folder, purpose=purpose, reason="No longer kept from anybody", by=by)
    if item.status in SHOWN and meeting.status in CHANGEABLE and is_open(meeting, item, by=by):
        item = access.get_item(by, meeting, item.public_id)
        until = sight_until(meeting)
        for one in openings(by, meeting, [item]):
            open_folder_to(
                one.folder, one.wanted, purpose=one.purpose, until=until, reason=NOT_AT_THE_TABLE, by=by
            )
            rows_to_organisers(one, meeting, until=until, by=by)
    return item


def items_follow(matter: Matter, by: Actor, reason: str) -> None:
    """Items about a matter that has just been restricted are seen by nobody but those named in the matter, and stand on
    no agenda that is still to be worked through. Called last in the transaction that restricted it."""
    # Asked anew: the matter repeats what its folder has just become.
    level = Folder.objects.filter(pk=matter.folder_id).values_list("sensitivity", flat=True).first()
    if level is None or level == Sensitivity.NORMAL:
        return
    rows = (
        access.parts_readable_by(by, Item)
        .filter(matter=matter.pk)
        .select_related("folder__partnership", "meeting")
    )
    items = list(rows.order_by("id"))
    if not items:
        return
    named = set(
        Interest.objects.filter(
            interests_live_on(clock.now()), folder=matter.folder_id, sensitivity__gte=level
        ).values_list("user_id", flat=True)
    )
    for item in items:
        if item.meeting.status in CHANGEABLE and item.status in (ItemStatus.ON, ItemStatus.PROPOSED):
            before, item.status = item.status, ItemStatus.REMOVED
            item.version += 1
            item.save(update_fields=["status", "version"])
            move_item(item, before, item.status, by=by, on=by.on, reason="The matter is restricted")
            audit.record("meetings.item_taken_off", item, by=by, meeting=item.meeting.public_id)
        narrow_rows(item, named, purpose=matter.purpose, reason=reason or KEPT, by=by)
        narrow(
            item.folder,
            lambda seer: seer.user.pk in named,
            purpose=matter.purpose,
            reason=reason or KEPT,
            by=by,
        )
