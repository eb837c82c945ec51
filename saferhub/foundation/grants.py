"""What each database role may do to each table: one register, applied after every migration.

An app declares its tables in its `grants.py` as `TABLES`; a table nobody declares is closed to every
role but its owner, so forgetting one fails loudly. DELETE is the exception that must be argued for:
nothing that a person recorded is ever deleted by the app role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

APP, STEWARD, BACKUP, GATE, OWNER = (
    "saferhub_app",
    "saferhub_steward",
    "saferhub_backup",
    "saferhub_gate",
    "saferhub_owner",
)
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Grant:
    """Privileges on one table as letters of SIUD; `why` argues every D."""

    app: str = ""
    steward: str = ""
    gate: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        for letters in (self.app, self.steward, self.gate):
            if set(letters) - set("SIUD"):
                raise ValueError(f"privileges are letters of SIUD, not {letters!r}")
        if "D" in self.app + self.steward + self.gate and not self.why:
            raise ValueError("say why rows of this table may be deleted")


def words(letters: str) -> list[str]:
    """`SIU` → `["SELECT", "INSERT", "UPDATE"]`."""
    return [name for name in PRIVILEGES if name[0] in letters]


def declared() -> dict[str, Grant]:
    """Every declared table. Raises ValueError when two apps declare the same one."""
    tables: dict[str, Grant] = {}
    modules = [
        f"{config.name}.grants" for config in apps.get_app_configs() if config.name.startswith("saferhub.")
    ]
    for name in ["saferhub.borrowed_tables", *modules]:
        if name == "saferhub.foundation.grants" or find_spec(name) is None:
            continue
        for table, grant in import_module(name).TABLES.items():
            if table in tables:
                raise ValueError(f"table {table} is declared twice")
            tables[table] = grant
    return tables


def statements(existing: Iterable[str]) -> list[str]:
    """The SQL that makes the privileges of `existing` tables equal to what is declared."""
    sql = [
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}, {STEWARD}, {BACKUP}, {GATE}",
        f"GRANT USAGE ON SCHEMA gate TO {APP}, {STEWARD}, {BACKUP}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {APP}, {STEWARD}, {GATE}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {BACKUP}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {BACKUP}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {STEWARD}, {GATE}",
    ]
    tables = declared()
    for table in sorted(set(existing) & set(tables)):
        grant = tables[table]
        for role, letters in ((APP, grant.app), (STEWARD, grant.steward), (GATE, grant.gate)):
            if letters:
                sql.append(f'GRANT {", ".join(words(letters))} ON "{table}" TO {role}')
    return sql


def apply(connection: BaseDatabaseWrapper) -> int:
    """Make the privileges true, as the owner, in one transaction. Returns how many tables are open to the app."""
    from django.db import transaction

    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        existing = connection.introspection.table_names(cursor)
        for statement in statements(existing):
            cursor.execute(statement)
    return len(set(existing) & set(declared()))
