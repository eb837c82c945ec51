"""What the figure of a report says of a run, by polarity, and what it does not say."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.plan.methods import xmr
from saferhub.plan.rules.periods import last_ended
from saferhub.reporting.rules.runs import Run, said_of

TIMES = tuple(last_ended("quarter", date(2018, 8, 28), 16))
STEADY = [60.0, 64, 58, 63, 61, 65, 59, 62, 60, 64, 61, 63, 59, 62, 60, 63]
UP = [*STEADY[:15], 120.0]
DOWN = [*STEADY[:15], 5.0]


def run(polarity: str, **more: Any) -> Run:
    return Run(TIMES, "quarter", polarity, **more)


@pytest.mark.parametrize(
    ("polarity", "values", "words"),
    [
        ("up", UP, "is higher than chance explains, which is an improvement."),
        ("up", DOWN, "is lower than chance explains, which is for the worse."),
        ("down", UP, "is higher than chance explains, which is for the worse."),
        ("down", DOWN, "is lower than chance explains, which is an improvement."),
        ("neither", DOWN, "The figures alone do not say whether that is good or bad."),
    ],
)
def test_what_changed_is_judged_by_the_polarity_of_its_measure(
    polarity: str, values: list[float], words: str
) -> None:
    said = said_of(run(polarity), values)
    assert said.startswith("The figure of April to June 2018")
    assert words in said


def test_a_rise_of_which_neither_direction_is_better_says_what_it_may_mean() -> None:
    said = said_of(run("neither", rise="More confidence to report."), UP)
    assert said.endswith("A rise may mean more confidence to report.")
    assert "better" not in said and "worse" not in said and "improvement" not in said


def test_a_run_on_one_side_says_since_when() -> None:
    lifted = [60.0, 64, 58, 63, 61, 65, 59, 62, 78, 81, 79, 83, 80, 82, 79, 81]
    said = said_of(run("up"), lifted)
    assert said.startswith("Since July to September 2016 the figures have been higher than chance explains")


def test_no_change_is_said_and_a_difference_of_two_figures_is_none() -> None:
    said = said_of(run("down"), STEADY)
    assert said == (
        "The figure of April to June 2018 lies within what chance explains: there is no sign of a real change."
    )


def test_fewer_figures_than_limits_need_say_so_and_judge_nothing() -> None:
    few = Run(TIMES[-11:], "quarter", "up")
    assert said_of(few, UP[-11:]) == "It takes 12 quarters to tell a real change from chance; 11 are shown."
    one = Run(TIMES[-3:], "quarter", "up")
    assert said_of(one, [None, None, 3.0]).endswith("one is shown.")


def test_what_is_withheld_is_a_gap_and_not_a_low_figure() -> None:
    """With four of sixteen withheld, twelve are shown and too few follow each other: nought would look like a fall."""
    hidden = [None if at in (3, 6, 9, 12) else value for at, value in enumerate(STEADY)]
    said = said_of(run("down"), hidden)
    assert "improvement" not in said
    assert said == "Too many quarters lie beside a gap for a real change to be told from chance."


def test_nothing_is_said_where_nothing_is_shown() -> None:
    assert said_of(run("up"), [None] * 16) == ""


def test_limits_that_begin_anew_say_from_when_and_why() -> None:
    anew = xmr.Baseline(TIMES[4].first, "Hubs began to count visits.", "maya", date(2018, 1, 1))
    said = said_of(run("up", baselines=(anew,)), UP)
    assert "which is an improvement" in said
    assert said.endswith(f"The limits begin anew from {TIMES[4].words} (Hubs began to count visits).")


def test_a_baseline_before_the_first_time_that_is_shown_changes_nothing() -> None:
    early = xmr.Baseline(date(2012, 4, 1), "Long ago", "maya", date(2012, 4, 1))
    assert said_of(run("up", baselines=(early,)), STEADY) == said_of(run("up"), STEADY)
