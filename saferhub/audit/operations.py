"""Writing the record: entries, refusals, seals, eras.

An entry for a write is made inside the write's transaction: both stand or neither does. An entry for
a refusal goes by a connection of its own, so that it outlives the rolled-back request.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.db import connections, transaction
from django.db.utils import DatabaseError

from . import events
from .context import request_id
from .models import Kind, Seal

logger = logging.getLogger(__name__)

# What a code may look like: a word of ours, a reference, a date. Free text, names, telephone numbers
# with spaces and e-mail addresses do not pass.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}")
_SEALER = 7_305_511  # the advisory lock of the one sealer


class Who(Protocol):
    """What the record keeps of the one who acts."""

    @property
    def public_id(self) -> str: ...
    @property
    def agency_code(self) -> str: ...
    @property
    def partnership_code(self) -> str: ...


class Concerned(Protocol):
    """Whose business an entry is that nobody signed in has caused."""

    @property
    def partnership_code(self) -> str: ...


class NotACode(ValueError):
    """A value was about to enter the audit. Values belong in protected tables that disposal can erase."""


def _clean(codes: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for name, value in codes.items():
        if isinstance(value, bool | int) or value is None:
            cleaned[name] = value
        elif isinstance(value, date):
            cleaned[name] = value.isoformat()
        elif isinstance(value, str) and (value == "" or _CODE.fullmatch(value)):
            cleaned[name] = value
        elif isinstance(value, list | tuple) and all(
            isinstance(v, str) and _CODE.fullmatch(v) for v in value
        ):
            cleaned[name] = list(value)
        else:
            raise NotACode(f"{name} is no code, so the audit does not take it")
    return cleaned


def _subject(subject: Any) -> tuple[str, str]:
    if subject is None:
        return "", ""
    if isinstance(subject, tuple):
        return str(subject[0]), str(subject[1])
    return subject._meta.label_lower, str(subject.public_id)


def _row(
    kind: Kind,
    event: str,
    subject: Any,
    by: Who | None,
    concerning: Concerned | None,
    purpose: str,
    codes: dict[str, Any],
) -> dict[str, Any]:
    if not events.known(event):
        raise ValueError(f"event {event} is not registered; add it to its app's events.py")
    subject_kind, identifier = _subject(subject)
    whose = by or concerning
    return {
        "kind": kind,
        "event": event,
        "actor": by.public_id if by else "",
        "agency": by.agency_code if by else "",
        "partnership": whose.partnership_code if whose else "",
        "subject_kind": subject_kind,
        "subject": identifier,
        "purpose": purpose,
        "request": request_id(),
        "codes": _clean(codes),
    }


_INSERT = (
    "INSERT INTO audit_entry (kind, event, actor, agency, partnership, subject_kind, subject, purpose,"
    " request, codes) VALUES (%(kind)s, %(event)s, %(actor)s, %(agency)s, %(partnership)s,"
    " %(subject_kind)s, %(subject)s, %(purpose)s, %(request)s, %(codes)s)"
)


def _insert(row: dict[str, Any], using: str) -> None:
    from psycopg.types.json import Jsonb

    with connections[using].cursor() as cursor:
        values: dict[str, Any] = {**row, "kind": str(row["kind"]), "codes": Jsonb(row["codes"])}
        cursor.execute(_INSERT, values)


def record(
    event: str,
    subject: Any,
    *,
    by: Who | None,
    concerning: Concerned | None = None,
    purpose: str = "",
    using: str = "default",
    **codes: Any,
) -> None:
    """Record a change, in the caller's transaction.

    `subject` is a record with a `public_id`, a `(kind, identifier)` pair, or None. Where nobody acts
    (`by` is None), `concerning` says in which partnership's log the entry belongs. Raises ValueError
    for an unregistered event, NotACode for anything that is not a code, and RuntimeError outside a
    transaction: an act and its entry must stand or fall together.
    """
    if not connections[using].in_atomic_block:
        raise RuntimeError(f"{event}: a change is recorded inside its own transaction")
    _insert(_row(Kind.WRITE, event, subject, by, concerning, purpose, codes), using)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of several that are recorded together; as the arguments of `record`."""

    event: str
    subject: Any
    purpose: str = ""
    codes: dict[str, Any] = field(default_factory=dict)


def record_many(changes: Iterable[Change], *, by: Who | None, concerning: Concerned | None = None) -> None:
    """Record many changes at once, in their order, each with an entry of its own. Raises as `record` does."""
    from psycopg.types.json import Jsonb

    connection = connections["default"]
    if not connection.in_atomic_block:
        raise RuntimeError("Changes are recorded inside their own transaction")
    rows: list[dict[str, Any]] = []
    for one in changes:
        row = _row(Kind.WRITE, one.event, one.subject, by, concerning, one.purpose, one.codes)
        rows.append({**row, "kind": str(row["kind"]), "codes": Jsonb(row["codes"])})
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)


def record_sight(
    event: str,
    subject: Any,
    *,
    by: Who | None,
    concerning: Concerned | None = None,
    purpose: str = "",
    **codes: Any,
) -> None:
    """Record that somebody saw a record: who, which, for what purpose. Raises as `record` does."""
    _insert(_row(Kind.SIGHT, event, subject, by, concerning, purpose, codes), "default")


def record_refusal(
    event: str,
    subject: Any,
    *,
    by: Who | None,
    concerning: Concerned | None = None,
    purpose: str = "",
    **codes: Any,
) -> None:
    """Record a refusal on a second connection, so that it survives the request's rollback.

    A refusal that cannot be recorded is logged as an error and the refusal still stands.
    """
    row = _row(Kind.REFUSAL, event, subject, by, concerning, purpose, codes)
    try:
        _insert(row, "refusals")
    except DatabaseError:
        logger.exception("a refusal (%s) could not be recorded", event)


_SEAL = """
WITH head AS (
  SELECT coalesce(max(number), 0) AS number FROM audit_seal
), previous AS (
  SELECT s.seal_hash FROM audit_seal s, head WHERE s.number = head.number
), start AS (
  SELECT coalesce(max(until_xid::text::numeric), 0)::text::xid8 AS xid FROM audit_seal WHERE era = %(era)s
), stop AS (
  SELECT CASE WHEN %(whole)s THEN '18446744073709551615'::xid8
              ELSE pg_snapshot_xmin(pg_current_snapshot()) END AS xid
), batch AS (
  SELECT count(*) AS entries, sha256(coalesce(string_agg(e.row_hash, ''::bytea ORDER BY e.xid, e.id), '')) AS hash
    FROM audit_entry e, start, stop
   WHERE e.era = %(era)s AND e.xid >= start.xid AND e.xid < stop.xid
), made AS (
  SELECT head.number + 1 AS number, start.xid AS from_xid, stop.xid AS until_xid, batch.entries, batch.hash,
         coalesce((SELECT seal_hash FROM previous), ''::bytea) AS previous_hash, clock_timestamp() AS at
    FROM head, start, stop, batch WHERE batch.entries > 0
)
INSERT INTO audit_seal (number, era, from_xid, until_xid, entries, entries_hash, previous_hash, sealed_at, seal_hash)
SELECT number, %(era)s, from_xid, until_xid, entries, hash, previous_hash, at,
       sha256(convert_to(jsonb_build_array(
         number::text, %(era)s::text, from_xid::text, until_xid::text, entries::text, encode(hash, 'hex'),
         encode(previous_hash, 'hex'),
         to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))::text, 'UTF8'))
  FROM made
RETURNING entries
"""


class EraMismatch(RuntimeError):
    """This database was restored into another cluster: open a new era before sealing."""


def current_era(using: str = "default") -> tuple[int, bool]:
    """The era's number, and whether this cluster is the one it was opened in."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT e.number, e.cluster = c.system_identifier::text"
            " FROM audit_era e, pg_control_system() c ORDER BY e.number DESC LIMIT 1"
        )
        number, same = cursor.fetchone()
    return int(number), bool(same)


def seal(*, using: str = "steward") -> int:
    """Seal every entry whose transaction, and every earlier one, has ended. Returns how many were sealed.

    Entries of transactions at or above the snapshot's xmin wait for the next seal, so a slow
    transaction that commits late never slips behind one. Raises EraMismatch after a restore.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER])
        era, same = current_era(using)
        if not same:
            raise EraMismatch(
                "This database was restored into another cluster. Run `seal_audit --open-era` as owner."
            )
        cursor.execute(_SEAL, {"era": era, "whole": False})
        made = cursor.fetchone()
    return int(made[0]) if made else 0


def open_era_if_restored(*, using: str = "owner") -> bool:
    """After a restore into another cluster, seal what the old era left and open a new one.

    Only the owner may; nothing of the old cluster can still be running, so its whole tail is sealed.
    Returns whether an era was opened.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER])
        era, same = current_era(using)
        if same:
            return False
        cursor.execute(_SEAL, {"era": era, "whole": True})
        cursor.execute(
            "INSERT INTO audit_era (number, cluster, opened_at)"
            " SELECT %s, system_identifier::text, clock_timestamp() FROM pg_control_system()",
            [era + 1],
        )
        record("audit.era_opened", ("era", str(era + 1)), by=None, using=using)
    return True


def last_seal(*, using: str = "default") -> tuple[int, str]:
    """Number and hash of the newest seal, (0, "") without one."""
    seal_ = Seal.objects.using(using).order_by("-number").first()
    return (seal_.number, bytes(seal_.seal_hash).hex()) if seal_ else (0, "")


def record_restored(*, backup: tuple[int, str], replaced: tuple[int, str], using: str) -> None:
    """Leave a trace of a restore in the restored database: what was put in the place of what.

    Everything recorded since the backup is gone from sight, seals included; without this entry the
    record would look as if it had never been there. `backup` and `replaced` are the last seals of both.
    """
    with transaction.atomic(using=using):
        record(
            "audit.restored",
            ("seal", str(backup[0])),
            by=None,
            using=using,
            backup_seal=backup[0],
            replaced_seal=replaced[0],
            replaced_hash=replaced[1],
        )
