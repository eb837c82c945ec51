"""Folders that those who prepare a meeting see before anybody else does."""

from __future__ import annotations

from saferhub.meetings.models import Meeting, Seat
from saferhub.meetings.queries.sending import items_of
from saferhub.meetings.queries.table import NO_MATTER, members_on, people_at, purpose_of, table_of
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Hub, Unit
from saferhub.sharing.access.sight import sight_of
from saferhub.sharing.models import Because, Folder, Interest, Sensitivity
from saferhub.sharing.operations.folders import give_interest, open_folder

from .planning import kind_of

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
    _name_organisers(folder, meeting, purpose=purpose, by=by)
    folder.kind = "work"
    folder.save(update_fields=["kind"])
    return folder


def name_new_organisers(meeting: Meeting, *, by: Actor) -> None:
    """Let those who organise a meeting without a hub now see what its organisers see, as far as the actor sees it:
    whoever took a seat among them after its agenda was begun could not send it else.

    What is kept from somebody is opened to nobody by this, nor what the actor does not see.
    """
    if meeting.hub_id is not None or meeting.folder is None or meeting.work_folder is None:
        return
    purpose = kind_of(meeting.group, meeting.on).purpose
    folders: dict[int, tuple[Folder, str, Unit | None]] = {
        one.pk: (one, purpose or NO_MATTER, None) for one in (meeting.folder, meeting.work_folder)
    }
    for item in items_of(by, meeting):
        if item.matter_id is not None and item.matter is None:
            continue  # on which agreement it goes to others is for whoever sees its matter
        owner = item.matter.unit if item.matter is not None else None
        folders.setdefault(item.folder_id, (item.folder, purpose_of(item, purpose) or NO_MATTER, owner))
    for folder, serves, owner in folders.values():
        if folder.sensitivity == Sensitivity.NORMAL:
            _name_organisers(folder, meeting, purpose=serves, by=by, owner=owner)


def _name_organisers(
    folder: Folder, meeting: Meeting, *, purpose: str, by: Actor, owner: Unit | None = None
) -> None:
    """Name in a folder those with an organiser's seat whom an agreement carries it to, each once. `owner`: whose the
    matter is, where the folder is an item's."""
    named = set(
        Interest.objects.filter(
            folder=folder, user__isnull=False, because=Because.NAMED, valid_until__isnull=True
        ).values_list("user", flat=True)
    )
    if by.user is not None:
        named.add(by.user.pk)
    holders = {seat.user_id for seat in members_on(meeting) if seat.seat in ORGANISERS} - {None, *named}
    if not holders:
        return
    table = [
        place
        for place in table_of(by, meeting, purpose=purpose, hub=folder.hub, owner=owner)
        if place.is_reached and any(seat.seat in ORGANISERS for seat in place.seats)
    ]
    people = people_at(by, table)
    for place in table:
        ground = None if place.is_own else place.ground
        for one in people.get(place.unit.pk, ()):
            if one.user.pk in holders:
                give_interest(
                    folder=folder,
                    by=by,
                    purpose=purpose,
                    because=Because.NAMED,
                    gateway=ground.gateway if ground is not None else "",
                    agreement=ground.agreement if ground is not None else None,
                    user=one.user,
                )
