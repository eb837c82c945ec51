"""What was put before a meeting follows the case or referral that it is about.

A record lies in an item no longer than in its matter. When the matter goes to another hub, the item of a hub's meeting
stays with the hub that met, without the people named on it, and stands on no agenda that is still to be worked through;
that of a meeting of the whole partnership goes along. What a restriction does to items is in keeping.py.
"""

from __future__ import annotations

from django.db import connection

from saferhub.audit import operations as audit
from saferhub.meetings import access
from saferhub.meetings.models import Item, ItemStatus
from saferhub.partnership.access import Actor
from saferhub.sharing.models import Folder, Matter

from .items import CHANGEABLE, move_item
from .sight import close_folder, end_names

FOLLOWS = "It follows its case or referral"
ELSEWHERE = "It went to another hub"


def records_follow(matter: Matter, by: Actor, reason: str) -> None:
    """Let items about a matter follow it, also those that the actor does not see. Called in the transaction in which
    the matter was restricted or handed over, or a record taken out of it (see sql/items.sql)."""
    # Asked anew: the matter repeats what its folder has just become.
    hub = Folder.objects.filter(pk=matter.folder_id).values_list("hub", flat=True)
    if not hub:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT act, folder, item, interest FROM gate.follow_items(%s, %s)",
            [matter.folder_id, reason or FOLLOWS],
        )
        done = cursor.fetchall()
    for act, folder, item, interest in done:
        codes = {"interest": interest} if interest else {"matter": item}
        audit.record(act, ("sharing.folder", folder), by=by, purpose=matter.purpose, **codes)
    opened = [folder for act, folder, _, _ in done if act == "sharing.opened_up"]
    if opened:
        # Of the hub's items: those of another hub that met are out of sight, and their names stay.
        for one in Folder.objects.filter(public_id__in=opened).select_related("partnership").order_by("pk"):
            end_names(one, reason=reason or FOLLOWS, by=by)
    rows = access.parts_readable_by(by, Item).filter(
        matter=matter.pk,
        meeting__status__in=CHANGEABLE,
        status__in=[ItemStatus.ON, ItemStatus.PROPOSED],
        # What is spoken of already stands in the minutes of that meeting.
        began_at__isnull=True,
    )
    for item in rows.select_related("folder", "meeting").order_by("id"):
        if item.folder.hub_id != hub[0]:
            _take_off(item, by=by)


def _take_off(item: Item, *, by: Actor) -> None:
    before, item.status = item.status, ItemStatus.REMOVED
    item.version += 1
    item.save(update_fields=["status", "version"])
    move_item(item, before, item.status, by=by, on=by.on, reason=ELSEWHERE)
    audit.record("meetings.item_taken_off", item, by=by, meeting=item.meeting.public_id)
    close_folder(item.folder, by=by, reason=ELSEWHERE)
