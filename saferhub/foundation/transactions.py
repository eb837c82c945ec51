"""The mark of a view that keeps transactions of its own.

Every view runs in one transaction, entered as whoever asks (the middleware `Enter` of the app `sharing`).
A view that must answer while the database is away cannot: it says so with `own_transactions`. Such a view
sees no protected row, for it is entered as nobody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_View = TypeVar("_View", bound=Callable[..., Any])
_MARK = "has_own_transactions"


def own_transactions(view: _View) -> _View:
    """Mark a view as one that no transaction is opened around. tests/sharing/test_entering.py names them."""
    setattr(view, _MARK, True)
    return view


def has_own_transactions(view: object) -> bool:
    """Whether a view carries the mark."""
    return bool(getattr(view, _MARK, False))
