"""A small reader of iCalendar, written from RFC 5545 and not from any library: the second opinion on what is sent."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Property:
    parameters: dict[str, str]
    value: str


@dataclass
class Component:
    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)

    def one(self, name: str) -> Property:
        (found,) = self.properties[name]
        return found

    def text(self, name: str) -> str:
        """A value of type TEXT without its escapes (3.3.11)."""
        return unescaped(self.one(name).value)

    def named(self, name: str) -> list[Component]:
        return [one for one in self.parts if one.name == name]


def unfolded(raw: bytes) -> list[str]:
    """Content lines (3.1): each ends with CRLF and has no more than 75 octets; a line that begins with a blank goes on
    from the one before."""
    assert raw.endswith(b"\r\n")
    lines: list[bytes] = []
    for line in raw.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75, line
        assert b"\n" not in line
        assert b"\r" not in line
        if line[:1] in (b" ", b"\t"):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode("utf-8") for line in lines]


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """Name, parameters, value of a content line; a parameter's value may stand in quotes."""
    parts, quoted, start = [], False, 0
    for place, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign == ";" and not quoted:
            parts.append(line[start:place])
            start = place + 1
        elif sign == ":" and not quoted:
            parts.append(line[start:place])
            name, *given = parts
            parameters = dict(one.split("=", 1) for one in given)
            return (
                name.upper(),
                {key.upper(): value.strip('"') for key, value in parameters.items()},
                line[place + 1 :],
            )
    raise AssertionError(f"no value: {line}")


def unescaped(text: str) -> str:
    found, place = [], 0
    while place < len(text):
        if text[place] == "\\":
            place += 1
            found.append({"n": "\n", "N": "\n"}.get(text[place], text[place]))
        else:
            assert text[place] not in ";,", text
            found.append(text[place])
        place += 1
    return "".join(found)


# What RFC 5545 (3.6.1, 3.6.5, 3.8) and RFC 5546 (3.2) ask of an object, by its method: there once, or not at all.
_ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "ORGANIZER", "STATUS"}
_AT_MOST_ONCE = {"LOCATION", "DESCRIPTION", "URL", "CLASS", "RRULE", "DURATION", "RECURRENCE-ID"}


def check(whole: Component) -> Component:
    """The same object, once it keeps the rules: an AssertionError names what it breaks."""
    assert whole.one("VERSION").value == "2.0"
    assert whole.one("PRODID").value
    method = whole.one("METHOD").value
    zones = {one.one("TZID").value: one for one in whole.named("VTIMEZONE")}
    for zone in zones.values():
        assert {one.name for one in zone.parts} == {"STANDARD", "DAYLIGHT"}
        for part in zone.parts:
            for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
                assert part.one(name).value
    events = whole.named("VEVENT")
    assert events, "an object without an entry"
    for event in events:
        for name in _ONCE:
            assert len(event.properties.get(name, ())) == 1, name
        for name in _AT_MOST_ONCE:
            assert len(event.properties.get(name, ())) <= 1, name
        assert "DURATION" not in event.properties, "it has an end and a duration"
        start, end = event.one("DTSTART"), event.one("DTEND")
        assert start.parameters["TZID"] == end.parameters["TZID"] in zones
        assert start.value < end.value
        assert event.one("DTSTAMP").value.endswith("Z")
        assert event.one("SEQUENCE").value.isdigit()
        assert event.one("ORGANIZER").value.startswith("mailto:")
        named = event.properties.get("ATTENDEE", ())
        assert len(named) == (0 if method == "PUBLISH" else 1), f"{method} names {len(named)}"
        assert (event.one("STATUS").value == "CANCELLED") or method != "CANCEL"
    assert method == "PUBLISH" or len(events) == 1
    return whole


def read(raw: bytes) -> Component:
    """The one calendar of an object."""
    stack: list[Component] = []
    for line in unfolded(raw):
        name, parameters, value = parsed(line)
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            ended = stack.pop()
            assert ended.name == value
            if not stack:
                assert ended.name == "VCALENDAR"
                return ended
            stack[-1].parts.append(ended)
        else:
            stack[-1].properties.setdefault(name, []).append(Property(parameters, value))
    raise AssertionError("it has no end")
