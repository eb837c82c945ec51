"""Which connection a query takes where it does not say so itself.

Counts of failed sign-ins and of searches stand in the cache's table. A request that is refused rolls its
transaction back, and the count of what was tried must not go with it: so the table is written, and read, on
the second connection, which commits each statement by itself. It signs in as the same role.
"""

from __future__ import annotations

from typing import Any

_OUTLIVES = "refusals"
_CACHE = "django_cache"  # the label under which Django's cache in the database asks for its connection


class CountsOutlive:
    """Send the cache's table to the connection that outlives a rollback; say nothing of any other."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return _OUTLIVES if model._meta.app_label == _CACHE else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return _OUTLIVES if model._meta.app_label == _CACHE else None
