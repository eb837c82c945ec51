"""Codes from an app, recovery codes, and roles that require them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from saferhub.accounts import access, operations
from saferhub.accounts.models import User
from saferhub.accounts.rules import FactorLost
from saferhub.foundation.refusals import Refusal
from saferhub.foundation.registry import Registry
from tests.accounts.conftest import ADMINISTRATOR, PASSWORD

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
SignIn = Callable[..., Client]
Entries = Callable[[str], list[Any]]


@pytest.fixture(autouse=True)
def _encrypted(settings: Any) -> None:
    settings.MFA_ADAPTER = "saferhub.accounts.adapter.SecondFactorAdapter"


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The email addresses of those whose role requires a second factor."""
    emails: set[str] = set()
    registry: Registry[[Any], bool] = Registry("second factor in a test")
    registry.register(lambda user: user.email in emails)
    monkeypatch.setattr(access, "SECOND_FACTOR", registry)
    return emails


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The code an app shows now; each call half a minute after the last, since a code works once."""
    true_time, shift = time.time, 0

    def now() -> float:
        return true_time() + shift

    monkeypatch.setattr(time, "time", now)

    def shown(secret: str) -> str:
        nonlocal shift
        shift += 90
        return format_hotp_value(hotp_value(secret, int(now()) // 30))

    return shown


def set_up(client: Client, code: Callable[[str], str]) -> str:
    """Set up codes; returns the secret."""
    page = client.get("/account/codes/set-up/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")  # type: ignore[union-attr]
    answer = client.post("/account/codes/set-up/", {"code": code(secret)})
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/account/recovery-codes/"
    return secret


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d+)</code>", client.get("/account/recovery-codes/").content.decode())


def password_step(user: User) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/code/"
    return client


def test_who_must_have_one_and_has_none_reaches_nothing_else(
    person: Person, signed_in: SignIn, required: set[str]
) -> None:
    required.add("jo@example.org")
    client = signed_in(person())
    for address in ("/", "/account/", "/account/details/", "/account/password/", "/kept-forms/"):
        assert client.get(address)["Location"].startswith("/account/codes/set-up/"), address
    assert client.post("/account/details/", {"name": "X"})["Location"] == "/account/codes/set-up/"
    assert client.get("/accessibility/").status_code == 200
    page = client.get("/account/codes/set-up/")
    assert b"Your role needs this" in page.content
    assert b'src="data:image/svg+xml;base64,' in page.content
    assert client.post("/sign-out/").status_code == 302


def test_after_setting_it_up_she_goes_on_to_where_she_was_going(
    person: Person, signed_in: SignIn, required: set[str], code: Any, entries: Entries
) -> None:
    required.add("jo@example.org")
    user = person()
    client = signed_in(user)
    client.get(client.get("/account/details/")["Location"])
    set_up(client, code)
    page = client.get("/account/recovery-codes/").content.decode()
    assert 'href="/account/details/"' in page
    assert client.get("/account/details/").status_code == 200
    assert [e.subject for e in entries("account.second_factor_added")] == [user.public_id]
    assert len(entries("account.recovery_codes_made")) == 1


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/"])
def test_setting_it_up_never_leads_elsewhere(
    wanted: str, person: Person, signed_in: SignIn, code: Any
) -> None:
    client = signed_in(person())
    client.get("/account/codes/set-up/", {"next": wanted})
    set_up(client, code)
    assert "evil" not in client.get("/account/recovery-codes/").content.decode()


def test_a_wrong_code_sets_nothing_up(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person())
    client.get("/account/codes/set-up/")
    answer = client.post("/account/codes/set-up/", {"code": "000000"})
    assert "This code is not right" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_secret_is_not_readable_in_the_database(person: Person, signed_in: SignIn, code: Any) -> None:
    client = signed_in(person())
    secret = set_up(client, code)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored


def test_signing_in_asks_for_the_code_and_only_then_is_recorded(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    user = person()
    secret = set_up(signed_in(user), code)
    before = len(entries("account.signed_in"))
    client = password_step(user)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert [(e.actor, e.subject) for e in entries("account.second_factor_failed")] == [("", user.public_id)]
    assert len(entries("account.signed_in")) == before
    shown = code(secret)
    assert client.post("/sign-in/code/", {"code": f"{shown[:3]} {shown[3:]}"})["Location"] == "/"
    assert client.get("/account/").status_code == 200
    assert len(entries("account.signed_in")) == before + 1


def test_a_code_works_once(person: Person, signed_in: SignIn, code: Any) -> None:
    user = person()
    secret = set_up(signed_in(user), code)
    shown = code(secret)
    first, second = password_step(user), password_step(user)
    assert first.post("/sign-in/code/", {"code": shown}).status_code == 302
    assert second.post("/sign-in/code/", {"code": shown}).status_code == 200


def test_five_wrong_codes_lock_the_second_step_too(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    user = person()
    secret = set_up(signed_in(user), code)
    client = password_step(user)
    for _ in range(5):
        client.post("/sign-in/code/", {"code": "000000"})
    answer = client.post("/sign-in/code/", {"code": code(secret)})
    assert answer.status_code == 200 and "Wait 15 minutes" in answer.content.decode()
    assert [len(entries(f"account.{what}")) for what in ("second_factor_failed", "locked_out")] == [5, 1]


def test_a_recovery_code_works_once_and_its_use_is_recorded(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    user = person()
    here = signed_in(user)
    set_up(here, code)
    codes = recovery_codes(here)
    assert len(codes) == 10
    assert password_step(user).post("/sign-in/code/", {"code": codes[3]}).status_code == 302
    assert password_step(user).post("/sign-in/code/", {"code": codes[3]}).status_code == 200
    assert [e.subject for e in entries("account.recovery_code_used")] == [user.public_id]
    assert len(recovery_codes(here)) == 9
    assert "9 left" in here.get("/account/").content.decode()


def test_a_recovery_code_is_not_spent_when_its_use_cannot_be_recorded(
    person: Person, signed_in: SignIn, code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = person()
    here = signed_in(user)
    set_up(here, code)
    codes = recovery_codes(here)
    client = password_step(user)
    client.raise_request_exception = False

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the log is full")

    with monkeypatch.context() as patch:
        patch.setattr("saferhub.audit.operations.record", broken)
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == 500
    assert recovery_codes(here) == codes


def test_codes_can_be_downloaded_and_made_anew(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    client = signed_in(person())
    set_up(client, code)
    before = recovery_codes(client)
    text = client.get("/account/recovery-codes/download/")
    assert text["Content-Type"].startswith("text/plain")
    assert all(one in text.content.decode() for one in before)
    assert client.post("/account/recovery-codes/new/")["Location"] == "/account/recovery-codes/"
    assert not set(before) & set(recovery_codes(client))
    assert len(entries("account.recovery_codes_made")) == 2


def test_taking_it_off_asks_for_the_password_again(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    user = person()
    here = signed_in(user)
    secret = set_up(here, code)
    client = password_step(user)
    client.post("/sign-in/code/", {"code": code(secret)})
    stranger = password_step(user)
    stranger.post("/sign-in/code/", {"code": code(secret)})
    assert stranger.post("/account/codes/take-off/")["Location"].startswith("/sign-in/again/")
    assert client.get("/account/codes/take-off/")["Location"].startswith("/sign-in/again/")
    assert Authenticator.objects.filter(type="totp").exists()
    wrong = client.post("/sign-in/again/?next=/account/codes/take-off/", {"password": "wrong"})
    assert "This password is not right" in wrong.content.decode()
    answer = client.post("/sign-in/again/?next=/account/codes/take-off/", {"password": PASSWORD})
    assert answer.status_code == 302
    assert b"no longer work" in client.get("/account/codes/take-off/").content
    assert client.post("/account/codes/take-off/").status_code == 302
    assert not Authenticator.objects.exists()
    assert [e.subject for e in entries("account.second_factor_removed")] == [user.public_id]


def test_a_session_from_before_does_not_pass_once_the_factor_was_taken_off_elsewhere(
    person: Person, signed_in: SignIn, code: Any, required: set[str]
) -> None:
    user = person()
    required.add(user.email)
    older = signed_in(user)
    secret = set_up(older, code)
    assert older.get("/account/").status_code == 200  # and remembers the factor
    required.clear()
    newer = password_step(user)
    newer.post("/sign-in/code/", {"code": code(secret)})
    newer.post("/sign-in/again/?next=/account/codes/take-off/", {"password": PASSWORD})
    assert newer.post("/account/codes/take-off/").status_code == 302
    assert newer.get("/account/").status_code == 200  # goes on, without the memory
    required.add(user.email)
    assert older.get("/account/")["Location"].startswith("/sign-in/")
    assert newer.get("/account/")["Location"].startswith("/account/codes/set-up/")


def test_the_memory_of_a_factor_ends_with_the_number_that_ends_sessions(
    person: Person, signed_in: SignIn, code: Any, required: set[str]
) -> None:
    user = person()
    required.add(user.email)
    client = signed_in(user)
    set_up(client, code)
    client.post("/account/sign-out-elsewhere/")
    Authenticator.objects.filter(user_id=user.pk).delete()
    assert client.get("/account/")["Location"].startswith("/account/codes/set-up/")


def test_it_cannot_be_taken_off_where_a_role_requires_it(
    person: Person, signed_in: SignIn, code: Any, required: set[str]
) -> None:
    client = signed_in(person())
    set_up(client, code)
    required.add("jo@example.org")
    for method in (client.get, client.post):
        answer = method("/account/codes/take-off/")
        assert answer.status_code == 409 and b"Your role needs codes" in answer.content
    assert Authenticator.objects.filter(type="totp").exists()
    assert b"Take off" not in client.get("/account/").content


def test_an_administrator_takes_off_a_lost_one_and_it_must_be_set_up_anew(
    person: Person, signed_in: SignIn, code: Any, required: set[str], entries: Entries
) -> None:
    required.add("jo@example.org")
    user = person()
    client = signed_in(user)
    set_up(client, code)
    operations.reset_second_factor(user, by=ADMINISTRATOR, reason=FactorLost.LOST)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert signed_in(user).get("/account/")["Location"].startswith("/account/codes/set-up/")
    (entry,) = entries("account.second_factor_reset")
    assert (entry.actor, entry.subject) == (ADMINISTRATOR.public_id, user.public_id)
    assert entry.codes == {"reason": "lost"}
    with pytest.raises(Refusal, match="no second factor set up"):
        operations.reset_second_factor(user, by=ADMINISTRATOR, reason=FactorLost.LOST)


def test_nobody_takes_off_her_own_that_way(person: Person) -> None:
    user = person()
    with pytest.raises(Refusal, match="your own"):
        operations.reset_second_factor(user, by=user_as_actor(user), reason=FactorLost.LOST)


def user_as_actor(user: User) -> Any:
    from saferhub.accounts.actors import AccountHolder

    return AccountHolder(user.public_id)


def test_what_is_kept_comes_first_once_the_second_factor_is_there(
    person: Person, signed_in: SignIn, code: Any
) -> None:
    from saferhub.accounts.holding import Written

    user = person()
    operations.hold(user, written=Written(path="/x/", page="/x/", fields=(("note", ("Hello",)),)))
    client = signed_in(user)
    set_up(client, code)
    assert 'href="/kept-forms/"' in client.get("/account/recovery-codes/").content.decode()


def test_she_can_prove_herself_by_a_code_instead_of_the_password(
    person: Person, signed_in: SignIn, code: Any, entries: Entries
) -> None:
    user = person()
    here = signed_in(user)
    secret = set_up(here, code)
    codes = recovery_codes(here)
    client = password_step(user)
    client.post("/sign-in/code/", {"code": code(secret)})
    again = client.get("/account/recovery-codes/")["Location"]
    assert b"Use a code from your app" in client.get(again).content
    address = "/sign-in/again/code/?next=/account/recovery-codes/"
    assert b"Use your password instead" in client.get(address).content
    assert b"This code is not right" in client.post(address, {"code": "000000"}).content
    assert client.post(address, {"code": codes[0]})["Location"] == "/account/recovery-codes/"
    assert client.get("/account/recovery-codes/").status_code == 200
    assert len(entries("account.recovery_code_used")) == 1
    assert len(entries("account.second_factor_failed")) == 1


def test_the_packages_overview_is_the_account_page(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person())
    assert client.get("/account/codes/")["Location"] == "/account/#second-factor"
    assert client.get("/account/recovery-codes/new/")["Location"] == "/account/codes/set-up/"
