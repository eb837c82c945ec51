"""What somebody typed to search by, kept with her session: a name must not stand in an address or a log.

A result page has a random key in its address, so that it can be read again and gone back to; what belongs to the
key is sealed, and lost with the session.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from cryptography.fernet import InvalidToken

from saferhub.accounts.holding import cipher_for

_PURPOSE = "searches of a session"
_PLACE = "searches"
MOST = 8


def keep(session: Any, value: dict[str, Any], key: str = "") -> str:
    """Keep a value under a new random key, or under `key`; the oldest beyond eight go. Returns the key."""
    key = key or secrets.token_hex(10)
    held = [(name, sealed) for name, sealed in session.get(_PLACE, []) if name != key]
    sealed = cipher_for(_PURPOSE).encrypt(json.dumps(value).encode()).decode()
    session[_PLACE] = [*held, (key, sealed)][-MOST:]
    return key


def kept(session: Any, key: str) -> dict[str, Any] | None:
    """The value under this key; None once it has gone."""
    for name, sealed in session.get(_PLACE, []):
        if name == key:
            try:
                found: dict[str, Any] = json.loads(cipher_for(_PURPOSE).decrypt(sealed.encode()))
            except (InvalidToken, ValueError):
                return None
            return found
    return None


def kept_with_pointer(session: Any, token: str) -> dict[str, Any] | None:
    """The search that gave this pointer."""
    for name, _ in reversed(session.get(_PLACE, [])):
        found = kept(session, name)
        if found and any(pointer.get("token") == token for pointer in found.get("pointers", [])):
            return found
    return None
