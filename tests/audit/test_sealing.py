"""Seals: no row escapes one, tampering is named, refusals survive, a restore opens a new era.

These tests commit, each in a database of its own.
"""

from __future__ import annotations

import io
import random
import threading
import time
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from saferhub.audit import operations as audit
from saferhub.audit.models import Entry, Seal
from saferhub.audit.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = (
    "INSERT INTO audit_entry"
    " (kind, event, actor, agency, partnership, subject_kind, subject, purpose, request, codes)"
    " VALUES ('write', 'audit.log_read', '', '', '', '', %s, '', '', '{}')"
)


def seal_all(seconds: float = 90) -> int:
    """Wait until no transaction of any database of this cluster, other tests' included, is older than
    our entries; then seal them, all at once. Returns how many.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with connections["steward"].cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(bool_and(e.xid < pg_snapshot_xmin(pg_current_snapshot())), true) FROM audit_entry e"
                " WHERE e.era = (SELECT max(number) FROM audit_era)"
            )
            if cursor.fetchone() == (True,):
                return audit.seal()
        time.sleep(0.05)
    raise AssertionError("a transaction elsewhere in the cluster stayed open too long")


def _write(count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            audit.record("audit.log_read", ("test", f"T{number}"), by=None)


def _tamper(*statements: str) -> None:
    """As the owner with every protection off, which is the worst that we can detect."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("audit_entry", "audit_seal", "audit_era"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement)
        for table in ("audit_entry", "audit_seal", "audit_era"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def _nth(number: int) -> int:
    return Entry.objects.order_by("id").values_list("id", flat=True)[number]


def test_an_untouched_record_is_whole_and_says_how_much_is_unsealed() -> None:
    _write(30)
    assert seal_all() == 30
    _write(4)
    verdict = verify()
    assert (verdict.broken, verdict.entries, verdict.seals, verdict.unsealed) == ("", 34, 1, 4)


def test_sealing_nothing_makes_no_seal() -> None:
    assert audit.seal() == 0
    assert not Seal.objects.exists()


def test_a_changed_entry_is_named() -> None:
    _write(20)
    seal_all()
    target = _nth(7)
    _tamper(f"UPDATE audit_entry SET agency = 'other' WHERE id = {target}")
    assert verify().broken == f"entry {target} is not what was written"


def test_an_entry_changed_together_with_its_hash_names_its_seal() -> None:
    for _ in range(3):
        _write(5)
        seal_all()
    target = _nth(7)
    _tamper(
        f"UPDATE audit_entry SET agency = 'other' WHERE id = {target}",
        f"UPDATE audit_entry e SET row_hash = gate.audit_entry_hash(e) WHERE id = {target}",
    )
    assert "under seal 2" in verify().broken


def test_a_removed_entry_names_its_seal() -> None:
    _write(9)
    seal_all()
    _tamper(f"DELETE FROM audit_entry WHERE id = {_nth(3)}")
    assert verify().broken == "seal 1 holds 9 entries, but 8 are there"


def test_an_entry_slipped_into_a_sealed_batch_is_found() -> None:
    _write(9)
    seal_all()
    first = _nth(0)
    _tamper(
        "INSERT INTO audit_entry (kind, event, actor, agency, partnership, subject_kind, subject, purpose, request,"
        " codes, at, business_at, xid, era, database_role, row_hash) SELECT kind, event, actor, agency, partnership,"
        " subject_kind, 'FALSE', purpose, request, codes, at, business_at, xid, era, database_role, row_hash"
        f" FROM audit_entry WHERE id = {first}",
        "UPDATE audit_entry e SET row_hash = gate.audit_entry_hash(e) WHERE subject = 'FALSE'",
    )
    assert "seal 1 holds 9 entries, but 10 are there" in verify().broken


def test_a_rewritten_or_missing_seal_is_named() -> None:
    for _ in range(3):
        _write(3)
        seal_all()
    _tamper("UPDATE audit_seal SET entries = entries + 1 WHERE number = 2")
    assert "seal 2 is not what was sealed" in verify().broken
    _tamper(
        "UPDATE audit_seal SET entries = entries - 1 WHERE number = 2",
        "DELETE FROM audit_seal WHERE number = 3",
    )
    assert verify().whole, "a seal cut off the end shows only against an exported head"
    _tamper("DELETE FROM audit_seal WHERE number = 1")
    assert "seal 1 is missing" in verify().broken


def test_an_entry_forged_into_the_tail_with_an_old_date_is_found() -> None:
    _write(3)
    seal_all()
    _tamper(
        "INSERT INTO audit_entry (kind, event, actor, agency, partnership, subject_kind, subject, purpose, request,"
        " codes, at, business_at, xid, era, database_role, row_hash) SELECT kind, event, actor, agency, partnership,"
        " subject_kind, 'FALSE', purpose, request, codes, '2020-01-01', '2020-01-01', pg_current_xact_id(), era,"
        " database_role, row_hash FROM audit_entry LIMIT 1",
        "UPDATE audit_entry e SET row_hash = gate.audit_entry_hash(e) WHERE subject = 'FALSE'",
    )
    seal_all()
    verdict = verify()
    assert "does not fit in time" in verdict.misdated
    assert verdict.whole, "a clock that was set back looks the same, so it warns and breaks nothing"
    said = io.StringIO()
    call_command("verify_audit", stdout=io.StringIO(), stderr=said)
    assert "Look at it all the same" in said.getvalue()


def test_protection_switched_off_is_reported() -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_kept")
    assert verify().broken == "protection audit_entry_kept of audit_entry is off"


def test_the_command_exits_with_one_and_names_the_row() -> None:
    _write(5)
    seal_all()
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert "The audit is whole: 5 entries, 1 seals, 0 not yet sealed." in out.getvalue()
    target = _nth(2)
    _tamper(f"UPDATE audit_entry SET event = 'x' WHERE id = {target}")
    said = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_audit", stderr=said)
    assert stopped.value.code == 1
    assert f"entry {target} is not what was written" in said.getvalue()


def _params(alias: str) -> dict[str, Any]:
    params = connections[alias].get_connection_params()
    return {k: params[k] for k in ("host", "port", "user", "password", "dbname") if params.get(k)}


def test_with_eight_writers_and_long_transactions_no_row_escapes_a_seal() -> None:
    """Writers hold transactions open, roll some back, use savepoints; sealing goes on meanwhile."""
    params = _params("default")
    stop, committed, lock = threading.Event(), [0], threading.Lock()

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(**params, autocommit=True) as connection:
            for number in range(60):
                if stop.is_set():
                    return
                kept = 0
                try:
                    with connection.transaction():
                        for _ in range(chance.randint(1, 4)):
                            connection.execute(ENTRY, [f"W{seed}-{number}"])
                            kept += 1
                            if chance.random() < 0.2:
                                time.sleep(chance.random() / 50)
                        if chance.random() < 0.3:
                            try:
                                with connection.transaction():
                                    connection.execute(ENTRY, [f"S{seed}-{number}"])
                                    raise RuntimeError
                            except RuntimeError:
                                pass
                        if chance.random() < 0.2:
                            raise KeyError
                except KeyError:
                    kept = 0
                with lock:
                    committed[0] += kept

    threads = [threading.Thread(target=writer, args=(seed,)) for seed in range(8)]
    sealed = 0
    with psycopg.connect(**params) as slow:
        slow.execute(ENTRY, ["SLOW"])
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            sealed += audit.seal()
            time.sleep(0.02)
        assert sealed == 0, "nothing at or above the oldest open transaction is sealed"
        slow.commit()
    for thread in threads:
        thread.join()
    sealed += seal_all()
    assert sealed == committed[0] + 1 == Entry.objects.count()
    verdict = verify()
    assert (verdict.broken, verdict.unsealed) == ("", 0)


def test_sealing_goes_on_between_short_transactions() -> None:
    params = _params("default")
    enough = threading.Event()
    written = [0]

    def write() -> None:
        with psycopg.connect(**params, autocommit=True) as connection:
            while not enough.is_set() and written[0] < 20_000:
                connection.execute(ENTRY, [f"N{written[0]}"])
                written[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    until = time.monotonic() + 60
    while Seal.objects.count() < 3 and time.monotonic() < until:
        audit.seal()
    enough.set()
    thread.join()
    seal_all()
    verdict = verify()
    assert (verdict.broken, verdict.entries, verdict.unsealed) == ("", written[0], 0)
    assert verdict.seals > 2


def test_a_refusal_outlives_the_rolled_back_request() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit.record("audit.log_read", ("test", "LOST"), by=None)
        audit.record_refusal("page.refused", ("page", "home"), by=None, code="test")
        raise ZeroDivisionError
    assert list(Entry.objects.values_list("kind", "event")) == [("refusal", "page.refused")]


def test_in_another_cluster_sealing_waits_for_a_new_era() -> None:
    _write(5)
    seal_all()
    _write(3)
    _tamper("UPDATE audit_era SET cluster = '1' WHERE number = 1")
    with pytest.raises(audit.EraMismatch):
        audit.seal()
    assert audit.open_era_if_restored() is True
    assert audit.open_era_if_restored() is False
    _write(2)
    assert seal_all() == 3, "the entry that opened the era, and two more"
    verdict = verify()
    assert (verdict.broken, verdict.unsealed, verdict.seals) == ("", 0, 3)
    assert set(Entry.objects.values_list("era", flat=True)) == {1, 2}


def test_an_era_can_be_opened_by_hand_after_a_move() -> None:
    _write(1)
    said = io.StringIO()
    call_command("seal_audit", open_era=True, stdout=said)
    assert "nothing to open" in said.getvalue()
    _tamper("UPDATE audit_era SET cluster = '1' WHERE number = 1")
    with pytest.raises(CommandError, match="--open-era"):
        call_command("seal_audit")
    call_command("seal_audit", open_era=True, stdout=said)
    assert "A new era is open." in said.getvalue()
    assert verify().whole


def test_the_application_may_not_seal() -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="permission denied"):
        _write(1)
        audit.seal(using="default")
