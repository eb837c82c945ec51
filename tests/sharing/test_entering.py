"""Entering: one transaction for each request with one actor, and what of a request stands and what falls."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from saferhub.audit.models import Entry
from saferhub.foundation.transactions import has_own_transactions
from saferhub.sharing.entering import enter, entered, entered_as, streamed_as
from saferhub.sharing.models import Folder
from tests.sharing import pages_that_fail

ClientFor = Callable[..., Client]
Cast = dict[str, Any]
OUTSIDE = pytest.mark.django_db(transaction=True)  # without a test's transaction around
IN_PAGES = pytest.mark.urls("tests.sharing.pages_that_fail")


@pytest.fixture
def colin(cast: Cast) -> Any:
    return cast["colin.coordinator"]


@pytest.fixture
def rachel(cast: Cast) -> Any:
    return cast["rachel.referrer"]


def asked(captured: CaptureQueriesContext) -> list[str]:
    frame = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(frame)]


# --- The block ------------------------------------------------------------------------------------------


@OUTSIDE
def test_entering_outside_a_transaction_is_refused(colin: Any) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        enter(colin)


@OUTSIDE
def test_entering_costs_one_query_and_nobody_costs_none(colin: Any) -> None:
    with CaptureQueriesContext(connection) as captured, entered(colin):
        pass
    assert len(asked(captured)) == 1
    for nobody in (None, AnonymousUser()):
        with CaptureQueriesContext(connection) as captured, entered(nobody):
            pass
        assert asked(captured) == []


@OUTSIDE
def test_entering_takes_a_few_milliseconds(colin: Any) -> None:
    times = []
    for _ in range(50):
        with transaction.atomic():
            began = time.perf_counter()
            enter(colin)
            times.append(time.perf_counter() - began)
    assert sorted(times)[25] < 0.02  # measured: about 1 ms; a slow machine takes its own time


@OUTSIDE
def test_what_is_entered_ends_with_the_transaction(colin: Any) -> None:
    with entered(colin):
        assert entered_as() == colin.pk
    assert entered_as() is None
    with pytest.raises(KeyError), entered(colin):
        raise KeyError
    assert entered_as() is None
    with transaction.atomic():
        assert entered_as() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('saferhub.user', true), gate.entered(), gate.holders()")
        assert cursor.fetchone() == ("", False, None)


def test_a_block_inside_of_the_same_person_is_a_savepoint(colin: Any) -> None:
    with entered(colin):
        with CaptureQueriesContext(connection) as captured:
            with pytest.raises(KeyError), entered(colin):
                raise KeyError
        assert asked(captured) == []
        assert entered_as() == colin.pk


def test_nobody_else_enters_inside(colin: Any, rachel: Any) -> None:
    with entered(colin):
        for other in (rachel, None, AnonymousUser()):
            with pytest.raises(RuntimeError, match="one actor"), entered(other):
                pytest.fail("entered")
        assert entered_as() == colin.pk
    with entered(None), pytest.raises(RuntimeError, match="one actor"), entered(rachel):
        pytest.fail("entered")
    with entered(rachel):
        assert entered_as() == rachel.pk


def test_inside_an_open_transaction_its_own_actor_is_put_back(colin: Any, rachel: Any) -> None:
    # The test's own transaction is open, and settings outlive a savepoint that is released.
    for before in (None, rachel):
        enter(before)
        number = before.pk if before else None
        for inside in (colin, None):
            with entered(inside):
                assert entered_as() == (inside.pk if inside else None)
            assert entered_as() == number
            with pytest.raises(KeyError), entered(inside):
                raise KeyError
            assert entered_as() == number
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate.holders()")
        assert -rachel.pk in cursor.fetchone()[0], "all of the settings are put back"


def test_a_protected_row_is_seen_inside_and_not_after(colin: Any, rachel: Any) -> None:
    membership = colin.memberships.get()
    with entered(colin):
        made = Folder.objects.create(partnership=membership.partnership, unit=membership.unit, kind="matter")
        assert Folder.objects.filter(pk=made.pk).exists()
    assert not Folder.objects.filter(pk=made.pk).exists()
    with entered(rachel):
        assert not Folder.objects.filter(pk=made.pk).exists()
    with entered(colin):
        assert Folder.objects.filter(pk=made.pk).exists()


# --- A request ------------------------------------------------------------------------------------------


@IN_PAGES
def test_a_request_is_one_transaction_entered_as_whoever_asks(client_for: ClientFor, cast: Cast) -> None:
    for username in ("colin.coordinator", "", "rachel.referrer", ""):
        answer = client_for(username).get("/whose/").json()
        assert answer["atomic"]
        assert answer["user"] == (cast[username].pk if username else None)
    assert entered_as() is None


def written(then: str) -> int:
    return Entry.objects.filter(subject_kind="test", subject=then).count()


STANDS = [("page", 200), ("form", 422), ("drawn", 200), ("stream", 200)]
FALLS = [
    ("refusal", 409),
    ("not-allowed", 403),
    ("missing", 404),
    ("denied", 403),
    ("unavailable", 503),
    ("mistake", 500),
    ("mistake-late", 500),
    ("nothing", 500),
    ("at-once", 200),
    ("again", 302),
    ("signs-in", 409),
]


@IN_PAGES
@OUTSIDE
@pytest.mark.parametrize("username", ["colin.coordinator", ""])
@pytest.mark.parametrize(("then", "status"), STANDS + FALLS)
def test_what_stands_and_what_falls(then: str, status: int, username: str, client_for: ClientFor) -> None:
    pages_that_fail.committed.clear()
    client = client_for(username, raise_request_exception=False)
    assert client.get(f"/write/{then}/").status_code == status
    stands = then in dict(STANDS)
    assert written(then) == (1 if stands else 0)
    assert pages_that_fail.committed == ([then] if stands else [])
    assert entered_as() is None


@IN_PAGES
@pytest.mark.parametrize("then", ["refusal", "missing", "mistake", "unavailable"])
def test_a_count_of_tries_outlives_the_request_that_is_refused(
    then: str, client_for: ClientFor, settings: Any
) -> None:
    from saferhub import settings as product

    settings.CACHES = product.CACHES
    client = client_for("colin.coordinator", raise_request_exception=False)
    for _ in range(3):
        client.get(f"/write/{then}/")
    assert cache.get("tries") == 3
    assert written(then) == 0


@IN_PAGES
def test_a_late_page_is_drawn_inside(client_for: ClientFor, colin: Any) -> None:
    assert client_for("colin.coordinator").get("/write/drawn/").content == str(colin.pk).encode()


@IN_PAGES
@pytest.mark.parametrize("then", ["refusal", "missing", "denied"])
def test_the_page_of_a_refusal_is_drawn_as_whoever_asked(
    then: str, client_for: ClientFor, colin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_as = []

    def navigation(*args: Any) -> list[Any]:
        drawn_as.append(entered_as())
        return []

    client = client_for("colin.coordinator")
    monkeypatch.setattr("saferhub.foundation.context.navigation", navigation)
    client.get(f"/write/{then}/")
    assert drawn_as == [colin.pk]


@IN_PAGES
def test_a_refusal_leaves_its_trace_and_so_does_what_is_missing(client_for: ClientFor) -> None:
    client = client_for("colin.coordinator")
    for then in ("refusal", "missing", "denied"):
        client.get(f"/write/{then}/")
    traces = Entry.objects.using("refusals").filter(subject="write").order_by("id")
    assert list(traces.values_list("event", "codes")) == [
        ("page.refused", {"code": "late"}),
        ("page.not_found", {}),
        ("page.refused", {"code": "permission_denied"}),
    ]


@IN_PAGES
def test_who_must_prove_herself_again_is_led_there_after_the_rollback(client_for: ClientFor) -> None:
    # The cast have no password to prove themselves with, so they are led to sign in.
    answer = client_for("colin.coordinator").get("/write/again/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("account_login") + "?next=%2Fwrite%2Fagain%2F"


@IN_PAGES
@pytest.mark.parametrize("username", ["colin.coordinator", ""])
def test_a_session_begun_in_a_refused_request_is_taken_back(username: str, client_for: ClientFor) -> None:
    client = client_for(username)
    client.get("/sign-in/")
    assert client.get("/write/signs-in/").status_code == 409
    whose = client.get("/").context
    if username:
        assert whose["request"].user.username == username
    else:
        assert client.get("/").status_code == 302


# --- Streams --------------------------------------------------------------------------------------------


@IN_PAGES
def test_a_stream_is_made_as_whoever_asked_and_carries_her_requests_mark(
    client_for: ClientFor, colin: Any
) -> None:
    answer = client_for("colin.coordinator").get("/write/stream/")
    assert entered_as() is None, "between view and stream nobody is entered"
    parts = list(answer.streaming_content)
    assert parts == [b"first ", str(colin.pk).encode()]
    assert entered_as() is None
    marks = Entry.objects.filter(subject="stream", subject_kind="test").values_list("request", flat=True)
    assert len(marks) == 2 and len(set(marks)) == 1


@OUTSIDE
def test_a_stream_that_its_reader_leaves_ends_its_transaction(colin: Any) -> None:
    stream = streamed_as(colin, iter(range(9)))
    assert next(stream) == 0
    assert connection.in_atomic_block and entered_as() == colin.pk
    stream.close()  # type: ignore[attr-defined]
    assert not connection.in_atomic_block and entered_as() is None
    with entered(None):
        assert entered_as() is None


# --- What this rests on ---------------------------------------------------------------------------------


def _names_its_handler(entry: str, handler: str) -> bool:
    made = import_string(entry)
    made = made if isinstance(made, type) else made(lambda request: None)
    return hasattr(made, handler)


def test_the_middleware_is_last_and_asks_every_other_that_knows_an_answer_to_an_exception() -> None:
    assert project.MIDDLEWARE[-1] == "saferhub.sharing.middleware.Enter"
    assert [entry for entry in project.MIDDLEWARE if _names_its_handler(entry, "process_exception")] == [
        "allauth.account.middleware.AccountMiddleware",
        "saferhub.partnership.middleware.Refusals",
    ]
    # Pages are drawn before any of these could be asked.
    assert not [e for e in project.MIDDLEWARE if _names_its_handler(e, "process_template_response")]


def _views(patterns: list[Any], before: str = "") -> Any:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, before)
        elif isinstance(pattern, URLPattern):
            yield pattern.name, pattern.callback


# A call of the API is entered as its key's account, inside the call (tests/casework/intake/test_api.py).
API = {"api-referrals", "api-referral", "api-cases", "api-actions", "api-action-done", "api-reference"}


def test_only_the_health_page_keeps_transactions_of_its_own() -> None:
    own = {name for name, view in _views(get_resolver().url_patterns) if has_own_transactions(view)}
    assert own == {"health", "action-feed-ics", "link-referral", *API}
