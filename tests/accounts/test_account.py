"""One's own account page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saferhub.accounts import rules
from saferhub.accounts.models import User

pytestmark = pytest.mark.django_db

Person = Callable[..., User]
SignIn = Callable[..., Client]


def seen(user: User) -> str:
    return rules.fingerprint(user.name, user.job_title, user.telephone)


def test_details_are_changed_and_the_audit_keeps_which_and_not_what(
    person: Person, signed_in: SignIn, entries: Callable[[str], list[Any]]
) -> None:
    user = person()
    client = signed_in(user)
    given = {
        "name": "Jo Field-Łódź",
        "job_title": "Officer",
        "telephone": "01632 960 001",
        "seen": seen(user),
    }
    assert client.post("/account/details/", given)["Location"] == "/account/"
    user.refresh_from_db()
    assert (user.name, user.job_title, user.telephone) == ("Jo Field-Łódź", "Officer", "01632 960 001")
    (entry,) = entries("account.details_changed")
    assert entry.codes == {"fields": ["name", "telephone"]}
    assert "01632 960 001" in client.get("/account/").content.decode()


def test_saving_without_a_change_leaves_no_entry(
    person: Person, signed_in: SignIn, entries: Callable[[str], list[Any]]
) -> None:
    user = person()
    given = {"name": user.name, "job_title": user.job_title, "telephone": "", "seen": seen(user)}
    assert signed_in(user).post("/account/details/", given).status_code == 302
    assert entries("account.details_changed") == []


def test_a_change_made_meanwhile_is_not_overwritten(person: Person, signed_in: SignIn) -> None:
    user = person()
    client = signed_in(user)
    first = {"name": "First", "job_title": "", "telephone": "", "seen": seen(user)}
    assert client.post("/account/details/", first).status_code == 302
    answer = client.post("/account/details/", {**first, "name": "Second"})
    assert answer.status_code == 409 and b"changed in another window" in answer.content
    user.refresh_from_db()
    assert user.name == "First"


def test_an_empty_name_is_refused_in_words(person: Person, signed_in: SignIn) -> None:
    user = person()
    answer = signed_in(user).post("/account/details/", {"name": " ", "seen": seen(user)})
    assert "Enter your full name" in answer.content.decode()


def test_what_is_no_telephone_number_is_refused_beside_its_field(person: Person, signed_in: SignIn) -> None:
    user = person()
    client = signed_in(user)
    seen = re.search(r'name="seen" value="(\w+)"', client.get("/account/details/").content.decode())
    given = {"name": "Jo Field", "job_title": "", "telephone": "ask at the desk", "seen": seen[1]}  # type: ignore[index]
    answer = client.post("/account/details/", given)
    assert answer.status_code == 200 and "Enter a telephone number, like" in answer.content.decode()
    assert list(answer.context["form"].errors) == ["telephone"]
    assert client.post("/account/details/", {**given, "telephone": "01632 960001 ext 4"}).status_code == 302
    user.refresh_from_db()
    assert user.telephone == "01632 960001 ext 4"


def test_signing_out_elsewhere_keeps_this_session(
    person: Person, signed_in: SignIn, entries: Callable[[str], list[Any]]
) -> None:
    user = person()
    here, elsewhere = signed_in(user), signed_in(user)
    assert here.post("/account/sign-out-elsewhere/")["Location"] == "/account/"
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert len(entries("account.sessions_ended")) == 1


def test_it_says_when_she_signed_in_before(person: Person, signed_in: SignIn) -> None:
    user = person()
    assert "This is the first time" in signed_in(user).get("/account/").content.decode()
    assert "This is the first time" not in signed_in(user).get("/account/").content.decode()


def test_one_of_the_cast_has_no_password_to_change(client_for: Callable[..., Client]) -> None:
    client = client_for("rachel.referrer")
    page = client.get("/account/").content.decode()
    assert "one of the demonstration’s cast" in page and "/account/password/" not in page
    assert "has no password" in client.get("/account/password/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/account/",
        "/account/details/",
        "/account/password/",
        "/account/codes/",
        "/account/codes/set-up/",
        "/account/codes/take-off/",
        "/account/recovery-codes/",
        "/account/recovery-codes/new/",
        "/account/recovery-codes/download/",
        "/account/sign-out-elsewhere/",
        "/sign-in/again/",
        "/sign-in/again/code/",
        "/kept-forms/",
        "/kept-forms/0000000000000000/throw-away/",
    ],
)
def test_nobody_reaches_an_account_without_signing_in(address: str) -> None:
    for answer in (Client().get(address), Client().post(address)):
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


def test_no_page_is_in_the_packages_own_style(person: Person, signed_in: SignIn) -> None:
    client, stranger = signed_in(person()), Client()
    for address in (
        "/account/",
        "/account/details/",
        "/account/password/",
        "/account/codes/set-up/",
        "/sign-in/again/",
    ):
        assert b'class="sh-header' in client.get(address).content, address
    for address in (
        "/sign-in/",
        *(f"/sign-in/new-password/{rest}" for rest in ("", "sent/", "set/", "1-nonsense/")),
    ):
        assert b'class="sh-header' in stranger.get(address).content, address
    assert stranger.get("/sign-in/not-possible/")["Location"] == "/sign-in/"
