"""What the addresses of the scorecard answer to whom (see tests/registers/test_urls.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import OLIVIA, READ, Line, held_by, members

from .measures import KEEPS

KEPT = held_by(KEEPS | OLIVIA)

LINES: dict[str, Line] = {
    "measures": READ,
    "measures-csv": READ,
    "measures-xlsx": READ,
    "measures-method": READ,
    "measure-new": Line(KEPT, KEPT),
    "measures-take": Line(members(405), held_by(KEEPS | OLIVIA, 302)),
    "measures-count": Line(members(405), held_by(KEEPS | OLIVIA, 302)),
}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
