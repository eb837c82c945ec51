"""What a measure tells: judged on its run, in words that follow its polarity, grey without a figure, small numbers
withheld."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saferhub.plan.methods.suppression import Release, audit
from saferhub.plan.models import Measure
from saferhub.plan.operations.measures import begin_limits_anew, change_meaning, define_measure
from saferhub.plan.queries import breakdown as breakdowns
from saferhub.plan.queries.breakdown import breakdown, page_release
from saferhub.plan.queries.measures import Told
from saferhub.plan.queries.scorecard import one_told
from saferhub.plan.rules.periods import Period
from saferhub.plan.rules.withholding import MARK
from tests.plan.measured import ANA, MAYA, MEANING, a_figure, a_measure, act, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]
STEADY = (30, 32, 29, 31, 30, 33, 31, 30, 32, 31, 30)


def told(cast: Cast, measure: Measure) -> Told:
    return one_told(Measure.objects.get(pk=measure.pk), who(cast, ANA).on)


def test_few_figures_stand_without_limits_and_say_so(cast: Cast) -> None:
    found = told(cast, a_measure(cast, STEADY[:5]))
    assert found.moved == "Too few figures to tell"
    assert all(one.limits is None for one in found.chart.phases)
    assert "Limits need 12" in found.reading.sentence
    assert found.colour.name == "Amber"


@pytest.mark.parametrize(
    ("polarity", "rise", "moved", "may_mean"),
    [
        ("up", "", "↑ Better since", ""),
        ("down", "", "↑ Worse since", ""),
        ("neither", "More confidence to report.", "↑ Higher since", "may mean more confidence to report"),
        ("neither", "", "↑ Higher since", ""),
    ],
)
def test_words_of_a_rise_follow_the_polarity(
    cast: Cast, polarity: str, rise: str, moved: str, may_mean: str
) -> None:
    aim: dict[str, Any] = {"target": None, "tolerance": None} if polarity == "neither" else {}
    found = told(cast, a_measure(cast, (*STEADY, 90), polarity=polarity, rise_may_mean=rise, **aim))
    assert found.moved == f"{moved} {found.points[-1].label}"
    assert found.may_mean == may_mean
    assert ("which is worse" in found.reading.sentence) == (polarity == "down")
    assert ("which is better" in found.reading.sentence) == (polarity == "up")


def test_a_steady_run_is_no_real_change(cast: Cast) -> None:
    assert told(cast, a_measure(cast, (*STEADY, 30))).moved == "→ No real change"


def test_a_missing_newest_figure_is_grey_and_says_why(cast: Cast) -> None:
    found = told(cast, a_measure(cast, (*STEADY, None)))
    assert (found.colour.name, found.is_missing) == ("No figure", True)
    assert found.missing_words.startswith("No figure has been entered for")
    assert found.newest is not None and found.newest.words == "30"


def test_a_gap_is_never_nought(cast: Cast) -> None:
    found = told(cast, a_measure(cast, (30, None, 31)))
    assert [one.value for one in found.points] == [30, None, 31]
    assert found.points[1].why_none == "Not recorded"


def test_a_small_number_is_not_shown_and_neither_is_its_colour(cast: Cast) -> None:
    found = told(cast, a_measure(cast, (30, 3, 4)))
    assert [one.words for one in found.points] == ["30", MARK, MARK]
    assert [one.value for one in found.points] == [30, None, None]
    assert found.colour.name == "Not shown"
    assert not found.is_missing
    shown = told(cast, a_measure(cast, (30, 3, 4), name="Rooms in use", small=0))
    assert [one.words for one in shown.points] == ["30", "3", "4"]


def test_a_share_of_nearly_all_tells_of_the_few_and_is_not_shown(cast: Cast) -> None:
    found = told(cast, a_measure(cast, ((30, 60), (59, 60)), unit="per_cent"))
    assert [one.words for one in found.points] == ["50%", MARK]


def test_limits_begin_anew_where_somebody_says_so(cast: Cast) -> None:
    measure = a_measure(cast, (*STEADY, 30))
    sixth = quarters(cast, 12)[5].first
    act(cast, ANA, begin_limits_anew, measure_id=measure.public_id, first_day=sixth, why="A new room")
    found = told(cast, measure)
    assert [one.start for one in found.chart.phases] == [0, 5]
    assert found.moved == "Too few figures to tell"


def test_figures_of_a_later_day_are_not_told(cast: Cast) -> None:
    measure = a_measure(cast, STEADY)
    early = one_told(measure, quarters(cast, 3)[0].last)
    assert len(early.points) == len(STEADY) - 3
    assert early.due.last < quarters(cast, 3)[0].last


def parts(cast: Cast, numbers: dict[str, tuple[int, int]]) -> Measure:
    """A measure of this quarter by hub: numerator and denominator of each."""
    measure = a_measure(cast, unit="per_cent", target=None, tolerance=None, target_why="")
    quarter = quarters(cast, 1)[0]
    total = (sum(one[0] for one in numbers.values()), sum(one[1] for one in numbers.values()))
    for split, part, (number, of) in [
        ("", "", total),
        *(("hub", code, one) for code, one in numbers.items()),
    ]:
        measure.observations.create(
            partnership_id=measure.partnership_id, version=measure.versions.get(), split=split, part=part,
            part_words=part, first_day=quarter.first, last_day=quarter.last, numerator=number, denominator=of,
            value=Decimal(100 * number) / of if of else None, missing_why="" if of else "None", rows=of,
            on=date(2018, 8, 28),
        )  # fmt: skip
    return measure


def test_parts_are_withheld_with_what_would_tell_them(cast: Cast) -> None:
    measure = parts(cast, {"selby": (3, 30), "craven": (20, 41), "ryedale": (12, 24), "richmond": (15, 40)})
    found = breakdown(measure, "hub", quarters(cast, 1)[0])
    assert found is not None
    hidden = {one.words for one in found.lines if one.is_withheld}
    assert "selby" in hidden and len(hidden) >= 2, "one more, or the whole less the others tells Selby’s"
    assert all(
        one.value == MARK and one.of == "" and one.number is None for one in found.lines if one.is_withheld
    )
    assert found.is_withheld and found.whole.value == "37%"


def test_parts_without_small_numbers_are_all_shown(cast: Cast) -> None:
    measure = parts(cast, {"selby": (10, 30), "craven": (20, 41), "ryedale": (0, 24)})
    found = breakdown(measure, "hub", quarters(cast, 1)[0])
    assert found is not None and not found.is_withheld
    assert [(one.words, one.value, one.of) for one in found.lines] == [
        ("craven", "48.8%", "20 of 41"),
        ("ryedale", "0%", "0 of 24"),
        ("selby", "33.3%", "10 of 30"),
    ]


def test_what_a_report_marks_the_page_marks_and_what_it_shows_the_page_shows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = parts(cast, {"selby": (3, 30), "craven": (20, 41), "ryedale": (12, 24), "richmond": (15, 40)})
    (quarter,) = quarters(cast, 1)

    def hidden() -> set[str]:
        found = breakdown(measure, "hub", quarter)
        assert found is not None
        return {one.words for one in found.lines if one.is_withheld}

    page, _ = page_release(measure, quarter) or pytest.fail("nothing is withheld")
    alone = hidden()
    (other,) = sorted({"craven", "ryedale", "richmond"} - alone)[:1]
    shut = {"selby", other}
    marked = {count for one in page.tables for count in one.values if count.what.partition("=")[2] in shut}
    report = Release("The report", page.tables, frozenset(marked))
    monkeypatch.setattr(breakdowns, "PUBLISHED", [lambda partnership: [report]])
    assert alone != shut and hidden() == shut
    now, _ = page_release(measure, quarter) or pytest.fail("nothing is withheld")
    assert audit(now.tables, now.marked, 5, earlier=[report]).holds


def test_few_in_no_part_are_not_told_by_the_others(cast: Cast) -> None:
    """What the whole leaves over is a number of people too."""
    measure = parts(cast, {"selby": (20, 41), "craven": (12, 24)})
    measure.observations.filter(split="").update(numerator=34, denominator=67)
    found = breakdown(measure, "hub", quarters(cast, 1)[0])
    assert found is not None and found.is_withheld


def test_of_a_small_whole_no_part_is_shown(cast: Cast) -> None:
    measure = parts(cast, {"selby": (2, 9), "craven": (0, 8)})
    found = breakdown(measure, "hub", quarters(cast, 1)[0])
    assert found is not None
    assert all(one.is_withheld for one in found.lines) and found.whole.value == MARK
    assert found.refused


def test_a_time_without_parts_has_no_breakdown(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    assert breakdown(measure, "hub", quarters(cast, 1)[0]) is None
    assert breakdown(measure, "hub", Period(date(2001, 1, 1), date(2001, 3, 31))) is None


def test_hate_reports_of_the_demonstration_rose_and_may_mean_confidence(cast: Cast) -> None:
    measure = Measure.objects.get(partnership=who(cast, MAYA).partnership, code="hate_reports")
    found = told(cast, measure)
    assert len(found.points) == 12
    assert found.moved.startswith("↑ Higher since")
    assert found.may_mean.startswith("may mean more confidence to report")
    assert "confidence" in found.reading.sentence and "worse" not in found.reading.sentence
    assert found.colour.is_grey


def test_limits_that_begin_anew_with_another_definition_name_its_business_day(cast: Cast) -> None:
    began, decided = date(2016, 10, 3), date(2018, 3, 6)
    measure = act(cast, ANA, define_measure, meaning=MEANING, owner_post="Analyst", on=began)
    *before, newest = quarters(cast, 5)
    for period in before:
        a_figure(cast, measure, period.first, 40)
    act(
        cast, ANA, change_meaning, measure_id=measure.public_id, meaning=replace(MEANING, formula="Other people"),
        valid_from=newest.first, why="Counted otherwise", on=decided, seen=1,
    )  # fmt: skip
    a_figure(cast, measure, newest.first, 44)
    (baseline,) = [one.baseline for one in told(cast, measure).chart.phases if one.baseline is not None]
    assert baseline.decided_on == decided
