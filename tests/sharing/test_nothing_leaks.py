"""Nothing of one actor is left for the next: pooled connections, failing requests, streams, jobs, commands.

The requests go through the server's own way in, from several threads at once, over a pool smaller than the
threads, so that a connection passes from person to person and to nobody.
"""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client, RequestFactory

from saferhub.sharing.entering import entered
from saferhub.sharing.models import Folder
from tests.sharing import acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.sharing.pages_that_fail")]

PEOPLE = ("colin.coordinator", "priya.partner", "rachel.referrer", "victor.voluntary", "olivia.outsider")
FAILING = ("refusal", "missing", "denied", "unavailable", "mistake", "mistake-late", "signs-in", "again")
THREADS, CONNECTIONS, TIMES = 8, 3, 240
LEFT = """
SELECT coalesce(current_setting('saferhub.user', true), '')
    || coalesce(current_setting('saferhub.holders', true), '')
    || coalesce(current_setting('saferhub.hubs', true), '')
    || coalesce(current_setting('saferhub.deciding', true), '')
    || coalesce(current_setting('saferhub.agreements', true), '')
    || coalesce(current_setting('saferhub.governs', true), ''),
       gate.entered(), (SELECT count(*) FROM sharing_folder), (SELECT count(*) FROM gate.readable_folder)
"""
NOTHING = ("", False, 0, 0)

World = dict[str, dict[str, Any]]
Ask = Callable[[str, str], tuple[int, bytes]]


@pytest.fixture
def own(cast: dict[str, Any], client_for: Callable[..., Client]) -> World:
    """Of each person: her account's number, the cookie of her session, and the folders she sees."""
    found: World = {}
    for username in PEOPLE:
        user = cast[username]
        membership = user.memberships.get()
        with entered(user):
            folder = Folder.objects.create(
                partnership=membership.partnership, unit=membership.unit, kind="matter"
            )
        cookies = client_for(username).cookies
        found[username] = {
            "user": user.pk,
            "public_id": user.public_id,
            "folder": folder.public_id,
            "folders": [],
            "cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()),
        }
    # Taken when all folders stand, since some see another's too.
    for username in PEOPLE:
        with entered(cast[username]):
            found[username]["folders"] = sorted(Folder.objects.values_list("public_id", flat=True))
        assert found[username]["folder"] in found[username]["folders"]
    assert len({tuple(one["folders"]) for one in found.values()}) == len(PEOPLE)
    return found


@pytest.fixture
def pooled(own: World) -> Iterator[None]:
    """The application's connections come from a pool, as they do in the product."""
    aliases = ("default", "refusals")
    connections.close_all()
    for alias in aliases:
        connections[alias].settings_dict["OPTIONS"] = {
            **connections[alias].settings_dict["OPTIONS"],
            "pool": {"min_size": 1, "max_size": CONNECTIONS, "timeout": 30},
        }
    try:
        yield
    finally:
        for alias in aliases:
            connections[alias].close()
            connections[alias].close_pool()
            del connections[alias].settings_dict["OPTIONS"]["pool"]


@pytest.fixture
def ask(own: World) -> Ask:
    """One request through the server's way in, from the first byte to the end of the answer."""
    application = get_wsgi_application()

    def asking(username: str, address: str) -> tuple[int, bytes]:
        environ = RequestFactory().get(address).environ
        if username:
            environ["HTTP_COOKIE"] = own[username]["cookie"]
        statuses: list[str] = []
        answer = application(environ, lambda status, headers: statuses.append(status))
        try:
            return int(statuses[0][:3]), b"".join(answer)
        finally:
            answer.close()

    return asking


def look() -> tuple[Any, ...]:
    """What a connection taken from the pool now shows, outside any transaction."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(LEFT)
            return tuple(cursor.fetchone())
    finally:
        connections.close_all()


def shown(own: World, username: str) -> tuple[int | None, list[str]]:
    return (own[username]["user"], own[username]["folders"]) if username else (None, [])


def _act(own: World, ask: Ask, number: int) -> list[str]:
    """One act of somebody, chosen by its number. Returns what was wrong."""
    choice = random.Random(number)
    username = choice.choice((*PEOPLE, ""))
    kind = choice.choice(("page", "page", "failing", "failing", "stream", "job", "failing job", "command"))
    if kind == "page":
        found = json.loads(ask(username, "/whose/")[1])
        wrong = (found["user"], found["folders"]) != shown(own, username)
    elif kind == "failing":
        wrong = ask(username, f"/write/{choice.choice(FAILING)}/")[0] == 200
    elif kind == "stream":
        wrong = ask(username, "/write/stream/")[1] != f"first {shown(own, username)[0]}".encode()
    elif not username:
        found = acting.plain()
        wrong = (found["user"], found["folders"]) != (None, [])
    elif kind == "job":
        found = acting.of_a_person(by=own[username]["public_id"])
        wrong = (found["user"], found["folders"]) != shown(own, username)
    elif kind == "failing job":
        wrong = True
        with suppress(KeyError):
            acting.of_a_person(by=own[username]["public_id"], then="mistake")
        wrong = False
    else:
        out = io.StringIO()
        call_command(acting.Command(), "--as", username, stdout=out)
        wrong = out.getvalue().split() != [own[username]["public_id"], str(own[username]["user"])]
    connections.close_all()
    left = look()
    return [
        *([f"{kind} of {username or 'nobody'} went wrong"] if wrong else []),
        *([f"{kind} of {username or 'nobody'} left {left}"] if left != NOTHING else []),
    ]


def test_nothing_passes_from_one_to_the_next_over_pooled_connections(
    pooled: None, own: World, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    with ThreadPoolExecutor(THREADS) as pool:
        wrong = [line for lines in pool.map(lambda n: _act(own, ask, n), range(TIMES)) for line in lines]
    assert wrong == []
    # And each connection of the pool, one by one, held at the same time.
    pool_of = connections["default"].pool
    held = [pool_of.getconn() for _ in range(CONNECTIONS)]
    try:
        for connection in held:
            assert tuple(connection.execute(LEFT).fetchone()) == NOTHING
            connection.rollback()
    finally:
        for connection in held:
            pool_of.putconn(connection)
        connections.close_all()


@pytest.mark.parametrize("then", ["page", *FAILING, "stream", "drawn", "form"])
def test_the_next_on_the_same_connection_is_nobody(then: str, pooled: None, own: World, ask: Ask) -> None:
    ask("colin.coordinator", f"/write/{then}/")
    assert look() == NOTHING
    found = json.loads(ask("", "/whose/")[1])
    assert (found["user"], found["folders"]) == (None, [])
    found = json.loads(ask("priya.partner", "/whose/")[1])
    assert (found["user"], found["folders"]) == shown(own, "priya.partner")


def test_a_reader_who_leaves_a_stream_leaves_nothing_behind(pooled: None, own: World) -> None:
    environ = RequestFactory().get("/write/stream/").environ
    environ["HTTP_COOKIE"] = own["colin.coordinator"]["cookie"]
    answer = get_wsgi_application()(environ, lambda status, headers: None)
    assert next(iter(answer)) == b"first "
    answer.close()
    assert look() == NOTHING


def test_the_second_connection_is_never_entered(own: World) -> None:
    from saferhub.accounts.models import User

    with entered(User.objects.get(pk=own["colin.coordinator"]["user"])):
        with connections["refusals"].cursor() as cursor:
            cursor.execute(LEFT)
            assert tuple(cursor.fetchone()) == NOTHING
