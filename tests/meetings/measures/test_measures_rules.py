"""Figures of meetings against small worlds counted by hand: the worked examples of docs/rules/meeting-measures.md."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.meetings.rules import measures as rules
from saferhub.meetings.rules.attending import Share
from saferhub.meetings.rules.measures import ActionKept, Asked, Known, Origin, Sat, Spoken, Timed

KNOWN = {
    "police": Known("police", "Police", True),
    "victims": Known("victims", "Victim support", False),
}
SEPTEMBER = date(2018, 9, 1), date(2018, 9, 30)


def test_agencies_are_counted_once_by_the_best_of_what_their_people_did() -> None:
    sat = [
        Sat(1, "police", "present"),
        Sat(2, "police", "apologies"),
        Sat(2, "police", "deputy"),
        Sat(1, "victims", "expected"),
        Sat(2, "victims", "present"),
    ]
    asked = [
        Asked(1, "police", "nothing", True),
        Asked(1, "police", "shared", False),
        Asked(2, "police", "", False),
        Asked(2, "victims", "declined", True),
    ]
    police, victims = rules.engagement(KNOWN, sat, asked)
    assert (police.attended, police.answered, police.in_time) == (Share(2, 2), Share(2, 3), Share(1, 3))
    assert (victims.attended, victims.answered, victims.in_time) == (Share(1, 2), Share(1, 1), Share(1, 1))
    assert [police.statutory, victims.statutory] == [True, False]
    both = rules.together("Both", [police, victims])
    assert (both.attended, both.answered, both.in_time) == (Share(3, 4), Share(3, 4), Share(2, 4))


def test_an_agency_that_was_asked_and_never_expected_stands_there_with_no_meeting() -> None:
    (one,) = rules.engagement({}, [], [Asked(1, "new", "", False)])
    assert one.attended.words == "none expected" and one.answered == Share(0, 1) and one.name == "new"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Put on on the 3rd for the 6th, put off, decided on the 13th; it comes back and is decided on the 27th.
        (
            [
                Spoken(1, date(2018, 9, 3), date(2018, 9, 6), False),
                Spoken(1, date(2018, 9, 10), date(2018, 9, 13), True),
                Spoken(1, date(2018, 9, 20), date(2018, 9, 27), True),
            ],
            [10, 7],
        ),
        # Decided before these days: it does not count, and what follows begins anew.
        (
            [
                Spoken(1, date(2018, 8, 1), date(2018, 8, 2), True),
                Spoken(1, date(2018, 9, 5), date(2018, 9, 6), True),
            ],
            [1],
        ),
        ([Spoken(1, date(2018, 9, 3), date(2018, 9, 6), False)], []),
        # Two matters do not mix.
        (
            [
                Spoken(1, date(2018, 9, 1), date(2018, 9, 6), False),
                Spoken(2, date(2018, 9, 4), date(2018, 9, 6), True),
            ],
            [2],
        ),
    ],
)
def test_days_from_agenda_to_decision(rows: list[Spoken], expected: list[int]) -> None:
    assert [(end - start).days for start, end in rules.waits(rows, *SEPTEMBER)] == expected


def test_the_median_of_the_worked_example() -> None:
    rows = [
        Spoken(1, date(2018, 9, 3), date(2018, 9, 6), False),
        Spoken(1, date(2018, 9, 10), date(2018, 9, 13), True),
        Spoken(1, date(2018, 9, 20), date(2018, 9, 27), True),
    ]
    assert rules.wait_of(rows, *SEPTEMBER).median == 8.5


# A referral (1) and the case that came of it (2) are of the folder 7; a case (3) came without a referral.
ORIGINS = {1: Origin(7, date(2018, 9, 3)), 2: Origin(7, date(2018, 9, 3)), 4: Origin(8, date(2018, 9, 10))}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # The referral is spoken of on the 13th, its case on the 27th: its first meeting is the one of the 13th.
        (
            [
                Spoken(2, date(2018, 9, 20), date(2018, 9, 27), True),
                Spoken(1, date(2018, 9, 10), date(2018, 9, 13), False),
            ],
            [10],
        ),
        # It was put off on the 6th: nobody spoke of it then.
        (
            [
                Spoken(1, date(2018, 9, 4), date(2018, 9, 6), False, put_off=True),
                Spoken(1, date(2018, 9, 10), date(2018, 9, 13), True),
            ],
            [10],
        ),
        # Its first meeting lies after these days; and one that came without a referral does not count.
        ([Spoken(1, date(2018, 10, 1), date(2018, 10, 4), True)], []),
        ([Spoken(3, date(2018, 9, 10), date(2018, 9, 13), True)], []),
        # Two referrals do not mix.
        (
            [
                Spoken(1, date(2018, 9, 10), date(2018, 9, 13), True),
                Spoken(4, date(2018, 9, 11), date(2018, 9, 13), True),
            ],
            [10, 3],
        ),
    ],
)
def test_days_from_a_referral_to_its_first_meeting(rows: list[Spoken], expected: list[int]) -> None:
    found = rules.first_met(rows, ORIGINS, *SEPTEMBER)
    assert [(row.met_on - start).days for start, row in found] == expected


def test_actions_on_time_leave_out_what_is_not_due_or_not_needed() -> None:
    actions = [
        ActionKept(date(2018, 9, 7), date(2018, 9, 7)),
        ActionKept(date(2018, 9, 7), date(2018, 9, 8)),
        ActionKept(date(2018, 10, 7)),
        ActionKept(date(2018, 9, 7), dropped=True),
    ]
    assert rules.on_time(actions, date(2018, 9, 30)) == Share(1, 2)


def test_time_is_counted_of_items_that_were_timed() -> None:
    found = rules.times([Timed(4, 300), Timed(10, 60), Timed(3, 0)])
    assert (found.n, found.planned, found.spent, found.planned_median, found.spent_median) == (
        2,
        14,
        6.0,
        7.0,
        3.0,
    )


def test_nothing_counted_is_no_rate() -> None:
    assert rules.times([]).planned_median is None
    assert rules.on_time([], date(2018, 9, 30)).rate is None
