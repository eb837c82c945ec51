"""What the audit can say of meetings, by subject."""

from . import agenda, asks, calendar, live, measures, minutes  # noqa: F401
