"""Business time.

Rules never ask for the time themselves; views, jobs and commands ask here. In demonstration the
business clock runs some days behind the real one, so that plan, districts, clocks and report agree.
Sessions, tokens and rate limits use real time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

from django.conf import settings
from django.utils import timezone

# The offset is set once when the demonstration is made; asking the database at every call would cost
# a query for each date on a page.
_REMEMBER_SECONDS = 20.0
_remembered: dict[str, Any] = {"until": 0.0, "days": 0}


def _offset_days() -> int:
    if time.monotonic() >= _remembered["until"]:
        from .models import ClockOffset

        row = ClockOffset.objects.filter(pk=1).values_list("days", flat=True).first()
        _remembered.update(until=time.monotonic() + _REMEMBER_SECONDS, days=row or 0)
    return int(_remembered["days"])


def forget() -> None:
    """Read the offset afresh at the next call; for the command that sets it, and for tests."""
    _remembered["until"] = 0.0


# How far back the demonstration's history is just being written, in this thread alone.
_back: ContextVar[timedelta] = ContextVar("clock_back", default=timedelta())


def is_demonstration() -> bool:
    return bool(settings.DEMONSTRATION)


@contextmanager
def on_day(day: date, at: time_of_day | None = None) -> Iterator[None]:
    """Let business time stand on an earlier day, for the demonstration's history, written as its users would
    have written it then; `at`: from that time of the day on, London time, else from the present one. The database's own
    time stays. Raises RuntimeError outside demonstration."""
    if not is_demonstration():
        raise RuntimeError("Only a demonstration has a past that is written afterwards.")
    back = timedelta(days=(today() - day).days)
    if at is not None:
        then = _local(_back.get() + back)
        back += then - then.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    token = _back.set(_back.get() + back)
    try:
        yield
    finally:
        _back.reset(token)


def real_now() -> datetime:
    """The true time, aware: for sessions, tokens, limits."""
    return timezone.now()


def now() -> datetime:
    """Business time, aware, in Europe/London."""
    return _local(_back.get())


def _local(back: timedelta) -> datetime:
    """Business time so far back, as London's clocks showed it then."""
    return timezone.localtime(timezone.now() - timedelta(days=_offset_days()) - back)


def today() -> date:
    """The business day in Europe/London."""
    return now().date()
