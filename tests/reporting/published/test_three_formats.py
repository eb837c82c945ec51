"""A report as page, Word file and PDF says the same with the same numbers, and each is valid."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from saferhub.partnership.models import Partnership
from saferhub.publication.drawing import alone, pdf, word
from saferhub.publication.model import Document, Figure
from saferhub.publication.rules.numbering import number
from saferhub.reporting.queries.outlines import outlines_on
from saferhub.reporting.queries.putting_together import from_outline
from tests.publication.reading import (
    converted,
    faults_of_word,
    squeezed,
    text_of_page,
    text_of_pdf,
    text_of_word,
)
from tests.publication.saying_the_same import assert_reads, expected
from tests.publication.structure import faults_inside

pytestmark = pytest.mark.django_db
DAY = date(2018, 8, 28)


def document(code: str, kind: str) -> Document:
    partnership = Partnership.objects.get(code=code)
    return from_outline(partnership, outlines_on(partnership, kind, DAY)[0], as_of=DAY).document


def assert_in_print(given: Document, text: str) -> None:
    """Every text with its number, in order. A reader of PDFs takes cells of several lines across, and a line may break
    after a stroke: so rows are looked for piece by piece."""
    whole = rest = squeezed(text)
    for mark, said in expected(given):
        if "\t" in said:
            missing = [one for one in re.split(r"[\s-]+", said) if squeezed(one) not in whole]
            assert missing == [], said
            continue
        wanted = squeezed(mark) + squeezed(said)
        assert wanted in rest, (mark, said[:80], rest[:200])
        rest = rest[rest.index(wanted) + len(wanted) :]


@pytest.mark.parametrize("kind", ["scrutiny_report", "partnership_plan", "annual_review"])
@pytest.mark.parametrize("code", ["north_yorkshire", "wealdshire"])
def test_the_three_formats_say_the_same_and_the_word_file_is_valid(
    world: None, code: str, kind: str, tmp_path: Path
) -> None:
    given = document(code, kind)
    made = number(given)
    assert_reads(given, text_of_page(alone.draw(made).decode()))
    file = word.draw(made)
    assert_reads(given, text_of_word(file), numbers=False)
    assert faults_inside(file) == []
    assert faults_of_word(file, tmp_path) == ""
    print_ = pdf.draw(made)  # the compiler makes no file that is not PDF/UA-1
    assert b"pdfuaid" in print_
    assert_in_print(given, text_of_pdf(print_, tmp_path))


def test_libreoffice_reads_the_report_with_the_same_numbers(world: None, tmp_path: Path) -> None:
    given = document("north_yorkshire", "scrutiny_report")
    as_pdf, again = converted(word.draw(number(given)), tmp_path, "pdf", "docx")
    assert_in_print(given, text_of_pdf(as_pdf, tmp_path))
    assert_reads(given, text_of_word(again), numbers=False)


def test_every_chart_has_words_a_source_and_its_figures(world: None) -> None:
    given = document("north_yorkshire", "scrutiny_report")
    charts = [one for section in given.sections for one in section.blocks if isinstance(one, Figure)]
    assert charts
    for one in charts:
        assert one.alt.startswith(one.title.split(",")[0])
        assert one.source and not one.source.startswith("Source")
        assert one.rows
        assert "chance" in one.description, "what its run says by XmR limits"
