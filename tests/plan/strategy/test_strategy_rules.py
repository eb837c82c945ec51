"""Years of a strategy, and what may be agreed, ended, put into other words and reviewed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.plan.rules import strategy as rules

D = date


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (D(2018, 4, 1), D(2021, 3, 31), [(D(2018, 4, 1), D(2019, 3, 31)), (D(2019, 4, 1), D(2020, 3, 31)),
                                         (D(2020, 4, 1), D(2021, 3, 31))]),
        (D(2017, 10, 1), D(2018, 12, 31), [(D(2017, 10, 1), D(2018, 9, 30)), (D(2018, 10, 1), D(2018, 12, 31))]),
        (D(2020, 2, 29), D(2021, 2, 27), [(D(2020, 2, 29), D(2021, 2, 27))]),
        (D(2018, 4, 1), D(2018, 4, 1), [(D(2018, 4, 1), D(2018, 4, 1))]),
    ],
)  # fmt: skip
def test_a_strategy_falls_into_years(first: date, last: date, years: list[tuple[date, date]]) -> None:
    assert rules.years_of(first, last) == years


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (D(2018, 4, 1), D(2019, 3, 31), "2018-19"),
        (D(2018, 1, 1), D(2018, 12, 31), "2018"),
        (D(1999, 10, 1), D(2000, 9, 30), "1999-00"),
    ],
)
def test_a_year_is_called_as_accounts_call_it(first: date, last: date, words: str) -> None:
    assert rules.year_words(first, last) == words


def codes(found: Any) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"where": "Board", "when": D(2018, 4, 12)}, []),
        ({"where": "Board", "when": D(2018, 8, 28)}, []),
        ({"where": " ", "when": D(2018, 4, 12)}, ["no_where"]),
        ({"where": "Board", "when": None}, ["no_when"]),
        ({"where": "Board", "when": D(2018, 8, 29)}, ["agreed_ahead"]),
    ],
)
def test_an_agreement_says_where_and_when(given: dict[str, Any], refused: list[str]) -> None:
    assert codes(rules.agree_refusals(**given, on=D(2018, 8, 28))) == refused


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (D(2021, 4, 1), D(2024, 3, 31), []),
        (D(2021, 3, 31), D(2024, 3, 31), ["years_taken"]),
        (D(2021, 4, 1), D(2031, 3, 31), []),
        (D(2021, 4, 1), D(2031, 4, 1), ["too_long"]),
        (D(2021, 4, 1), D(2021, 4, 1), ["ends_before"]),
        (D(2017, 4, 1), D(2022, 3, 31), ["years_taken"]),
    ],
)
def test_a_strategy_has_years_of_its_own(first: date, last: date, refused: list[str]) -> None:
    taken = [(D(2018, 4, 1), D(2021, 3, 31))]
    assert codes(rules.strategy_refusals(first=first, last=last, taken=taken)) == refused


@pytest.mark.parametrize(
    ("actions", "unchanged", "refused"),
    [(1, [], []), (0, [], ["no_actions"]), (3, ["2.3", "2.1"], ["not_changed_yet"])],
)
def test_a_year_is_agreed_with_actions_that_stand_as_the_review_decided(
    actions: int, unchanged: list[str], refused: list[str]
) -> None:
    found = list(
        rules.year_agree_refusals(
            where="Board", when=D(2018, 4, 1), on=D(2018, 4, 1), actions=actions, unchanged=unchanged
        )
    )
    assert codes(found) == refused
    if unchanged:
        assert "2.1, 2.3" in found[0].sentence


@pytest.mark.parametrize(
    ("words", "undecided", "on", "refused"),
    [
        ("It went well", [], D(2019, 1, 1), []),
        ("It went well", [], D(2018, 12, 28), ["review_early"]),
        ("It went well", ["1.1"], D(2019, 4, 9), ["undecided"]),
        ("  ", [], D(2019, 4, 9), ["no_review_words"]),
    ],
)
def test_a_review_is_closed_once_all_is_decided(
    words: str, undecided: list[str], on: date, refused: list[str]
) -> None:
    assert (
        codes(rules.review_refusals(words=words, undecided=undecided, on=on, last_day=D(2019, 3, 31)))
        == refused
    )


@pytest.mark.parametrize(
    ("words", "first", "why", "refused"),
    [
        ("Close sooner", D(2018, 9, 1), "Clearer", []),
        ("", D(2018, 9, 1), "Clearer", ["no_words"]),
        ("Close swiftly ", D(2018, 9, 1), "Clearer", ["same_words"]),
        ("Close sooner", D(2018, 4, 1), "Clearer", ["first_day_too_early"]),
        ("Close sooner", D(2018, 9, 1), " ", ["no_why"]),
    ],
)
def test_other_words_follow_from_a_later_day_and_with_a_reason(
    words: str, first: date, why: str, refused: list[str]
) -> None:
    found = rules.replace_refusals(
        before="Close swiftly", words=words, began=D(2018, 4, 1), first=first, why=why
    )
    assert codes(found) == refused


def test_an_end_has_a_day_after_the_beginning_and_a_reason() -> None:
    assert codes(rules.end_refusals(first=D(2018, 4, 1), last=D(2018, 4, 1), why="Done")) == []
    assert codes(rules.end_refusals(first=D(2018, 4, 1), last=D(2018, 3, 31), why="")) == [
        "ends_before",
        "no_why",
    ]
