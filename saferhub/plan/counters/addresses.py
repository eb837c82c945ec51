"""Addresses of the lists that hold the rows behind a figure. Each list shows its reader what she may see, so a figure
may count more than its rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


def listed(name: str, split: str, code: str, **days: date | str) -> str:
    """A list of casework with every status, narrowed to days and to a hub or an agency."""
    given: dict[str, Any] = {"status": "all", **days}
    if split in ("hub", "agency") and code:
        given[split] = code
    return f"{reverse(name)}?{urlencode(given)}"


def earlier(day: date, days: int) -> date:
    return day - timedelta(days=days)
