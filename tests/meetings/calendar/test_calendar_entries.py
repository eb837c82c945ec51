"""Calendar entries as two readers that know nothing of each other understand them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from saferhub.meetings.rules.calendar_entries import CANCEL, PUBLISH, REQUEST, Entry, Organiser, calendar

from .reading import check, read

STAMP = datetime(2018, 8, 28, 9, 30, 15, tzinfo=UTC)
ORGANISER = Organiser("North Yorkshire Community Safety Partnership", "no-reply@saferhub.example")
URL = "https://saferhub.example/meetings/A1B2C3D4E5F6G7H8/"
ENTRY = Entry(
    uid="a1b2c3@saferhub.example",
    sequence=3,
    on=date(2018, 9, 13),
    starts_at=time(14),
    minutes=60,
    summary="MAPs, Selby Community Safety Hub",
    place="Civic Centre; room 2, Hollin Parade – über dem Café, erster Stock, zweite Tür links",
    url=URL,
)


def made(method: str, entry: Entry = ENTRY, attendee: str = "") -> bytes:
    return calendar(method, [entry], organiser=ORGANISER, stamp=STAMP, attendee=attendee)


def test_both_readers_find_the_same_invitation() -> None:
    raw = made(REQUEST, attendee="priya@example.org")
    (by_library,) = Calendar.from_ical(raw).walk("VEVENT")
    by_hand = check(read(raw))
    (event,) = by_hand.named("VEVENT")
    assert by_hand.one("METHOD").value == str(Calendar.from_ical(raw)["method"]) == "REQUEST"
    assert by_hand.one("VERSION").value == "2.0"
    for name, value in (("SUMMARY", ENTRY.summary), ("LOCATION", ENTRY.place), ("UID", ENTRY.uid)):
        assert event.text(name) == str(by_library[name]) == value
    assert event.one("SEQUENCE").value == str(by_library["sequence"]) == "3"
    assert event.one("DTSTAMP").value == "20180828T093015Z"
    assert event.one("ORGANIZER").value == str(by_library["organizer"]) == f"mailto:{ORGANISER.email}"
    assert event.one("ATTENDEE").value == str(by_library["attendee"]) == "mailto:priya@example.org"
    assert event.one("ATTENDEE").parameters["RSVP"] == "FALSE"
    assert event.one("STATUS").value == "CONFIRMED"
    assert event.one("URL").value == URL


@pytest.mark.parametrize("method", [REQUEST, CANCEL, PUBLISH])
def test_every_object_keeps_the_rules_of_its_method(method: str) -> None:
    entry = replace(ENTRY, is_cancelled=method == CANCEL)
    raw = made(method, entry, attendee="" if method == PUBLISH else "priya@example.org")
    check(read(raw))
    assert not Calendar.from_ical(raw).errors
    assert all(not one.errors for one in Calendar.from_ical(raw).walk())


@pytest.mark.parametrize(
    ("found", "broken"),
    [
        (b"DTEND;TZID=Europe/London:20180913T150000", b"DTEND;TZID=Europe/London:20180913T130000"),
        (b"UID:a1b2c3@saferhub.example\r\n", b""),
        (b"DTSTART;TZID=Europe/London", b"DTSTART;TZID=Europe/Paris"),
        (b"METHOD:PUBLISH", b"METHOD:REQUEST"),
        (b"STATUS:CONFIRMED", b"STATUS:CONFIRMED\r\nSTATUS:CANCELLED"),
    ],
)
def test_an_object_that_breaks_a_rule_is_refused(found: bytes, broken: bytes) -> None:
    raw = made(PUBLISH)
    assert found in raw
    with pytest.raises((AssertionError, KeyError)):
        check(read(raw.replace(found, broken)))


def test_meetings_before_and_after_the_clocks_change_begin_at_the_same_hour_of_the_day() -> None:
    days = (date(2018, 10, 25), date(2018, 10, 29), date(2019, 3, 28), date(2019, 4, 1))
    entries = [replace(ENTRY, on=day, uid=f"{day}@saferhub.example") for day in days]
    raw = calendar(PUBLISH, entries, organiser=ORGANISER, stamp=STAMP)
    hours = [one.one("DTSTART").value[8:] for one in check(read(raw)).named("VEVENT")]
    assert hours == ["T140000"] * 4
    by_library = [one["dtstart"].dt.astimezone(UTC).hour for one in Calendar.from_ical(raw).walk("VEVENT")]
    assert by_library == [13, 14, 14, 13]


@pytest.mark.parametrize(
    ("day", "utc"), [(date(2018, 9, 13), 13), (date(2018, 12, 13), 14)], ids=["summer", "winter"]
)
def test_the_hour_is_londons_in_summer_and_in_winter(day: date, utc: int) -> None:
    raw = made(PUBLISH, replace(ENTRY, on=day))
    (event,) = read(raw).named("VEVENT")
    start, end = event.one("DTSTART"), event.one("DTEND")
    assert (start.parameters["TZID"], start.value) == ("Europe/London", f"{day:%Y%m%d}T140000")
    assert end.value == f"{day:%Y%m%d}T150000"
    (by_library,) = Calendar.from_ical(raw).walk("VEVENT")
    assert by_library["dtstart"].dt.astimezone(UTC).hour == utc


def test_a_program_that_does_not_know_london_is_told_its_summer_time() -> None:
    (zone,) = read(made(PUBLISH)).named("VTIMEZONE")
    assert zone.one("TZID").value == "Europe/London"
    found = {
        part.name: (part.one("TZOFFSETFROM").value, part.one("TZOFFSETTO").value, part.one("RRULE").value)
        for part in zone.parts
    }
    assert found["DAYLIGHT"][:2] == ("+0000", "+0100")
    assert found["STANDARD"][:2] == ("+0100", "+0000")
    assert all("BYDAY=-1SU" in rule for *_, rule in found.values())


def test_an_entry_never_repeats_by_itself() -> None:
    (event,) = read(made(REQUEST)).named("VEVENT")
    assert "RRULE" not in event.properties


def test_a_cancellation_keeps_the_identifier_and_says_so_twice() -> None:
    raw = made(CANCEL, replace(ENTRY, sequence=4, is_cancelled=True), attendee="priya@example.org")
    whole = read(raw)
    (event,) = whole.named("VEVENT")
    assert whole.one("METHOD").value == "CANCEL"
    assert (event.text("UID"), event.one("SEQUENCE").value) == (ENTRY.uid, "4")
    assert event.one("STATUS").value == "CANCELLED"
    assert event.text("DESCRIPTION").startswith("This meeting is cancelled.")


def test_without_a_place_none_is_made_up() -> None:
    (event,) = read(made(PUBLISH, replace(ENTRY, place=""))).named("VEVENT")
    assert "LOCATION" not in event.properties
    assert "ATTENDEE" not in event.properties


def test_the_second_reader_refuses_what_no_reader_should_take() -> None:
    raw = made(PUBLISH)
    for broken in (raw.replace(b"END:VEVENT", b"END:VTODO"), raw.replace(b"\r\n", b"\n"), raw[:-2]):
        with pytest.raises(AssertionError):
            read(broken)
