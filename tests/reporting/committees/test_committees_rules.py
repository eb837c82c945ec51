"""When a committee has to sit, and what may be recorded of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.partnership.rules.clocks import Clock, Unit
from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.reporting.rules import committees as rules

ON = date(2018, 8, 28)


def limit(length: int, unit: Unit) -> rules.Limit:
    clock = Clock(id="a_clock", title="A clock", length=length, unit=unit)
    return rules.Limit(clock, BankHolidays.of([(date(2018, 12, 25), "Christmas Day")]).counting_on())


YEARLY = limit(12, Unit.MONTHS)


@pytest.mark.parametrize(
    ("sittings", "late", "words"),
    [
        ([], False, "No sitting is planned. The law asks for at least one sitting in 12 months."),
        ([date(2017, 8, 1)], True, "It has not sat on crime and disorder for 12 months."),
        ([date(2018, 3, 1)], False, "No sitting is planned. The law asks for at least one sitting"),
        ([date(2018, 3, 1), date(2019, 2, 1)], False, ""),
        ([date(2018, 3, 1), date(2019, 4, 1)], False, "more than 12 months after the last"),
        ([date(2018, 10, 1)], False, ""),
        (
            [date(2019, 10, 1)],
            False,
            "It has not sat yet, and its first sitting is more than 12 months away.",
        ),
    ],
)
def test_a_committee_sits_as_often_as_the_law_asks(sittings: list[date], late: bool, words: str) -> None:
    found = rules.standing(sittings, ON, YEARLY)
    assert found.is_late is late
    assert (words in found.sentence) if words else found.sentence == ""


def test_a_leap_days_sitting_is_followed_by_the_end_of_february() -> None:
    assert rules.standing([date(2016, 2, 29)], ON, YEARLY).by == date(2017, 2, 28)


def test_another_law_asks_otherwise_and_none_asks_nothing() -> None:
    sittings = [date(2018, 1, 10)]
    found = rules.standing(sittings, ON, limit(6, Unit.MONTHS))
    assert (found.is_late, found.by) == (True, date(2018, 7, 10))
    assert "6 months" in found.sentence
    found = rules.standing(sittings, ON, None)
    assert (found.is_late, found.by, found.sentence) == (False, None, "No sitting is planned.")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"on": None}, "no_day"),
        ({"on": date(2018, 9, 1), "papers_due_on": date(2018, 9, 2)}, "papers_after"),
        ({"on": date(2018, 9, 1), "others": [date(2018, 9, 1)]}, "sitting_stands"),
    ],
)
def test_a_sitting_that_cannot_be_planned_says_why(given: dict[str, Any], code: str) -> None:
    asked = {"papers_due_on": None, "others": [], **given}
    assert [one.code for one in rules.sitting_refusals(**asked)] == [code]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"resolved": "Noted"}, ["no_resolved_on"]),
        ({"resolved": "Noted", "resolved_on": date(2018, 9, 1)}, ["resolved_ahead"]),
        ({"answer": "Done", "answered_on": ON}, ["no_resolved"]),
        ({"resolved": "Noted", "resolved_on": date(2018, 8, 1), "answer": "Done"}, ["no_answered_on"]),
        (
            {
                "resolved": "N",
                "resolved_on": date(2018, 8, 1),
                "answer": "D",
                "answered_on": date(2018, 7, 1),
            },
            ["answered_before"],
        ),
        ({"resolved": "Noted", "resolved_on": date(2018, 8, 1)}, []),
        ({}, []),
    ],
)
def test_what_members_resolved_is_recorded_in_order(given: dict[str, Any], codes: list[str]) -> None:
    asked = {"resolved": "", "resolved_on": None, "answer": "", "answered_on": None, "on": ON, **given}
    assert [one.code for one in rules.resolution_refusals(**asked)] == codes


def test_a_written_answer_is_due_when_its_time_is_over() -> None:
    assert limit(28, Unit.DAYS).after(date(2018, 9, 13)) == date(2018, 10, 11)
