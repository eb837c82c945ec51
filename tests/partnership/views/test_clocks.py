"""Pages of the clocks and their calculator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from saferhub.partnership.queries import duties as queries

ClientFor = Callable[..., Client]


def question(code: str, **days: date) -> str:
    parts = [
        f"{name}_{part}={getattr(value, part)}"
        for name, value in days.items()
        for part in ("day", "month", "year")
    ]
    return f"{reverse('clock', args=[code])}?{'&'.join(parts)}"


def test_every_clock_is_listed_with_its_source(client_for: ClientFor) -> None:
    text = client_for("rachel.referrer").get(reverse("clocks")).content.decode()
    found = queries.clocks(None, date(2018, 8, 28))
    assert len(found) >= 10
    for one in found:
        assert one.clock.source
        assert one.clock.title in text


def test_every_clock_has_its_page(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    for one in queries.clocks(None, date(2018, 8, 28)):
        text = client.get(reverse("clock", args=[one.code])).content.decode()
        assert one.clock.length_in_words in text
        assert ("Verify" in text) == one.clock.verify


def test_an_unknown_clock_is_not_found(client_for: ClientFor) -> None:
    assert client_for("rachel.referrer").get(reverse("clock", args=["nothing"])).status_code == 404


@pytest.mark.parametrize(
    ("code", "days", "said"),
    [
        ("freedom_of_information", {"start": date(2018, 12, 10)}, "Due on Thursday 10 January 2019"),
        (
            "freedom_of_information",
            {
                "start": date(2018, 12, 10),
                "held_from": date(2018, 12, 12),
                "held_until": date(2018, 12, 14),
            },
            "Due on Monday 14 January 2019",
        ),
        (
            "freedom_of_information",
            {"start": date(2018, 12, 10), "held_from": date(2018, 12, 12)},
            "No date while it is held",
        ),
        ("scrutiny_response", {"start": date(2018, 9, 3)}, "Due on Monday 1 October 2018"),
        ("subject_access", {"start": date(2019, 1, 31)}, "Due on Thursday 28 February 2019"),
        # One month from 22 March 2019 is Easter Monday.
        ("subject_access", {"start": date(2019, 3, 22)}, "Due on Tuesday 23 April 2019"),
    ],
)
def test_the_calculator_shows_the_date_and_its_steps(
    client_for: ClientFor, code: str, days: dict[str, date], said: str
) -> None:
    text = client_for("rachel.referrer").get(question(code, **days)).content.decode()
    assert said in text


def test_the_calculator_counts_hours_from_a_time(client_for: ClientFor) -> None:
    client = client_for("rachel.referrer")
    address = question("breach_notification", start=date(2018, 10, 26))
    assert "Enter the time of day" in client.get(address).content.decode()
    assert "29 October 2018, 16:30" in client.get(f"{address}&at=17:30").content.decode()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"start": date(2055, 1, 4)}, "The bank holidays of 2055 are not known"),
        ({"start": date(2018, 1, 4), "held_until": date(2018, 1, 5)}, "Enter the first day held"),
        (
            {"start": date(2018, 1, 4), "held_from": date(2018, 1, 9), "held_until": date(2018, 1, 5)},
            "cannot run again before it is held",
        ),
        ({"start": date(9999, 12, 31)}, "There is a problem"),
    ],
)
def test_the_calculator_refuses_rather_than_guesses(
    client_for: ClientFor, days: dict[str, date], said: str
) -> None:
    answer = client_for("rachel.referrer").get(question("freedom_of_information", **days))
    assert answer.status_code == 200
    assert said in answer.content.decode()
