"""Sending an agenda: from now on those at the table see its items, each on an agreement that carries it to them.

An agency that an item is kept from gets no sight of it: the item's folder is restricted then, and everybody else is
named, so that neither wall needs a rule of its own. Whom no agreement reaches is not given sight, and the organiser is
told. Sight ends by itself, `sight_days` after the meeting. Agencies may be asked before the agenda is sent; the items
about a matter open then, and the rest of the agenda when it is sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from saferhub.accounts import mail
from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.foundation import clock
from saferhub.foundation.refusals import Conflict, Refusal
from saferhub.meetings import access
from saferhub.meetings.models import Ask, Copy, Item, Meeting, MeetingStatus
from saferhub.meetings.queries.sending import (
    SENDING,
    SHOWN,
    Opening,
    items_of,
    last_move,
    mark_of,
    openings,
    sent_before,
    sight_until,
    words_of,
)
from saferhub.meetings.queries.table import people_at
from saferhub.partnership.access import Actor
from saferhub.partnership.models import Unit
from saferhub.sharing.models import Revision

from .asking import ask_of
from .calendar_apologies import expect
from .items import CHANGEABLE
from .kept_rows import rows_to_organisers
from .organising import name_new_organisers
from .planning import kind_of, move_meeting
from .sight import open_folder_to

NOT_AT_THE_TABLE = "No longer at the table of this item"


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending did: how many items each unit sees, and the units that no agreement reaches for some item."""

    items: int
    sees: dict[str, int] = field(default_factory=dict)
    unreached: tuple[str, ...] = ()
    asked: int = 0
    mails: int = 0


@transaction.atomic
def send_agenda(*, meeting_id: str, by: Actor, on: date, seen: str | None = None) -> Sent:
    """Send the agenda, or send it again after a change: sight is given for what is new. Each agency is asked about
    each item about a matter that it sees; whoever sees something new gets a mail. `seen`: the mark of what was read on
    the page before; None where nobody read one.

    Raises NotAllowed unless the actor prepares the meeting, Refusal for one that is over or has nothing on it, and
    Conflict where something else would be sent, or to others, than she read.
    """
    meeting, items = _checked(by, meeting_id)
    if meeting.work_folder is None:
        # A group without a hub: the organisers were named when the agenda was begun, and she is none of them.
        raise Refusal(
            "begun_by_others",
            "This agenda was begun before you prepared it. Ask whoever began it to send it.",
        )
    kind = kind_of(meeting.group, meeting.on)
    found = openings(by, meeting, items)
    _check_read(found, seen)
    _open(meeting, found, by=by)
    name_new_organisers(meeting, by=by)
    asked = ask_of(meeting, found, by=by, on=on)
    if meeting.status == MeetingStatus.PREPARING:
        meeting.status = MeetingStatus.SENT
        move_meeting(meeting, MeetingStatus.PREPARING, MeetingStatus.SENT, by=by, on=on)
    _keep_sending(meeting, by=by)
    meeting.confidentiality = kind.confidentiality
    meeting.version += 1
    meeting.save(update_fields=["status", "confidentiality", "version"])
    expect(meeting, by=by)
    sees = _seen(found)
    audit.record("meetings.agenda_sent", meeting, by=by, agencies=len(sees))
    mails = _tell(meeting, found, by=by, on=on, kind="agenda", template="meetings/agenda/sent_mail.txt")
    return Sent(len(items), sees, _unreached(found), asked, mails)


@transaction.atomic
def ask_agencies(*, meeting_id: str, by: Actor, on: date, seen: str | None = None) -> Sent:
    """Ask each agency what it holds about the items that stand there now, before the agenda is sent: each sees the
    items it is asked about. Done again, only what is new is asked. `seen`: as for sending.

    Raises NotAllowed unless the actor prepares the meeting, Refusal where nothing can be asked, and Conflict.
    """
    meeting, every = _checked(by, meeting_id)
    items = [one for one in every if one.matter_id is not None]
    if not items:
        raise Refusal("nothing_to_ask", "No referral and no case stands on this agenda yet.")
    found = openings(by, meeting, items)
    _check_read(found, seen)
    _open(meeting, found, by=by)
    asked = ask_of(meeting, found, by=by, on=on)
    sees = _seen(found)
    audit.record("meetings.agencies_asked", meeting, by=by, agencies=len(sees), asks=asked)
    mails = (
        _tell(meeting, found, by=by, on=on, kind="asks", template="meetings/asks/asked_mail.txt")
        if asked
        else 0
    )
    return Sent(len(items), sees, _unreached(found), asked, mails)


@transaction.atomic
def open_item(*, meeting_id: str, item_id: str, by: Actor, on: date) -> None:
    """Let those at the table see one item at once, such as an urgent one that was added while the meeting runs. Nobody
    is asked or told by mail: they sit there.

    Raises NotAllowed unless the actor prepares the meeting and sees the item, and Refusal for one that is over.
    """
    meeting, items = _checked(by, meeting_id)
    item = access.get_item(by, meeting, item_id)
    _open(meeting, openings(by, meeting, [one for one in items if one.pk == item.pk]), by=by)
    audit.record("meetings.item_opened", item, by=by, meeting=meeting.public_id)


def _checked(by: Actor, meeting_id: str) -> tuple[Meeting, list[Item]]:
    meeting = access.get_meeting_for_update(by, meeting_id)
    access.check_can_prepare(by, meeting.group)
    if meeting.status not in CHANGEABLE:
        raise Refusal("agenda_closed", "The agenda of this meeting is not open for changes.")
    items = [one for one in items_of(by, meeting) if one.status in SHOWN]
    if not items:
        raise Refusal("nothing_on_it", "Nothing stands on this agenda.")
    return meeting, items


def _check_read(found: Iterable[Opening], seen: str | None) -> None:
    if seen is not None and mark_of(found) != seen:
        raise Conflict(
            "changed_meanwhile",
            "What each agency will see has changed since you read it. Nothing was sent: read it again first.",
        )


def _open(meeting: Meeting, found: Iterable[Opening], *, by: Actor) -> None:
    until = sight_until(meeting)
    for one in found:
        open_folder_to(
            one.folder, one.wanted, purpose=one.purpose, until=until, reason=NOT_AT_THE_TABLE, by=by
        )
        rows_to_organisers(one, meeting, until=until, by=by)


def _keep_sending(meeting: Meeting, *, by: Actor) -> None:
    """Keep among the organisers that it was sent, and how far the agenda had come."""
    assert meeting.work_folder is not None
    before = sent_before(meeting)
    Revision.objects.create(
        partnership_id=meeting.partnership_id,
        folder=meeting.work_folder,
        kind=SENDING,
        subject=meeting.public_id,
        number=before.number + 1 if before is not None else 1,
        values={"last_move": last_move(by, meeting)},
        by=by.public_id,
        agency=by.agency_code,
        at=clock.now(),
    )


def is_open(meeting: Meeting, item: Item, *, by: Actor) -> bool:
    """Whether those at the table see this item now: the agenda is sent, or agencies were asked about it."""
    return (
        meeting.status != MeetingStatus.PREPARING
        or access.parts_readable_by(by, Ask).filter(item=item).exists()
    )


def _seen(found: Iterable[Opening]) -> dict[str, int]:
    sees: dict[str, int] = {}
    for one in found:
        for place in one.table:
            if one.opens_at(place):
                sees[place.unit.public_id] = sees.get(place.unit.public_id, 0) + len(one.items)
    return sees


def _unreached(found: Iterable[Opening]) -> tuple[str, ...]:
    return tuple(
        sorted({place.unit.public_id for one in found for place in one.table if not place.is_reached})
    )


def _tell(meeting: Meeting, found: list[Opening], *, by: Actor, on: date, kind: str, template: str) -> int:
    """One mail to each who comes, with the references of what she sees: no name, no title. Whoever was told of the
    same before is not told again. Returns how many."""
    places = {place.unit.pk: place for one in found for place in one.table if place.is_reached}
    people = people_at(by, places.values())
    told: dict[int, tuple[User, Unit, list[str]]] = {}
    for one in found:
        for place in one.table:
            for seated in people.get(place.unit.pk, ()) if place.is_reached else ():
                if not seated.is_named or seated.is_deputy or not one.opens_to(place, seated):
                    continue
                _, _, cited = told.setdefault(seated.user.pk, (seated.user, seated.unit, []))
                cited += [words_of(item) for item in one.items if item.reference]
    before = dict(
        Copy.objects.filter(meeting=meeting, kind=kind, form="mail")
        .values_list("to", "number")
        .order_by("id")
    )
    link = settings.SERVICE_URL.rstrip("/") + reverse(f"meeting-{kind}", args=[meeting.public_id])
    sent = 0
    for number, (user, unit, cited) in sorted(told.items()):
        mark = _mark(user.public_id, cited)
        if before.get(number) == mark or not user.email:
            continue
        Copy.objects.create(
            partnership_id=meeting.partnership_id,
            meeting=meeting,
            kind=kind,
            number=mark,
            to=user,
            unit=unit,
            form="mail",
            at=clock.now(),
        )
        mail.send(
            f"{meeting.partnership.name}: {'agenda' if kind == 'agenda' else 'what is asked'} for a meeting",
            render_to_string(
                template,
                {
                    "meeting": meeting,
                    "group": meeting.group,
                    "references": sorted(set(cited)),
                    "is_again": number in before,
                    "url": link,
                    "partnership_name": meeting.partnership.name,
                    "service_name": settings.SERVICE_NAME,
                },
            ),
            to=user.email,
        )
        sent += 1
    return sent


def _mark(whose: str, cited: Iterable[str]) -> str:
    """A mark of what somebody was told, so that she is not told the same twice. It differs from person to person, so
    that nobody can tell from it that another was told of more."""
    return hashlib.sha256("\n".join([whose, *sorted(set(cited))]).encode()).hexdigest()[:20]
