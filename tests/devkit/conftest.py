"""Throw-away clusters: made in a folder of their own, stopped and deleted after the test."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devkit import binaries
from devkit.database import SETTINGS, LocalDatabase, within_reach
from devkit.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_leftover_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's user can pass through, which pytest's own are not when root runs it."""
    folder = Path(tempfile.mkdtemp(prefix="saferhub-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def databases() -> Iterator[Callable[[Path], LocalDatabase]]:
    """Makes handles on the cluster below a folder; several handles on one folder are several users."""
    made: list[LocalDatabase] = []

    def make(folder: Path) -> LocalDatabase:
        base = folder / "postgres"
        found = binaries.find(environ=os.environ, wheel=binaries.wheel_folder())
        assert found is not None, "no PostgreSQL for the tests"
        cluster = Cluster(
            base=base,
            name="main",
            binaries=within_reach(found, base, "main"),
            short_name=folder.name[-8:],
            settings=SETTINGS["main"] | {"fsync": "off"},
        )
        made.append(
            LocalDatabase(
                cluster=cluster,
                secrets=folder / "secrets.env",
                roles_file=ROOT / "saferhub" / "foundation" / "sql" / "roles.sql",
            )
        )
        return made[-1]

    try:
        yield make
    finally:
        for database in made:
            database.cluster.leave()
            if database.cluster.home.exists():
                database.cluster.stop()
                socket_folder = database.cluster.socket_folder()
                if not socket_folder.is_relative_to(database.cluster.home):
                    shutil.rmtree(socket_folder, ignore_errors=True)


@pytest.fixture
def room() -> Iterator[Path]:
    with private_folder() as folder:
        yield folder


@pytest.fixture
def new_database() -> Iterator[Callable[[Path], LocalDatabase]]:
    with databases() as make:
        yield make
