"""Entries that a demonstration's loader copies in by the million: completed here as the database completes all others.

For everybody else the trigger `audit_entry_complete` adds time, transaction, role and hash, whatever the writer says.
The owner may switch it off within a transaction, during which nobody else can add an entry; `verify_audit` computes
each hash again and asks whether the trigger stands.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from json.encoder import encode_basestring
from typing import Any

from django.conf import settings
from django.db import connections

from .models import Entry

TABLE = Entry._meta.db_table
COLUMNS = (
    "id", "kind", "event", "actor", "agency", "partnership", "subject_kind", "subject", "purpose", "request", "codes",
    "at", "business_at", "xid", "era", "database_role", "row_hash",
)  # fmt: skip

_STANDING = """
SELECT pg_current_xact_id()::text, (SELECT max(number) FROM audit_era)::text, session_user::text,
       clock_timestamp(), statement_timestamp() - gate.instant()
"""
_TIME = "%Y-%m-%dT%H:%M:%S.%f"
_orders: dict[tuple[str, ...], list[str]] = {}


@contextmanager
def copying(using: str = "owner") -> Iterator[Completing]:
    """Within the owner's transaction: the trigger is off and other writers of entries wait. A body that fails takes
    the transaction with it, and the trigger stands as it stood.

    Raises RuntimeError outside a demonstration or a transaction.
    """
    connection = connections[using]
    if not settings.DEMONSTRATION or not connection.in_atomic_block:
        raise RuntimeError("Only a demonstration's loader completes entries itself, inside its transaction.")
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{TABLE}" DISABLE TRIGGER audit_entry_complete')
        cursor.execute(_STANDING)
        yield Completing(*cursor.fetchone())
        cursor.execute(f'ALTER TABLE "{TABLE}" ENABLE TRIGGER audit_entry_complete')


class Completing:
    """What the database would say of every entry of this transaction."""

    def __init__(self, xid: str, era: str, role: str, at: datetime, behind: timedelta) -> None:
        """`at`: the server's clock now; `behind`: how far business time stands behind it."""
        self._of_all, self._began, self._behind = (xid, era, role), at.astimezone(UTC), behind
        self._since = time.monotonic()
        self.set_time()

    def set_time(self) -> None:
        """From now on entries bear the server's time of this moment."""
        at = self._began + timedelta(seconds=time.monotonic() - self._since)
        self._at, self._business_at = at.strftime(_TIME), (at - self._behind).strftime(_TIME)

    def line(
        self, number: int, event: str, actor: str, agency: str, partnership: str, subject_kind: str, subject: str,
        purpose: str, codes: Mapping[str, Any],
    ) -> str:  # fmt: skip
        """One change as a line for COPY, its columns those of `COLUMNS`. Nothing but codes of ours goes in: no text
        with a quotation mark, a backslash, a tab or a line's end."""
        said = _as_jsonb(codes)
        xid, era, role = self._of_all
        # The text of gate.audit_entry_hash, to the letter.
        text = (
            f'["{number}", "write", "{event}", "{actor}", "{agency}", "{partnership}", "{subject_kind}", "{subject}",'
            f' "{purpose}", "", {encode_basestring(said)}, "{self._at}", "{self._business_at}", "{xid}", "{era}",'
            f' "{role}"]'
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        return (
            f"{number}\twrite\t{event}\t{actor}\t{agency}\t{partnership}\t{subject_kind}\t{subject}\t{purpose}\t\t"
            f"{said}\t{self._at}Z\t{self._business_at}Z\t{xid}\t{era}\t{role}\t\\\\x{digest}"
        )


def _as_jsonb(codes: Mapping[str, Any]) -> str:
    """As PostgreSQL writes jsonb out: shorter keys first, then by the alphabet."""
    names = tuple(codes)
    order = _orders.get(names)
    if order is None:
        order = _orders[names] = sorted(names, key=lambda name: (len(name.encode()), name.encode()))
    return "{" + ", ".join([f'"{name}": {_value(codes[name])}' for name in order]) + "}"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "[" + ", ".join([encode_basestring(one) for one in value]) + "]"
