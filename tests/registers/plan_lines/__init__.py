"""The lines of the addresses of the plan, by subject."""

from __future__ import annotations

from . import actions, counted, measures, scorecard, strategy, support, updates

_SUBJECTS = (strategy, actions, updates, support, measures, counted, scorecard)
LINES = {name: line for subject in _SUBJECTS for name, line in subject.LINES.items()}
ARGUMENTS = {name: maker for subject in _SUBJECTS for name, maker in subject.ARGUMENTS.items()}
