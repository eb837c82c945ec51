"""Releases one after another: what is frozen stands, and what it tells beside a new release."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from saferhub.plan.methods.reader import Reader
from saferhub.plan.methods.suppression import (
    CannotProtect,
    Cell,
    Count,
    Dimension,
    Range,
    Release,
    Table,
    protect,
    table_of,
)
from saferhub.plan.methods.world import assemble

MARCH, APRIL, MAY = (
    (date(2018, 1, 1), day) for day in (date(2018, 3, 31), date(2018, 4, 30), date(2018, 5, 31))
)
ONLY_APRIL = (date(2018, 4, 1), date(2018, 4, 30))
HUBS = Dimension("hub", (("a", "Selby"), ("b", "Ryedale"), ("c", "Craven")))


def until(period: tuple[date, date], a: int, b: int, c: int, name: str = "Referrals") -> Table:
    return table_of(name, "referrals", [HUBS], {("a",): a, ("b",): b, ("c",): c}, period=period)


def test_the_difference_of_two_releases_is_a_small_number_too() -> None:
    """March's seven stands; April's eight beside it would tell that April had one."""
    march = protect([until(MARCH, 7, 20, 30)], 5)
    assert march.marked == frozenset()
    earlier = [march.as_release("March report")]
    april = protect([until(APRIL, 8, 31, 42)], 5, earlier=earlier)
    assert april.shown(Count("referrals|hub=a", APRIL)) is None
    assert len(april.marked) == 2 and april.shown(Count("referrals", APRIL)) == 81
    assert april.audit.ranges[Count("referrals|hub=a", ONLY_APRIL)].is_wide(5)
    assert protect([until(APRIL, 8, 31, 42)], 5).marked == frozenset()


def test_a_month_given_away_by_a_quarter_and_its_other_months_is_protected_within_one_release() -> None:
    tables = [until(APRIL, 12, 30, 40, "To April"), until(MARCH, 9, 20, 30, "To March")]
    found = protect(tables, 5)
    assert found.primary == frozenset() and found.marked
    assert found.audit.ranges[Count("referrals|hub=a", ONLY_APRIL)].is_wide(5)


def test_what_was_marked_once_stays_marked_while_the_rows_are_the_same() -> None:
    first = protect([until(MARCH, 3, 10, 30)], 5)
    hidden = Count("referrals|hub=b", MARCH)
    assert first.marked == {Count("referrals|hub=a", MARCH), hidden}
    again = protect([until(MARCH, 3, 10, 30)], 5, earlier=[first.as_release("First")])
    assert again.marked == first.marked
    # Another table of the same rows may not give it away either.
    only_b = Table("Ryedale", (Cell(hidden, "all", 10),))
    assert protect([only_b], 5, earlier=[first.as_release("First")]).marked == {hidden}


def test_a_release_that_no_mark_can_protect_is_refused_and_names_the_releases() -> None:
    march = Release("March report", (until(MARCH, 3, 20, 30),))
    with pytest.raises(CannotProtect) as refused:
        protect([until(MARCH, 3, 20, 30)], 5, earlier=[march])
    (reason,) = refused.value.reasons
    assert (reason.count, reason.range, reason.releases) == (
        Count("referrals|hub=a", MARCH),
        Range(3, 3),
        ("March report",),
    )
    assert str(refused.value) == (
        "Referrals: Selby, 1 January 2018 to 31 March 2018: "
        "a reader can tell that it is 3 by comparing it with March report."
    )


def test_each_of_two_releases_that_are_enough_alone_is_named_and_one_that_tells_nothing_is_not() -> None:
    table = until(MARCH, 3, 20, 30)
    elsewhere = Release("Elsewhere", (Table("Hate", (Cell(Count("hate", MARCH), "all", 9),)),))
    with pytest.raises(CannotProtect) as refused:
        protect([table], 5, earlier=[Release("First", (table,)), elsewhere, Release("Second", (table,))])
    assert [reason.releases for reason in refused.value.reasons] == [("First", "Second")]


def test_releases_that_are_enough_only_together_are_both_named() -> None:
    """One shows the total and the other two of three hubs: what is left over is the third."""
    counts = {name: Count(f"referrals|hub={name}", MARCH) for name in "abc"}
    total = Count("referrals", MARCH)
    first = Release("First", (Table("All", (Cell(total, "all", 53),)),))
    second = Release("Second", (Table("Two", (Cell(counts["b"], "b", 20), Cell(counts["c"], "c", 30))),))
    with pytest.raises(CannotProtect) as refused:
        protect([until(MARCH, 3, 20, 30)], 5, earlier=[first, second])
    assert [reason.releases for reason in refused.value.reasons] == [("First", "Second")]
    # Said twice each: none is needed, and none is enough.
    again = [Release("Third", first.tables), Release("Fourth", second.tables)]
    with pytest.raises(CannotProtect) as refused:
        protect([until(MARCH, 3, 20, 30)], 5, earlier=[first, second, *again])
    assert refused.value.reasons[0].releases == ("First", "Second", "Third", "Fourth")


def test_a_total_that_must_be_shown_can_make_a_release_impossible() -> None:
    total = Count("referrals", APRIL)
    table = Table("Headline", (Cell(total, "all hubs", 8),), always_shown=frozenset({total}))
    march = Release("March report", (Table("Headline", (Cell(Count("referrals", MARCH), "all hubs", 7),)),))
    with pytest.raises(CannotProtect) as refused:
        protect([table], 5, earlier=[march])
    (reason,) = refused.value.reasons
    assert reason.count == Count("referrals", ONLY_APRIL) and reason.releases == ("March report",)
    assert reason.range == Range(1, 1) and "the difference, 1 April 2018 to 30 April 2018" in reason.label


def test_what_earlier_releases_gave_away_is_said_and_refuses_nothing() -> None:
    earlier = [Release("March", (until(MARCH, 7, 20, 30),)), Release("April", (until(APRIL, 8, 31, 42),))]
    found = protect([until(MAY, 20, 50, 60)], 5, earlier=earlier)
    assert [each.count for each in found.audit.exposed_before] == [Count("referrals|hub=a", ONLY_APRIL)]
    assert found.marked == frozenset()


def test_corrected_numbers_are_other_numbers_and_are_named() -> None:
    march = Release("March report", (until(MARCH, 9, 20, 30),))
    found = protect([until(APRIL, 8, 40, 50)], 5, earlier=[march])
    assert found.marked == frozenset()
    assert found.audit.unlinked == (
        "March report: Referrals: Selby, 1 January 2018 to 31 March 2018 (March report)",
    )
    stock = Table("Open cases", (Cell(Count("open on 31 March"), "all", 12),))
    old = Release("March report", (Table("Open cases", (Cell(Count("open on 31 March"), "all", 11),)),))
    assert protect([stock], 5, earlier=[old]).audit.unlinked == (
        "March report: Open cases: all (March report)",
    )


def test_a_corrected_release_keeps_its_own_sums_and_its_ties() -> None:
    """A's first three months were corrected from 20 to 21; its year-to-date in the same release still fits."""
    old = Release(
        "March report",
        (until(MARCH, 20, 20, 30), until((date(2018, 1, 1), date(2018, 2, 28)), 10, 12, 13, "To February")),
    )
    found = protect([until(MARCH, 21, 20, 30)], 5, earlier=[old])
    assert found.audit.holds and len(found.audit.unlinked) == 4  # Selby's and all hubs', of both tables


def test_periods_of_one_release_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="contradict each other"):
        protect([until(MARCH, 9, 20, 30), until(APRIL, 8, 40, 50)], 5)


# --- Many releases ------------------------------------------------------------------------------------------------


def quarters(number: int) -> list[Table]:
    """A quarter by hub, with small numbers in it, and the quarters before it in all hubs."""
    names = [date(2015 + at // 4, 3 * (at % 4) + 1, 1) for at in range(number + 2)]
    days = [(first, after - timedelta(days=1)) for first, after in pairwise(names)]
    sizes = {at: {"a": 2 + at % 3, "b": 6 + at % 5, "c": 30 + at} for at in range(number + 1)}
    tables = [
        table_of("By hub", "referrals", [HUBS], {(hub,): size for hub, size in sizes[number].items()}, period=days[-1])
    ]  # fmt: skip
    for at in range(max(0, number - 8), number):
        every = Cell(Count("referrals", days[at]), "all hubs", sum(sizes[at].values()))
        tables.append(Table("Run", (every,)))
    return tables


def test_a_release_costs_no_more_for_a_dozen_earlier_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programmes solved are counted, not seconds: a quarter that the new release says nothing of is not looked at."""
    solved: list[int] = []
    least = Reader._least

    def counted(self: Reader, group: int, goal: Any) -> Any:
        solved.append(group)
        return least(self, group, goal)

    monkeypatch.setattr(Reader, "_least", counted)
    earlier: list[Release] = []
    cost = []
    for number in range(13):
        solved.clear()
        found = protect(quarters(number), 5, earlier=earlier)
        assert found.marked and found.audit.holds
        earlier.append(found.as_release(f"Report {number + 1}"))
        cost.append(len(solved))
    assert max(cost) <= 3 * min(cost)


def test_an_example_that_does_not_add_up_or_is_broken_or_negative_proves_nothing() -> None:
    world = assemble([until(MARCH, 3, 20, 30)], [], 5)
    true, hidden = world.relations.values, world.relations.places(world.current)[:3]
    reader = Reader(world.relations, hidden)
    a, b = hidden[0], hidden[1]
    for by_a, by_b in ((5, 0), (0.5, -0.5), (-4, 4)):
        state = true.copy()
        state[a], state[b] = state[a] + by_a, state[b] + by_b
        reader.learn(state)
        assert (reader.low == true[hidden]).all() and (reader.high == true[hidden]).all()
    state = true.copy()
    state[a], state[b] = state[a] + 5, state[b] - 5
    reader.learn(state)
    assert reader.high[0] == true[a] + 5 and reader.low[1] == true[b] - 5
