"""Folders that those who prepare a meeting see before anybody else does."""

from __future__ import annotations

from saferhub.meetings.models import Meeting, Seat
from saferhub.meetings.queries.table import people_at, table_of
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import Because, Folder
from saferhub.sharing.operations.folders import give_interest, open_folder

ORGANISERS = (Seat.CHAIR, Seat.DEPUTY_CHAIR, Seat.MINUTES)


def organisers_folder(meeting: Meeting, hub: Hub | None, *, purpose: str, by: Actor) -> Folder:
    """A folder of the hub's alone. A meeting without a hub has none to see it, so its organisers are named: whoever
    opens it, and those with the chair's or the minute-taker's seat whom an agreement carries it to.

    Until they are named the folder is its author's unit's: a row that hides from its author cannot be written.
    """
    if meeting.hub is not None and hub is not None and hub.pk in sight_of(by).hubs:
        return open_folder(kind="work", by=by, hub=hub)
    folder = open_folder(kind="meeting", by=by, hub=hub)
    give_interest(folder=folder, by=by, purpose=purpose, because=Because.NAMED, user=by.user)
    table = [
        place
        for place in table_of(by, meeting, purpose=purpose, hub=hub)
        if place.is_reached and any(seat.seat in ORGANISERS for seat in place.seats)
    ]
    holders = {seat.user_id for place in table for seat in place.seats if seat.seat in ORGANISERS}
    people = people_at(by, table)
    for place in table:
        ground = None if place.is_own else place.ground
        for one in people.get(place.unit.pk, ()):
            if one.user.pk in holders and (by.user is None or one.user.pk != by.user.pk):
                give_interest(
                    folder=folder,
                    by=by,
                    purpose=purpose,
                    because=Because.NAMED,
                    gateway=ground.gateway if ground is not None else "",
                    agreement=ground.agreement if ground is not None else None,
                    user=one.user,
                )
    folder.kind = "work"
    folder.save(update_fields=["kind"])
    return folder
