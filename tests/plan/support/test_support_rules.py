"""What may be written about money, training, consultation and decisions, and what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saferhub.plan.rules import support as rules

D = date
FIRST, LAST = D(2018, 4, 1), D(2019, 3, 31)


def codes(found: Any) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("after", "given", "refused"),
    [
        ("bid", {}, []),
        ("secured", {"amount": Decimal(0), "first": FIRST, "last": LAST}, []),
        ("secured", {"amount": Decimal(1)}, ["no_period"]),
        ("secured", {"first": FIRST, "last": LAST}, ["no_amount"]),
        ("refused", {}, ["no_reason"]),
        ("refused", {"reason": "Too many bids"}, []),
        ("ended", {"reason": " "}, ["no_reason"]),
        ("wanted", {}, ["no_reason"]),
    ],
)
def test_money_comes_to_stand_with_what_one_has_to_know(
    after: str, given: dict[str, Any], refused: list[str]
) -> None:
    standing: dict[str, Any] = {"reason": "", "amount": None, "first": None, "last": None}
    assert codes(rules.funding_move_refusals(after=after, **{**standing, **given})) == refused


def test_an_amount_is_not_negative_and_days_are_in_order() -> None:
    assert codes(rules.funding_refusals(amount=Decimal("-0.01"), first=LAST, last=FIRST)) == [
        "amount_negative", "ends_before",
    ]  # fmt: skip
    assert codes(rules.funding_refusals(amount=None, first=None, last=FIRST)) == []


@pytest.mark.parametrize(
    ("first", "last", "words", "refused"),
    [
        (D(2018, 7, 1), D(2018, 8, 31), "Thirty seen", []),
        (D(2018, 6, 30), D(2018, 8, 31), "Thirty seen", ["covered"]),
        (D(2018, 3, 1), D(2018, 9, 30), "Thirty seen", ["covered"]),
        (D(2018, 9, 1), D(2018, 9, 30), "Thirty seen", ["ahead"]),
        (D(2018, 8, 1), D(2018, 7, 1), "", ["ends_before", "no_words"]),
    ],
)
def test_a_report_covers_days_that_have_begun_and_that_no_other_covers(
    first: date, last: date, words: str, refused: list[str]
) -> None:
    found = rules.report_refusals(
        first=first, last=last, on=D(2018, 8, 28), words=words, taken=[(FIRST, D(2018, 6, 30))]
    )
    assert codes(found) == refused


@pytest.mark.parametrize(
    ("amount", "reported", "first", "last", "words"),
    [
        (Decimal(40_000), [Decimal(9_000), None, Decimal(1_000)], FIRST, LAST,
         "£10,000 of £40,000 (25%), 41% of its time used"),
        (None, [Decimal("12.50")], None, None, "£12.50"),
        (Decimal(0), [], FIRST, LAST, "£0 of £0, 41% of its time used"),
        (Decimal(100), [], D(2017, 4, 1), D(2018, 3, 31), "£0 of £100 (0%), 100% of its time used"),
        (Decimal(100), [], D(2018, 9, 1), LAST, "£0 of £100 (0%)"),
    ],
)  # fmt: skip
def test_what_is_spent_stands_beside_how_much_time_has_gone(
    amount: Decimal | None, reported: list[Decimal | None], first: date | None, last: date | None, words: str
) -> None:
    # From 1 April to 28 August are 150 of 365 days.
    assert rules.spent_of(amount, reported, first, last, D(2018, 8, 28)).words == words


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"asked": None, "more_confident": None}, []),
        ({"asked": 20, "more_confident": 20}, []),
        ({"asked": 0, "more_confident": 0}, []),
        ({"asked": 21, "more_confident": None}, ["more_asked"]),
        ({"asked": 10, "more_confident": 11}, ["more_confident"]),
        ({"asked": None, "more_confident": 3}, ["no_asked"]),
        ({"asked": None, "more_confident": None, "count": 0}, ["nobody_came"]),
        ({"asked": None, "more_confident": None, "on": D(2018, 8, 29)}, ["ahead"]),
    ],
)
def test_no_more_answer_than_came(given: dict[str, Any], refused: list[str]) -> None:
    standing: dict[str, Any] = {"on": D(2018, 8, 28), "today": D(2018, 8, 28), "count": 20}
    assert codes(rules.training_refusals(**{**standing, **given})) == refused


def consulted(**more: Any) -> rules.Consulted:
    given: dict[str, Any] = {
        "kind": "public_meeting", "last_day": D(2018, 6, 7), "made_known": True, "senior_there": True,
        "groups": (("Residents", 40, ""),), **more,
    }  # fmt: skip
    return rules.Consulted(**given)


@pytest.mark.parametrize(
    ("found", "gaps"),
    [
        ([consulted()], []),
        ([], ["No public meeting was held in this year.", "No group is named that was to be reached."]),
        ([consulted(last_day=D(2018, 3, 31))], ["No public meeting was held in this year.",
                                                "No group is named that was to be reached."]),
        ([consulted(kind="survey")], ["No public meeting was held in this year."]),
        ([consulted(senior_there=False)],
         ["No public meeting says which senior posts of the responsible authorities were there."]),
        ([consulted(made_known=False)], ["Date and outcome of the public meeting were not made known."]),
        ([consulted(made_known=False), consulted(senior_there=False)],
         ["Date and outcome of the public meeting were not made known."]),
        ([consulted(groups=(("Disabled people", 0, "No access"), ("Tenants", None, "")))],
         ["Not reached: Disabled people.", "Not reached: Tenants."]),
        # What one consultation missed another reached.
        ([consulted(groups=(("Tenants", 0, "Too late"),)), consulted(groups=(("tenants", 12, ""),))], []),
    ],
)  # fmt: skip
def test_a_year_of_consultation_lacks_what_the_regulation_asks(
    found: list[rules.Consulted], gaps: list[str]
) -> None:
    assert rules.consultation_gaps(found, first=FIRST, last=LAST) == gaps


def test_a_group_stands_once_and_says_why_nobody_of_it_was_reached() -> None:
    assert codes(rules.group_refusals([("Tenants", 3, ""), ("Workers", 0, "Asked too late")])) == []
    assert codes(rules.group_refusals([("Tenants", 3, ""), ("tenants", None, "")])) == ["group_twice"]
    assert codes(rules.group_refusals([("Workers", 0, " ")])) == ["no_gap"]


def test_what_has_not_begun_has_no_answers() -> None:
    given: dict[str, Any] = {"first": D(2018, 9, 1), "last": D(2018, 9, 2), "today": D(2018, 8, 28)}
    assert codes(rules.consultation_refusals(**given, said="", changed=" ")) == []
    assert codes(rules.consultation_refusals(**given, said="Noise", changed="")) == ["answers_ahead"]


def test_what_happened_lies_on_a_day_that_has_come() -> None:
    assert codes(rules.past_refusals(on=D(2018, 8, 28), today=D(2018, 8, 28))) == []
    assert codes(rules.past_refusals(on=D(2018, 8, 29), today=D(2018, 8, 28))) == ["ahead"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(None, "not known yet"), (Decimal("12000.00"), "£12,000"), (Decimal("1250.5"), "£1,250.50")],
)
def test_pounds_in_words(amount: Decimal | None, words: str) -> None:
    assert rules.pounds(amount) == words
