"""A day as it is typed while others speak: "20/9", "20 Sep", "Friday", "2 weeks"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})(?:\s*[/.\- ]\s*(\d{4}|\d{2}))?")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPAN = re.compile(r"(?:in\s+)?(\d{1,3})\s*(d|days?|w|weeks?)")
_HALF_A_YEAR = 183


def day_typed(text: str, on: date) -> date:
    """The day that was meant, on a day. A weekday is the next one after it; without a year the nearest such day is
    meant, so that one just passed is told from one to come. Raises ValueError for what is no day.
    """
    words = " ".join(text.lower().split())
    if words in ("today", "tomorrow"):
        return on + timedelta(days=words == "tomorrow")
    if found := _SPAN.fullmatch(words):
        return on + timedelta(days=int(found[1]) * (7 if found[2].startswith("w") else 1))
    if found := _ISO.fullmatch(words):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(words):
        return _dated(int(found[1]), int(found[2]), found[3], on)
    if found := _NAMED.fullmatch(words):
        return _dated(int(found[1]), _place(found[2], calendar.month_name), found[3], on)
    weekday = _place(words.removeprefix("next "), ("", *calendar.day_name)) - 1
    return on + timedelta(days=(weekday - on.weekday() - 1) % 7 + 1)


def _place(word: str, names: object) -> int:
    """Where a name of at least three letters stands in a list that begins with an empty one."""
    for number, name in enumerate(names):  # type: ignore[var-annotated, arg-type]
        if number and len(word) >= 3 and str(name).lower().startswith(word):
            return number
    raise ValueError(f"{word!r} is no name of a day or month")


def _dated(day: int, month: int, year: str | None, on: date) -> date:
    if year:
        return date(int(year) if len(year) == 4 else on.year // 100 * 100 + int(year), month, day)
    for candidate in (on.year, on.year + 1, on.year - 1):
        if day == 29 and month == 2 and not calendar.isleap(candidate):
            continue
        found = date(candidate, month, day)
        if abs((found - on).days) <= _HALF_A_YEAR:
            return found
    return date(on.year, month, day)
