"""The page about the partnership, its day, the roles, and who may read any of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.partnership.access import Role
from saferhub.partnership.forms.in_force import read_day
from saferhub.partnership.models import Membership

ClientFor = Callable[..., Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-05-01", date(2023, 5, 1)),
        (" 2023-5-1 ", date(2023, 5, 1)),
        ("1/5/2023", date(2023, 5, 1)),
        ("01.05.2023", date(2023, 5, 1)),
        ("1 May 2023", date(2023, 5, 1)),
        ("1 may 2023", date(2023, 5, 1)),
        ("Monday 1 May 2023", date(2023, 5, 1)),
        ("Monday, 1 May 2023", date(2023, 5, 1)),
        ("29 Feb 2024", date(2024, 2, 29)),
        ("1 Sept 2023", date(2023, 9, 1)),
        ("2023-02-29", None),
        ("31/4/2023", None),
        ("1 Maybe 2023", None),
        ("May 2023", None),
        ("0000-00-00", None),
        ("١/٥/٢٠٢٣", None),
        ("1/5/23", None),
        ("banana", None),
        ("", None),
        ("9" * 5000, None),
    ],
)
def test_a_day_is_read_in_the_ways_people_write_it(written: str, day: date | None) -> None:
    assert read_day(written) == day


def test_the_page_holds_what_the_partnership_is_for_with_its_sources(client_for: ClientFor) -> None:
    page = text(client_for("rachel.referrer").get(reverse("partnership")))
    for words in (
        "Working together to make North Yorkshire a safer place",
        "Chief Executive, Hambleton District Council",
        "5 areas for delivery",
        "Protect families affected by organised crime groups",
        "1 April 2018 to 31 March 2021",
        "Led by the partnership",
        "Safeguarding is",
        "Domestic homicide review",
        "Report of 28 August 2018, paragraph 5.4",
        "Domestic Violence, Crime and Victims Act 2004 s.9",
    ):
        assert words in page, words


def test_it_shows_the_day_asked_for_and_says_that_it_is_not_today(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    today, later = (text(client.get(reverse("partnership") + query)) for query in ("", "?on=2023-05-01"))
    assert "not today" not in today
    assert "Monday 1 May 2023</strong>, not today" in later
    assert 'href="/partnership/agencies/?on=2023-05-01"' in later
    assert "(until 31 March 2023)" in later


@pytest.mark.parametrize("name", ["partnership", "agencies", "hubs", "boards", "rules"])
@pytest.mark.parametrize("wrong", ["banana", "2023-02-31", "0001-01-01", "9999-12-31", "\x00", "' OR 1=1"])
def test_a_day_that_is_none_is_refused_beside_its_field(client_for: ClientFor, name: str, wrong: str) -> None:
    answer = client_for("rachel.referrer").get(reverse(name), {"on": wrong})
    page = text(answer)
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert 'href="#id_on"' in page
    assert "not today" not in page
    assert "Enter a real date" in page or "Enter a date from 1900 to 2199" in page


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("?on=1+May+2023", "?on=2023-05-01"),
        ("?on=28+August+2018", ""),
        ("?on=2018-08-28", ""),
        ("?q=&role=&kind=&statutory=&on=28+August+2018", ""),
        ("?q=council&role=&on=1%2F5%2F2023&sort=-name", "?q=council&sort=-name&on=2023-05-01"),
    ],
)
def test_a_day_written_otherwise_leads_to_its_one_address(
    client_for: ClientFor, asked: str, address: str
) -> None:
    answer = client_for("rachel.referrer").get(reverse("agencies") + asked)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("agencies") + address


def test_every_role_is_described_with_what_it_may_do_and_whether_it_needs_a_second_factor(
    client_for: ClientFor,
) -> None:
    page = text(client_for("colin.coordinator").get(reverse("roles")))
    for role in Role:
        assert role.facts.label in page
        assert role.facts.description.replace("'", "&#x27;") in page
    assert page.count("Needed to sign in") == sum(role.facts.second_factor for role in Role)
    assert page.count("Yours today") == 1


def test_somebody_without_a_partnership_gets_a_page_that_says_so(
    client_for: ClientFor, cast: dict[str, Any], north_yorkshire: Any
) -> None:
    client = client_for("nadia.neighbour")
    Membership.objects.filter(user=cast["nadia.neighbour"]).update(
        valid_until=date(2018, 8, 28) - timedelta(days=1)
    )
    for name in ("partnership", "agencies", "hubs", "boards", "rules", "roles", "packs"):
        answer = client.get(reverse(name))
        assert answer.status_code == 403
        assert "You do not belong to a partnership" in text(answer)
        assert "North Yorkshire" not in text(answer)
    hidden, missing = (
        client.get(reverse("agency", args=[code])) for code in ("selby_district_council", "nothing")
    )
    assert hidden.status_code == missing.status_code == 403


@pytest.mark.parametrize("name", ["partnership", "agencies", "hubs", "boards", "rules", "roles", "packs"])
def test_nobody_signed_in_is_led_to_sign_in(client_for: ClientFor, name: str) -> None:
    assert client_for().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", ["partnership", "agencies", "hubs", "boards", "rules", "roles", "packs"])
def test_pages_only_answer_to_reading(client_for: ClientFor, name: str) -> None:
    assert client_for("maya.manager").post(reverse(name)).status_code == 405
