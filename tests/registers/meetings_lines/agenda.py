"""What the addresses of agendas and their items answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, members, seen_by

# Selby's group, in which Chris, Rachel, Priya and Victor sit: those of the hub prepare its meetings, and the manager.
PREPARE = frozenset({"colin.coordinator", "mina.minutes", "chris.chair", "maya.manager"})
TABLE = PREPARE | {"rachel.referrer", "priya.partner", "victor.voluntary"}


def _meeting(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.meetings import a_meeting

    return {"public_id": a_meeting(cast).meeting.public_id}


def _matter(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.casework import a_case
    from tests.builders.meetings import a_meeting

    made = a_meeting(cast)
    return {"public_id": made.meeting.public_id, "matter_id": a_case(cast).matter.public_id}


def _item(cast: dict[str, Any]) -> dict[str, Any]:
    from tests.builders.meetings import a_meeting

    made = a_meeting(cast)
    return {"public_id": made.meeting.public_id, "item_id": made.items[0].public_id}


def _off(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.meetings.operations.items import take_off
    from tests.builders.meetings import COLIN, a_meeting, act

    made = a_meeting(cast)
    act(cast, COLIN, take_off, **made.at, reason="Settled.")
    return {"public_id": made.meeting.public_id, "item_id": made.items[0].public_id}


def _kept(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.meetings.operations.keeping import keep_from
    from tests.builders.meetings import COLIN, a_meeting, act

    made = a_meeting(cast)
    fergus = cast["fergus.former"].public_id
    kept = act(cast, COLIN, keep_from, **made.at, why="A relative.", user_id=fergus)
    return {
        "public_id": made.meeting.public_id,
        "item_id": made.items[0].public_id,
        "kept_id": kept.public_id,
    }


def _guest(cast: dict[str, Any]) -> dict[str, Any]:
    from saferhub.meetings.operations.guests import bid_guest
    from tests.builders.meetings import COLIN, a_meeting, act

    made = a_meeting(cast)
    guest = act(cast, COLIN, bid_guest, **made.at, user_id=cast["fergus.former"].public_id)
    return {
        "public_id": made.meeting.public_id,
        "item_id": made.items[0].public_id,
        "guest_id": guest.public_id,
    }


PREPARED = seen_by(TABLE, PREPARE)
# Sent without a body, these acts are done: there is nothing to fill in.
DONE = seen_by(TABLE, PREPARE, done=302)
WITH_GUEST = TABLE | {"fergus.former"}

LINES: dict[str, Line] = {
    "meeting": Line(seen_by(TABLE), members(405), "sent_meeting"),
    "meeting-agenda": Line(seen_by(TABLE), members(405), "sent_meeting"),
    "agenda-begin": Line(members(405), DONE, "sent_meeting"),
    "agenda-propose": Line(PREPARED, PREPARED, "sent_meeting"),
    "agenda-add": Line(PREPARED, members(405), "sent_meeting"),
    "agenda-put": Line(PREPARED, PREPARED, "sent_meeting"),
    "agenda-put-matter": Line(PREPARED, PREPARED, "matter_for_agenda"),
    "agenda-order": Line(members(405), DONE, "sent_meeting"),
    "agenda-ask": Line(PREPARED, DONE, "sent_meeting"),
    "agenda-send": Line(PREPARED, DONE, "sent_meeting"),
    "item": Line(seen_by(TABLE), members(405), "item_sent"),
    "item-change": Line(PREPARED, PREPARED, "item_sent"),
    "item-take-off": Line(PREPARED, PREPARED, "item_sent"),
    "item-put-off": Line(PREPARED, PREPARED, "item_sent"),
    # Those at the table find nothing of an item that was taken off.
    "item-put-back": Line(seen_by(PREPARE), seen_by(PREPARE), "item_off"),
    # No box ticked is an answer: nobody is named.
    "item-named": Line(PREPARED, DONE, "item_sent"),
    "item-keep": Line(PREPARED, PREPARED, "item_sent"),
    "item-lift": Line(members(405), DONE, "item_kept"),
    "item-declare": Line(seen_by(TABLE), seen_by(TABLE), "item_sent"),
    "item-guest": Line(PREPARED, PREPARED, "item_sent"),
    "item-guest-end": Line(seen_by(WITH_GUEST, PREPARE), seen_by(WITH_GUEST, PREPARE), "guest_of_item"),
}
# The thing that a line's address names: name of the arguments -> a function of the cast.
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "sent_meeting": _meeting,
    "matter_for_agenda": _matter,
    "item_sent": _item,
    "item_off": _off,
    "item_kept": _kept,
    "guest_of_item": _guest,
}
