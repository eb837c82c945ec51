"""The request (or job, or command) that entries belong to, so that a page can show them together."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request: ContextVar[str] = ContextVar("audit_request", default="")


def request_id() -> str:
    return _request.get()


@contextmanager
def within_request(identifier: str = "") -> Iterator[str]:
    """Give everything recorded inside one identifier of 16 hexadecimal digits."""
    identifier = identifier or secrets.token_hex(8)
    token = _request.set(identifier)
    try:
        yield identifier
    finally:
        _request.reset(token)
