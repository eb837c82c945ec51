"""Reports straight from an outline: the first partnership's, and the invented one's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from saferhub.partnership.models import Partnership
from saferhub.partnership.queries import in_force
from saferhub.publication.model import Document, Figure, Paragraph, Table
from saferhub.publication.rules.fragments import fragments
from saferhub.publication.rules.numbering import number
from saferhub.publication.rules.versions import uncited
from saferhub.reporting.queries.outlines import outline_on, outlines_on, planned
from saferhub.reporting.queries.putting_together import from_outline
from saferhub.reporting.rules.composing import Composed
from saferhub.reporting.sections import all_providers

DAY = date(2018, 8, 28)
KINDS = ("scrutiny_report", "partnership_plan", "annual_review")


def made(code: str, kind: str, day: date = DAY) -> Composed:
    partnership = Partnership.objects.get(code=code)
    return from_outline(partnership, outlines_on(partnership, kind, day)[0], as_of=day)


def text_of(document: Document) -> str:
    return "\n".join(one.text for one in fragments(document))


@pytest.fixture
def second(world: None) -> Partnership:
    """The invented partnership, whose pack stands beside the first."""
    return Partnership.objects.get(code="wealdshire")


def test_every_section_of_every_outline_has_a_provider_that_is_there(world: None) -> None:
    known = all_providers()
    for code in ("north_yorkshire", "wealdshire"):
        partnership = Partnership.objects.get(code=code)
        for outline in in_force.entries(partnership, "report_outlines", DAY):
            for section in outline.item.sections:
                assert section.provider is None or section.provider in known, (outline.code, section.id)


def test_the_scrutiny_report_of_august_2018_says_what_the_report_says(world: None) -> None:
    document = made("north_yorkshire", "scrutiny_report").document
    assert [one.title for one in document.sections] == [
        "Purpose of the report",
        "Statutory background",
        "The partnership plan and its areas for delivery",
        "Inter-board arrangements",
        "Community Safety Hubs",
        "Domestic abuse",
        "Serious and organised crime",
        "Hate crime and community cohesion",
        "Recommendations",
    ]
    text = text_of(document)
    for said in (
        "Working together to make North Yorkshire a safer place",
        "It is still being written",
        "Systems Leadership Group",
        "The health and wellbeing board is to join soon",
        "Effectiveness and demand",
        "Where to develop",
        "Balance of approaches",
        "Swifter resolution and closure of cases".lower(),
        "Co-ordinate services for adults, children and young people",
        "A domestic homicide review is under way",
        "It follows a homicide in March 2018 in the Selby area",
        "the 4Ps",
        "leads on Prevent",
        "Protect families affected by organised crime groups",
        "Prevent the criminal exploitation of children",
        "Prevent the criminal exploitation of vulnerable adults",
        "County lines",
        "disability, race, religion, gender identity and sexual orientation",
        "That members note the report.",
        "regular reports on the delivery plan",
        "Report of 28 August 2018, paragraphs",
    ):
        assert said in text, said
    assert len(document.recommendations) == 1
    assert document.status == "Draft, not approved"
    assert document.marking == "OFFICIAL. Draft, not approved"


def test_numbers_of_the_packs_are_marks_with_where_they_come_from(world: None) -> None:
    found = made("north_yorkshire", "scrutiny_report")
    assert uncited(found.document, found.figures) == ()
    hubs = found.figures["hubs.hubs"]
    assert (hubs["shown"], hubs["value"], hubs["section"]) == ("seven", 7, "hubs")
    assert "selby" in hubs["entries"]
    assert found.figures["plan.areas"]["shown"] == "five"
    assert found.figures["boards.principles"]["shown"] == "seven"
    assert found.without_figure == {}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("day", [date(2018, 8, 28), date(2019, 5, 3)])
def test_the_second_partnership_publishes_with_no_word_of_the_first(
    second: Partnership, kind: str, day: date
) -> None:
    found = made("wealdshire", kind, day)
    text = text_of(found.document)
    for word in ("North Yorkshire", "NYCSP", "Selby", "Systems Leadership", "DAJCG"):
        assert word not in text
    assert found.document.sections
    for section in found.document.sections:
        assert section.blocks, section.title
    assert uncited(found.document, found.figures) == ()


def test_a_section_for_each_area_stands_where_an_outline_names_none(second: Partnership) -> None:
    outline = outline_on(second, "scrutiny_report", DAY)
    assert outline is not None and outline.is_national
    areas = [one.heading for one in planned(second, outline, DAY) if one.provider == "area"]
    assert areas == ["Safe evenings", "Rural crime", "Drugs and harm", "First-time entrants"]


def test_a_later_day_says_that_what_was_known_is_older(world: None) -> None:
    text = text_of(made("north_yorkshire", "scrutiny_report", date(2019, 2, 1)).document)
    assert (
        "Reported on 28 August 2018, with nothing newer on record: a domestic homicide review is under way"
        in text
    )


@pytest.mark.parametrize("code", ["north_yorkshire", "wealdshire"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_paragraph_table_and_figure_says_something(world: None, code: str, kind: str) -> None:
    document = made(code, kind).document
    number(document)
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                words = "".join(getattr(run, "text", "Table 1") for run in block.runs)
                assert words.strip() and "[" not in words, words
                assert "  " not in words and ".." not in words and " ," not in words, words
            elif isinstance(block, Table | Figure):
                assert block.rows
                assert all(cell.shown.strip() for row in block.rows for cell in row.cells)


def test_outlines_of_the_partnership_come_before_the_national_ones(world: None, north_yorkshire: Any) -> None:
    found = outlines_on(north_yorkshire, "scrutiny_report", DAY)
    assert found[0].is_national is False


def test_what_the_law_asks_is_told_as_the_packs_of_the_day_say(north_yorkshire: Any) -> None:
    text = text_of(made("north_yorkshire", "scrutiny_report").document)
    for section, code in (("duties", "scrutiny"), ("legal_roles", "responsible")):
        entry = in_force.entry(north_yorkshire, section, code, DAY)
        assert entry is not None
        assert f"({entry.source[0].law})" in text, code
        assert code != "scrutiny" or entry.item.what.rstrip(".") in text
