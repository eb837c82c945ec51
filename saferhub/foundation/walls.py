"""The second wall: row-level security of every protected table, declared in one line for each.

An app declares in its `walls.py`, as `PROTECTED`, which policy guards each of its tables. Our `migrate`
makes that true after every migration, as the owner and in one transaction: it lays the functions and
views of the schema `gate` (each app's `sql/*.sql`, lowest layer first), enables and forces row-level
security, and replaces every policy. So what protects a table never depends on which migrations ran.

No row is visible until `gate.enter` has said who acts (need-to-know: docs/adr).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .grants import APP, GATE, STEWARD

ENTERED = "(SELECT gate.entered())"
# The gate asks these itself, of whoever is entering. They are told of whom, so nobody else may call them: every
# other function reads who acts from what `gate.enter` wrote.
INSIDE = ("gate.unit_of_token(bigint, date)",)


@dataclass(frozen=True, slots=True)
class Wall:
    """The policies of one table. `read` and the others are SQL conditions in which `{t}` is the table.

    `add` and `change` default to `read`. `gate` lists the commands that the gate's own functions may use
    on every row; `copies_folder` keeps hub, unit and sensitivity equal to the folder's.
    """

    read: str
    add: str = ""
    change: str = ""
    gate: tuple[str, ...] = ("SELECT",)
    copies_folder: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def policies(self, table: str) -> dict[str, str]:
        """Policy name → the rest of its CREATE POLICY statement."""
        read = self.read.format(t=table)
        add = (self.add or self.read).format(t=table)
        change = (self.change or self.read).format(t=table)
        made = {
            "app_read": f"FOR SELECT TO {APP} USING ({ENTERED} AND ({read}))",
            "app_add": f"FOR INSERT TO {APP} WITH CHECK ({ENTERED} AND ({add}))",
            "app_change": f"FOR UPDATE TO {APP} USING ({ENTERED} AND ({change})) WITH CHECK ({ENTERED} AND ({change}))",
            "steward_all": f"FOR ALL TO {STEWARD} USING (true) WITH CHECK (true)",
        }
        for command in self.gate:
            condition = {"SELECT": "USING (true)", "INSERT": "WITH CHECK (true)"}.get(
                command, "USING (true) WITH CHECK (true)"
            )
            made[f"gate_{command.lower()}"] = f"FOR {command} TO {GATE} {condition}"
        return made


def in_folder(*columns: str, gate: tuple[str, ...] = ("SELECT",), governed: bool = False) -> Wall:
    """A row is seen by whoever may read its folder; with two columns, both folders.

    `governed` lets the information governance lead of its partnership read it too.
    """
    condition = " AND ".join(
        f"EXISTS (SELECT 1 FROM gate.readable_folder f WHERE f.id = {{t}}.{column} OFFSET 0)"
        for column in columns or ("folder_id",)
    )
    if not governed:
        return Wall(condition, gate=gate)
    governs = "{t}.partnership_id = (SELECT gate.governs())"
    return Wall(f"{condition} OR {governs}", add=condition, change=f"{condition} OR {governs}", gate=gate)


def listed() -> Wall:
    """A table that long lists are read from: it carries its folder's hub, unit and sensitivity."""
    return Wall(
        "({t}.sensitivity = 0 AND {t}.hub_id = ANY ((SELECT gate.hubs())::bigint[]))"
        " OR ({t}.sensitivity = 0 AND {t}.unit_id = ANY ((SELECT gate.holders())::bigint[]))"
        " OR EXISTS (SELECT 1 FROM gate.sight s"
        " WHERE s.folder_id = {t}.folder_id AND s.sensitivity >= {t}.sensitivity)",
        gate=("SELECT", "UPDATE"),
        copies_folder=True,
    )


def declared() -> dict[str, Wall]:
    """Every protected table. Raises ValueError when two apps declare the same one."""
    tables: dict[str, Wall] = {}
    for config in _ours():
        name = f"{config.name}.walls"
        if config.label == "foundation" or find_spec(name) is None:
            continue
        for table, wall in import_module(name).PROTECTED.items():
            if table in tables:
                raise ValueError(f"table {table} is declared twice")
            tables[table] = wall
    return tables


def _ours() -> list[Any]:
    return [config for config in apps.get_app_configs() if config.name.startswith("saferhub.")]


def sql_files() -> list[Path]:
    """The files that lay the gate, lowest app first; within an app gate.sql, then the others by name."""
    return [
        file
        for config in _ours()
        if config.label != "foundation"
        for file in sorted(
            (Path(config.path) / "sql").glob("*.sql"), key=lambda f: (f.stem != "gate", f.name)
        )
    ]


def apply(connection: BaseDatabaseWrapper) -> int:
    """Make the second wall true, as the owner, in one transaction. Returns how many tables it guards."""
    walls = declared()
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if not set(walls) <= existing:
            return 0  # an earlier state of the database, while migrating back
        _drop_policies(cursor, existing)
        cursor.execute(f"GRANT USAGE, CREATE ON SCHEMA gate TO {GATE}")
        for file in sql_files():
            cursor.execute(file.read_text(encoding="utf-8"))
        _own_by_gate(cursor)
        for table in sorted(walls):
            for statement in statements(table, walls[table]):
                cursor.execute(statement)
    return len(walls)


def statements(table: str, wall: Wall) -> Iterator[str]:
    """The SQL that guards one table."""
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    for name, rest in wall.policies(table).items():
        yield f'CREATE POLICY {name} ON "{table}" {rest}'
    yield f'DROP TRIGGER IF EXISTS copies_folder ON "{table}"'
    yield f"DROP TRIGGER IF EXISTS tells_{table} ON sharing_folder"
    if wall.copies_folder:
        yield (
            f'CREATE TRIGGER copies_folder BEFORE INSERT OR UPDATE OF hub_id, unit_id, sensitivity ON "{table}"'
            " FOR EACH ROW EXECUTE FUNCTION gate.copies_folder()"
        )
        yield (
            f"CREATE TRIGGER tells_{table} AFTER UPDATE OF hub_id, unit_id, sensitivity ON sharing_folder"
            f" FOR EACH ROW EXECUTE FUNCTION gate.tells_listed('{table}')"
        )


def _drop_policies(cursor: Any, tables: Iterable[str]) -> None:
    cursor.execute("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'")
    for table, policy in cursor.fetchall():
        if table in tables:
            cursor.execute(f'DROP POLICY "{policy}" ON "{table}"')


def _own_by_gate(cursor: Any) -> None:
    """Views and definer functions run as gate, whose policies let it read every row; nothing of the kind
    may be called by anybody but our own roles."""
    cursor.execute(
        "SELECT format('ALTER VIEW gate.%%I OWNER TO %%I', viewname, %(gate)s)"
        " FROM pg_views WHERE schemaname = 'gate'"
        " UNION ALL"
        " SELECT format('ALTER FUNCTION gate.%%I(%%s) OWNER TO %%I',"
        " proname, pg_get_function_identity_arguments(oid), %(gate)s)"
        " FROM pg_proc WHERE pronamespace = 'gate'::regnamespace AND proname NOT LIKE 'audit\\_%%'"
        " AND proname NOT IN ('instant', 'append_only')",
        {"gate": GATE},
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)
    cursor.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gate FROM PUBLIC")
    cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gate TO {APP}, {STEWARD}, {GATE}")
    cursor.execute(f"REVOKE EXECUTE ON FUNCTION {', '.join(INSIDE)} FROM {APP}, {STEWARD}")
    cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA gate TO {APP}, {STEWARD}")


@contextmanager
def unforced(*tables: type[models.Model], using: str = "owner") -> Iterator[None]:
    """Let the owner write these tables for the length of a transaction: a data migration, a loader.

    Under FORCE the owner's UPDATE changes no row and says nothing. Other roles stay bound throughout.
    Raises RuntimeError on a connection that is not the owner's.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() != ("saferhub_owner",):
            raise RuntimeError("Only the owner may lift the force of row-level security from itself.")
        for model in tables:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" NO FORCE ROW LEVEL SECURITY')
        yield
        # A table with checks still waiting for the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in tables:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" FORCE ROW LEVEL SECURITY')


_LAID = """
SELECT 'table ' || c.relname, concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity) FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY (%(tables)s)
UNION ALL
SELECT 'policy ' || p.tablename || '.' || p.policyname,
       concat_ws(' ', p.permissive, p.roles, p.cmd, p.qual, 'CHECK', p.with_check)
  FROM pg_policies p WHERE p.schemaname = 'public'
UNION ALL
SELECT 'trigger ' || c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE t.tgname = 'copies_folder' OR t.tgname LIKE 'tells\\_%%'
UNION ALL
SELECT 'view ' || v.viewname, concat_ws(' ', v.viewowner, v.definition) FROM pg_views v WHERE v.schemaname = 'gate'
UNION ALL
SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       concat_ws(' ', pg_get_userbyid(p.proowner), p.prosecdef, p.provolatile, p.proconfig, p.proacl, p.prosrc)
  FROM pg_proc p WHERE p.pronamespace = 'gate'::regnamespace
"""


class _TakeBack(Exception):  # noqa: N818 - it carries a transaction out, and says nothing
    """Leave the transaction without keeping what it did."""


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """How this database's second wall differs from what is declared, one sentence for each difference.

    As the owner, in a transaction that is taken back: the wall is laid once more, and what stood before is
    compared with what stands then, so that PostgreSQL's own reading of each policy is what counts.
    """
    standing: dict[str, str] = {}
    laid: dict[str, str] = {}
    with suppress(_TakeBack), transaction.atomic(using=connection.alias):
        standing = _laid(connection)
        apply(connection)
        laid = _laid(connection)
        raise _TakeBack
    return [
        f"{thing} is {'missing' if thing not in standing else 'not declared' if thing not in laid else 'changed'}."
        for thing in sorted(set(standing) | set(laid))
        if standing.get(thing) != laid.get(thing)
    ]


def _laid(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_LAID, {"tables": list(declared())})
        return {name: str(said) for name, said in cursor.fetchall()}
