"""The lines of the addresses of meetings, by subject."""

from __future__ import annotations

from . import agenda, asks, calendar, live, measures, minutes

_SUBJECTS = (calendar, agenda, asks, live, minutes, measures)
LINES = {name: line for subject in _SUBJECTS for name, line in subject.LINES.items()}
ARGUMENTS = {name: maker for subject in _SUBJECTS for name, maker in subject.ARGUMENTS.items()}
