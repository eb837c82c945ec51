"""What is decided about a running meeting: time, order, saves, days as they are typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from saferhub.meetings.rules import live as rules
from saferhub.meetings.rules.days_typed import day_typed
from saferhub.meetings.rules.live import Save, Sits

AT = datetime(2018, 9, 13, 10, 0)
TUESDAY = date(2018, 9, 11)


@pytest.mark.parametrize(
    ("minutes_in", "spent", "to_come", "left", "item_left", "late"),
    [
        (0, 0, [10, 20], 60, 4, 0),
        (20, 60, [10, 20], 40, 3, 0),
        (30, 360, [10, 20], 30, -2, 0),  # the item is over its time, and nothing is left of it to need
        (40, 120, [10, 20], 20, 2, 12),
        (70, 0, [10], -10, 4, 14),
    ],
)
def test_the_time_left_and_how_late_it_will_be(
    minutes_in: int, spent: int, to_come: list[int], left: int, item_left: int, late: int
) -> None:
    found = rules.pace(
        planned=60, began_at=AT, now=AT + timedelta(minutes=minutes_in), in_focus=(4, spent), to_come=to_come
    )
    assert (found.left, found.item_left, found.late) == (left * 60, item_left * 60, late * 60)


def test_with_nothing_in_focus_no_time_of_an_item_is_told() -> None:
    found = rules.pace(planned=60, began_at=AT, now=AT, in_focus=None, to_come=[5])
    assert (found.item_left, found.late) == (None, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, ("0 min", "left")), (1, ("1 min", "left")), (360, ("6 min", "left")), (-61, ("2 min", "over"))],
)
def test_a_minute_that_has_begun_counts(seconds: int, words: tuple[str, str]) -> None:
    assert rules.left_words(seconds) == words


def test_time_in_focus_adds_up_over_several_looks() -> None:
    assert rules.seconds_in_focus(90, AT, AT + timedelta(seconds=30)) == 120
    assert rules.seconds_in_focus(90, None, AT) == 90
    assert rules.seconds_in_focus(90, AT, AT - timedelta(seconds=30)) == 90


@pytest.mark.parametrize(
    ("item", "to_come", "found"),
    [
        ("a", "bcd", "b"),
        ("b", "acd", "c"),  # the next one, not the one that was passed over
        ("d", "ab", "a"),  # from the end back to what was passed over
        ("c", "c", ""),
        ("d", "", ""),
        ("x", "bc", "b"),
    ],
)
def test_what_comes_next(item: str, to_come: str, found: str) -> None:
    assert rules.following("abcd", to_come, item) == found


@pytest.mark.parametrize(
    ("kept", "sequence", "text", "counts"),
    [
        (None, 1, "One", Save.NEW),
        ((3, "One"), 4, "Two", Save.NEW),
        ((3, "One"), 3, "One", Save.SAME),
        ((3, "One"), 3, "Two", Save.LATE),
        ((3, "One"), 2, "One", Save.LATE),
        ((3, "One"), 2, "Two", Save.LATE),
    ],
)
def test_which_save_counts(kept: tuple[int, str] | None, sequence: int, text: str, counts: Save) -> None:
    assert rules.save_of(kept, sequence, text) is counts


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ((), ""),
        (("agencies:1",), "1 more agency"),
        (("agencies:2", "kind:police"), "2 more agencies, among them police force"),
        (("kind:police", "kind:unknown_kind"), "police force and unknown kind"),
    ],
)
def test_what_a_quorum_lacks_is_told_in_words(lacks: tuple[str, ...], words: str) -> None:
    assert rules.lacks_words(lacks, {"police": "Police force"}) == words


def test_whoever_an_item_is_kept_from_must_leave_and_nobody_else() -> None:
    room = [Sits("Chris", 1, 10), Sits("Dale", 2, 20), Sits("Somebody", None, 20), Sits("Priya", 3, 30)]
    assert rules.must_leave(room, users={3}, units={20}) == ["Dale", "Somebody", "Priya"]
    assert rules.must_leave(room, users=set(), units=set()) == []


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20/9", date(2018, 9, 20)),
        ("20.9.18", date(2018, 9, 20)),
        ("20-9-2018", date(2018, 9, 20)),
        ("2018-09-20", date(2018, 9, 20)),
        ("20 9", date(2018, 9, 20)),
        ("20 Sep", date(2018, 9, 20)),
        ("20th september 2018", date(2018, 9, 20)),
        ("7/9", date(2018, 9, 7)),  # it has passed, and whoever agrees an action is told so
        ("3/1", date(2019, 1, 3)),
        ("today", TUESDAY),
        ("tomorrow", date(2018, 9, 12)),
        ("Friday", date(2018, 9, 14)),
        ("tue", date(2018, 9, 18)),
        ("next mon", date(2018, 9, 17)),
        ("2 weeks", date(2018, 9, 25)),
        ("in 10 days", date(2018, 9, 21)),
        ("1w", date(2018, 9, 18)),
    ],
)
def test_a_day_as_it_is_typed(typed: str, day: date) -> None:
    assert day_typed(typed, TUESDAY) == day


@pytest.mark.parametrize(
    "typed", ["", "soon", "31/2", "29/2", "20/13", "fr", "20 foo", "2 months", "20/9/018"]
)
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_typed(typed, TUESDAY)
