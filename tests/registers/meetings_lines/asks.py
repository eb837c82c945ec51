"""What the addresses of what is asked answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line, seen_by

from .agenda import PREPARE, TABLE

# Whoever is asked nothing is led back to the page that says so.
ASKED = frozenset({"chris.chair", "rachel.referrer", "priya.partner", "victor.voluntary"})
REST = seen_by(TABLE, ASKED) | {302: PREPARE - ASKED}
REST.pop(403)

LINES: dict[str, Line] = {
    "meeting-asks": Line(seen_by(TABLE), seen_by(TABLE, done=302), "sent_meeting"),
    "asks-rest": Line(REST, seen_by(TABLE, done=302), "sent_meeting"),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
