"""The demonstration's own way in, which other programs use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from saferhub.accounts.cast import CAST
from saferhub.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(settings: Any) -> None:
    settings.DEMONSTRATION = False


@pytest.mark.parametrize("username", [member.username for member in CAST])
def test_every_one_of_the_cast_signs_in_without_a_token(
    username: str, cast: dict[str, Any], entries: Callable[[str], list[Any]]
) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/demo/sign-in", {"username": username})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert cast[username].name in client.get("/account/").content.decode()
    entry = entries("account.signed_in_demonstration")[-1]
    assert entry.subject == cast[username].public_id


@pytest.mark.parametrize(
    ("following", "lands"),
    [("/account/", "/account/"), ("//evil.example/", "/"), ("https://evil.example/", "/"), ("", "/")],
)
def test_the_way_she_was_going_is_kept(cast: dict[str, Any], following: str, lands: str) -> None:
    answer = Client().post("/demo/sign-in", {"username": "ada.admin", "next": following})
    assert answer["Location"] == lands


def test_the_casts_buttons_carry_the_way_along(cast: dict[str, Any]) -> None:
    page = Client().get("/sign-in/?next=/account/").content.decode()
    assert page.count('<input type="hidden" name="next" value="/account/">') == len(CAST) + 1


def test_one_of_the_cast_can_follow_another_in_the_same_browser(cast: dict[str, Any]) -> None:
    client = Client()
    client.post("/demo/sign-in", {"username": "ada.admin"})
    client.post("/demo/sign-in", {"username": "ana.analyst"})
    assert "Ana Kowalczyk" in client.get("/account/").content.decode()


@pytest.mark.parametrize("username", ["", "nobody", "jo.field", "rachel.referrer@demo.invalid"])
def test_anybody_else_is_refused_whether_or_not_there_is_such_an_account(
    username: str, cast: dict[str, Any], person: Callable[..., User]
) -> None:
    assert person().username == "jo.field"
    client = Client()
    answer = client.post("/demo/sign-in", {"username": username})
    assert answer.status_code == 400
    assert client.get("/account/").status_code == 302
    assert b"jo.field" not in answer.content


def test_a_living_person_with_the_handle_of_one_of_the_cast_is_not_opened(
    person: Callable[..., User],
) -> None:
    assert person("a.brook@example.org", "Ada Admin").username == "ada.admin"
    assert Client().post("/demo/sign-in", {"username": "ada.admin"}).status_code == 400


def test_it_takes_posts_alone(cast: dict[str, Any]) -> None:
    assert Client().get("/demo/sign-in").status_code == 405


def test_the_sign_in_page_lists_the_cast_in_order(cast: dict[str, Any]) -> None:
    page = Client().get("/sign-in/").content.decode()
    places = [page.index(f'value="{member.username}"') for member in CAST]
    assert places == sorted(places)
    assert all(member.sees in page for member in CAST)


@pytest.mark.usefixtures("elsewhere")
def test_outside_demonstration_it_does_not_exist(cast: dict[str, Any]) -> None:
    client = Client()
    for answer in (client.get("/demo/sign-in"), client.post("/demo/sign-in", {"username": "ada.admin"})):
        assert answer.status_code == 404
    page = client.get("/sign-in/").content.decode()
    assert "ada.admin" not in page and "cast" not in page


def test_a_session_of_the_demonstration_satisfies_no_second_factor_elsewhere(
    cast: dict[str, Any], settings: Any
) -> None:
    client = Client()
    client.post("/demo/sign-in", {"username": "colin.coordinator"})
    assert client.get("/account/").status_code == 200
    settings.DEMONSTRATION = False
    assert client.get("/account/")["Location"].startswith("/account/codes/set-up/")
