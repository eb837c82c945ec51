"""Proving the record whole: every hash and every seal is computed again, outside the database.

What it can show: an entry changed, added into or taken out of a sealed batch; a seal changed, removed
or out of its chain; an entry whose time does not fit between the seals around it; protection switched off.
What it cannot, from somebody with the owner's password: entries removed from the unsealed tail or forged into
it with a time of today, and seals cut off the end. So sealing runs every minute, and heads are kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections, transaction

_ENTRIES = """
SELECT id::text, kind, event, actor, agency, partnership, subject_kind, subject, purpose, request, codes::text,
       to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
       to_char(business_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
       xid::text, era::text, database_role, row_hash
  FROM audit_entry ORDER BY audit_entry.era, audit_entry.xid, audit_entry.id
"""
_SEALS = """
SELECT number, era, from_xid::text, until_xid::text, entries, entries_hash, previous_hash,
       to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), seal_hash
  FROM audit_seal ORDER BY number
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
 WHERE tgname IN ('audit_entry_complete', 'audit_entry_kept', 'audit_seal_kept', 'audit_era_kept')
   AND tgenabled IN ('O', 'A')
"""
_LONGEST_TRANSACTION = timedelta(days=1)
_CLOCK_DRIFT = timedelta(minutes=5)  # a server's clock is set right from time to time
_EXPECTED_TRIGGERS = {
    ("audit_entry", "audit_entry_complete"),
    ("audit_entry", "audit_entry_kept"),
    ("audit_seal", "audit_seal_kept"),
    ("audit_era", "audit_era_kept"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken` is empty when all is well; else a sentence naming the first broken row or seal.

    `misdated` names the first entry whose time does not fit between the seals around it. That is a
    warning and breaks nothing: a forged entry looks so, and so does a server whose clock was set back.
    """

    entries: int
    seals: int
    unsealed: int
    head: str
    broken: str = ""
    misdated: str = ""

    @property
    def whole(self) -> bool:
        return not self.broken


def _sha(parts: list[str]) -> bytes:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).digest()


@dataclass(slots=True)
class _Seal:
    number: int
    era: int
    from_xid: int
    until_xid: int
    entries: int
    entries_hash: bytes
    previous_hash: bytes
    sealed_at: str
    seal_hash: bytes

    def own_hash(self) -> bytes:
        return _sha(
            [
                str(self.number),
                str(self.era),
                str(self.from_xid),
                str(self.until_xid),
                str(self.entries),
                self.entries_hash.hex(),
                self.previous_hash.hex(),
                self.sealed_at,
            ]
        )


def _seals(cursor: Any) -> list[_Seal]:
    cursor.execute(_SEALS)
    return [
        _Seal(n, era, int(a), int(b), count, bytes(h), bytes(p), at, bytes(own))
        for n, era, a, b, count, h, p, at, own in cursor.fetchall()
    ]


def _broken_chain(seals: list[_Seal]) -> str:
    previous = b""
    until: dict[int, int] = {}
    for expected, seal in enumerate(seals, start=1):
        if seal.number != expected:
            return f"seal {expected} is missing"
        if seal.previous_hash != previous or seal.own_hash() != seal.seal_hash:
            return f"seal {seal.number} is not what was sealed"
        if seal.from_xid != until.get(seal.era, 0):
            return f"seal {seal.number} does not begin where the seal before it ended"
        until[seal.era] = seal.until_xid
        previous = seal.seal_hash
    return ""


def _rows(using: str) -> Iterator[tuple[Any, ...]]:
    """Entries in seal order, a few thousand at a time."""
    connection = connections[using]
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ENTRIES)
        while rows := cursor.fetchmany(5_000):
            yield from rows


def verify(*, using: str = "default") -> Verdict:
    """Compute everything again, over one snapshot of the database."""
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            if len(connections[using].savepoint_ids) == 0:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute(_TRIGGERS)
            present = {(table.split(".")[-1], name) for table, name in cursor.fetchall()}
            seals = _seals(cursor)
        head = seals[-1].seal_hash.hex() if seals else ""
        missing = sorted(_EXPECTED_TRIGGERS - present)
        chain = f"protection {missing[0][1]} of {missing[0][0]} is off" if missing else _broken_chain(seals)
        return _walk(using, seals, head, chain)


def _is_misdated(at: str, before: str, after: str) -> bool:
    """Whether an entry claims a time that the seals around it rule out.

    It cannot be later than its own seal. It may be earlier than the seal before it, by as long as its
    transaction was open; a day is far beyond any of ours.
    """
    when = datetime.fromisoformat(at)
    if after and when > datetime.fromisoformat(after) + _CLOCK_DRIFT:
        return True
    return bool(before) and when < datetime.fromisoformat(before) - _LONGEST_TRANSACTION


def _walk(using: str, seals: list[_Seal], head: str, chain: str) -> Verdict:
    waiting = sorted(seals, key=lambda s: (s.era, s.from_xid, s.number), reverse=True)
    entries = unsealed = count = 0
    digest = hashlib.sha256()
    row_fault = seal_fault = ""

    def close(seal: _Seal) -> str:
        if count != seal.entries:
            return f"seal {seal.number} holds {seal.entries} entries, but {count} are there"
        if digest.digest() != seal.entries_hash:
            return f"an entry under seal {seal.number} was rewritten together with its own hash"
        return ""

    before = misdated = ""
    for *parts, row_hash in _rows(using):
        entries += 1
        key = (int(parts[14]), int(parts[13]))
        while waiting and key >= (waiting[-1].era, waiting[-1].until_xid):
            fault = close(waiting[-1])
            seal_fault = seal_fault or fault
            before = waiting.pop().sealed_at
            count, digest = 0, hashlib.sha256()
        if not row_fault and _sha(parts) != bytes(row_hash):
            row_fault = f"entry {parts[0]} is not what was written"
        after = waiting[-1].sealed_at if waiting and key >= (waiting[-1].era, waiting[-1].from_xid) else ""
        if not misdated and _is_misdated(parts[11], before, after):
            misdated = f"entry {parts[0]} does not fit in time between the seals around it"
        if waiting and key >= (waiting[-1].era, waiting[-1].from_xid):
            count += 1
            digest.update(bytes(row_hash))
        else:
            unsealed += 1
    while waiting:
        fault = close(waiting.pop())
        seal_fault = seal_fault or fault
        count, digest = 0, hashlib.sha256()
    return Verdict(entries, len(seals), unsealed, head, row_fault or chain or seal_fault, misdated)
