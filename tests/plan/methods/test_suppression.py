"""Marks on small numbers, held against a reader who attacks them and against tables worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saferhub.plan.methods import suppression
from saferhub.plan.methods.suppression import (
    CannotProtect,
    Cell,
    Count,
    Dimension,
    Protected,
    Range,
    Release,
    Sum,
    Table,
    audit,
    protect,
    table_of,
)

from .attacker import Cube, given_away

few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
number = st.one_of(st.integers(0, 6), st.integers(0, 6), st.integers(0, 30))


@st.composite
def cubes(draw: st.DrawFn, months: int = 1, ages: int = 1, most: int = 4) -> Cube:
    sizes = (months, draw(st.integers(1, most)), draw(st.integers(1, most)), ages)
    places = list(product(*[range(size) for size in sizes]))
    many = draw(st.lists(number, min_size=len(places), max_size=len(places)))
    return Cube(sizes, dict(zip(places, many, strict=True)))  # type: ignore[arg-type]


thresholds = st.sampled_from([3, 5, 10])


def is_small(value: int, threshold: int) -> bool:
    return 0 < value < threshold


def promised(found: Protected, threshold: int) -> None:
    """What holds of every release: small numbers marked, the audit kept, nothing marked without need."""
    assert found.audit.holds and found.marked <= found.audit.ranges.keys()
    for table in found.tables:
        for cell in table.cells:
            if not table.background:
                assert found.shown(cell.count) == (None if cell.count in found.marked else cell.value)
                assert not is_small(cell.value, threshold) or cell.count in found.marked
    for count in found.marked:
        value, width = (
            next(t.values[count] for t in found.tables if count in t.values),
            found.audit.ranges[count],
        )
        assert width.low <= value and (width.high is None or value <= width.high)
        assert width.high is None or width.high - width.low >= threshold
    if not found.primary and not found.audit.unlinked:
        assert not found.marked or found.audit.ranges.keys() > found.marked


@few
@given(cubes(), thresholds)
def test_no_marked_cell_of_a_random_table_can_be_narrowed(cube: Cube, threshold: int) -> None:
    tables = [cube.table("hub", "route", months=(0, 0))]
    found = protect(tables, threshold)
    promised(found, threshold)
    assert given_away(cube, tables, found.marked, threshold) == {}
    assert bool(found.marked) == bool(found.primary)


@few
@given(cubes(ages=3, most=3), thresholds)
def test_tables_over_the_same_rows_protect_each_other(cube: Cube, threshold: int) -> None:
    tables = [cube.table("hub", "route", months=(0, 0)), cube.table("hub", "age", months=(0, 0))]
    found = protect(tables, threshold)
    promised(found, threshold)
    assert given_away(cube, tables, found.marked, threshold) == {}


@few
@given(cubes(ages=2, most=3), thresholds)
def test_a_ring_of_tables_is_safe_where_the_rows_behind_it_are_given(cube: Cube, threshold: int) -> None:
    tables = [
        cube.table(*pair, months=(0, 0)) for pair in (("hub", "route"), ("hub", "age"), ("route", "age"))
    ]
    tables.append(cube.table("hub", "route", "age", months=(0, 0), background=True))
    found = protect(tables, threshold)
    promised(found, threshold)
    assert given_away(cube, tables, found.marked, threshold) == {}


@settings(few, max_examples=8)
@given(cubes(months=3, most=3), thresholds)
def test_releases_one_after_another_stay_safe_together(cube: Cube, threshold: int) -> None:
    """January; January and February; all three months: each release frozen before the next."""
    earlier: list[Release] = []
    for last in range(3):
        tables = [cube.table("hub", "route", months=(0, last))]
        if last:
            tables.append(cube.table("hub", months=(last, last), name="Referrals of the month"))
        try:
            found = protect(tables, threshold, earlier=earlier)
        except CannotProtect as refused:
            # A refusal is right only where she succeeds though the new release shows nothing at all.
            assert refused.reasons and all(reason.releases for reason in refused.reasons)
            asked = {reason.count for reason in refused.reasons}
            # Ends that only broken numbers reach are none to the audit, so one more than the threshold.
            assert given_away(cube, [], [], threshold + 1, earlier, asked).keys() == asked
            return
        promised(found, threshold)
        assert given_away(cube, tables, found.marked, threshold, earlier) == {}
        earlier.append(found.as_release(f"Release {last + 1}"))


@settings(few, max_examples=8)
@given(cubes(months=2, most=2), st.data())
def test_the_audit_over_earlier_releases_finds_what_the_attacker_finds(
    cube: Cube, data: st.DataObject
) -> None:
    """January is frozen with any marks at all, and so is the release of both months: small differences included."""
    first = [cube.table("hub", "route", months=(0, 0))]
    second = [cube.table("hub", "route", months=(0, 1))]
    before, now = (
        frozenset(data.draw(st.lists(st.sampled_from(sorted(one[0].values)), unique=True)))
        for one in (first, second)
    )
    earlier = [Release("January", tuple(first), before)]
    found = audit(second, now, 5, earlier=earlier)
    assert now | before <= found.ranges.keys()
    told = {each.count for each in (*found.failures, *found.exposed_before)}
    assert told == given_away(cube, second, now, 5, earlier, found.ranges.keys()).keys()


@few
@given(cubes(most=3), st.data())
def test_the_audit_finds_what_the_attacker_finds(cube: Cube, data: st.DataObject) -> None:
    """For any marks at all, good and bad: the audit fails where and only where she narrows too far."""
    tables = [cube.table("hub", "route", months=(0, 0))]
    counts = sorted(tables[0].values)
    marked = frozenset(data.draw(st.lists(st.sampled_from(counts), unique=True)))
    found = audit(tables, marked, 5)
    narrowed = given_away(cube, tables, marked, 5)
    assert {each.count for each in found.failures if each.count in marked} == narrowed.keys()
    for each in found.failures:
        if each.count in narrowed:
            low, high = narrowed[each.count]
            assert each.range.low == pytest.approx(low) and each.range.high == pytest.approx(high)
    open_small = {c for c in counts if is_small(tables[0].values[c], 5) and c not in marked}
    assert {each.count for each in found.failures if each.count not in marked} == open_small


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=4, max_size=4))
def test_ranges_are_those_that_counting_all_possible_tables_gives(inner: list[int]) -> None:
    """No linear programming at all: every table of two by two with cells up to sixteen is tried."""
    rows = {(0, at // 2, at % 2, 0): value for at, value in enumerate(inner)}
    table = Cube((1, 2, 2, 1), rows).table("hub", "route", months=(0, 0))
    found = protect([table], 4)
    a, b, c, d = np.indices((17,) * 4).reshape(4, -1)
    every = {"": a + b + c + d, "hub=0": a + b, "hub=1": c + d, "route=0": a + c, "route=1": b + d}
    every |= {"hub=0|route=0": a, "hub=0|route=1": b, "hub=1|route=0": c, "hub=1|route=1": d}
    possible = np.full(a.shape, True)
    for count, value in table.values.items():
        if count not in found.marked:
            possible &= every[count.what.removeprefix("referrals").removeprefix("|")] == value
    for count in found.marked:
        column = every[count.what.removeprefix("referrals").removeprefix("|")][possible]
        low, high = found.audit.ranges[count].low, found.audit.ranges[count].high
        assert column.max() - column.min() >= 4 and column.min() == low
        assert high is None or high > 16 or column.max() == high


def line(*values: int, name: str = "Referrals by hub", impossible: tuple[int, ...] = ()) -> Table:
    dimension = Dimension("hub", tuple((f"{at}", f"hub {at}") for at in range(len(values))))
    counts: dict[tuple[str, ...], int] = {(f"{at}",): value for at, value in enumerate(values)}
    return table_of(name, "referrals", [dimension], counts, impossible=[(f"{at}",) for at in impossible])


def marks(found: Protected) -> list[str]:
    return sorted(
        count.what.removeprefix("referrals").removeprefix("|hub=") or "total" for count in found.marked
    )


@pytest.mark.parametrize(
    ("values", "threshold", "expected"),
    [
        ((7, 9), 5, []),
        ((0, 9), 5, []),
        ((3, 10, 50), 5, ["0", "1"]),
        ((3, 4, 50), 5, ["0", "1"]),  # together seven: each can be nought to seven
        ((1, 1, 50, 9), 5, ["0", "1", "3"]),  # two ones together are two, and would give themselves away
        ((3, 0, 50), 5, ["0", "2"]),  # a zero beside it would leave three or less
        ((3, 60), 5, ["0", "1"]),
        ((2,), 5, ["0", "total"]),
        ((2, 1), 5, ["0", "1", "total"]),
        ((9, 10, 50), 10, ["0", "1"]),
    ],
)
def test_marks_are_few_and_small(values: tuple[int, ...], threshold: int, expected: list[str]) -> None:
    assert marks(protect([line(*values)], threshold)) == expected


def test_a_table_of_two_ways_gets_one_rectangle() -> None:
    cells = [[3, 20, 30], [40, 9, 60], [70, 80, 12]]
    rows = {(0, h, r, 0): value for h, each in enumerate(cells) for r, value in enumerate(each)}
    found = protect([Cube((1, 3, 3, 1), rows).table("hub", "route", months=(0, 0))], 5)
    assert sorted(count.what for count in found.marked) == [
        "referrals|hub=0|route=0",
        "referrals|hub=0|route=1",
        "referrals|hub=1|route=0",
        "referrals|hub=1|route=1",
    ]
    # Known are 3 + 20, 40 + 9, 3 + 40, 20 + 9: the first is nought, the fourth then 6; or 23, the fourth then 29.
    assert found.audit.ranges[
        Count("referrals|hub=0|route=0", (date(2018, 1, 1), date(2018, 1, 31)))
    ] == Range(0, 23)


def test_zeros_are_small_numbers_where_they_are_not_shown() -> None:
    assert marks(protect([line(0, 9, 30)], 5, show_zero=False)) == ["0", "1"]
    assert not audit([line(0, 9, 30)], [], 5, show_zero=False).holds and audit([line(0, 9, 30)], [], 5).holds


def test_what_everybody_knows_is_never_marked() -> None:
    found = protect([line(3, 0, 0, 50, impossible=(1, 2))], 5, show_zero=False)
    assert marks(found) == ["0", "3"]


@few
@given(cubes(most=3))
def test_without_secondary_cells_the_attacker_succeeds_and_the_audit_says_so(cube: Cube) -> None:
    """The mutation: primary cells alone. Audit and attacker agree on it; where she succeeds more is marked."""
    tables = [cube.table("hub", "route", months=(0, 0))]
    found = protect(tables, 5)
    alone = given_away(cube, tables, found.primary, 5)
    assert audit(tables, found.primary, 5).holds == (not alone)
    assert (found.marked > found.primary) == bool(alone)


def test_primary_cells_alone_give_three_away() -> None:
    found = audit([line(3, 10, 50)], [Count("referrals|hub=0")], 5)
    (failure,) = found.failures
    assert failure.sentence() == "Referrals by hub: hub 0: a reader can tell that it is 3."


def test_a_choice_that_forgets_secondary_cells_is_mended_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppression, "_choose", lambda world, threshold, show_zero, primary: primary)
    assert protect([line(3, 10, 50)], 5).audit.holds
    monkeypatch.setattr(suppression, "_nearest", lambda *_: None)
    with pytest.raises(CannotProtect, match="can tell that it is 3"):
        protect([line(3, 10, 50)], 5)


def test_an_end_that_only_broken_numbers_reach_is_no_end() -> None:
    """Each pair of three counts is at most seven: together ten and a half at most, and ten in whole numbers."""
    values = {"x": 3, "y": 3, "z": 4, "p": 1, "q": 0, "r": 0, "xy": 7, "yz": 7, "xz": 7, "all": 10}
    counts = {name: Count(name) for name in values}
    sums = [("xy", "xyp"), ("yz", "yzq"), ("xz", "xzr"), ("all", "xyz")]
    table = Table(
        "Odd ring",
        tuple(Cell(counts[name], name, value) for name, value in values.items()),
        tuple(Sum(counts[total], tuple(counts[part] for part in parts)) for total, parts in sums),
    )
    hidden = [count for name, count in counts.items() if name not in ("xy", "yz", "xz")]
    assert audit([table], hidden, 5).ranges[counts["all"]] == Range(0, 10)


def test_the_same_tables_give_the_same_marks() -> None:
    cells = {(0, h, r, 0): (h * 7 + r * 5 + h * r) % 13 for h in range(5) for r in range(4)}
    tables = [Cube((1, 5, 4, 1), cells).table("hub", "route", months=(0, 0))]
    assert protect(tables, 5).marked == protect(tables, 5).marked


def test_a_release_without_small_numbers_or_without_tables_has_no_marks() -> None:
    assert protect([], 5).marked == frozenset()
    with pytest.raises(KeyError):
        protect([], 5).shown(Count("referrals"))


ONE, TWO = Count("one"), Count("two")


@pytest.mark.parametrize(
    ("cells", "sums", "words"),
    [
        ([Cell(ONE, "one", -1)], [], "cannot be negative"),
        ([Cell(ONE, "one", 1), Cell(ONE, "one", 2)], [], "two values"),
        ([Cell(ONE, "one", 1)], [Sum(ONE, (TWO,))], "does not hold"),
        ([Cell(ONE, "one", 1)], [Sum(ONE, ())], "does not hold"),
        ([Cell(ONE, "one", 1), Cell(TWO, "two", 2)], [Sum(ONE, (TWO,))], "not the sum"),
        ([Cell(Count("x", (date(2018, 2, 1), date(2018, 1, 1))), "x", 1)], [], "ends before"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(cells: list[Cell], sums: list[Sum], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Table("T", tuple(cells), tuple(sums))


def test_releases_that_contradict_themselves_and_wrong_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="otherwise"):
        protect([line(7, 8), Table("Other", (Cell(Count("referrals"), "all", 16),))], 5)
    with pytest.raises(ValueError, match="two values"):
        both = (Table("A", (Cell(ONE, "a", 9),)), Table("B", (Cell(ONE, "b", 8),)))
        protect([line(7, 8)], 5, earlier=[Release("Old", both)])
    with pytest.raises(ValueError, match="no cell"):
        table_of("T", "x", [Dimension("hub", (("a", "Selby"),))], {("nowhere",): 1})
    with pytest.raises(ValueError, match="No table holds"):
        audit([line(7, 8)], [ONE], 5)
    with pytest.raises(ValueError, match="threshold of two"):
        protect([line(7, 8)], 1)
