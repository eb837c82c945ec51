"""What measures say in a report: the tables, the chart, what is withheld, where each number comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saferhub.partnership.models import Partnership
from saferhub.plan.rules import periods
from saferhub.plan.rules.periods import Period
from saferhub.publication.model import Figure, Table
from saferhub.publication.pictures import words_in
from saferhub.publication.rules.fragments import fragments
from saferhub.reporting.queries.counts import holds
from saferhub.reporting.queries.figures import Figures, Kept, Told
from saferhub.reporting.queries.pictures import picture
from saferhub.reporting.rules.composing import Composed, Filled, Head, compose
from saferhub.reporting.rules.protecting import NOT_SHOWN
from saferhub.reporting.sections.measured import Said, by_part, of_measures, over_time

DAY = date(2018, 8, 28)
NEWEST = periods.newest_ended("quarter", DAY)


def kept(code: str, unit: str = "count", **more: Any) -> Kept:
    given: dict[str, Any] = {
        "code": code, "area": "hubs", "order": 1, "owner_post": "Analyst", "name": f"Measure {code}",
        "definition": "How many.", "formula": "Rows", "source": "This service", "counted_by": code, "unit": unit,
        "per": 1, "every": "quarter", "polarity": "neither", "rise_may_mean": "", "caveat": "", "small": 5,
        "target": None, "definition_version": 1, "row": None, **more,
    }  # fmt: skip
    return Kept(**given)


class Known(Figures):
    """Figures that are given: by measure and period of the whole, and of parts."""

    def __init__(
        self, measures: list[Kept], whole: dict[Any, Any], parts: dict[Any, Any] | None = None
    ) -> None:
        self.partnership, self.as_of, self.until, self.measures = Partnership(code="here"), DAY, DAY, measures
        self._whole, self._parts_of = whole, parts or {}

    def told(self, measure: Kept, period: Period) -> Told | None:
        found = self._whole.get((measure.code, period))
        return self._made(measure, period, found) if found is not None else None

    def parts(self, measure: Kept, split: str, period: Period) -> list[Told]:
        found = self._parts_of.get(measure.code, {}) if period == NEWEST else {}
        return [self._made(measure, period, value, split, code) for code, value in sorted(found.items())]

    def _made(self, measure: Kept, period: Period, value: Any, split: str = "", part: str = "") -> Told:
        numerator, denominator = value if isinstance(value, tuple) else (value, None)
        figure = (
            Decimal(numerator) if denominator is None else Decimal(numerator) * 100 / Decimal(denominator)
        )
        return Told(
            measure, period, figure, Decimal(numerator), None if denominator is None else Decimal(denominator),
            numerator, "hash", split, part, part.title(),
        )  # fmt: skip


def composed(said: Said, words: str = "Words.") -> Composed:
    head = Head("scrutiny_report", "A report", "Here", "report", DAY)
    return compose(head, [Filled("hubs", "Hubs", words, tuple(said.blocks), said.facts)], picture=picture)


def text_of(made: Composed) -> str:
    return "\n".join(one.text for one in fragments(made.document))


def quarters(count: int) -> list[Period]:
    return periods.last_ended("quarter", DAY, count)


def test_a_measure_without_a_figure_is_not_in_the_table() -> None:
    one, other = kept("received"), kept("closed")
    said = of_measures(Known([one, other], {("received", NEWEST): 86}), [one, other], caption="C", anchor="m")
    (table,) = said.blocks
    assert [row.cells[0] for row in table.rows] == ["Measure received"]
    assert set(said.facts) == {"received"}


def test_no_figure_at_all_makes_no_table() -> None:
    assert (
        of_measures(Known([kept("received")], {}), [kept("received")], caption="C", anchor="m").blocks == []
    )


def test_the_year_before_stands_beside_and_both_can_be_cited() -> None:
    one, year = kept("received"), quarters(5)
    figures = Known([one], {("received", NEWEST): 86, ("received", year[0]): 73})
    said = of_measures(figures, [one], caption="C", anchor="m")
    made = composed(said, "There were [received], against [received_year_before].")
    assert "There were 86, against 73." in text_of(made)
    figure = made.figures["hubs.received"]
    assert (figure["measure"], figure["period"], figure["value"]) == ("received", "April to June 2018", "86")


def test_hub_by_hub_withholds_small_numbers_in_the_table_and_in_the_words() -> None:
    one = kept("received")
    parts = {"received": {"east": 2, "north": 30, "west": 54}}
    figures = Known([one], {("received", NEWEST): 86}, parts)
    said = of_measures(figures, [one], caption="C", anchor="m")
    by_part(said, figures, [one], "hub", caption="Hub by hub", first="Hub", anchor="h")
    made = composed(said, "East had [received_east] of [received].")
    assert f"East had {NOT_SHOWN} of 86." in text_of(made)
    table = made.document.sections[0].blocks[-1]
    assert isinstance(table, Table)
    shown = {row.cells[0].text: row.cells[1].shown for row in table.rows}
    assert shown["East"] == "not shown*"
    assert list(shown.values()).count("not shown*") == 2
    assert shown["All"] == "86"


def test_rows_without_a_hub_are_known_to_be_there_and_give_nothing_away() -> None:
    one = kept("received")
    whole = Known([one], {})._made(one, NEWEST, 86)
    parts = [Known([one], {})._made(one, NEWEST, n, "hub", code) for code, n in (("east", 2), ("west", 80))]
    (table,) = holds(whole, parts)
    assert sorted(table.values.values()) == [2, 4, 80, 86]
    assert len(table.sums) == 1


def test_parts_that_overlap_add_up_to_nothing() -> None:
    one = kept("received")
    whole = Known([one], {})._made(one, NEWEST, 10)
    parts = [Known([one], {})._made(one, NEWEST, n, "agency", code) for code, n in (("a", 8), ("b", 7))]
    (table,) = holds(whole, parts)
    assert table.sums == ()


def test_a_share_of_few_is_withheld_with_what_it_is_made_of() -> None:
    one = kept("adopted", "per_cent")
    said = of_measures(Known([one], {("adopted", NEWEST): (3, 20)}), [one], caption="C", anchor="m")
    made = composed(said, "They adopted [adopted].")
    assert "15" not in text_of(made).replace("2018", "")
    assert f"They adopted {NOT_SHOWN}." in text_of(made)


def test_a_measure_that_counts_no_people_withholds_nothing() -> None:
    one = kept("days", "days", small=0)
    said = of_measures(Known([one], {("days", NEWEST): 3}), [one], caption="C", anchor="m")
    assert "It took 3 days." in text_of(composed(said, "It took [days]."))


def test_the_chart_says_in_words_what_it_shows_and_hides_what_is_withheld() -> None:
    one = kept("received")
    figures = Known(
        [one], {("received", each): n for each, n in zip(quarters(4), (60, 3, 73, 86), strict=True)}
    )
    said = Said()
    over_time(said, figures, one, anchor="t")
    made = composed(said)
    figure = made.document.sections[0].blocks[-1]
    assert isinstance(figure, Figure)
    assert "One figure is not shown." in figure.alt
    assert "the highest is 86 (April to June 2018)" in figure.alt
    assert [row.cells[1].shown for row in figure.rows] == ["60", "not shown*", "73", "86"]
    assert "3" not in words_in(figure.svg).split()
    assert words_in(figure.svg).split().count("*") == 1, "a gap is no nought"


def test_two_quarters_make_no_chart() -> None:
    one, said = kept("received"), Said()
    over_time(said, Known([one], dict.fromkeys([("received", q) for q in quarters(2)], 9)), one, anchor="t")
    assert said.blocks == []


@pytest.mark.parametrize("counter", ["cases_open"])
def test_what_stands_on_a_day_is_not_added_up_over_time(counter: str) -> None:
    one = kept("open", counted_by=counter)
    held = Known([one], {})._made(one, NEWEST, 40).held
    assert held is not None
    assert held.period is None
    assert "2018-06-30" in held.what


def in_words(one: Kept, value: Any) -> str:
    """A figure that words alone cite: its table stands in another section, or in none."""
    said = of_measures(Known([one], {(one.code, NEWEST): value}), [one], caption="C", anchor="m")
    said.blocks.clear()
    return text_of(composed(said, f"It was [{one.code}]."))


def test_a_figure_that_stands_in_no_table_is_withheld_as_in_one() -> None:
    share = kept("adopted", "per_cent")
    assert f"It was {NOT_SHOWN}." in in_words(share, (1, 3))
    assert f"It was {NOT_SHOWN}." in in_words(share, (39, 40)), "39 of 40 tells of one"
    assert "It was 44 per cent." in in_words(share, (40, 90))
    assert f"It was {NOT_SHOWN}." in in_words(kept("closed", small=10), 7)


def test_a_rate_is_withheld_with_the_people_that_it_counts() -> None:
    one = kept("marac", "rate", per=10_000)
    assert f"It was {NOT_SHOWN}." in in_words(one, (3, 22_000))
    assert "It was 1 for each 10,000." in text_of(rate_of(one, 30, 300_000))
    table = rate_of(one, 3, 22_000).document.sections[0].blocks[-1]
    assert isinstance(table, Table) and table.rows[0].cells[1].withheld


def rate_of(one: Kept, part: int, whole: int) -> Composed:
    value = Decimal(part) * one.per / whole
    told = Told(one, NEWEST, value, Decimal(part), Decimal(whole), part, "hash")

    class Rated(Known):
        def told(self, measure: Kept, period: Period) -> Told | None:
            return told if period == NEWEST else None

    said = of_measures(Rated([one], {}), [one], caption="C", anchor="m")
    return composed(said, f"It was [{one.code}].")


@pytest.mark.parametrize(("rows", "expected"), [(1, NOT_SHOWN), (4, NOT_SHOWN), (5, "40 days")])
def test_a_median_of_few_is_withheld(rows: int, expected: str) -> None:
    one, said = kept("days", "days"), Said()
    said.add("days", Told(one, NEWEST, Decimal(40), None, None, rows, "hash"))
    assert f"It took {expected}." in text_of(composed(said, "It took [days]."))


def test_a_median_of_one_in_a_hub_is_withheld_with_what_would_tell_it() -> None:
    one = kept("days", "days")
    parts = {"east": 1, "north": 30, "west": 54}

    class Medians(Known):
        def _made(self, measure: Kept, period: Period, value: Any, split: str = "", part: str = "") -> Told:
            return Told(
                measure, period, Decimal(40 + value), None, None, value, "hash", split, part, part.title()
            )

    figures = Medians([one], {("days", NEWEST): 85}, {"days": parts})
    said = of_measures(figures, [one], caption="C", anchor="m")
    by_part(said, figures, [one], "hub", caption="Hub by hub", first="Hub", anchor="h")
    table = composed(said).document.sections[0].blocks[-1]
    assert isinstance(table, Table)
    withheld = {row.cells[0].text for row in table.rows if row.cells[1].withheld}
    assert "East" in withheld and len(withheld) == 2
