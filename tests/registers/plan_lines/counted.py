"""What the addresses of counted figures answer to whom: they have none of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.registers.answers import Line

LINES: dict[str, Line] = {}
ARGUMENTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
