"""How often a page asks the database: bounds, and that more notes and actions ask no more often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from saferhub.casework.models import Case
from saferhub.foundation.one_page import batched, once, one_page
from tests.builders.casework import a_case
from tests.builders.casework_actions import an_action
from tests.builders.casework_notes import a_note, a_victim
from tests.builders.referrals import a_referral

Signed = Callable[..., Client]
FEW, MANY = 3, 12


def _asked(client: Client, address: str, most: int) -> int:
    """How often the page asks; it fails with what was asked where that is more often than `most`."""
    client.get(address)  # what a session or a process asks once is asked here
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    # How far the demonstration's day is off is asked again after some seconds: more often on a slow machine.
    found = [one["sql"] for one in asked.captured_queries if "foundation_clock_offset" not in one["sql"]]
    said = "\n".join(one[:200] for one in found)
    assert len(found) <= most, f"{address} asks {len(found)} times, not {most}:\n{said}"
    return len(found)


def _fill(cast: dict[str, Any], case: Case, number: int) -> None:
    for place in range(number):
        a_note(cast, case, "rachel.referrer", f"Visited, time {place}.")
        an_action(cast, case, owner="rachel.referrer", words=f"Write letter {place}")


@pytest.mark.parametrize(("username", "most"), [("colin.coordinator", 28), ("rachel.referrer", 29)])
def test_a_case_with_many_notes_and_actions_asks_no_more_often_than_one_with_few(
    cast: dict[str, Any], client_for: Signed, username: str, most: int
) -> None:
    case = a_case(cast)
    a_victim(cast, case)
    _fill(cast, case, FEW)
    client, address = client_for(username), reverse("case", args=[case.matter.public_id])
    few = _asked(client, address, most)
    _fill(cast, case, MANY - FEW)
    assert _asked(client, address, most) == few


@pytest.mark.parametrize(
    ("name", "username", "most"),
    [
        ("cases", "colin.coordinator", 19),
        ("referrals", "colin.coordinator", 19),
        ("actions", "colin.coordinator", 20),
        ("action-mine", "rachel.referrer", 17),
        ("home", "colin.coordinator", 64),
        ("home", "rachel.referrer", 41),
    ],
)
def test_a_list_with_many_rows_asks_no_more_often_than_one_with_few(
    cast: dict[str, Any], client_for: Signed, name: str, username: str, most: int
) -> None:
    case = a_case(cast)
    _fill(cast, case, FEW)
    client = client_for(username)
    few = _asked(client, reverse(name), most)
    _fill(cast, case, MANY - FEW)
    assert _asked(client, reverse(name), most) == few


@pytest.mark.parametrize(("username", "most"), [("colin.coordinator", 28), ("rachel.referrer", 26)])
def test_a_referral_asks_no_more_often_than_its_bound(
    cast: dict[str, Any], client_for: Signed, username: str, most: int
) -> None:
    referral = a_referral(cast)
    _asked(client_for(username), reverse("referral", args=[referral.matter.public_id]), most)


def test_a_page_asks_once_and_the_next_page_asks_again() -> None:
    asked = []
    for _ in range(2):
        with one_page():
            for _ in range(3):
                once("how many", lambda: asked.append(1))
    assert len(asked) == 2


def test_outside_a_page_nothing_is_kept() -> None:
    asked: list[int] = []
    for _ in range(2):
        once("how many", lambda: asked.append(1))
        batched("words", ["a"], lambda missing: {one: asked.append(1) for one in missing})
    assert len(asked) == 4


def test_a_page_asks_for_those_that_it_does_not_know_and_never_again_for_what_has_no_answer() -> None:
    asked: list[list[str]] = []

    def read(missing: Any) -> dict[str, str]:
        asked.append(sorted(missing))
        return {one: one.upper() for one in missing if one != "c"}

    with one_page():
        assert batched("words", ["a", "c"], read) == {"a": "A"}
        assert batched("words", ["c", "b", "a"], read) == {"b": "B", "a": "A"}
        assert batched("words", ["a", "b", "c"], read) == {"a": "A", "b": "B"}
    assert asked == [["a", "c"], ["b"]]


def test_what_was_just_written_stands_on_the_next_page(cast: dict[str, Any], client_for: Signed) -> None:
    case = a_case(cast)
    client = client_for("rachel.referrer")
    address = reverse("case", args=[case.matter.public_id])
    assert "It was loud again" not in client.get(address).content.decode()
    a_note(cast, case, "rachel.referrer", "It was loud again.")
    assert "It was loud again" in client.get(address).content.decode()
