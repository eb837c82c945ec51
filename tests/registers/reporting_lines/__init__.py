"""The lines of the addresses of reporting, by subject."""

from __future__ import annotations

from . import committees, published, questions, reports, sections

_SUBJECTS = (committees, questions, reports, sections, published)
LINES = {name: line for subject in _SUBJECTS for name, line in subject.LINES.items()}
ARGUMENTS = {name: maker for subject in _SUBJECTS for name, maker in subject.ARGUMENTS.items()}
