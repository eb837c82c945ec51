"""What the figures of a hub count, as tables."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from statistics import median as plain_median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferhub.casework.rules import oversight_figures as rules

DAY = date(2018, 9, 11)


@pytest.mark.parametrize(
    ("values", "middle", "ninetieth"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1.5, 2),
        ([3, 1, 8], 3, 8),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 30], 5.5, 9),
        ([5] * 9 + [400], 5, 5),
    ],
)
def test_the_middle_and_the_ninetieth(values, middle, ninetieth):
    assert rules.median(values) == middle
    assert rules.centile(values, 90) == ninetieth


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60), st.integers(1, 100))
def test_as_many_as_are_asked_for_lie_within_the_centile_and_no_smaller_value_does(values, share):
    found = rules.centile(values, share)
    assert found in values
    assert 100 * sum(one <= found for one in values) >= share * len(values)
    below = [one for one in values if one < found]
    assert not below or 100 * sum(one <= max(below) for one in values) < share * len(values)


@given(st.lists(st.integers(0, 500), min_size=1))
def test_the_median_is_the_plain_one(values):
    assert rules.median(values) == plain_median(values)


@pytest.mark.parametrize("share", [0, 101])
def test_a_share_is_of_a_hundred(share):
    with pytest.raises(ValueError, match="share"):
        rules.centile([1], share)


def test_a_wait_counts_days_and_says_when_it_is_of_few():
    found = rules.wait([(DAY, DAY), (DAY, DAY + timedelta(days=4))])
    assert (found.n, found.median, found.ninetieth, found.is_few) == (2, 2, 4, True)
    assert rules.wait([(DAY, DAY)] * 5).is_few is False


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 3, 100)]
)
def test_a_share_in_whole_per_cent(part, whole, share):
    assert rules.percent(part, whole) == share


def test_a_period_is_of_whole_months_and_nothing_of_it_lies_after_today():
    found = rules.period(date(2018, 9, 30), 3, DAY)
    assert [(month.first, month.last) for month in found.months] == [
        (date(2018, 7, 1), date(2018, 7, 31)),
        (date(2018, 8, 1), date(2018, 8, 31)),
        (date(2018, 9, 1), DAY),
    ]
    over_a_year = rules.period(date(2018, 1, 31), 3, DAY)
    assert (over_a_year.first, over_a_year.last) == (date(2017, 11, 1), date(2018, 1, 31))


def test_what_was_open_before_the_first_month_is_in_its_stock():
    months = rules.period(DAY, 2, DAY).months
    opened = {date(2017, 3, 1): 5, date(2018, 8, 1): 2, date(2018, 9, 1): 1}
    closed = {date(2018, 2, 1): 2, date(2018, 8, 1): 3}
    found = rules.flows(months, opened, closed, {date(2018, 9, 1): 1})
    assert [(one.opened, one.closed, one.reopened, one.stock) for one in found] == [
        (2, 3, 0, 2),
        (1, 0, 1, 4),
    ]


def test_every_age_has_its_span_of_days_and_none_overlaps():
    spans = rules.age_bounds(DAY)
    assert spans[0][3] == DAY
    for (_, _, first, _), (_, _, _, last) in pairwise(spans):
        assert first - timedelta(days=1) == last
    assert spans[-1][2] is None
    over_six = next(last for code, _, _, last in spans if code == "under_12")
    assert over_six == DAY - rules.SIX_MONTHS - timedelta(days=1)


def test_what_is_no_longer_needed_is_not_held_against_an_agency():
    assert rules.Contribution("a", "A", total=10, on_time=4, late=2, open=2, dropped=2).share == 50
    assert rules.Contribution("a", "A", total=1, on_time=0, late=0, open=0, dropped=1).share is None
