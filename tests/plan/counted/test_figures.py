"""Figures: entered with their source, counted again, never overwritten, and what a published one would be now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from saferhub.audit.models import Entry
from saferhub.foundation.refusals import Conflict, NotAllowed, Refusal
from saferhub.plan import counters
from saferhub.plan.counters import Counter, Part
from saferhub.plan.models import Measure, Observation
from saferhub.plan.operations import counting
from saferhub.plan.operations.figures import enter_figure
from saferhub.plan.operations.measures import change_meaning, meaning_of
from saferhub.plan.queries import counted
from tests.plan.measured import ANA, COLIN, MAYA, OLIVIA, a_figure, a_measure, act, quarters, who

pytestmark = pytest.mark.django_db
Cast = dict[str, Any]


def test_a_figure_stands_with_who_entered_it_and_where_it_came_from(cast: Cast) -> None:
    measure = a_measure(cast)
    quarter = quarters(cast, 1)[0]
    row = a_figure(cast, measure, quarter.first, 31)
    assert (row.value, row.numerator, row.denominator) == (31, 31, None)
    assert (row.by, row.evidence, row.last_day) == (cast[ANA].public_id, "The book", quarter.last)
    assert Entry.objects.filter(event="plan.figure_entered", subject=row.public_id).count() == 1
    assert [one.pk for one in counted.series(measure)] == [row.pk]
    assert counted.observation_rows_url(row) == ""


def test_another_figure_replaces_it_and_both_stay(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    first = counted.series(measure)[0]
    row = a_figure(cast, measure, first.first_day, 33, seen=first.public_id, why="Two pages stuck together")
    first.refresh_from_db()
    assert (first.value, first.is_newest) == (31, False)
    assert (row.replaces_id, row.is_newest, row.replaced_why) == (first.pk, True, "Two pages stuck together")
    assert [one.value for one in counted.series(measure)] == [33]
    assert Entry.objects.filter(event="plan.figure_corrected").count() == 1


def test_what_was_published_is_told_to_stand_otherwise_now(cast: Cast) -> None:
    measure = a_measure(cast, [31, 40])
    published = counted.series(measure)
    assert counted.changed_since(published) == {}
    a_figure(cast, measure, published[0].first_day, 33, seen=published[0].public_id, why="Corrected")
    found = counted.changed_since(published)
    assert {number: one.value for number, one in found.items()} == {published[0].pk: 33}
    assert [counted.has_changed_since(one) for one in published] == [True, False]


def test_of_two_who_enter_at_once_the_second_is_asked_to_look(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    first = counted.series(measure)[0]
    with pytest.raises(Conflict, match="Another figure stands"):
        a_figure(cast, measure, first.first_day, 35)
    assert Observation.objects.filter(measure=measure).count() == 1


def test_the_same_figure_entered_once_more_changes_nothing(cast: Cast) -> None:
    measure = a_measure(cast, [31])
    first = counted.series(measure)[0]
    again = a_figure(cast, measure, first.first_day, 31, seen=first.public_id, why="To be sure")
    assert again.pk == first.pk
    assert Observation.objects.filter(measure=measure).count() == 1


def test_that_there_is_no_figure_is_kept_with_its_reason(cast: Cast) -> None:
    measure = a_measure(cast)
    first = quarters(cast, 1)[0].first
    row = act(cast, ANA, enter_figure, measure_id=measure.public_id, first_day=first, missing_why="No return")
    assert (row.value, row.missing_why) == (None, "No return")


@pytest.mark.parametrize(("username", "refused"), [(COLIN, NotAllowed), (OLIVIA, Http404)])
def test_only_those_who_keep_measures_enter_figures(cast: Cast, username: str, refused: Any) -> None:
    measure = a_measure(cast)
    with pytest.raises(refused):
        act(
            cast, username, enter_figure, measure_id=measure.public_id, first_day=quarters(cast, 1)[0].first,
            numerator=Decimal(3), evidence="x",
        )  # fmt: skip


def test_a_figure_that_is_counted_here_is_not_entered(cast: Cast) -> None:
    measure = Measure.objects.get(partnership=who(cast, MAYA).partnership, code="cases_open")
    with pytest.raises(Refusal, match="counted from") as refusal:
        a_figure(cast, measure, quarters(cast, 1)[0].first, 3)
    assert refusal.value.code == "is_counted"


def test_the_newest_quarter_is_the_newest_of_which_there_is_a_figure(cast: Cast) -> None:
    by = who(cast, MAYA)
    assert by.partnership is not None
    over = quarters(cast, 2)
    assert counted.newest_quarter(by.partnership, by.on) == over[-1]
    Observation.objects.filter(first_day=over[-1].first).update(value=None, missing_why="None")
    assert counted.newest_quarter(by.partnership, by.on) == over[0]


# --- Counting, with a counter of the test's own -----------------------------------------------------------------


class _Rows:
    """What the counter of the test finds: a number for each hub."""

    def __init__(self) -> None:
        self.found = {"selby": 3, "craven": 2}

    def count(self, using: str, partnership: int, first: Any, last: Any) -> list[Part]:
        total = sum(self.found.values())
        whole = Part(Decimal(total), None, Decimal(total), total, f"hash {self.found}")
        return [
            whole,
            *(
                Part(Decimal(n), None, Decimal(n), n, f"hash {n}", "hub", code, code.capitalize())
                for code, n in self.found.items()
            ),
        ]


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> _Rows:
    found = _Rows()
    counter = Counter("of_the_test", "Of the test", "count", True, found.count, lambda *_: "")
    monkeypatch.setitem(counters._COUNTERS, "of_the_test", counter)
    for code in [one for one in counters._COUNTERS if one != "of_the_test"]:
        monkeypatch.delitem(counters._COUNTERS, code)
    return found


def count(cast: Cast) -> dict[str, int]:
    by = who(cast, MAYA)
    assert by.partnership is not None
    return counting.count_now(by.partnership, using="default", on=by.on)


def test_counting_twice_the_same_rows_writes_nothing_the_second_time(cast: Cast, rows: _Rows) -> None:
    measure = a_measure(cast, counted_by="of_the_test")
    assert count(cast) == {"new": 60, "replaced": 0}
    assert count(cast) == {"new": 0, "replaced": 0}
    newest = counted.series(measure)[-1]
    assert (newest.value, newest.by, newest.rows) == (5, "", 5)
    period = quarters(cast, 1)[0]
    assert [(one.part, one.value) for one in counted.parts_of(measure, "hub", period)] == [
        ("craven", 2),
        ("selby", 3),
    ]
    assert counted.splits_of(measure) == ["hub"]
    assert Entry.objects.filter(event="plan.measures_counted").count() == 2


def test_a_row_that_was_corrected_makes_another_figure_beside_the_old_one(cast: Cast, rows: _Rows) -> None:
    measure = a_measure(cast, counted_by="of_the_test")
    count(cast)
    published = counted.series(measure)
    rows.found = {"selby": 4, "craven": 2}
    # Wholes and Selby's parts come out otherwise, Craven's do not.
    assert count(cast) == {"new": 0, "replaced": 40}
    assert set(counted.changed_since(published)) == {one.pk for one in published}
    now = counted.series(measure)[-1]
    assert (now.value, now.replaces_id) == (6, published[-1].pk)
    assert "Counted again" in now.replaced_why
    assert Entry.objects.filter(event="plan.figure_replaced").count() == 40


def test_a_part_of_which_no_row_is_left_says_so(cast: Cast, rows: _Rows) -> None:
    measure = a_measure(cast, counted_by="of_the_test")
    count(cast)
    rows.found = {"selby": 3}
    count(cast)
    parts = counted.parts_of(measure, "hub", quarters(cast, 1)[0])
    assert [(one.part, one.value, bool(one.missing_why)) for one in parts] == [
        ("craven", None, True),
        ("selby", 3, False),
    ]
    assert count(cast) == {"new": 0, "replaced": 0}


def test_figures_of_a_time_in_which_they_were_entered_are_left_alone(cast: Cast, rows: _Rows) -> None:
    measure = a_measure(cast, [31, 35])
    next_year = date(who(cast, ANA).on.year + 1, 1, 1)
    act(
        cast, ANA, change_meaning, measure_id=measure.public_id, seen=1, valid_from=next_year,
        meaning=replace(meaning_of(measure.versions.get()), counted_by="of_the_test"), why="It is counted here now",
    )  # fmt: skip
    assert count(cast)["new"] == 0
    assert [one.value for one in counted.series(measure)] == [31, 35]


def test_only_those_who_keep_measures_ask_for_counting(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        act(cast, COLIN, counting.ask_to_count)
