"""Entering a transaction as somebody, so that the database shows what she may see and nothing else.

The function `gate.enter` works out whose she is from the tables and writes it into settings of the
transaction. They end with it: the next transaction on the same connection is entered as nobody, and to
nobody no protected row is visible. One transaction has one actor. Nothing read as one person can be
finished as another, because entering a second one inside is refused.

Django's transactions nest. Where `entered` stands inside a transaction that was open before, whoever that
one was entered as is put back at the end: settings would outlive a savepoint that is released.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections, transaction

from saferhub.audit.context import request_id, within_request

# Whom this thread's open blocks are entered as: connection -> number of the account, None for nobody.
_acting: ContextVar[dict[str, int | None] | None] = ContextVar("sharing_acting", default=None)

_NOW = "SELECT nullif(current_setting('saferhub.user', true), '')"


def _number(user: Any) -> int | None:
    return user.pk if user is not None and user.is_authenticated else None


def _settle(number: int | None, using: str) -> None:
    with connections[using].cursor() as cursor:
        if number is None:
            cursor.execute("SELECT gate.leave()")
        else:
            cursor.execute("SELECT gate.enter(%s)", [number])


def entered_as(using: str = "default") -> int | None:
    """The number of the account that the open transaction is entered as; None for nobody. One query."""
    with connections[using].cursor() as cursor:
        cursor.execute(_NOW)
        (found,) = cursor.fetchone()
    return int(found) if found else None


def enter(user: Any, using: str = "default") -> None:
    """Enter the open transaction as this account, until it ends. One query; none for nobody.

    Most callers want `entered`, which opens the transaction too. Raises RuntimeError outside a transaction:
    there the settings would be gone before the next statement.
    """
    number = _number(user)
    if number is None:
        return
    if not connections[using].in_atomic_block:
        raise RuntimeError("Enter inside a transaction: outside, what is entered ends with the statement.")
    _settle(number, using)


@contextmanager
def entered(user: Any, using: str = "default") -> Iterator[None]:
    """One transaction, entered as this account or, for None and the anonymous, as nobody.

    Costs one query where it opens the transaction. Inside a block of the same person it is a savepoint.
    Raises RuntimeError inside a block of anybody else: one transaction has one actor.
    """
    number = _number(user)
    acting = _acting.get() or {}
    if using in acting:
        if acting[using] != number:
            raise RuntimeError("This transaction is entered as somebody else. One transaction, one actor.")
        with transaction.atomic(using=using):
            yield
        return
    with _acting_as({**acting, using: number}):
        if not connections[using].in_atomic_block:
            with transaction.atomic(using=using):
                enter(user, using)
                yield
            return
        before = entered_as(using)
        with transaction.atomic(using=using):
            if number != before:
                _settle(number, using)
            yield
        # An exception has rolled back to the savepoint, and the settings with it; this is the other way out.
        if number != before:
            _settle(before, using)


@contextmanager
def entered_by_link(secret: str, using: str = "default") -> Iterator[int | None]:
    """One transaction, entered by the secret of a referral link: gives the number of its account, or None for a
    secret that opens nothing (any more), and then the transaction is entered as nobody.

    Each is one use of the link, unless it rolls back. Raises RuntimeError inside a block of anybody.
    """
    acting = _acting.get() or {}
    if using in acting:
        raise RuntimeError("This transaction is entered as somebody else. One transaction, one actor.")
    is_inner = connections[using].in_atomic_block
    before = entered_as(using) if is_inner else None
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT gate.leave()")
            cursor.execute("SELECT gate.enter_by_link(%s)", [secret])
            (number,) = cursor.fetchone()
        with _acting_as({**acting, using: number}):
            yield number
    if is_inner:
        _settle(before, using)


@contextmanager
def _acting_as(acting: dict[str, int | None]) -> Iterator[None]:
    before = _acting.get()
    _acting.set(acting)
    try:
        yield
    finally:
        _acting.set(before)  # not by token: a stream may be closed from another context


def streamed_as(user: Any, parts: Iterable[Any], using: str = "default") -> Iterator[Any]:
    """The parts of a stream, made in one transaction of their own, entered as this account.

    A stream is sent after its view's transaction has ended. What it records carries the mark of its request,
    and stands only if the stream came to its end: record what is handed out before it begins. A reader who
    stops for longer than the connection may wait idly loses the rest.
    """
    return _streamed(user, parts, using, request_id())


def _streamed(user: Any, parts: Iterable[Any], using: str, request: str) -> Iterator[Any]:
    with within_request(request), entered(user, using):
        yield from parts
