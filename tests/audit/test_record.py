"""What the audit takes, what it refuses, and what happens when it cannot write."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from saferhub.accounts.models import User
from saferhub.audit import operations as audit
from saferhub.audit.models import Entry

pytestmark = pytest.mark.django_db


def _user(**more: Any) -> User:
    return User.objects.create(email="a@demo.invalid", username="a", name="A", **more)


def test_tests_run_as_the_applications_own_role() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("saferhub_app", False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_an_entry_says_who_did_what_to_which_record(actor_of: Any) -> None:
    maya = actor_of("maya.manager")
    with transaction.atomic():
        audit.record("account.read", maya.user, by=maya, purpose="check", on=date(2018, 8, 28), count=3)
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.kind, entry.event, entry.actor, entry.partnership) == (
        "write",
        "account.read",
        maya.public_id,
        "north_yorkshire",
    )
    assert entry.agency == "north_yorkshire_county_council"
    assert (entry.subject_kind, entry.subject) == ("accounts.user", maya.user.public_id)
    assert entry.codes == {"on": "2018-08-28", "count": 3}
    assert entry.database_role == "saferhub_app"


def test_an_entry_holds_real_and_business_time(actor_of: Any) -> None:
    maya = actor_of("maya.manager")
    with transaction.atomic():
        audit.record("account.read", maya.user, by=maya)
    entry = Entry.objects.order_by("-id")[0]
    behind = entry.at - entry.business_at
    assert behind.days > 2900, "the demonstration's day lies in August 2018"
    assert abs(behind.total_seconds() % 86_400) < 1, "it is behind by whole days"


@pytest.mark.parametrize(
    "value",
    [
        "Marcus Tindall",
        "07700 900118",
        "a@b.example",
        "14 Brayfield Court",
        {"name": "x"},
        b"x",
        1.5,
        ["two words"],
    ],
)
def test_the_audit_takes_codes_and_no_values(value: Any) -> None:
    with pytest.raises(audit.NotACode):
        audit.record("account.read", None, by=None, value=value)
    assert not Entry.objects.exists()


def test_an_unregistered_event_stops_the_write() -> None:
    with pytest.raises(ValueError, match=r"not registered.*events\.py"):
        audit.record("account.teleported", None, by=None)


def test_a_write_whose_audit_entry_fails_is_rolled_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from saferhub.accounts import operations

    class Somebody:
        public_id, agency_code, partnership_code = "X", "", ""

    monkeypatch.setattr(audit, "_INSERT", "INSERT INTO audit_entry (no_such_column) VALUES (1)")
    with pytest.raises(DatabaseError), transaction.atomic():
        operations.invite(email="new@demo.invalid", name="New Person", job_title="Officer", by=Somebody())
    assert not User.objects.filter(email="new@demo.invalid").exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET event = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_seal SET entries = 0",
        "DELETE FROM audit_seal",
        "INSERT INTO audit_era (number, cluster, opened_at) VALUES (9, '1', now())",
    ],
)
def test_the_application_may_not_change_the_record(statement: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_era"])
@pytest.mark.parametrize("act", ["UPDATE {} SET era = era", "DELETE FROM {}", "TRUNCATE {}"])
def test_not_even_the_owner_may_change_it_while_protection_is_on(table: str, act: str) -> None:
    statement = act.format(table).replace(
        "SET era = era", "SET number = number" if table == "audit_era" else "SET era = era"
    )
    with pytest.raises(DatabaseError, match="append-only"):
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(statement)


def test_whatever_the_writer_sends_the_database_completes_the_entry() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (kind, event, actor, agency, partnership, subject_kind, subject, purpose, request,"
            " codes, at, business_at, xid, era, database_role, row_hash) VALUES ('write', 'audit.log_read', '', '', '',"
            " '', '', '', '', '{}', '2001-01-01', '2001-01-01', '1', 77, 'nobody', '')"
        )
    entry = Entry.objects.get()
    assert entry.at.year > 2001
    assert (entry.era, entry.database_role) == (1, "saferhub_app")
    assert len(bytes(entry.row_hash)) == 32


def test_an_act_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="inside its own transaction"):
        audit.record("audit.log_read", None, by=None)


def test_an_entry_without_an_actor_belongs_to_whom_it_concerns(actor_of: Any) -> None:
    maya, olivia = actor_of("maya.manager"), actor_of("olivia.outsider")
    with transaction.atomic():
        audit.record("account.read", maya.user, by=None, concerning=maya)
        audit.record("account.read", maya.user, by=olivia, concerning=maya)
        audit.record_sight("account.read", maya.user, by=None)
    found = reversed(Entry.objects.order_by("-id")[:3])
    assert [(entry.actor, entry.agency, entry.partnership) for entry in found] == [
        ("", "", "north_yorkshire"),
        (olivia.public_id, olivia.agency_code, "wealdshire"),
        ("", "", ""),
    ]
