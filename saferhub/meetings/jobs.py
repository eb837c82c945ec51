"""Where the worker looks for the jobs of meetings: each is declared beside what it does."""

from __future__ import annotations

from .operations import asking_reminders  # noqa: F401
