"""What every answer carries, what is refused before a view, and the pages for when things go wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client, override_settings

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal


def test_health_answers_without_signing_in(client_for: Any) -> None:
    answer = client_for().get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": "0.1.0", "demonstration": "ready"}


@pytest.mark.django_db
def test_health_says_that_the_demonstration_is_still_loading() -> None:
    assert Client().get("/health").json()["demonstration"] == "loading"


@pytest.mark.django_db
def test_health_is_503_when_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", broken)
    assert Client().get("/health").status_code == 503


def test_every_page_carries_the_security_headers(client_for: Any) -> None:
    headers = client_for("maya.manager").get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'self' 'nonce-[^']{16,}'", policy)
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store" or "no-store" in headers["Cache-Control"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_nonce_is_new_for_every_page(client_for: Any) -> None:
    client = client_for("maya.manager")
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_cookies_are_kept_from_scripts_and_other_sites(client_for: Any) -> None:
    client = client_for()
    client.get("/sign-in/")
    client.post("/demo/sign-in", {"username": "maya.manager"})
    for cookie in client.cookies.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax", cookie.key


def test_a_post_without_its_token_is_refused_in_words(client_for: Any) -> None:
    client = client_for("maya.manager", enforce_csrf_checks=True)
    answer = client.post("/partnership/people/invite/", {"name": "x"})
    assert answer.status_code == 403
    assert b"saferhub" in answer.content


@pytest.mark.django_db
def test_a_request_that_is_too_large_is_refused_before_it_is_read() -> None:
    answer = Client().post("/sign-in/", data=b"x", content_type="text/plain", CONTENT_LENGTH=str(10**9))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("refusal", "status", "shown"),
    [
        (
            Refusal("late", "The list closed on Monday.", link="/", link_text="See the next list"),
            409,
            "See the next list",
        ),
        (Conflict("edited", "Somebody else changed this."), 409, "Somebody else changed this."),
        (NotAllowed("role", "Only the chair may do this."), 403, "Only the chair may do this."),
    ],
)
def test_an_uncaught_refusal_becomes_a_page_and_leaves_a_trace(
    refusal: Refusal, status: int, shown: str, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*args: Any, **kwargs: Any) -> None:
        raise refusal

    client = client_for("maya.manager")
    monkeypatch.setattr("saferhub.partnership.views.home.waiting_for", refusing)
    answer = client.get("/")
    assert answer.status_code == status
    assert shown in answer.content.decode()
    trace = Entry.objects.using("refusals").order_by("-id")[0]
    assert (trace.kind, trace.event, trace.subject, trace.codes) == (
        "refusal",
        "page.refused",
        "home",
        {"code": refusal.code},
    )


def test_a_mistake_of_ours_gives_a_page_that_reveals_nothing(
    client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*args: Any, **kwargs: Any) -> None:
        raise KeyError("Marcus Tindall")

    client = client_for("maya.manager", raise_request_exception=False)
    monkeypatch.setattr("saferhub.partnership.views.home.waiting_for", failing)
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"Tindall" not in answer.content and b"Traceback" not in answer.content


def test_without_the_demonstration_there_is_no_cast_and_no_way_in(client_for: Any) -> None:
    with override_settings(DEMONSTRATION=False):
        client = client_for()
        assert client.post("/demo/sign-in", {"username": "maya.manager"}).status_code == 404
        assert b"maya.manager" not in client.get("/sign-in/").content


def test_the_footer_names_version_and_source(client_for: Any) -> None:
    text = client_for().get("/sign-in/").content.decode()
    assert "saferhub 0.1.0" in text
    assert "AGPL" in text


def test_the_demonstration_banner_tells_its_day(client_for: Any) -> None:
    assert "28 August 2018" in client_for().get("/sign-in/").content.decode()
