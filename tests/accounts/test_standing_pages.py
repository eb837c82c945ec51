"""Standing pages promise only what the service does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

ADDRESSES = (
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/how-your-use-is-recorded/",
    "/report-a-data-breach/",
    "/source/",
)


def text(address: str, client: Client | None = None) -> str:
    return (client or Client()).get(address).content.decode()


@pytest.mark.django_db
def test_without_an_address_one_page_says_whom_to_ask_and_the_others_lead_there(settings: Any) -> None:
    settings.CONTACT_EMAIL = ""
    pages = {address: text(address) for address in ADDRESSES}
    assert 'id="ask"' in pages["/help/"] and "manager of your partnership" in pages["/help/"]
    assert [a for a, page in pages.items() if "has not been given an address" in page] == []
    assert [a for a, page in pages.items() if a != "/help/" and "/help/#ask" not in page] == []


def test_somebody_signed_in_is_led_to_the_people_page(client_for: Callable[[str], Client]) -> None:
    assert 'href="/partnership/people/"' in text("/help/", client_for("rachel.referrer"))


@pytest.mark.django_db
def test_the_privacy_page_names_what_colleagues_see_and_both_cookies() -> None:
    page = text("/privacy/")
    assert "work email and work telephone" in page
    assert settings.SESSION_COOKIE_NAME in page and settings.CSRF_COOKIE_NAME in page


@pytest.mark.django_db
def test_no_page_speaks_of_what_there_is_not() -> None:
    for address in ADDRESSES:
        page = text(address)
        assert "search for" not in page and "lead of your agency" not in page, address


@pytest.mark.django_db
def test_the_source_page_names_the_address_that_is_set_or_says_that_there_is_none(settings: Any) -> None:
    settings.SOURCE_URL = ""
    assert "public address for its source yet" in text("/source/")
    settings.SOURCE_URL = "https://code.example.org/saferhub"
    page = text("/source/")
    assert 'href="https://code.example.org/saferhub"' in page and "public address" not in page
