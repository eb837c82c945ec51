"""Where the worker looks for the jobs of the plan: each is declared beside what it does."""

from __future__ import annotations

from .operations import commentary_asking, counting, updates_asking  # noqa: F401
