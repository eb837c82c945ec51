"""Rules of figures: which times are counted, what may be entered, how numbers are written."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal

import pytest

from saferhub.plan.rules import counting, figures, periods
from saferhub.plan.rules.counting import counted_periods
from saferhub.plan.rules.figures import Entered, entered_refusals, figure_of, figure_words
from saferhub.plan.rules.periods import Period

DAY = date(2018, 8, 28)
SPRING = Period(date(2018, 4, 1), date(2018, 6, 30))


@pytest.mark.parametrize("module", [figures, counting, periods])
def test_the_examples_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("every", "since", "needs_whole", "ended_on", "first", "count"),
    [
        ("quarter", None, False, None, None, 0),
        ("quarter", date.min, False, None, date(2013, 7, 1), 20),
        ("quarter", date(2018, 2, 1), False, None, date(2018, 1, 1), 2),
        ("quarter", date(2018, 2, 1), True, None, date(2018, 4, 1), 1),
        ("quarter", date(2018, 1, 1), True, None, date(2018, 1, 1), 2),
        ("quarter", date(2017, 1, 1), False, date(2018, 5, 1), date(2017, 1, 1), 5),
        ("year", date(2016, 5, 1), False, None, date(2016, 4, 1), 2),
        ("month", date(2018, 6, 30), False, None, date(2018, 6, 1), 2),
        ("quarter", date(2018, 7, 1), False, None, None, 0),
    ],
)
def test_which_times_are_counted(
    every: str, since: date | None, needs_whole: bool, ended_on: date | None, first: date | None, count: int
) -> None:
    found = counted_periods(every, DAY, since=since, needs_whole=needs_whole, ended_on=ended_on)
    assert len(found) == count
    assert (found[0].first if found else None) == first
    assert found == sorted(found)


def test_what_is_entered_becomes_a_figure() -> None:
    assert figure_of(Entered(Decimal(3), Decimal(4)), unit="per_cent", per=1).value == 75
    assert figure_of(Entered(Decimal(3), Decimal(4000)), unit="rate", per=1000).value == Decimal("0.75")
    number = figure_of(Entered(Decimal(7), Decimal(9), Decimal(1)), unit="count", per=1)
    assert (number.numerator, number.denominator, number.value) == (7, None, 7)
    days = figure_of(Entered(value=Decimal("4.5")), unit="days", per=1)
    assert (days.numerator, days.value) == (None, Decimal("4.5"))
    missing = figure_of(Entered(Decimal(3), missing_why="No return"), unit="count", per=1)
    assert (missing.numerator, missing.value, missing.missing_why) == (None, None, "No return")


def codes(entered: Entered, **more: object) -> list[str]:
    given: dict[str, object] = {
        "unit": "count", "counted_by": "", "period": SPRING, "on": DAY, "ended_on": None, "replaces": False, "why": "",
    }  # fmt: skip
    return [one.code for one in entered_refusals(entered, **{**given, **more})]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entered", "more", "expected"),
    [
        (Entered(Decimal(3), evidence="A return"), {}, []),
        (Entered(Decimal(0), evidence="A return"), {}, []),
        (Entered(missing_why="No return"), {}, []),
        (Entered(evidence="A return"), {}, ["no_numerator"]),
        (Entered(Decimal(3)), {}, ["no_evidence"]),
        (Entered(Decimal(-1), evidence="x"), {}, ["negative_numerator"]),
        (Entered(Decimal(10**12), evidence="x"), {}, ["great_numerator"]),
        (Entered(Decimal(3), evidence="x"), {"counted_by": "cases_open"}, ["is_counted"]),
        (Entered(Decimal(3), evidence="x"), {"on": date(2018, 6, 30)}, ["not_over"]),
        (Entered(Decimal(3), evidence="x"), {"ended_on": date(2018, 3, 31)}, ["measure_ended"]),
        (Entered(Decimal(3), evidence="x"), {"replaces": True}, ["no_reason"]),
        (Entered(Decimal(3), evidence="x"), {"replaces": True, "why": "Late returns"}, []),
        (Entered(Decimal(3), evidence="x"), {"unit": "per_cent"}, ["no_denominator"]),
        (Entered(Decimal(3), Decimal(0), evidence="x"), {"unit": "rate"}, ["no_denominator"]),
        (Entered(Decimal(5), Decimal(4), evidence="x"), {"unit": "per_cent"}, ["part_over_whole"]),
        (Entered(Decimal(5), Decimal(4), evidence="x"), {"unit": "rate"}, []),
        (Entered(Decimal(5), evidence="x"), {"unit": "days"}, ["no_value"]),
    ],
)
def test_why_a_figure_is_not_taken(entered: Entered, more: dict[str, object], expected: list[str]) -> None:
    assert codes(entered, **more) == expected


def test_figures_are_written_with_their_unit() -> None:
    assert figure_words(Decimal("1500.5"), "count") == "1,500.5"
    assert figure_words(Decimal("2.5"), "days") == "2.5 days"
    assert figure_words(Decimal("99.95"), "per_cent") == "100%"
