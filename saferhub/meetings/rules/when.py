"""When a meeting takes place, in words and as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def span(on: date, starts_at: time, minutes: int) -> tuple[datetime, datetime]:
    """Its beginning and end, aware, in London. The length counts as the clock on the wall shows it."""
    begins = datetime.combine(on, starts_at)
    return begins.replace(tzinfo=LONDON), (begins + timedelta(minutes=minutes)).replace(tzinfo=LONDON)


def hours(starts_at: time, minutes: int) -> str:
    """ "10:00 to 11:30"."""
    begins = datetime.combine(date(2018, 1, 1), starts_at)
    return f"{begins:%H:%M} to {begins + timedelta(minutes=minutes):%H:%M}"


def length(minutes: int) -> str:
    """ "1 hour 30 minutes"."""
    whole, rest = divmod(minutes, 60)
    said = [f"{whole} hour" if whole == 1 else f"{whole} hours"] if whole else []
    if rest or not whole:
        said.append(f"{rest} minute" if rest == 1 else f"{rest} minutes")
    return " ".join(said)
