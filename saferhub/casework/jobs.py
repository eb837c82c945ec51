"""Where the worker looks for the jobs of casework: each is declared beside what it does."""

from __future__ import annotations

from .operations import actions_chasing, intake_loading  # noqa: F401
