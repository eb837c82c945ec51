"""Signing in by email and password: what a stranger can learn, what is written down, when it is locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import NoReverseMatch, reverse

from saferhub.accounts import operations
from saferhub.accounts.models import User
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD

pytestmark = pytest.mark.django_db

WRONG = "The email address or the password is not right"
WAIT = "Wait 15 minutes"
Entries = Callable[[str], list[Any]]


def try_to(email: str, password: str, client: Client | None = None) -> Any:
    return (client or Client()).post("/sign-in/", {"login": email, "password": password})


def leave(user: User) -> None:
    operations.record_leaver(user, by=ADMINISTRATOR, on=date(2018, 9, 11), reason="New post")


def test_the_right_password_signs_in_and_is_recorded(person: Callable[..., User], entries: Entries) -> None:
    user = person()
    answer = try_to(" JO@Example.org ", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    (entry,) = entries("account.signed_in")
    assert entry.actor == entry.subject == user.public_id


def without_what_changes(page: bytes, email: str) -> str:
    import re

    text = page.decode().replace(email, "EMAIL")
    return re.sub(r'(csrfmiddlewaretoken" value="|nonce=")[^"]+', "", text)


def test_unknown_wrong_left_and_invited_get_the_same_page(
    person: Callable[..., User], invite: Callable[..., str]
) -> None:
    person("wrong@example.org")
    leave(person("left@example.org", "Lee Left"))
    invite("invited@example.org", "In Vited")
    answers = {
        email: try_to(email, password)
        for email, password in [
            ("unknown@example.org", PASSWORD),
            ("wrong@example.org", "not this one"),
            ("left@example.org", PASSWORD),
            ("invited@example.org", PASSWORD),
        ]
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    pages = {without_what_changes(answer.content, email) for email, answer in answers.items()}
    assert len(pages) == 1
    assert WRONG in pages.pop()


def test_every_failure_costs_one_hash_of_a_password(
    person: Callable[..., User], invite: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person("wrong@example.org")
    leave(person("left@example.org", "Lee Left"))
    invite("invited@example.org", "In Vited")
    hashed: list[str] = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *args: hashed.append("") or encode(self, *args))
    for email in ("unknown@example.org", "wrong@example.org", "left@example.org", "invited@example.org"):
        hashed.clear()
        try_to(email, "not this one")
        assert len(hashed) == 1, email


def test_a_failure_names_the_account_and_never_what_was_typed(
    person: Callable[..., User], entries: Entries
) -> None:
    user = person()
    try_to("jo@example.org", "not this one")
    try_to("nobody@example.org", "not this one")
    known, unknown = entries("account.sign_in_failed")
    assert (known.actor, known.subject, known.codes) == ("", user.public_id, {"code": "password"})
    assert (unknown.actor, unknown.subject, unknown.codes) == ("", "", {"code": "password"})


def test_a_leaver_with_the_right_password_is_recorded_as_such(
    person: Callable[..., User], entries: Entries
) -> None:
    user = person()
    leave(user)
    try_to("jo@example.org", PASSWORD)
    (entry,) = entries("account.sign_in_failed")
    assert (entry.subject, entry.codes) == (user.public_id, {"code": "status"})


@pytest.mark.parametrize("email", ["jo@example.org", "unknown@example.org"])
def test_five_failures_lock_whether_or_not_there_is_an_account(
    email: str, person: Callable[..., User], entries: Entries
) -> None:
    person()
    for _ in range(5):
        assert WRONG in try_to(email, "not this one").content.decode()
    answer = try_to(email, PASSWORD)
    assert answer.status_code == 200
    assert WAIT in answer.content.decode()
    assert len(entries("account.locked_out")) == 1
    assert entries("account.signed_in") == []


def test_the_lock_is_counted_in_the_database_that_every_web_process_shares(
    person: Callable[..., User], settings: Any, entries: Entries
) -> None:
    from saferhub import settings as product

    settings.CACHES = product.CACHES
    person()
    for _ in range(5):
        assert WRONG in try_to("jo@example.org", "not this one").content.decode()
    with connections["refusals"].cursor() as cursor:  # where a count outlives its request's rollback
        cursor.execute("SELECT count(*) FROM foundation_cache")
        assert cursor.fetchone()[0] > 0
    assert WAIT in try_to("jo@example.org", PASSWORD).content.decode()
    assert len(entries("account.locked_out")) == 1


def test_the_lock_opens_after_fifteen_minutes(
    person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    person()
    for _ in range(5):
        try_to("jo@example.org", "not this one")
    true_time = time.time
    monkeypatch.setattr(time, "time", lambda: true_time() + 14 * 60)
    assert WAIT in try_to("jo@example.org", PASSWORD).content.decode()
    monkeypatch.setattr(time, "time", lambda: true_time() + 15 * 60 + 5)
    assert try_to("jo@example.org", PASSWORD).status_code == 302


def test_one_persons_lock_does_not_lock_another(person: Callable[..., User]) -> None:
    person()
    person("ann@example.org", "Ann Other")
    for _ in range(6):
        try_to("jo@example.org", "not this one")
    assert try_to("ann@example.org", PASSWORD).status_code == 302


def test_too_many_tries_from_one_place_get_our_own_page(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    answers = [try_to(f"a{n}@example.org", "x" * 12) for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert b"Too many tries" in answers[-1].content and b"saferhub" in answers[-1].content


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "http:///evil"],
)
def test_signing_in_never_leads_elsewhere(wanted: str, person: Callable[..., User]) -> None:
    person()
    answer = Client().post("/sign-in/", {"login": "jo@example.org", "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_signing_in_leads_back_to_the_page_asked_for(person: Callable[..., User]) -> None:
    person()
    client = Client()
    asked = client.get("/account/details/")
    assert asked["Location"] == "/sign-in/?next=/account/details/"
    answer = client.post(asked["Location"], {"login": "jo@example.org", "password": PASSWORD})
    assert answer["Location"] == "/account/details/"


def test_signing_out_is_by_post_alone_and_recorded(
    person: Callable[..., User], signed_in: Callable[..., Client], entries: Entries
) -> None:
    user = person()
    client = signed_in(user)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == 302
    (entry,) = entries("account.signed_out")
    assert entry.subject == user.public_id


def test_nobody_can_sign_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().get("/signup/").status_code == 404


def test_an_attempt_that_cannot_be_recorded_does_not_sign_in(
    person: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    person()

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    client = Client(raise_request_exception=False)
    with monkeypatch.context() as patch:
        patch.setattr("saferhub.audit.operations.record", broken)
        assert try_to("jo@example.org", PASSWORD, client).status_code == 500
    assert client.get("/account/").status_code == 302


# --- Passwords --------------------------------------------------------------------------------------------


def ask_for_link(email: str, capture: Any) -> Any:
    with capture(execute=True):
        return Client().post("/sign-in/new-password/", {"email": email})


def test_a_new_password_is_set_through_a_mailed_link_that_works_once(
    person: Callable[..., User],
    signed_in: Callable[..., Client],
    entries: Entries,
    django_capture_on_commit_callbacks: Any,
) -> None:
    import re

    user = person()
    elsewhere = signed_in(user)
    ask_for_link("jo@example.org", django_capture_on_commit_callbacks)
    message = mail.outbox[-1]
    assert user.name not in message.body and "jo@example.org" not in message.body
    path = re.search(r"https?://[^/]+(/\S+)", message.body).group(1)  # type: ignore[union-attr]
    client = Client()
    form = client.get(path, follow=True)
    assert path not in form.redirect_chain[-1][0]
    answer = client.post(form.redirect_chain[-1][0], {"password1": "quilted harbour mango"})
    assert answer["Location"] == "/sign-in/new-password/set/"
    assert try_to("jo@example.org", "quilted harbour mango").status_code == 302
    assert elsewhere.get("/account/").status_code == 302
    assert b"The link does not work" in Client().get(path, follow=True).content
    assert [e.actor for e in entries("account.password_reset_asked") + entries("account.password_reset")] == [
        "",
        "",
    ]


def test_asking_for_a_link_tells_nobody_who_has_an_account(
    person: Callable[..., User], django_capture_on_commit_callbacks: Any
) -> None:
    person()
    leave(person("left@example.org", "Lee Left"))
    sent = len(mail.outbox)
    answers = [
        ask_for_link(email, django_capture_on_commit_callbacks)
        for email in ("jo@example.org", "unknown@example.org", "left@example.org")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, "/sign-in/new-password/sent/")
    }
    assert [message.to for message in mail.outbox[sent:]] == [["jo@example.org"]]


def test_a_mailed_link_points_at_the_service_whatever_the_request_says(
    person: Callable[..., User], django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    person()
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/sign-in/new-password/", {"email": "jo@example.org"}, headers={"host": "evil.example"})
    assert "evil.example" not in mail.outbox[-1].body
    assert settings.SERVICE_URL in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters"),
        ("passwordpassword1", None),
        ("password1234", "harder to guess"),
        ("jo@example.org", "not like your name"),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(
    password: str, says: str | None, person: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    client = signed_in(person())
    answer = client.post("/account/password/", {"oldpassword": PASSWORD, "password1": password})
    if says is None:
        assert answer.status_code == 302
    else:
        assert says in answer.content.decode()


def test_changing_the_password_keeps_this_session_and_ends_the_others(
    person: Callable[..., User], signed_in: Callable[..., Client], entries: Entries
) -> None:
    user = person()
    here, elsewhere = signed_in(user), signed_in(user)
    wrong = here.post("/account/password/", {"oldpassword": "wrong", "password1": "quilted harbour mango"})
    assert "not the password you have now" in wrong.content.decode()
    right = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": "quilted harbour mango"})
    assert right["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    (entry,) = entries("account.password_changed")
    assert entry.actor == user.public_id
