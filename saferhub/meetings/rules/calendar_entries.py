"""Meetings as calendar entries (iCalendar, RFC 5545; invitations and cancellations by RFC 5546).

An entry holds references: which group, when, where, the address of its page. Never an item, never a person: mail and
calendars leave the service unprotected. Its UID stays while the meeting stands; SEQUENCE rises with every change. Each
meeting is an entry of its own, with no rule of recurrence, because a day that moves would break one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from .when import span

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting as an entry. `summary`: the group's name. `minutes`: its planned length. `url`: its page."""

    uid: str
    sequence: int
    on: date
    starts_at: time
    minutes: int
    summary: str
    place: str
    url: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Organiser:
    """In whose name entries are sent: the partnership, by the service's address."""

    name: str
    email: str


def zone() -> Timezone:
    """Europe/London as its rule has been since 1996, for programs that do not know it by name."""
    found = Timezone()
    found.add("tzid", "Europe/London")
    for part, name, before, after, begins, month in (
        (TimezoneDaylight(), "BST", 0, 1, datetime(1996, 3, 31, 1), 3),  # noqa: DTZ001 - as its own clocks show it
        (TimezoneStandard(), "GMT", 1, 0, datetime(1996, 10, 27, 2), 10),  # noqa: DTZ001 - as its own clocks show it
    ):
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("dtstart", begins)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        found.add_component(part)
    return found


def event(entry: Entry, *, organiser: Organiser, stamp: datetime, attendee: str = "") -> Event:
    """The entry itself. `stamp`: when it is written, aware. `attendee`: the address invited; none for a feed."""
    begins, ends = span(entry.on, entry.starts_at, entry.minutes)
    found = Event()
    found.add("uid", entry.uid)
    found.add("sequence", entry.sequence)
    found.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
    found.add("dtstart", begins)
    found.add("dtend", ends)
    found.add("summary", entry.summary)
    found.add("description", _description(entry))
    if entry.place:
        found.add("location", entry.place)
    found.add("url", entry.url)
    found.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    found.add("class", "PRIVATE")
    found.add("organizer", _address(organiser.email, cn=organiser.name))
    if attendee:
        # Nobody reads answers that come by mail; whether somebody comes is said on the meeting's page.
        found.add(
            "attendee", _address(attendee, role="REQ-PARTICIPANT", partstat="NEEDS-ACTION", rsvp="FALSE")
        )
    return found


def _description(entry: Entry) -> str:
    said = "This meeting is cancelled. " if entry.is_cancelled else ""
    return f"{said}Its papers, and what is asked of you, are on its page: {entry.url}"


def _address(email: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    for name, value in parameters.items():
        address.params[name.upper()] = value
    return address


def calendar(
    method: str, entries: Iterable[Entry], *, organiser: Organiser, stamp: datetime, attendee: str = ""
) -> bytes:
    """A calendar of these entries. REQUEST and CANCEL hold one each and name whom they are sent to."""
    found = Calendar()
    found.add("prodid", "-//saferhub//meetings//EN")
    found.add("version", "2.0")
    found.add("method", method)
    found.add_component(zone())
    for entry in entries:
        found.add_component(event(entry, organiser=organiser, stamp=stamp, attendee=attendee))
    return bytes(found.to_ical())
