"""XmR charts against a published example, an independent calculation and tables of rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saferhub.plan.methods.xmr import Baseline, Chart, Direction, Point, Rule, Settings, chart
from saferhub.plan.methods.xmr_words import Meaning, Polarity, Verdict, phase_words, read, signal_words

UP, DOWN = Direction.UP, Direction.DOWN
UP_GOOD, DOWN_GOOD, NEITHER = (
    Meaning(Polarity.UP_GOOD),
    Meaning(Polarity.DOWN_GOOD),
    Meaning(Polarity.NEITHER),
)
QUIET = [10, 12] * 6  # mean 11, every range 2: limits 5.68 and 16.32


def month(at: int) -> date:
    return date(2015 + at // 12, at % 12 + 1, 1)


def series(values: Sequence[float | None]) -> list[Point]:
    return [Point(month(at), f"{month(at):%B %Y}", value) for at, value in enumerate(values)]


def drawn(
    values: Sequence[float | None], *anew: int, reason: str = "The hub opened", **settings: object
) -> Chart:
    baselines = [Baseline(month(at), reason, "the board", date(2017, 3, 1)) for at in anew]
    return chart(series(values), settings=Settings(**settings), baselines=baselines)  # type: ignore[arg-type]


def test_the_published_example_of_a_handbook_is_reproduced() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of ten batches.

    The handbook divides 3 by 1.128 where the rounded constant is 2.66: hence a thousandth.
    """
    values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    limits = drawn(values, minimum_points=10).phases[0].limits
    assert limits is not None
    assert limits.mean == pytest.approx(50.81)
    assert limits.mean_range == pytest.approx(1.8778, abs=0.00005)
    assert limits.upper == pytest.approx(55.8041, abs=0.001)
    assert limits.lower == pytest.approx(45.8159, abs=0.001)
    assert limits.range_upper == pytest.approx(6.1367, abs=0.001)
    assert drawn(values, minimum_points=10).signals == ()


counts = st.lists(st.one_of(st.none(), st.integers(0, 500)), max_size=40)


@given(counts)
def test_limits_equal_an_independent_calculation_in_fractions(values: list[int | None]) -> None:
    phase = drawn(values).phases[0]
    kept = [Fraction(value) for value in values if value is not None]
    steps = [abs(Fraction(b) - a) for a, b in pairwise(values) if a is not None and b is not None]
    if len(kept) < 12 or len(steps) < 11:
        assert phase.limits is None and phase.why_none and not phase.signals
        return
    assert phase.limits is not None
    mean, mean_range = sum(kept) / len(kept), sum(steps) / len(steps)
    assert phase.limits.mean == pytest.approx(float(mean))
    assert phase.limits.upper == pytest.approx(float(mean + Fraction("2.66") * mean_range))
    assert phase.limits.lower == pytest.approx(max(0.0, float(mean - Fraction("2.66") * mean_range)))
    assert phase.limits.range_upper == pytest.approx(float(Fraction("3.268") * mean_range))


@given(counts, st.integers(1, 9), st.integers(-300, 300))
def test_a_change_of_unit_changes_no_signal(values: list[int | None], factor: int, shift: int) -> None:
    free = Settings(least=None, trend_length=6)
    moved = [None if value is None else value * factor + shift for value in values]
    assert chart(series(values), settings=free).signals == chart(series(moved), settings=free).signals


@given(counts)
def test_a_mirrored_series_has_mirrored_signals(values: list[int | None]) -> None:
    free = Settings(least=None, trend_length=6)
    mirrored = chart(series([None if value is None else -value for value in values]), settings=free)
    turned = {UP: DOWN, DOWN: UP, Direction.NONE: Direction.NONE}
    assert {(s.rule, s.positions, s.direction) for s in chart(series(values), settings=free).signals} == {
        (s.rule, s.positions, turned[s.direction]) for s in mirrored.signals
    }


@given(counts)
def test_a_gap_is_never_a_zero_and_ends_whatever_runs(values: list[int | None]) -> None:
    judged = drawn(values, trend_length=5)
    for signal in judged.signals:
        assert all(values[at] is not None for at in signal.positions)
        # No signal but "three of four" passes over a position, and none passes over a gap.
        assert None not in values[signal.positions[0] : signal.positions[-1] + 1]
    for at, step in enumerate(judged.ranges):
        assert (step is None) == (at == 0 or values[at] is None or values[at - 1] is None)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([], "Limits need 12 recorded values; there are 0."),
        ([10], "Limits need 12 recorded values; there is 1."),
        (QUIET[:11], "Limits need 12 recorded values; there are 11."),
        ([*QUIET[:11], None], "Limits need 12 recorded values; there are 11."),
        (
            [*QUIET[:6], None, *QUIET[6:]],
            "11 pairs of recorded values that follow each other; because of gaps there are 10",
        ),
        ([value for each in QUIET for value in (each, None)], "because of gaps there are 0"),
    ],
)
def test_fewer_points_than_the_rule_needs_show_no_limits_and_say_so(
    values: list[float | None], why: str
) -> None:
    judged = drawn(values)
    (phase,) = judged.phases
    assert phase.limits is None and why in phase.why_none and judged.signals == ()
    reading = read(judged, UP_GOOD)
    assert reading.verdict is (Verdict.TOO_FEW if values else Verdict.NO_DATA)


def test_exactly_enough_points_show_limits() -> None:
    limits = drawn(QUIET).phases[0].limits
    assert limits is not None and (limits.mean, limits.mean_range) == (11, 2)
    assert limits.lower == pytest.approx(5.68) and limits.upper == pytest.approx(16.32)
    with_gap = drawn([*QUIET[:6], None, *QUIET[6:], 11]).phases[0]
    assert with_gap.limits is not None and with_gap.recorded == 13


# Limits stay those of the first twelve values: 5.68, mean 11, 16.32; half way to them 8.34 and 13.66.
@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([16.32], []),
        ([16.4], [(Rule.OUTSIDE, (12,), UP)]),
        ([5.68], []),
        ([5.6], [(Rule.OUTSIDE, (12,), DOWN)]),
        # The last of the first twelve is above the mean, so seven more make eight.
        ([12] * 6, []),
        ([12] * 7, [(Rule.RUN, tuple(range(11, 19)), UP)]),
        ([12] * 9, [(Rule.RUN, tuple(range(11, 21)), UP)]),
        ([10] * 7, []),
        ([10] * 8, [(Rule.RUN, tuple(range(12, 20)), DOWN)]),
        ([12] * 3 + [11] + [12] * 5, []),  # on the mean: on no side
        ([12] * 3 + [None] + [12] * 5, []),  # a gap: nobody knows
        ([12] * 3 + [10] + [12] * 5, []),
        ([14, 14], []),
        ([14, 14, 14], [(Rule.NEAR_LIMIT, (12, 13, 14), UP)]),
        ([14, 10, 14, 14], [(Rule.NEAR_LIMIT, (12, 14, 15), UP)]),
        ([14, 14, 10, 10, 14], []),
        ([8, 12, 8, 8], [(Rule.NEAR_LIMIT, (12, 14, 15), DOWN)]),
        ([14, 14, 14, 10, 14, 14], [(Rule.NEAR_LIMIT, (12, 13, 14, 16, 17), UP)]),
        ([14, 14, None, 14], []),
        (
            [14, 14, 14, 10, 10, 10, 14, 14, 14],
            [(Rule.NEAR_LIMIT, (12, 13, 14), UP), (Rule.NEAR_LIMIT, (18, 19, 20), UP)],
        ),
        ([8, 14.4], []),  # a step of 6.4, below 6.536
        ([8, 14.6], [(Rule.JUMP, (12, 13), Direction.NONE)]),
        ([8, None, 14.6], []),  # no step over a gap
    ],
)
def test_rules_find_what_they_name_and_nothing_else(
    later: list[float | None], expected: list[object]
) -> None:
    found = drawn([*QUIET, *later], fixed_after=12).signals
    assert [(signal.rule, signal.positions, signal.direction) for signal in found] == expected


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([10.1, 10.2, 10.3, 10.4, 10.5], []),
        ([9.9, 10.1, 10.2, 10.3, 10.4, 10.5], [(12, 13, 14, 15, 16, 17)]),
        ([12, 11.9, 11.8, 11.7, 11.6, 11.5], [(12, 13, 14, 15, 16, 17)]),
        ([9.9, 10.1, 10.2, 10.2, 10.3, 10.4], []),
    ],
)
def test_a_trend_is_read_only_where_it_is_asked_for(later: list[float], expected: list[object]) -> None:
    with_rule = drawn([*QUIET, *later], fixed_after=12, trend_length=6).signals
    assert [signal.positions for signal in with_rule if signal.rule is Rule.TREND] == expected
    assert Rule.TREND not in {signal.rule for signal in drawn([*QUIET, *later], fixed_after=12).signals}


def test_the_length_of_a_run_can_be_chosen() -> None:
    values = [*QUIET, *[12] * 5]
    assert not drawn(values, fixed_after=12).signals
    assert drawn(values, fixed_after=12, run_length=6).signals[0].positions == (11, 12, 13, 14, 15, 16)


def test_a_count_has_no_limit_below_zero_and_a_share_none_above_a_hundred() -> None:
    values = [0, 6] * 6
    limits = drawn([*values, 0, 0, 0, 0], fixed_after=12).phases[0].limits
    assert limits is not None and limits.natural_lower < 0 and limits.lower == 0 and not limits.has_lower
    # Zero is nearer to the lower line than to the mean: with no real limit there that says nothing.
    assert drawn([*values, 0, 0, 0, 0], fixed_after=12).signals == ()
    assert drawn([*values, 0, 0, 0, 0], fixed_after=12, least=None).phases[0].limits != limits
    share = drawn([*[99, 94] * 6, 100, 100, 100, 100], most=100, fixed_after=12)
    assert share.phases[0].limits is not None and share.phases[0].limits.upper == 100
    assert share.signals == ()


def test_a_series_of_equal_values_has_limits_on_its_mean() -> None:
    level = drawn([0.1] * 30)
    assert level.signals == () and level.phases[0].limits is not None
    assert [(s.rule, s.direction) for s in drawn([0.1] * 12 + [0.2], fixed_after=12).signals] == [
        (Rule.OUTSIDE, UP),
        (Rule.JUMP, Direction.NONE),
    ]


def test_a_decided_baseline_starts_limits_anew_and_no_signal_crosses_it() -> None:
    values = [*QUIET, *[30, 32] * 6]
    before, after = drawn(values, 12).phases
    assert before.limits is not None and before.limits.mean == 11
    assert after.limits is not None and (after.limits.mean, after.limits.mean_range) == (31, 2)
    assert drawn(values, 12).signals == () and drawn(values, 12).ranges[12] is None
    assert drawn(values).signals
    assert phase_words(drawn(values, 12)) == (
        "Calculated anew from January 2016: The hub opened (decided by the board on 1 March 2017).",
    )
    young = drawn(values[:15], 12)
    assert young.phases[1].limits is None and "there are 3" in phase_words(young)[0]
    assert read(young, UP_GOOD).verdict is Verdict.TOO_FEW
    assert read(drawn([*QUIET, None, None], 12), UP_GOOD).verdict is Verdict.TOO_FEW


@pytest.mark.parametrize(
    ("anew", "reason", "words"),
    [
        ([12], " ", "needs its reason"),
        ([0], "x", "later period"),
        ([99], "x", "later period"),
        ([12, 12], "x", "one period"),
    ],
)
def test_a_baseline_that_nobody_could_follow_is_refused(anew: list[int], reason: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        drawn([*QUIET, *QUIET], *anew, reason=reason)


@pytest.mark.parametrize(
    "wrong",
    [
        {"minimum_points": 2},
        {"run_length": 4},
        {"trend_length": 4},
        {"least": 5.0, "most": 5.0},
        {"fixed_after": 11},
    ],
)
def test_settings_that_make_no_chart_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_series_out_of_order_and_values_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="follow each other"):
        chart(list(reversed(series(QUIET))))
    with pytest.raises(ValueError, match="finite"):
        chart(series([math.nan]))


@pytest.mark.parametrize(
    ("last", "meaning", "verdict", "words"),
    [
        (20, UP_GOOD, Verdict.BETTER, "higher than chance explains, which is better (January 2016 is above"),
        (20, DOWN_GOOD, Verdict.WORSE, "which is worse"),
        (1, UP_GOOD, Verdict.WORSE, "lower than chance explains, which is worse (January 2016 is below"),
        (1, DOWN_GOOD, Verdict.BETTER, "which is better"),
        (20, NEITHER, Verdict.CHANGED, "does not say whether that is better or worse"),
        (
            20,
            Meaning(Polarity.NEITHER, rise="may mean that more people have the confidence to report"),
            Verdict.CHANGED,
            "A rise may mean that more people have the confidence to report.",
        ),
        (
            1,
            Meaning(Polarity.NEITHER, fall="may mean less trust"),
            Verdict.CHANGED,
            "A fall may mean less trust.",
        ),
        (12, UP_GOOD, Verdict.NO_CHANGE, "January 2016: no change beyond what chance explains."),
        # Twice the value before, and still within the limits: two points are no verdict.
        (6, UP_GOOD, Verdict.NO_CHANGE, "no change beyond"),
    ],
)
def test_words_follow_the_polarity(last: float, meaning: Meaning, verdict: Verdict, words: str) -> None:
    reading = read(drawn([*QUIET, last], fixed_after=12), meaning)
    assert reading.verdict is verdict and words in reading.sentence
    if verdict in (Verdict.CHANGED, Verdict.NO_CHANGE):
        assert "which is" not in reading.sentence


def test_a_jump_alone_and_signals_to_both_sides_are_a_change_without_a_side() -> None:
    falling = read(drawn([*QUIET, 30, 28, 26, 24, 22, 20], fixed_after=12, trend_length=6), UP_GOOD)
    assert {signal.direction for signal in falling.signals} == {UP, DOWN}
    assert falling.verdict is Verdict.CHANGED and "which is" not in falling.sentence
    jump = read(drawn([*QUIET, 8, 14.6], fixed_after=12), UP_GOOD)
    assert jump.verdict is Verdict.CHANGED and "changed by more than chance" in jump.sentence
    assert "the step from January 2016 to February 2016" in jump.sentence


def test_an_old_signal_says_nothing_of_the_latest_value_and_a_missing_one_is_named() -> None:
    judged = drawn([*QUIET, 30, 12, 10, None], fixed_after=12)
    reading = read(judged, UP_GOOD)
    assert judged.signals and reading.verdict is Verdict.NO_CHANGE
    assert reading.sentence.endswith("Not recorded since: April 2016.")
    assert "December 2015" not in reading.sentence


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ([12] * 7, "8 values in a row above the mean, December 2015 to July 2016"),
        ([8, 12, 8, 8], "three of four in a row nearer to the lower limit than to the mean"),
        ([9.9, 10.1, 10.2, 10.3, 10.4, 10.5], "6 values in a row rising, January 2016 to June 2016"),
    ],
)
def test_each_signal_has_words_for_a_caption(later: list[float], words: str) -> None:
    judged = drawn([*QUIET, *later], fixed_after=12, trend_length=6)
    assert any(words in signal_words(judged, signal) for signal in judged.signals)
