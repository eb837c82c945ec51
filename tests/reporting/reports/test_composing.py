"""Marks, small numbers and the putting together of a report: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saferhub.plan.methods.suppression import CannotProtect, Count, Dimension, Release, audit, table_of
from saferhub.publication.model import Cited, Column, Reference, Table, Words
from saferhub.publication.rules.fragments import fragments
from saferhub.publication.rules.versions import uncited
from saferhub.publication.stored import from_json, to_json
from saferhub.reporting.queries.putting_together import texts_of
from saferhub.reporting.rules import composing, marks, protecting
from saferhub.reporting.rules.composing import MEMBERS, Filled, Head, compose
from saferhub.reporting.rules.protecting import Beside, Counted, CountedRow, Shown
from saferhub.reporting.sections import Fact, Proposed

DAY = date(2018, 8, 28)
QUARTER = (date(2018, 4, 1), date(2018, 6, 30))
HEAD = Head("scrutiny_report", "The work of the partnership", "A Partnership", "report-2018-08-28", DAY)
MEASURE = {
    "measure": "referrals_received",
    "name": "Referrals received",
    "definition": "How many were sent.",
    "formula": "Referrals sent",
    "source": "Referrals in this service",
    "definition_version": 1,
}


def fact(mark: str, number: int, *, held: Count | None = None) -> Fact:
    return Fact(mark, str(number), MEASURE, number, f"What {mark} counts", held)


def hubs(numbers: dict[str, int], measure: str = "referrals") -> Counted:
    """A table of hubs with its total."""
    held = table_of(
        "By hub",
        measure,
        [Dimension("hub", tuple((code, code.title()) for code in numbers))],
        {(code,): number for code, number in numbers.items()},
        period=QUARTER,
    )
    rows = [
        CountedRow(
            (code.title(), Shown(str(number), (Count(f"{measure}|hub={code}", QUARTER),), f"n_{code}"))
        )
        for code, number in numbers.items()
    ]
    total = Shown(str(sum(numbers.values())), (Count(measure, QUARTER),), "n_all")
    return Counted(
        "Referrals by hub",
        (Column("Hub"), Column("Referrals", "right")),
        (*rows, CountedRow(("All", total), True)),
        (held,),
        anchor="t-hubs",
    )


def facts_of(numbers: dict[str, int]) -> dict[str, Fact]:
    found = {f"n_{code}": fact(f"n_{code}", number) for code, number in numbers.items()}
    return found | {"n_all": fact("n_all", sum(numbers.values()), held=Count("referrals", QUARTER))}


def filled(numbers: dict[str, int], words: str = "Hubs received [n_all] referrals.") -> Filled:
    return Filled("hubs", "Hubs", words, (hubs(numbers),), facts_of(numbers))


def texts(document: object) -> str:
    return "\n".join(one.text for one in fragments(document))  # type: ignore[arg-type]


# --- Marks --------------------------------------------------------------------------------------------------------


def test_a_mark_becomes_a_cited_figure_and_the_words_around_it_stay() -> None:
    runs = marks.runs_of("Hubs adopted [adopted] of them.", {"adopted": "41"}, {"adopted": "hubs.adopted"})
    assert runs == (Words("Hubs adopted "), Cited("41", "hubs.adopted"), Words(" of them."))


@pytest.mark.parametrize("text", ["See [1].", "[Adopted]", "[two words]", "an [ open bracket", "[]"])
def test_what_is_no_mark_is_text(text: str) -> None:
    assert marks.marks_in(text) == []
    assert marks.runs_of(text, {}, {}) == (Words(text),)


def test_an_empty_line_begins_a_paragraph_and_a_stroke_a_part() -> None:
    made = marks.paragraphs_of(
        "One.\n\nThey are:\n- first\n- second,\n  gone on\n\n\nLast.", {}, {}, anchor="s"
    )
    assert [[run.text for run in one.runs] for one in made] == [["One."], ["They are:"], ["Last."]]  # type: ignore[union-attr]
    assert [part.runs[0].text for part in made[1].parts] == ["first", "second, gone on"]  # type: ignore[union-attr]
    assert [one.anchor for one in made] == ["s-p1", "s-p2", "s-p3"]


def test_a_mark_without_a_figure_is_named_with_its_section() -> None:
    made = compose(
        HEAD,
        [Filled("hubs", "Hubs", "They adopted [adopted] and [closed].", facts={"closed": fact("closed", 7)})],
    )
    assert made.without_figure == {"hubs": ("adopted",)}


# --- Putting it together ------------------------------------------------------------------------------------------


def test_a_section_with_nothing_to_say_is_not_in_the_report() -> None:
    made = compose(HEAD, [Filled("empty", "Nothing here", "  \n "), Filled("hubs", "Hubs", "Words.")])
    assert [one.title for one in made.document.sections] == ["Hubs"]


def test_every_figure_that_is_cited_has_its_provenance_and_no_other_is_kept() -> None:
    numbers = {"east": 20, "west": 30}
    made = compose(HEAD, [filled(numbers)])
    assert uncited(made.document, made.figures) == ()
    assert set(made.figures) == {"hubs.n_all", "hubs.n_east", "hubs.n_west", composing.RELEASE}
    assert made.figures["hubs.n_all"]["shown"] == "50"
    assert made.figures["hubs.n_all"]["measure"] == "referrals_received"


def test_the_appendix_says_once_what_each_measure_means() -> None:
    made = compose(HEAD, [filled({"east": 20, "west": 30})])
    (appendix,) = made.document.appendices
    (table,) = appendix.blocks
    assert isinstance(table, Table)
    assert [row.cells[0].text for row in table.rows] == ["Referrals received"]


def test_a_report_is_kept_and_read_back_exactly() -> None:
    document = compose(HEAD, [filled({"east": 20, "west": 30})]).document
    assert from_json(to_json(document)) == document


def test_the_public_copy_holds_nothing_of_an_exempt_section_but_its_ground() -> None:
    secret = Filled(
        "matter",
        "A matter",
        "What only members read.",
        is_exempt=True,
        exempt_why="Schedule 12A, paragraph 1",
    )
    sections = [Filled("hubs", "Hubs", "Words."), secret]
    public = compose(HEAD, sections).document
    assert "only members read" not in texts(public)
    assert "A matter" not in texts(public)
    assert "Schedule 12A, paragraph 1" in public.notes[-1]
    members = compose(HEAD, sections, audience=MEMBERS).document
    assert "only members read" in texts(members)
    assert "Schedule 12A, paragraph 1" in texts(members)
    assert members.marking != public.marking
    assert members.file_stem != public.file_stem


def test_recommendations_count_on_through_the_sections() -> None:
    sections = [
        Filled("a", "A", recommendations=("Note it.",)),
        Filled("b", "B", recommendations=("Say more.",)),
    ]
    made = compose(HEAD, sections).document
    assert [one.runs[0].text for one in made.recommendations] == ["Note it.", "Say more."]  # type: ignore[union-attr]


# --- Small numbers ------------------------------------------------------------------------------------------------


def test_a_small_number_and_what_would_reveal_it_are_withheld_in_table_and_words_alike() -> None:
    words = "East had [n_east], all hubs [n_all]."
    numbers = {"east": 3, "west": 20, "south": 30}
    facts = facts_of(numbers) | {"n_east": fact("n_east", 3, held=Count("referrals|hub=east", QUARTER))}
    made = compose(HEAD, [Filled("hubs", "Hubs", words, (hubs(numbers),), facts)])
    table = made.document.sections[0].blocks[1]
    assert isinstance(table, Table)
    withheld = [row.cells[0].text for row in table.rows if row.cells[1].withheld]
    assert "East" in withheld
    assert len(withheld) > 1  # the total less the others would give it away
    assert protecting.NOTE in table.notes
    assert f"East had {protecting.NOT_SHOWN}" in texts(made.document)
    assert made.figures["hubs.n_east"]["withheld"] is True
    assert "3" not in [row.cells[1].shown for row in table.rows]


def test_a_count_in_words_alone_is_withheld_too() -> None:
    held = Count("closed", QUARTER)
    section = Filled("hubs", "Hubs", "They closed [closed].", facts={"closed": fact("closed", 2, held=held)})
    assert protecting.NOT_SHOWN in texts(compose(HEAD, [section]).document)


def test_a_share_is_withheld_with_the_count_that_it_would_tell() -> None:
    small = Count("adopted", QUARTER)
    share = Fact("share", "40 per cent", MEASURE, label="Share", rests_on=(small,))
    facts = {"adopted": fact("adopted", 2, held=small), "share": share}
    made = compose(HEAD, [Filled("hubs", "Hubs", "[adopted] were adopted, [share].", facts=facts)])
    assert "40 per cent" not in texts(made.document)


def test_a_share_that_nothing_protects_is_not_shown() -> None:
    facts = {"share": Fact("share", "40 per cent", MEASURE, rests_on=(Count("adopted", QUARTER),))}
    made = compose(HEAD, [Filled("hubs", "Hubs", "[share] were adopted.", facts=facts)])
    assert f"{protecting.NOT_SHOWN} were adopted." in texts(made.document)
    assert texts_of(Proposed(facts=facts)) == {"share": protecting.NOT_SHOWN}


def test_a_recommendation_withholds_what_words_would() -> None:
    facts = {"closed": fact("closed", 2, held=Count("closed", QUARTER))}
    made = compose(HEAD, [Filled("a", "A", facts=facts, recommendations=("Note the [closed] closings.",))])
    assert made.figures["a.closed"]["withheld"] is True


@pytest.mark.parametrize(("threshold", "expected"), [(5, "7"), (10, protecting.NOT_SHOWN)])
def test_a_figure_in_words_is_withheld_by_the_threshold_of_its_own_measure(
    threshold: int, expected: str
) -> None:
    closed = replace(fact("closed", 7, held=Count("closed", QUARTER)), threshold=threshold)
    made = compose(HEAD, [Filled("hubs", "Hubs", "They closed [closed].", facts={"closed": closed})])
    assert f"They closed {expected}." in texts(made.document)


def marks_beside(threshold: int, *shut: str, numbers: dict[str, int]) -> set[str]:
    """The hubs that a report marks which stands beside a page on which these are marked."""
    table = hubs(numbers)
    page = Release("the page", table.holds, frozenset(Count(f"referrals|hub={one}", QUARTER) for one in shut))
    beside = replace(table, threshold=threshold, beside=(Beside(lambda: (page, 5)),))
    made = compose(HEAD, [Filled("hubs", "Hubs", "Words.", (beside,) if shut else (table,), {})])
    shown = made.document.sections[0].blocks[1]
    assert isinstance(shown, Table)
    return {row.cells[0].text.lower() for row in shown.rows if row.cells[1].withheld}


def test_a_report_marks_what_the_page_of_the_measure_marks_and_nothing_that_is_open_there() -> None:
    numbers = {"east": 3, "west": 20, "south": 30}
    assert marks_beside(5, numbers=numbers) == {"east", "west"}, "left to itself"
    assert marks_beside(5, "east", "south", numbers=numbers) == {"east", "south"}


def test_a_report_with_a_greater_threshold_may_mark_what_the_page_shows() -> None:
    assert marks_beside(10, "east", "west", numbers={"east": 3, "west": 6, "south": 30}) == {
        "east",
        "west",
        "south",
    }


def test_what_the_frozen_version_keeps_is_read_back_as_an_earlier_release() -> None:
    kept = compose(HEAD, [filled({"east": 3, "west": 20, "south": 30})]).figures[composing.RELEASE]
    release = protecting.release_of("Report of August", kept)
    assert isinstance(release, Release)
    assert Count("referrals|hub=east", QUARTER) in release.marked
    assert release.tables[0].values[Count("referrals", QUARTER)] == 53


def test_a_number_withheld_before_stays_withheld_in_the_next_release() -> None:
    first = compose(HEAD, [filled({"east": 3, "west": 20, "south": 30})])
    earlier = [protecting.release_of("Report of August", first.figures[composing.RELEASE])]
    marked = {tuple(one) for one in first.figures[composing.RELEASE]["marked"]}
    again = compose(HEAD, [filled({"east": 3, "west": 20, "south": 30})], earlier=earlier)
    assert marked <= {tuple(one) for one in again.figures[composing.RELEASE]["marked"]}


def test_a_release_that_would_give_away_an_earlier_small_number_is_refused_and_says_why() -> None:
    first = compose(HEAD, [filled({"east": 3, "west": 20})])
    kept = first.figures[composing.RELEASE]
    # Published by another road meanwhile: west and all are open there, so east is plain.
    open_before = protecting.release_of("Report of June", {**kept, "marked": []})
    with pytest.raises(CannotProtect) as refused:
        compose(HEAD, [filled({"east": 3, "west": 20})], earlier=[open_before])
    assert "East" in str(refused.value)
    assert "Report of June" in str(refused.value)


def test_what_the_public_copy_withholds_members_cannot_tell_from_theirs_beside_it() -> None:
    """Each copy alone is protected, and beside each other they tell of West: so members' comes second."""
    hub = Dimension("hub", (("east", "East"), ("west", "West"), ("south", "South")))
    route = Dimension("route", (("a", "A"), ("b", "B")))
    inner = {("east", "b"): 9, ("west", "a"): 2, ("south", "a"): 2, ("south", "b"): 12}
    columns = (Column("Hub"),)
    by_hub = table_of("By hub", "referrals", [hub], {("east",): 9, ("west",): 2, ("south",): 14})
    by_both = table_of("By hub and route", "referrals", [hub, route], inner)
    open_one = Filled("hubs", "Hubs", blocks=(Counted("By hub", columns, (), (by_hub,)),))
    exempt = Filled(
        "routes", "Routes", blocks=(Counted("By both", columns, (), (by_both,)),), is_exempt=True, exempt_why="12A"
    )  # fmt: skip

    def release(audience: str, earlier: list[Release]) -> Release:
        made = compose(HEAD, [open_one, exempt], audience=audience, earlier=earlier)
        return protecting.release_of(f"{audience} copy", made.figures[composing.RELEASE])

    public = release(composing.PUBLIC, [])
    alone, beside = release(MEMBERS, []), release(MEMBERS, [public])
    assert not audit(alone.tables, alone.marked, 5, earlier=[public]).holds
    assert audit(beside.tables, beside.marked, 5, earlier=[public]).holds
    assert public.marked <= beside.marked


def test_whoever_writes_a_section_is_not_told_what_it_would_withhold() -> None:
    numbers = {"east": 3, "west": 20, "south": 30}
    held = {code: Count(f"referrals|hub={code}", QUARTER) for code in numbers}
    facts = facts_of(numbers) | {
        f"n_{code}": fact(f"n_{code}", number, held=held[code]) for code, number in numbers.items()
    }
    texts = texts_of(Proposed(blocks=(hubs(numbers),), facts=facts))
    assert texts["n_east"] == protecting.NOT_SHOWN
    assert protecting.NOT_SHOWN in (texts["n_west"], texts["n_south"], texts["n_all"])
    assert "30" in texts.values()


def test_words_point_to_a_table_by_its_mark_and_a_mark_for_none_is_named() -> None:
    made = compose(HEAD, [filled({"east": 20, "west": 30}, "See [t_hubs] and [t_nothing].")])
    (paragraph, *_) = made.document.sections[0].blocks
    assert Reference("s-hubs-t-hubs") in paragraph.runs  # type: ignore[union-attr]
    assert made.without_figure == {"hubs": ("t_nothing",)}
