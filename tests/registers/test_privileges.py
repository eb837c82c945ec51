"""Register: what each database role may do to each table.

If this fails you added a table, or granted something by hand. Declare the table in its app's
`grants.py` (or `saferhub/borrowed_tables.py`) with the fewest letters that work; a D needs its reason.
"""

from __future__ import annotations

import pytest
from django.db import connections

from saferhub.foundation import grants, walls

pytestmark = pytest.mark.django_db


def _tables() -> set[str]:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        return {name for (name,) in cursor.fetchall()}


def _held(role: str) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, p.privilege FROM pg_class c,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p(privilege)"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND has_table_privilege(%s, c.oid, p.privilege)",
            [role],
        )
        for table, privilege in cursor.fetchall():
            held.setdefault(table, set()).add(privilege)
    return held


def test_every_table_is_declared() -> None:
    assert _tables() - set(grants.declared()) == set()


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert set(grants.declared()) - _tables() == set()


@pytest.mark.parametrize("role", ["saferhub_app", "saferhub_steward", "saferhub_gate"])
def test_a_role_holds_exactly_what_is_declared(role: str) -> None:
    letters = role.removeprefix("saferhub_")
    wanted = {
        table: set(grants.words(getattr(grant, letters)))
        for table, grant in grants.declared().items()
        if getattr(grant, letters)
    }
    assert _held(role) == wanted


def test_backup_reads_everything_and_writes_nothing() -> None:
    assert _held("saferhub_backup") == {table: {"SELECT"} for table in _tables()}


def test_nobody_signs_in_as_gate() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'saferhub_gate'")
        assert cursor.fetchone() == (False,)


def test_the_gates_functions_are_for_our_own_roles_and_look_nowhere_else() -> None:
    """A definer function runs as gate: it must pin where it looks names up, and be closed to the public."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc p WHERE pronamespace = 'gate'::regnamespace"
            " AND ((prosecdef AND NOT coalesce(proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp'])"
            "   OR has_function_privilege('saferhub_backup', p.oid, 'EXECUTE'))"
        )
        assert cursor.fetchall() == []


def test_no_query_of_the_gates_takes_the_actor_as_an_argument() -> None:
    """Only `enter` is told who acts; everything else that can be called reads what it wrote for the transaction."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc p, unnest(ARRAY['saferhub_app', 'saferhub_steward']) role"
            " WHERE pronamespace = 'gate'::regnamespace AND has_function_privilege(role, p.oid, 'EXECUTE')"
            " AND proargnames && ARRAY['account', 'actor', 'user_id', 'who']"
        )
        assert [name for (name,) in cursor.fetchall()] == ["enter", "enter"]


def test_what_the_gate_asks_itself_is_for_nobody_else() -> None:
    """`enter` asks it of whoever is entering; called with any account it would tell whose key that is."""
    with connections["default"].cursor() as cursor:
        for function in walls.INSIDE:
            cursor.execute(
                "SELECT role FROM unnest(ARRAY['saferhub_app', 'saferhub_steward', 'saferhub_backup',"
                " 'saferhub_gate']) role"
                " WHERE has_function_privilege(role, %s, 'EXECUTE')",
                [function],
            )
            assert [role for (role,) in cursor.fetchall()] == ["saferhub_gate"], function


def test_only_backup_passes_row_level_security_and_no_role_is_a_superuser() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'saferhub\\_%'"
        )
        rows = {name: (sup, bypass) for name, sup, bypass in cursor.fetchall()}
    assert {name for name, (sup, _) in rows.items() if sup} == set()
    assert {name for name, (_, bypass) in rows.items() if bypass} == {"saferhub_backup"}


def test_compiling_plans_is_off_for_the_application() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_a_delete_without_a_reason_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="say why"):
        grants.Grant(app="SID")
