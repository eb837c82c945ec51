"""The lines of casework's addresses, by subject."""

from __future__ import annotations

from . import actions, cases, intake, interventions, notes, oversight, referrals, scoring

_SUBJECTS = (referrals, scoring, cases, notes, actions, interventions, oversight, intake)
LINES = {name: line for subject in _SUBJECTS for name, line in subject.LINES.items()}
ARGUMENTS = {name: maker for subject in _SUBJECTS for name, maker in subject.ARGUMENTS.items()}
