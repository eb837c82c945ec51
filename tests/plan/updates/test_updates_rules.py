"""Quarters, who is asked when, when the silent are reminded, and what an update must say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.partnership.rules.working_days import BankHolidays
from saferhub.plan.rules import updates as rules

D = date
CALENDAR = BankHolidays.of([(D(2018, 8, 27), "Summer bank holiday")], first_year=2018, last_year=2018)


@pytest.mark.parametrize(
    ("day", "this", "before", "words"),
    [
        (D(2018, 8, 28), D(2018, 7, 1), D(2018, 4, 1), "July to September 2018"),
        (D(2018, 7, 1), D(2018, 7, 1), D(2018, 4, 1), "July to September 2018"),
        (D(2019, 1, 2), D(2019, 1, 1), D(2018, 10, 1), "January to March 2019"),
        (D(2018, 12, 31), D(2018, 10, 1), D(2018, 7, 1), "October to December 2018"),
    ],
)
def test_a_day_lies_in_a_quarter_after_another(day: date, this: date, before: date, words: str) -> None:
    assert (rules.quarter_of(day), rules.quarter_before(day)) == (this, before)
    assert rules.quarter_words(this) == words
    assert rules.quarter_of(rules.last_of(this)) == this
    assert rules.quarter_of(rules.quarter_after(this)) == rules.quarter_after(this) > rules.last_of(this)


def test_an_answer_is_due_ten_working_days_later() -> None:
    assert rules.due_day(D(2018, 7, 2), CALENDAR) == D(2018, 7, 16)
    assert rules.due_day(D(2018, 8, 20), CALENDAR) == D(2018, 9, 4)  # one bank holiday lies between


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, True),
        ({"status": "done"}, False),
        ({"status": "stopped"}, False),
        ({"status": "not_started", "starts_on": D(2018, 6, 30)}, True),
        ({"status": "not_started", "starts_on": D(2018, 7, 1)}, False),
        ({"planned_on": D(2018, 7, 1)}, False),
        ({"quarter": D(2018, 1, 1)}, False),
        ({"quarter": D(2019, 1, 1)}, True),
        ({"quarter": D(2019, 4, 1)}, False),
    ],
)
def test_a_lead_is_asked_about_what_was_going_on_in_the_quarter(more: dict[str, Any], asked: bool) -> None:
    given: dict[str, Any] = {
        "status": "on_track", "planned_on": D(2018, 4, 1), "starts_on": None, "quarter": D(2018, 4, 1),
        "year_first": D(2018, 4, 1), "year_last": D(2019, 3, 31), **more,
    }  # fmt: skip
    assert rules.is_asked(**given) is asked


@pytest.mark.parametrize(
    ("on", "reminded", "reminds"),
    [
        (D(2018, 7, 13), None, False),
        (D(2018, 7, 16), None, True),
        (D(2018, 7, 17), D(2018, 7, 16), False),
        (D(2018, 7, 22), D(2018, 7, 15), False),  # a Sunday
        (D(2018, 7, 23), D(2018, 7, 16), True),
        (D(2018, 8, 27), D(2018, 8, 20), False),  # a bank holiday
        (D(2018, 8, 28), D(2018, 8, 20), True),
    ],
)
def test_the_silent_are_reminded_from_the_due_day_once_a_week(
    on: date, reminded: date | None, reminds: bool
) -> None:
    found = rules.reminds(
        due_on=D(2018, 7, 16), on=on, asked_on=D(2018, 7, 2), reminded_on=reminded, calendar=CALENDAR
    )
    assert found is reminds


@pytest.mark.parametrize(
    ("before", "status", "words", "evidence", "refused"),
    [
        ("not_started", "on_track", "Begun", "", []),
        ("not_started", "not_started", "It begins in October", "", []),
        ("on_track", "not_started", "Not yet", "", ["begun_already"]),
        ("on_track", "stopped", "No", "", ["no_status"]),
        ("on_track", "", "Well", "", ["no_status"]),
        ("on_track", "on_track", " ", "", ["no_words"]),
        ("on_track", "done", "Finished", "", ["no_evidence"]),
        ("on_track", "done", "Finished", "The minutes", []),
        ("on_track", "on_track", "x" * 4_001, "", ["too_long"]),
        ("on_track", "at_risk", "", "", ["no_words", "no_reason"]),
    ],
)
def test_an_update_says_how_it_stands_and_what_happened(
    before: str, status: str, words: str, evidence: str, refused: list[str]
) -> None:
    found = rules.update_refusals(before=before, status=status, words=words, evidence=evidence)
    assert [one.code for one in found] == refused
