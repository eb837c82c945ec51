"""Whole-database dumps: finding PostgreSQL's client programs and running them. Files that people sent lie beside a
dump in an archive (see kept_files).

What is in a dump is decided by the backup role (it passes row-level security), and what a restored
one must pass before it serves is decided by the restore command.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_DEBIAN = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")


class DumpFailed(Exception):
    """The sentence says what to do; the database is as it was before."""


def archive_of(dump: Path) -> Path:
    """Beside a dump: the archive of the files that people sent."""
    return dump.with_name(f"{dump.name}.files.tar")


def server_major(connection: BaseDatabaseWrapper) -> int:
    """The major version of the server, such as 15. Leaves no connection open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (major,) = cursor.fetchone()
    connection.close()
    return int(major)


def client_program(name: str, *, server_major: int) -> Path:
    """The pg_dump or pg_restore closest to the server's version, never older. Raises DumpFailed.

    Closest, because a much newer pg_dump writes settings that an older server does not know.
    """
    found: dict[int, Path] = {}
    for program in _candidates(name):
        if not os.access(program, os.X_OK):
            continue
        shown = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20)
        version = _VERSION.search(shown.stdout)
        if version and int(version.group(1)) >= server_major:
            found.setdefault(int(version.group(1)), program)
    if not found:
        raise DumpFailed(
            f"No {name} of PostgreSQL {server_major} or newer was found. Install PostgreSQL's client "
            "programs, or name their folder in SAFERHUB_PG_BIN."
        )
    return found[min(found)]


def _candidates(name: str) -> Iterable[Path]:
    named = os.environ.get("SAFERHUB_PG_BIN")
    if named:
        yield Path(named) / name
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    yield from sorted(_DEBIAN.glob(f"*/bin/{name}"), reverse=True)


def _environment(settings: Mapping[str, Any], database: str) -> dict[str, str]:
    """Where to connect, in the environment: arguments can be read by every user of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    wanted = {
        "PGHOST": settings.get("HOST"),
        "PGPORT": settings.get("PORT"),
        "PGUSER": settings.get("USER"),
        "PGPASSWORD": settings.get("PASSWORD"),
        "PGDATABASE": database,
        "PGSSLMODE": settings.get("OPTIONS", {}).get("sslmode"),
        "PGSSLROOTCERT": settings.get("OPTIONS", {}).get("sslrootcert"),
        "PGAPPNAME": "saferhub backup",
    }
    return kept | {name: str(value) for name, value in wanted.items() if value}


def _run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        said = " / ".join(done.stderr.strip().splitlines()[-6:])
        raise DumpFailed(f"{Path(command[0]).name} failed: {said}")
    return done.stdout


def dump(settings: Mapping[str, Any], *, server_major: int, to: Path) -> None:
    """Write the database of `settings` to `to`, which nobody else can read. Raises DumpFailed.

    A dump that stops half-way leaves no file under that name.
    """
    program = client_program("pg_dump", server_major=server_major)
    part = to.with_name(f".{to.name}.part")
    with suppress(FileNotFoundError):
        part.unlink()
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _run(
            [str(program), "--format=custom", "--no-password", f"--file={part}"],
            _environment(settings, str(settings["NAME"])),
        )
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


def contents(file: Path, *, server_major: int) -> list[str]:
    """The lines of the dump's table of contents. Raises DumpFailed when it is not a dump."""
    program = client_program("pg_restore", server_major=server_major)
    return [line for line in _run([str(program), "--list", str(file)], os.environ).splitlines() if line]


def load(
    file: Path,
    settings: Mapping[str, Any],
    *,
    server_major: int,
    database: str,
    entries: Iterable[str],
    lists: Path,
) -> None:
    """Restore the named lines of the table of contents into `database`. Raises DumpFailed.

    `lists` is a folder for the list that pg_restore reads.
    """
    program = client_program("pg_restore", server_major=server_major)
    chosen = lists / "entries"
    chosen.write_text("\n".join(entries) + "\n", encoding="utf-8")
    _run(
        [
            str(program),
            "--exit-on-error",
            "--single-transaction",
            "--no-password",
            f"--use-list={chosen}",
            f"--dbname={database}",
            str(file),
        ],
        _environment(settings, database),
    )
