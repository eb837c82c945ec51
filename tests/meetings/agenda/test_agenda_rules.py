"""What an agenda proposes, in which order, whether it fits; and how it is numbered for one reader."""

from __future__ import annotations

from datetime import date

import pytest

from saferhub.meetings.rules.agenda import (
    Candidate,
    Standing,
    budget,
    in_places,
    moved,
    numbered,
    propose,
    sections_of,
)

DAY = date(2018, 9, 1)
HEADINGS = [
    Standing("welcome", "Welcome", "nothing", 2),
    Standing("referrals", "New referrals", "referrals", 4),
    Standing("late", "Late actions", "late_actions", 3),
    Standing("cases", "Cases due", "cases_due", 5),
]


def one(takes: str, matter: str, band: str = "", day: date | None = DAY, urgent: bool = False) -> Candidate:
    return Candidate(takes, matter, f"SEL-{matter}", matter, "because", band, day, urgent)


def titles(candidates: list[Candidate]) -> list[str]:
    return [
        line.candidate.matter if line.candidate else line.standing.code
        for line in propose(HEADINGS, candidates)
    ]


@pytest.mark.parametrize(
    ("candidates", "order"),
    [
        ([], ["welcome", "referrals", "late", "cases"]),
        ([one("cases_due", "a")], ["welcome", "referrals", "late", "cases", "a"]),
        # The worst band first; within a band the day that came first.
        (
            [
                one("cases_due", "m", "medium"),
                one("cases_due", "h", "high"),
                one("cases_due", "v", "very_high"),
            ],
            ["welcome", "referrals", "late", "cases", "v", "h", "m"],
        ),
        (
            [
                one("cases_due", "b", "high", date(2018, 9, 3)),
                one("cases_due", "a", "high", date(2018, 9, 2)),
            ],
            ["welcome", "referrals", "late", "cases", "a", "b"],
        ),
        # Urgent referrals first, then the oldest, whatever their band.
        (
            [one("referrals", "old"), one("referrals", "urgent", day=date(2018, 9, 5), urgent=True)],
            ["welcome", "referrals", "urgent", "old", "late", "cases"],
        ),
        # What one heading took is not proposed again under a later one.
        (
            [one("cases_due", "x", "high"), one("late_actions", "x", "high")],
            ["welcome", "referrals", "late", "x", "cases"],
        ),
        # What no heading takes is not proposed.
        ([one("themes", "t")], ["welcome", "referrals", "late", "cases"]),
    ],
)
def test_what_is_proposed_stands_under_its_heading(candidates: list[Candidate], order: list[str]) -> None:
    assert titles(candidates) == order


def test_what_was_put_off_stands_where_it_stood_with_its_own_time() -> None:
    again = Candidate(
        "cases_due", "", "", "Bins", "because", under="welcome", kind="other", item="i", minutes=7
    )
    gone = Candidate("cases_due", "g", "SEL-g", "g", "because", under="gone", kind="case")
    lines = propose(HEADINGS, [gone, again])
    assert [(line.standing.code, line.kind, line.minutes) for line in lines if line.candidate] == [
        ("welcome", "other", 7),
        # Where its heading is no more it stands below the one that takes such things.
        ("cases", "case", 5),
    ]


def test_a_heading_that_takes_things_counts_its_minutes_for_each_of_them() -> None:
    lines = propose(HEADINGS, [one("cases_due", "a"), one("cases_due", "b")])
    assert [line.minutes for line in lines] == [2, 0, 0, 0, 5, 5]


@pytest.mark.parametrize(
    ("planned", "minutes", "over", "words"),
    [
        (60, [], 0, "0 of 60 minutes, 60 left"),
        (60, [30, 30], 0, "60 of 60 minutes, 0 left"),
        (60, [30, 32], 2, "62 minutes in a meeting of 60: 2 too many"),
    ],
)
def test_the_time_budget_says_how_much_is_left_or_too_much(
    planned: int, minutes: list[int], over: int, words: str
) -> None:
    found = budget(planned, minutes)
    assert (found.over, found.words) == (over, words)


@pytest.mark.parametrize(
    ("order", "item", "by", "after"),
    [
        ([1, 2, 3], 2, -1, [2, 1, 3]),
        ([1, 2, 3], 2, 1, [1, 3, 2]),
        ([1, 2, 3], 1, -1, [1, 2, 3]),
        ([1, 2, 3], 3, 1, [1, 2, 3]),
    ],
)
def test_an_item_goes_up_or_down_and_stays_at_either_end(
    order: list[int], item: int, by: int, after: list[int]
) -> None:
    assert moved(order, item, by) == after


@pytest.mark.parametrize(
    ("sections", "wanted", "after"),
    [
        ([[1, 2, 3]], {}, [1, 2, 3]),
        ([[1, 2, 3]], {3: 1}, [3, 1, 2]),
        ([[1, 2, 3]], {1: 3}, [2, 3, 1]),
        ([[1, 2, 3]], {1: 99}, [2, 3, 1]),
        ([[1, 2, 3]], {2: 1, 3: 2}, [2, 3, 1]),
        # Two for one place: the one that stood before comes first.
        ([[1, 2, 3]], {2: 1, 3: 1}, [2, 3, 1]),
        # A place counts below its own heading alone.
        ([[1, 2], [3, 4]], {4: 1}, [1, 2, 4, 3]),
        # A place that is where it stands changes nothing.
        ([[1, 2, 3]], {1: 1, 2: 2, 3: 3}, [1, 2, 3]),
    ],
)
def test_typed_places_put_items_in_order(
    sections: list[list[int]], wanted: dict[int, int], after: list[int]
) -> None:
    assert in_places(sections, wanted) == after


@pytest.mark.parametrize(
    ("shown", "headings", "found"),
    [
        ([], [], []),
        ([10, 1, 2, 20], [10, 20], [(10, [1, 2]), (20, [])]),
        ([1, 10, 2], [10], [(None, [1]), (10, [2])]),
    ],
)
def test_items_are_gathered_under_the_heading_that_they_follow(
    shown: list[int], headings: list[int], found: list[tuple[int | None, list[int]]]
) -> None:
    assert sections_of(shown, frozenset(headings)) == found


@pytest.mark.parametrize(
    ("shown", "headings", "numbers"),
    [
        ([10, 1, 2, 20, 3], [10, 20], ["1", "1.1", "1.2", "2", "2.1"]),
        # Without one of them there is no gap.
        ([10, 2, 20, 3], [10, 20], ["1", "1.1", "2", "2.1"]),
        # A guest sees one item and no heading.
        ([2], [], ["1"]),
    ],
)
def test_numbers_come_from_what_one_reader_sees(
    shown: list[int], headings: list[int], numbers: list[str]
) -> None:
    assert list(numbered(shown, frozenset(headings)).values()) == numbers
