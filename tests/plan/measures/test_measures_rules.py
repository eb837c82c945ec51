"""Rules of measures: colours beside their rule, small numbers, what may be defined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saferhub.plan.rules import measures as rules
from saferhub.plan.rules.colours import Aim, colour_of, rules_of
from saferhub.plan.rules.withholding import is_withheld
from tests.plan.measured import MEANING

UP = Aim(Decimal(80), Decimal(10), "up", "per_cent")
DOWN = Aim(Decimal(5), Decimal(2), "down", "days")


@pytest.mark.parametrize(
    ("aim", "value", "name", "rule"),
    [
        (UP, "80", "Green", "80% or more"),
        (UP, "79.9", "Amber", "under 80%, down to 70%"),
        (UP, "70", "Amber", "under 80%, down to 70%"),
        (UP, "69.9", "Red", "under 70%"),
        (DOWN, "5", "Green", "5 days or less"),
        (DOWN, "5.1", "Amber", "over 5 days, up to 7 days"),
        (DOWN, "7", "Amber", "over 5 days, up to 7 days"),
        (DOWN, "7.1", "Red", "over 7 days"),
        (replace(UP, tolerance=None), "79.9", "Red", "under 80%"),
        (replace(UP, tolerance=Decimal(0)), "79.9", "Red", "under 80%"),
        (replace(UP, target=None, tolerance=None), "1", "No target", "None is set, so no colour is given"),
        (
            Aim(None, None, "neither", "count"), "1", "No target",
            "Neither direction is good by itself",
        ),
    ],
)  # fmt: skip
def test_a_colour_follows_its_rule(aim: Aim, value: str, name: str, rule: str) -> None:
    found = colour_of(Decimal(value), aim)
    assert (found.name, found.rule) == (name, rule)
    assert found in rules_of(aim)


def test_without_a_figure_and_where_it_is_withheld_it_is_grey() -> None:
    assert colour_of(None, UP).is_grey
    withheld = colour_of(Decimal(90), UP, is_withheld=True)
    assert withheld.is_grey and withheld.name == "Not shown"
    assert not colour_of(Decimal(90), UP).is_grey


@pytest.mark.parametrize(
    ("numerator", "denominator", "rows", "threshold", "has_rest", "expected"),
    [
        (0, None, None, 5, True, False),
        (1, None, None, 5, True, True),
        (4, None, None, 5, True, True),
        (5, None, None, 5, True, False),
        (4, None, None, 0, True, False),
        (4, None, None, 1, True, False),
        (30, 60, None, 5, True, False),
        (3, 60, None, 5, True, True),
        (0, 60, None, 5, True, False),
        (60, 60, None, 5, True, False),
        (57, 60, None, 5, True, True),
        (57, 60, None, 5, False, False),
        (0, 4, None, 5, True, True),
        (None, None, 4, 5, True, True),
        (None, None, 5, 5, True, False),
        (None, None, None, 5, True, False),
    ],
)
def test_which_figures_are_too_small_to_be_shown(
    numerator: int | None,
    denominator: int | None,
    rows: int | None,
    threshold: int,
    has_rest: bool,
    expected: bool,
) -> None:
    found = is_withheld(
        numerator=None if numerator is None else Decimal(numerator),
        denominator=None if denominator is None else Decimal(denominator),
        rows=rows,
        threshold=threshold,
        has_rest=has_rest,
    )
    assert found is expected


@pytest.mark.parametrize(
    ("changed", "unit", "expected"),
    [
        ({}, None, []),
        ({"name": " "}, None, ["no_name"]),
        ({"definition": "", "formula": "", "source": ""}, None, ["no_definition", "no_formula", "no_source"]),
        ({"counted_by": "x"}, None, ["unknown_counter"]),
        ({"counted_by": "x"}, "days", ["not_its_unit"]),
        ({"counted_by": "x"}, "count", []),
        ({"unit": "rate"}, None, ["no_per"]),
        ({"unit": "rate", "per": 1000}, None, []),
        ({"polarity": "neither"}, None, ["target_without_direction"]),
        ({"polarity": "neither", "target": None, "tolerance": None, "rise_may_mean": "More"}, None, []),
        ({"rise_may_mean": "More"}, None, ["rise_with_direction"]),
        ({"target": None}, None, ["tolerance_without_target"]),
        ({"tolerance": Decimal(-1)}, None, ["negative_tolerance"]),
        ({"target_why": ""}, None, ["no_target_why"]),
        ({"baseline": Decimal(10**12)}, None, ["great_number"]),
    ],
)
def test_why_a_measure_cannot_mean_this(
    changed: dict[str, Any], unit: str | None, expected: list[str]
) -> None:
    found = rules.meaning_refusals(replace(MEANING, **changed), counter_unit=unit)
    assert [one.code for one in found] == expected


@pytest.mark.parametrize(
    ("valid_from", "why", "changed", "expected"),
    [
        (date(2018, 10, 1), "Clearer", {"name": "Other"}, []),
        (date(2018, 10, 1), "Clearer", {}, ["nothing_changed"]),
        (date(2018, 10, 1), " ", {"name": "Other"}, ["no_reason"]),
        (None, "Clearer", {"name": "Other"}, ["no_first_day"]),
        (date(2018, 4, 1), "Clearer", {"name": "Other"}, ["too_early"]),
        (date(2018, 10, 2), "Clearer", {"name": "Other"}, ["not_a_first_day"]),
        (date(2018, 10, 1), "Clearer", {"every": "year"}, ["not_a_first_day"]),
    ],
)
def test_why_a_version_cannot_follow(
    valid_from: date | None, why: str, changed: dict[str, Any], expected: list[str]
) -> None:
    found = rules.version_refusals(
        before=MEANING,
        after=replace(MEANING, **changed),
        began=date(2018, 4, 1),
        valid_from=valid_from,
        why=why,
    )
    assert [one.code for one in found] == expected


def test_limits_begin_anew_only_from_a_time_that_the_chart_shows() -> None:
    shown = [date(2018, 1, 1), date(2018, 4, 1)]

    def codes(first_day: date | None, why: str = "A new form", standing: Any = ()) -> list[str]:
        found = rules.step_refusals(
            first_day=first_day, every="quarter", shown=shown, standing=list(standing), why=why
        )
        return [one.code for one in found]

    assert codes(shown[1]) == []
    assert codes(shown[0]) == ["not_in_chart"]
    assert codes(None) == ["no_first_day"]
    assert codes(shown[1], why="") == ["no_reason"]
    assert codes(shown[1], standing=[shown[1]]) == ["step_stands"]
