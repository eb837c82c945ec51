"""Reads one YAML file of a pack into plain values, and remembers on which line each stood.

Only the part of YAML that a person fills in by hand is allowed: mappings, lists, text,
whole and decimal numbers, true and false, dates. Anchors, aliases, tags and merge keys are
refused, so that nothing can refer to itself, grow without limit or become code. Words such
as `no`, `on` and `off` are text here: in YAML 1.1 they would silently turn into booleans.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import yaml
from yaml import events

from .problems import PackError, Problem

MAXIMUM_BYTES = 1_000_000
MAXIMUM_DEPTH = 20

Place = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_DECIMAL_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,17}\Z")
# What an escape such as "\0" or "\ud800" can bring in, and no database or page can hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass
class Document:
    """The values of one file, with the line of every value and every key."""

    file: str
    value: Any
    lines: dict[Place, int] = field(default_factory=dict)
    key_lines: dict[Place, int] = field(default_factory=dict)

    def line_of(self, place: Place) -> int:
        """The line of the value at `place`, or of the nearest thing that holds it."""
        while place:
            if place in self.lines:
                return self.lines[place]
            place = place[:-1]
        return self.lines.get((), 1)

    def key_line_of(self, place: Place) -> int:
        """The line of the key that names the value at `place`."""
        return self.key_lines.get(place) or self.line_of(place)


def read_file(path: Path, name: str | None = None) -> Document:
    """Read one file. `name` is how problems call it. Raises `PackError` with one problem."""
    name = name or path.name
    try:
        size = path.stat().st_size
        if size > MAXIMUM_BYTES:
            _refuse(
                name,
                0,
                f"The file holds {size:,} bytes; at most {MAXIMUM_BYTES:,} are read. Make it shorter.",
            )
        raw = path.read_bytes()
    except OSError as error:
        _refuse(
            name, 0, f"The file cannot be read ({error.strerror}). Check that it is there and may be read."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        _refuse(name, line, "This is not UTF-8 text. Save the file as UTF-8.")
    return read_text(text, name)


def read_text(text: str, name: str) -> Document:
    """Read YAML from `text`. Raises `PackError` with one problem."""
    try:
        return _Reader(text, name).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        what = (error.problem or error.context or "it cannot be understood").strip()
        _refuse(
            name,
            line,
            f"This is not YAML: {what}. Check the indentation, the colons and the quotation marks.",
        )
    except yaml.YAMLError as error:
        line = text[: getattr(error, "position", 0) or 0].count("\n") + 1
        _refuse(name, line, "This is not YAML: it holds a character that YAML does not allow. Take it out.")


def _line_of(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _refuse(file: str, line: int, sentence: str) -> NoReturn:
    raise PackError([Problem(file, line, sentence)])


class _Reader:
    """Walks the parser's events, so that nothing is built that was not checked first."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.events = yaml.parse(text, Loader=_LOADER)
        self.result = Document(name, None)

    def document(self) -> Document:
        self._next()  # the stream's start
        event = self._next()
        if isinstance(event, events.StreamEndEvent):
            return self.result
        self.result.value = self._value(self._next(), (), 0)
        self._next()  # the document's end
        event = self._next()
        if not isinstance(event, events.StreamEndEvent):
            self._stop(
                event, "A second document starts here. Keep one document in a file: take out the line “---”."
            )
        return self.result

    def _next(self) -> Any:
        return next(self.events)

    def _stop(self, event: Any, sentence: str) -> NoReturn:
        _refuse(self.name, _line_of(event), sentence)

    def _value(self, event: Any, place: Place, depth: int) -> Any:
        self._check(event, depth)
        self.result.lines[place] = _line_of(event)
        if isinstance(event, events.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, events.SequenceStartEvent):
            return self._list(place, depth)
        return self._mapping(place, depth)

    def _check(self, event: Any, depth: int) -> None:
        if isinstance(event, events.AliasEvent):
            self._stop(event, f"The alias “*{event.anchor}” is not allowed. Write the value out.")
        if event.anchor is not None:
            self._stop(
                event, f"The anchor “&{event.anchor}” is not allowed. Write the value out where it is wanted."
            )
        if event.tag is not None:
            self._stop(event, f"The tag “{event.tag}” is not allowed. Take it out.")
        if isinstance(event, events.ScalarEvent) and _UNWRITABLE.search(event.value):
            self._stop(event, "The text holds a control character. Take it out.")
        if depth > MAXIMUM_DEPTH:
            self._stop(event, f"This is nested more than {MAXIMUM_DEPTH} levels deep. Make it flatter.")

    def _list(self, place: Place, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self._next(), events.SequenceEndEvent):
            values.append(self._value(event, (*place, len(values)), depth + 1))
        return values

    def _mapping(self, place: Place, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self._next(), events.MappingEndEvent):
            self._check(event, depth + 1)
            if not isinstance(event, events.ScalarEvent):
                self._stop(event, "A key must be a single word. Put the name of a field here.")
            key = event.value
            line = _line_of(event)
            inner = (*place, key)
            if key in values:
                first = self.result.key_lines[inner]
                self._stop(
                    event, f"The key “{key}” stands here twice (first on line {first}). Keep one of them."
                )
            if key == "<<":
                self._stop(event, "The merge key “<<” is not allowed. Write the values out.")
            self.result.key_lines[inner] = line
            values[key] = self._value(self._next(), inner, depth + 1)
        return values

    def _scalar(self, event: Any) -> Any:
        text = event.value
        if event.style:  # quoted or a block: text, whatever it looks like
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _WHOLE_NUMBER.match(text):
            return int(text)
        if _DECIMAL_NUMBER.match(text) and math.isfinite(number := float(text)):
            return number
        if _DATE.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self._stop(event, f"There is no day {text}. Give a date of the calendar as YYYY-MM-DD.")
        return text
