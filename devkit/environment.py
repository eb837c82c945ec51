"""The environment variables that saferhub's own processes are started with.

With DATABASE_URL set, a database of your own is used and nothing is started for it. Each process
gets only the addresses it needs: a web process could otherwise be talked into reading the owner's.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from devkit import database, secrets_file
from devkit.console import Stopped
from devkit.places import Places

URLS = tuple(secrets_file.ROLE_OF_URL)
FOR_WEB = ("DATABASE_URL",)
FOR_WORKER = ("DATABASE_URL", "DATABASE_STEWARD_URL")


def is_external(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a database of the user's own is named. Raises Stopped when only some addresses are."""
    given = [name for name in URLS if environ.get(name)]
    if "DATABASE_URL" not in given:
        return False
    missing = [name for name in URLS if name not in given]
    if missing:
        raise Stopped(
            f"DATABASE_URL is set, so saferhub uses that database and also needs {', '.join(missing)}: "
            "one address for each role (docs/setup.md)."
        )
    if not environ.get(secrets_file.SECRET_KEY):
        raise Stopped(
            "With a database of your own set SAFERHUB_SECRET_KEY too: a long random text (docs/setup.md)."
        )
    return True


def common(places: Places) -> dict[str, str]:
    """What every process gets, before the addresses of the database."""
    values = {name: value for name, value in os.environ.items() if name not in URLS}
    values.pop(secrets_file.SUPERUSER_PASSWORD, None)
    return values | {
        "DJANGO_SETTINGS_MODULE": "saferhub.settings",
        "SAFERHUB_LOCAL": str(places.local),
        "PYTHONUNBUFFERED": "1",
        "PATH": f"{places.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


@contextlib.contextmanager
def with_database(
    places: Places, name: str = "main"
) -> Iterator[tuple[dict[str, str], database.LocalDatabase | None]]:
    """The full environment, and the local database that runs for us (None with one of your own)."""
    values = common(places)
    if name == "main" and is_external():
        yield values | {address: os.environ[address] for address in URLS}, None
        return
    local = database.local_database(places, name)
    try:
        secrets = local.make_ready()
        values |= {key: secrets[key] for key in (*URLS, secrets_file.SECRET_KEY)}
        # backup and restore look for pg_dump here first.
        values["SAFERHUB_PG_BIN"] = str(local.cluster.binaries.folder)
        values.setdefault("SAFERHUB_DEMONSTRATION", "1")
        yield values, local
    finally:
        local.cluster.leave()


def only(values: Mapping[str, str], kept: tuple[str, ...]) -> dict[str, str]:
    """The environment with just these of the database's addresses."""
    return {name: value for name, value in values.items() if name not in URLS or name in kept}


def manage(places: Places, *words: str) -> list[str]:
    return [str(places.python), str(Path(places.root) / "manage.py"), *words]
