"""The rows that say from whom an item is kept and why: each in a folder of its own, seen by those who prepare the
meeting and see the item, and by nobody else.

Whoever prepares a meeting and sees an item without seeing from whom it is kept would send it to them; whoever sees the
row without the item would learn of it. So the two are narrowed and widened together.
"""

from __future__ import annotations

from datetime import date, datetime

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.meetings import access
from saferhub.meetings.models import Item, KeptFrom, Meeting
from saferhub.meetings.queries.sending import Opening
from saferhub.meetings.queries.table import NO_MATTER, purpose_of
from saferhub.partnership.access import Actor, actor_for
from saferhub.partnership.models import Unit
from saferhub.sharing.access.seers import seers_of
from saferhub.sharing.access.sight import interests_live_on
from saferhub.sharing.models import Folder, Interest, Sensitivity

from .organising import organisers_folder
from .planning import kind_of
from .sight import Kept, is_the_tables, name_again, narrow, open_folder_to

# Stands beside a sight that ended, where whoever had it may read it: it says nothing of what or from whom.
KEPT = "Open to fewer people from now on"
NOT_PREPARING = "No longer prepares this meeting"


def purpose_for(item: Item, meeting: Meeting) -> str:
    """The matter's purpose; for somebody who does not see the matter, the one for which she sees the item."""
    if item.matter is None and item.matter_id is not None:
        live = Interest.objects.filter(interests_live_on(clock.now()), folder=item.folder_id).order_by("pk")
        found = live.values_list("purpose", flat=True).first()
        if found:
            return found
    return purpose_of(item, kind_of(meeting.group, meeting.on).purpose) or NO_MATTER


def live_rows(by: Actor, item: Item) -> list[KeptFrom]:
    """From whom an item is kept now, as far as the actor sees that. One query."""
    rows = access.parts_readable_by(by, KeptFrom).filter(item=item, lifted_on__isnull=True)
    return list(rows.select_related("folder__partnership", "unit", "user").order_by("id"))


def keep_row(
    item: Item,
    meeting: Meeting,
    *,
    unit: Unit | None,
    user: User | None,
    why: str,
    is_conflict: bool,
    by: Actor,
    on: date,
) -> KeptFrom:
    """Keep an item from a unit or a person: the row, the item's folder, and every other row about it.

    The caller has checked that the actor may, and that it does not cover her.
    """
    purpose = purpose_for(item, meeting)
    made = KeptFrom.objects.create(
        partnership_id=meeting.partnership_id,
        folder=organisers_folder(meeting, item.folder.hub, purpose=purpose, by=by),
        item=item,
        unit=unit,
        user=user,
        is_conflict=is_conflict,
        why=why.strip(),
        on=on,
        by=by.public_id,
    )
    # Codes alone, and not of whom: the log of a meeting is read by people whom it may be kept from.
    audit.record("meetings.kept_from", item, by=by, purpose=purpose, kept=made.public_id)
    kept = Kept.of([made], by)
    narrow(
        item.folder,
        lambda seer: not kept.covers(seer.user.pk, seer.unit.pk),
        purpose=purpose,
        reason=KEPT,
        by=by,
    )
    narrow_rows(item, {one.user.pk for one in seers_of(item.folder)}, purpose=purpose, reason=KEPT, by=by)
    return made


def narrow_rows(item: Item, seers: set[int], *, purpose: str, reason: str, by: Actor) -> None:
    """Let nobody but these people (by number) see from whom an item is kept."""
    for folder in _folders(by, item):
        if any(one.user.pk not in seers for one in seers_of(folder)):
            narrow(folder, lambda seer: seer.user.pk in seers, purpose=purpose, reason=reason, by=by)


def rows_again(item: Item, kept: Kept, *, purpose: str, by: Actor) -> None:
    """Let those of the hub who see the item again see as well from whom it is still kept."""
    for folder in _folders(by, item):
        if folder.sensitivity != Sensitivity.NORMAL:
            name_again(
                folder, lambda seer: not kept.covers(seer.user.pk, seer.unit.pk), purpose=purpose, by=by
            )


def rows_to_organisers(opening: Opening, meeting: Meeting, *, until: datetime, by: Actor) -> None:
    """Let those who prepare the meeting and see an item because they sit at its table see as well from whom it is kept,
    until that moment: a new chair of a group without a hub, or one who came to the hub since. About eight queries for
    each row, and none for an item that is kept from nobody."""
    if opening.folder.sensitivity == Sensitivity.NORMAL:
        return
    folders = {one.pk: one for item in opening.items for one in _folders(by, item)}
    if not folders:
        return
    organisers = [
        one
        for one in opening.wanted
        if one.user is not None and access.can_prepare(actor_for(one.user, on=by.on), meeting.group)
    ]
    for folder in folders.values():
        lasting = {
            one.user.pk for one in seers_of(folder) if one.interest is None or not is_the_tables(one.interest)
        }
        open_folder_to(
            folder,
            [one for one in organisers if one.user is not None and one.user.pk not in lasting],
            purpose=opening.purpose,
            until=until,
            reason=NOT_PREPARING,
            by=by,
        )


def keep_as_before(item: Item, meeting: Meeting, *, by: Actor, on: date) -> list[KeptFrom]:
    """Keep a new item from those from whom the last one about its matter is kept, as far as the actor sees that. The
    actor herself is left out. One query where nothing about the matter is kept from anybody."""
    rows = access.parts_readable_by(by, KeptFrom).filter(item__matter=item.matter_id)
    if item.matter_id is None or not rows.exclude(item=item).exists():
        return []
    last = (
        access.parts_readable_by(by, Item)
        .filter(matter=item.matter_id)
        .exclude(pk=item.pk)
        .order_by("-meeting__on", "-id")
        .first()
    )
    if last is None or by.user is None:
        return []
    me, unit = by.user.pk, by.unit.pk if by.unit is not None else 0
    return [
        keep_row(
            item,
            meeting,
            unit=one.unit,
            user=one.user,
            why=one.why,
            is_conflict=one.is_conflict,
            by=by,
            on=on,
        )
        for one in live_rows(by, last)
        if not Kept.of([one], by).covers(me, unit)
    ]


def _folders(by: Actor, item: Item) -> list[Folder]:
    """Those of the rows; what a member declared herself lies with the item and goes with it."""
    found = {row.folder_id: row.folder for row in live_rows(by, item)}
    found.pop(item.folder_id, None)
    return list(found.values())
