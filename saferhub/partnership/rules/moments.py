"""Days and moments: one is turned into the other in London time, where the partnership works."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def day_of(value: date | datetime) -> date:
    """The day of a value, in London when it is an aware moment."""
    if isinstance(value, datetime):
        return value.astimezone(LONDON).date() if value.tzinfo is not None else value.date()
    return value


def moment_of(value: date | datetime) -> datetime:
    """The moment of a value in UTC; a day begins at midnight in London."""
    if isinstance(value, datetime):
        return (value if value.tzinfo is not None else value.replace(tzinfo=LONDON)).astimezone(UTC)
    return datetime.combine(value, time(), tzinfo=LONDON).astimezone(UTC)


def earlier(one: date | datetime, other: date | datetime) -> date | datetime:
    """The earlier of two; a day counts as its first moment."""
    return one if moment_of(one) <= moment_of(other) else other


def is_later(one: date | datetime, other: date | datetime) -> bool:
    """Whether `one` comes after `other`; two values of which one is a day are compared as days."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return moment_of(one) > moment_of(other)
    return day_of(one) > day_of(other)
