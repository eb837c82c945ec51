"""Jobs on whole partnerships."""

from __future__ import annotations

from saferhub.audit.jobs import job
from saferhub.foundation import clock

from .operations.duties import plan_all_calendars


@job("partnership.plan_calendars", every="15 1 * * *", own_transactions=True)  # one for each calendar
def plan_calendars() -> int:
    """Once a day, put into every calendar what the law will ask for in the year ahead."""
    return plan_all_calendars(clock.today())
