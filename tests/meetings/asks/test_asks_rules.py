"""What may be answered, when a unit is reminded, how its answers stand."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.meetings.rules.asks import LONGEST, Given, answer_refusals, reminds, standing
from saferhub.partnership.rules.working_days import BankHolidays

# Thursday 13 September 2018 is the meeting; answers are due on Tuesday 11. Monday 10 is a bank holiday here alone.
MEETS, DUE = date(2018, 9, 13), date(2018, 9, 11)
CALENDAR = BankHolidays.of([(date(2018, 9, 10), "Day of mourning")], first_year=2018, last_year=2018)


@pytest.mark.parametrize(
    ("answer", "words", "why", "is_open", "codes"),
    [
        ("nothing", "", "", True, []),
        ("shared", "Two calls since May.", "", True, []),
        ("ask_me", "", "", True, []),
        ("declined", "", "A live investigation.", True, []),
        ("", "Two calls.", "", True, ["no_answer"]),
        ("perhaps", "", "", True, ["no_answer"]),
        ("shared", "  ", "", True, ["no_words"]),
        ("declined", "", " ", True, ["no_reason"]),
        ("shared", "x" * (LONGEST + 1), "", True, ["too_long"]),
        ("nothing", "", "", False, ["meeting_begun"]),
    ],
)
def test_an_answer_is_kept_or_refused(
    answer: str, words: str, why: str, is_open: bool, codes: list[str]
) -> None:
    found = answer_refusals(answer=answer, words=words, why=why, is_open=is_open)
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("on", "asked_on", "reminded_on", "is_reminded"),
    [
        # The working day before it is due: Monday is none, and the weekend before it is none.
        (date(2018, 9, 6), date(2018, 9, 3), None, False),
        (date(2018, 9, 7), date(2018, 9, 3), None, True),
        (date(2018, 9, 8), date(2018, 9, 3), None, False),
        (date(2018, 9, 10), date(2018, 9, 3), None, False),
        (DUE, date(2018, 9, 3), date(2018, 9, 7), True),
        (date(2018, 9, 12), date(2018, 9, 3), DUE, True),
        (MEETS, date(2018, 9, 3), None, True),
        (date(2018, 9, 14), date(2018, 9, 3), None, False),
        # Once a day, and never on the day on which it was asked.
        (DUE, date(2018, 9, 3), DUE, False),
        (DUE, DUE, None, False),
    ],
)
def test_a_silent_unit_is_reminded_on_working_days_until_the_meeting(
    on: date, asked_on: date, reminded_on: date | None, is_reminded: bool
) -> None:
    assert (
        reminds(
            due_on=DUE, meets_on=MEETS, on=on, asked_on=asked_on, reminded_on=reminded_on, calendar=CALENDAR
        )
        is is_reminded
    )


@pytest.mark.parametrize(
    ("answers", "on", "mark"),
    [
        (["nothing", "declined"], MEETS, ("done", "All answered")),
        (["", ""], DUE, ("not_started", "Not answered yet")),
        (["shared", ""], DUE, ("on_track", "1 of 2 answered")),
        (["", ""], MEETS, ("late", "Silent, late")),
        (["shared", ""], MEETS, ("late", "Silent on 1, late")),
    ],
)
def test_silence_is_shown_as_silence(answers: list[str], on: date, mark: tuple[str, str]) -> None:
    assert standing([Given(one, DUE) for one in answers], on).mark == mark
