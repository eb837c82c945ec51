"""The marks of a view that keeps transactions of its own, and of one that asks something before its transaction.

Every view runs in one transaction, entered as whoever asks (the middleware `Enter` of the app `sharing`).
A view that must answer while the database is away cannot: it says so with `own_transactions`. Such a view
sees no protected row, for it is entered as nobody.

What takes long and needs no database, such as asking a virus scanner, is done before: a transaction that waits for
another service keeps others waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

_View = TypeVar("_View", bound=Callable[..., Any])
_Ask = Callable[..., None]
_MARK, _BEFORE = "has_own_transactions", "asks_before"


def own_transactions(view: _View) -> _View:
    """Mark a view as one that no transaction is opened around. tests/sharing/test_entering.py names them."""
    setattr(view, _MARK, True)
    return view


def has_own_transactions(view: object) -> bool:
    """Whether a view carries the mark."""
    return bool(getattr(view, _MARK, False))


def before_transaction(ask: _Ask) -> Callable[[_View], _View]:
    """Mark a view as one before whose transaction `ask` is called, with what the view is called with. It reads no
    protected row, leaves what it learns on the request, and raises nothing that the view is to answer."""

    def marked(view: _View) -> _View:
        setattr(view, _BEFORE, ask)
        return view

    return marked


def asked_before(view: object) -> _Ask | None:
    """What is to be called before a view's transaction, if anything."""
    return getattr(view, _BEFORE, None)
