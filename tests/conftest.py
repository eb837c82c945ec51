"""The ground tests stand on: databases made once, the cast, clients.

Tests log in as the application's own role, never as owner or superuser, so that what the product may
not do, a test may not do either. Two databases are made at the start of each process: `empty`
(migrated) and `world` (with the demonstration's packs and cast). A test that asks for `cast`, `world`
or `client_for` runs in the world, any other in the empty one, both inside a transaction that is rolled
back. A test that must commit (marked `transaction=True`, or using `live_server`) gets a copy of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client, TransactionTestCase
from psycopg import sql

IN_THE_WORLD = {"world", "cast", "client_for", "north_yorkshire", "actor_of"}
ALIASES = ["default", "refusals"]


class Databases:
    """The databases of one test process, made as owner by copying templates."""

    def __init__(self) -> None:
        self.mark = f"{os.getpid()}"
        self.names: dict[str, str] = {}
        self.copies = 0

    @contextmanager
    def owner(self) -> Iterator[psycopg.Connection[Any]]:
        params = connections["owner"].get_connection_params()
        keep = {k: params[k] for k in ("host", "port", "user", "password") if params.get(k)}
        with psycopg.connect(**keep, dbname="postgres", autocommit=True) as connection:
            yield connection

    def create(self, name: str, template: str) -> None:
        with self.owner() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop(self, name: str) -> None:
        """Drop a database of ours. PostgreSQL waits five seconds for sessions that are just closing; what a
        thread still holds then is left for the next run (see `clear_away`)."""
        with self.owner() as connection, suppress(psycopg.errors.ObjectInUse):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def clear_away(self) -> None:
        """Drop what test processes that are gone have left behind."""
        with self.owner() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'saferhub\\_test\\_%'"
            )
            left = [name for (name,) in rows if not _lives(int(name.split("_")[2]))]
        for name in left:
            self.drop(name)

    def use(self, name: str) -> None:
        from saferhub.foundation import clock

        for alias in connections.settings:
            if connections[alias].settings_dict["NAME"] != name:
                connections[alias].close()
                connections[alias].settings_dict["NAME"] = name
        clock.forget()

    def copy_of(self, name: str) -> str:
        self.copies += 1
        copy = f"saferhub_test_{self.mark}_copy{self.copies}"
        for alias in connections.settings:
            connections[alias].close()
        self.end_sessions(self.names[name])
        self.create(copy, self.names[name])
        return copy

    def end_sessions(self, name: str) -> None:
        """End what threads of a server that has stopped still hold open; each role may end its own."""
        for alias in ("default", "steward"):
            params = connections[alias].get_connection_params()
            keep = {k: params[k] for k in ("host", "port", "user", "password") if params.get(k)}
            with psycopg.connect(**keep, dbname="postgres", autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename = current_user",
                    [name],
                )


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


databases = Databases()
_WANTED = pytest.StashKey[str]()
_COMMITS = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Migrate an empty database as owner and make the demonstration in a copy of it."""
    from saferhub.foundation.middleware import RightDatabase

    # tests/foundation/test_guard.py asks; elsewhere accounts stand in a database that is no demonstration's.
    RightDatabase.settled = True
    original = connections["default"].settings_dict["NAME"]
    made: list[str] = []
    with django_db_blocker.unblock():
        empty, world = (f"saferhub_test_{databases.mark}_{kind}" for kind in ("empty", "world"))
        try:
            databases.clear_away()
            databases.drop(empty)
            databases.create(empty, original)
            made.append(empty)
            databases.use(empty)
            call_command("migrate", verbosity=0)
            databases.names["empty"] = empty
            databases.drop(world)
            for alias in connections.settings:
                connections[alias].close()
            databases.create(world, empty)
            made.append(world)
            databases.names["world"] = world
            databases.use(world)
            call_command("demo", verbosity=0, stories_only=True)
            for alias in connections.settings:
                connections[alias].close()
            yield
        finally:
            for alias in connections.settings:
                connections[alias].close()
            for name in reversed(made):
                databases.drop(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each database test both of the application's connections, refusals included. The longest tests go
    first, so that no process is left with them alone at the end."""
    items.sort(key=lambda item: "/walls/" not in str(item.path))
    for item in items:
        marker = item.get_closest_marker("django_db")
        names = set(getattr(item, "fixturenames", ()))
        wants = {"db", "transactional_db", "live_server"} & names or IN_THE_WORLD & names
        if marker is None and not wants:
            continue
        arguments = dict(marker.kwargs) if marker else {}
        if "live_server" in names or "transactional_db" in names:
            arguments["transaction"] = True
        arguments.setdefault(
            "databases", list(connections.settings) if arguments.get("transaction") else ALIASES
        )
        item.add_marker(pytest.mark.django_db(**arguments), append=False)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if marker is None:
        return
    item.stash[_WANTED] = "world" if IN_THE_WORLD & set(item.fixturenames) else "empty"  # type: ignore[attr-defined]
    item.stash[_COMMITS] = bool(marker.kwargs.get("transaction"))


@pytest.fixture(autouse=True)
def _django_db_marker(request: pytest.FixtureRequest) -> Iterator[None]:
    """In the place of pytest-django's fixture of this name, which opens the test's transaction: point
    every connection at the database this test asked for first.
    """
    wanted = request.node.stash.get(_WANTED, None)
    if wanted is None:
        yield
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    copy = ""
    with blocker.unblock():
        if request.node.stash[_COMMITS]:
            copy = databases.copy_of(wanted)
        databases.use(copy or databases.names[wanted])
    if copy:
        request.addfinalizer(lambda: _throw_away(blocker, copy, wanted))
    request.getfixturevalue("_django_db_helper")
    yield


def _throw_away(blocker: Any, copy: str, wanted: str) -> None:
    with blocker.unblock():
        for alias in connections.settings:
            connections[alias].close()
        databases.use(databases.names[wanted])
        databases.drop(copy)


# A committing test has a database of its own that is dropped: nothing to flush, and the application's
# role could not TRUNCATE anyway.
TransactionTestCase._fixture_teardown = lambda self: None  # type: ignore[attr-defined, method-assign]


@pytest.fixture
def world(db: None) -> None:
    """The demonstration's packs and cast are there."""


@pytest.fixture
def north_yorkshire(db: None) -> Any:
    """The partnership of the demonstration's main pack."""
    from saferhub.partnership.models import Partnership

    return Partnership.objects.get(code="north_yorkshire")


@pytest.fixture
def cast(db: None) -> dict[str, Any]:
    """The demonstration's thirteen people by username."""
    from saferhub.accounts.models import User

    return {user.username: user for user in User.objects.all()}


@pytest.fixture
def client_for(db: None) -> Callable[..., Client]:
    """A client signed in as one of the cast by the demonstration's own way in; "" is nobody."""

    def signed_in(username: str = "", **options: Any) -> Client:
        client = Client(**options)
        if username:
            answer = client.post("/demo/sign-in", {"username": username})
            assert answer.status_code in (302, 303), (username, answer.status_code)
        return client

    return signed_in


@pytest.fixture
def actor_of(db: None) -> Callable[[str], Any]:
    """The actor that one of the cast is."""
    from saferhub.accounts.models import User
    from saferhub.partnership.access import actor_for

    return lambda username: actor_for(User.objects.get(username=username))


@pytest.fixture(autouse=True)
def _clean_cache(request: pytest.FixtureRequest, settings: Any) -> None:
    """Counts of failed attempts never pass from one test to the next."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": request.node.nodeid,
        }
    }


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker, a queued message is sent when the transaction commits."""
    from django.db import transaction

    from saferhub.accounts import jobs, mail

    def defer(*, sealed: str) -> None:
        transaction.on_commit(lambda: mail.deliver(sealed))

    monkeypatch.setattr(jobs.deliver_mail, "defer", defer)
