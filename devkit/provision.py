"""Fills a new cluster: the five roles with their passwords, the database, its extensions.

Each step can be repeated, and a stamp is written after the last, so that a killed set-up goes on
where it stopped. On a server of your own an administrator does the same by hand (docs/setup.md).
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from devkit import secrets_file
from devkit.binaries import EXTENSIONS
from devkit.places import read_stamp, write_stamp
from devkit.postgres import PORT, SUPERUSER, Cluster

OWNER = "saferhub_owner"


def provision(cluster: Cluster, values: Mapping[str, str], roles_file: Path) -> None:
    """Brings the running cluster to the state that `roles_file` and the secrets describe."""
    wanted = hashlib.sha256(roles_file.read_bytes() + repr(sorted(values.items())).encode()).hexdigest()
    stamp = cluster.home / "provisioned"
    if read_stamp(stamp) == wanted:
        return
    with _superuser(cluster, values, "postgres") as connection:
        connection.execute(roles_file.read_text(encoding="utf-8"))
        for name, role in secrets_file.ROLE_OF_URL.items():
            _set_password(connection, role, secrets_file.password_in(values[name]))
        _make_database(connection)
    with _superuser(cluster, values, secrets_file.DATABASE) as connection:
        connection.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    # As the owner, to whom they then belong: a restore has to be able to make them again.
    with psycopg.connect(values["DATABASE_OWNER_URL"], autocommit=True) as connection:
        for name in EXTENSIONS:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    write_stamp(stamp, wanted)


def _superuser(cluster: Cluster, values: Mapping[str, str], database: str) -> psycopg.Connection:
    def connect() -> psycopg.Connection:
        return psycopg.connect(
            host=str(cluster.socket_folder()),
            port=PORT,
            user=SUPERUSER,
            password=values[secrets_file.SUPERUSER_PASSWORD],
            dbname=database,
            autocommit=True,
        )

    try:
        return connect()
    except psycopg.OperationalError as refused:
        if "password authentication failed" not in str(refused):
            raise
    # The data are there but the secrets file was lost. Whoever owns the data folder may set a new one.
    cluster.stop()
    cluster.set_superuser_password(values[secrets_file.SUPERUSER_PASSWORD])
    cluster.start()
    return connect()


def _set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    # Hashed here: the password itself would stand in the server's log if a statement failed.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _make_database(connection: psycopg.Connection) -> None:
    name = secrets_file.DATABASE
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
    connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    for role in secrets_file.ROLE_OF_URL.values():
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {role}")
