"""Entries that a demonstration's loader completes: as the database would have, and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections, transaction
from django.test import override_settings

from saferhub.audit import copied

pytestmark = pytest.mark.django_db(transaction=True)

CODES: tuple[dict[str, Any], ...] = (
    {},
    {"by": "hand"},
    # jsonb keeps shorter names first, then by the alphabet.
    {"matter": "0ABC", "of": 3, "zz": True, "aa": False, "kind": None},
    {"fields": ["title", "purpose"], "none": [], "on": "2018-08-28"},
    {"case": "", "count": 0, "big": 123456789012345678901234567890},
)
_SENT = "COPY audit_entry ({}) FROM STDIN".format(", ".join(f'"{name}"' for name in copied.COLUMNS))
_CHECKED = """
SELECT e.row_hash = gate.audit_entry_hash(e), e.codes::text, e.xid = pg_current_xact_id(),
       e.era = (SELECT max(number) FROM audit_era), e.database_role = session_user,
       abs(extract(epoch FROM clock_timestamp() - e.at)) < 60,
       abs(extract(epoch FROM gate.instant() - e.business_at)) < 60
  FROM audit_entry e WHERE e.id < 0 ORDER BY e.id DESC
"""
_STANDS = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'audit_entry_complete'"


@contextmanager
def _as_owner() -> Iterator[Any]:
    """In a transaction that is taken back."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        yield cursor
        transaction.set_rollback(True, using="owner")


def test_what_a_loader_completes_is_what_the_database_would_say(actor_of: Any) -> None:
    maya = actor_of("maya.manager")
    with _as_owner() as cursor:
        with copied.copying() as entries:
            lines = [
                entries.line(
                    -number, "account.read", maya.public_id, maya.agency_code, maya.partnership_code,
                    "accounts.user", maya.public_id, "check", codes,
                )
                for number, codes in enumerate(CODES, start=1)
            ]  # fmt: skip
            with connections["owner"].connection.cursor() as raw, raw.copy(_SENT) as copy:
                copy.write("\n".join(lines) + "\n")
        cursor.execute(_CHECKED)
        found = cursor.fetchall()
    assert [json.loads(row[1]) for row in found] == list(CODES)
    assert {(row[0], *row[2:]) for row in found} == {(True,) * 6}


def test_the_database_completes_entries_again_afterwards(actor_of: Any) -> None:
    with _as_owner() as cursor:
        with copied.copying():
            cursor.execute(_STANDS)
            assert cursor.fetchall() == [("D",)]
        cursor.execute(_STANDS)
        assert cursor.fetchall() == [("O",)]


def test_a_load_that_fails_leaves_the_trigger_as_it_stood(actor_of: Any) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(using="owner"), copied.copying():
        raise ZeroDivisionError
    with connections["owner"].cursor() as cursor:
        cursor.execute(_STANDS)
        assert cursor.fetchall() == [("O",)]


def test_nobody_completes_entries_outside_a_demonstration_or_a_transaction(actor_of: Any) -> None:
    with pytest.raises(RuntimeError, match="Only a demonstration"), copied.copying():
        pass
    with (
        override_settings(DEMONSTRATION=False),
        _as_owner(),
        pytest.raises(RuntimeError, match="Only a demonstration"),
        copied.copying(),
    ):
        pass
