"""When a meeting takes place, in words and as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from saferhub.partnership.rules.dates_in_words import date_in_words

LONDON = ZoneInfo("Europe/London")


def span(on: date, starts_at: time, minutes: int) -> tuple[datetime, datetime]:
    """Its beginning and end, aware, in London. The length counts as the clock on the wall shows it."""
    begins = datetime.combine(on, starts_at)
    return begins.replace(tzinfo=LONDON), (begins + timedelta(minutes=minutes)).replace(tzinfo=LONDON)


def hours(starts_at: time, minutes: int) -> str:
    """ "10:00 to 11:30"."""
    begins = datetime.combine(date(2018, 1, 1), starts_at)
    return f"{begins:%H:%M} to {begins + timedelta(minutes=minutes):%H:%M}"


def held(on: date, began: datetime | None, ended: datetime | None) -> str:
    """When it was really held, in words: "10:04 to 11:20", with the day where that is not the planned one (`on`);
    nothing until it has ended. `began`, `ended`: aware."""
    if began is None or ended is None:
        return ""
    first, last = began.astimezone(LONDON), ended.astimezone(LONDON)
    said = f"{first:%H:%M} to {last:%H:%M}"
    return said if first.date() == on else f"{date_in_words(first.date())}, {said}"


def length(minutes: int) -> str:
    """ "1 hour 30 minutes"."""
    whole, rest = divmod(minutes, 60)
    said = [f"{whole} hour" if whole == 1 else f"{whole} hours"] if whole else []
    if rest or not whole:
        said.append(f"{rest} minute" if rest == 1 else f"{rest} minutes")
    return " ".join(said)
